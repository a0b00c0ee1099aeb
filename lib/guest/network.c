// SPDX-License-Identifier: GPL-3.0-or-later
// `--network`
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/identity.h"
#include "guest/node_device.h"
#include "guest/rows.h"
#include "xml/path.h"

// What an interface of another type is plugged into means nothing to this one.
static void become(struct xml_element *interface, const char *type)
{
	static const char *const sources[] = {"network", "bridge", "dev", "portgroup"};
	auto_free char *old = path_get(interface, "@type");

	for (size_t i = 0; old && !text_equal(old, type) && i < sizeof(sources) / sizeof(*sources);
	     i++) {
		auto_free char *path = text_format("source/@%s", sources[i]);

		if (path_has(interface, path))
			path_clear(interface, path);
	}
	path_set(interface, "@type", type);
}

static int set_network(const struct suboption_call *call, struct error *err)
{
	(void)err;
	become(call->element, "network");
	path_set(call->element, "source/@network", call->value);
	return 0;
}

static int set_bridge(const struct suboption_call *call, struct error *err)
{
	(void)err;
	become(call->element, "bridge");
	path_set(call->element, "source/@bridge", call->value);
	return 0;
}

static int set_hostdev(const struct suboption_call *call, struct error *err)
{
	become(call->element, "hostdev");
	path_set(call->element, "@managed", "yes");
	return node_device_pci(call->guest, call->value, call->element, err);
}

// "network:NAME" and "bridge:NAME" are older ways to say network=NAME and bridge=NAME.
static bool is_old_form(const struct suboption_call *call, struct error *err)
{
	struct suboption_call named = *call;

	if (text_begins(call->value, "network:")) {
		named.value += strlen("network:");
		return set_network(&named, err) == 0;
	}
	if (text_begins(call->value, "bridge:")) {
		named.value += strlen("bridge:");
		return set_bridge(&named, err) == 0;
	}
	return false;
}

// A type of interface; "default" is the default of the host, "passt" a user network through passt.
static int set_type(const struct suboption_call *call, struct error *err)
{
	if (is_old_form(call, err))
		return 0;
	if (!*call->value || text_equal(call->value, "default")) {
		path_clear(call->element, "@type");
	} else if (text_equal(call->value, "passt")) {
		become(call->element, "user");
		path_set(call->element, "backend/@type", "passt");
	} else {
		become(call->element, call->value);
	}
	return 0;
}

// Where libvirt says what the interface is plugged into depends on its type.
static int set_source(const struct suboption_call *call, struct error *err)
{
	auto_free char *type = path_get(call->element, "@type");

	(void)err;
	if (text_equal(type, "network"))
		path_set(call->element, "source/@network", call->value);
	else if (text_equal(type, "bridge"))
		path_set(call->element, "source/@bridge", call->value);
	else
		path_set(call->element, "source/@dev", call->value);
	return 0;
}

static int set_mac(const struct suboption_call *call, struct error *err)
{
	auto_free char *random = NULL;

	if (!*call->value) {
		path_clear(call->element, "mac/@address");
		return 0;
	}
	if (text_equal(call->value, "RANDOM"))
		random = identity_mac("qemu");
	else if (!identity_is_mac(call->value))
		return error_set(err, STATUS_USAGE, "'%s' is not a MAC address", call->value);
	path_set(call->element, "mac/@address", random ? random : call->value);
	return 0;
}

static int set_link(const struct suboption_call *call, struct error *err)
{
	auto_error struct error no_boolean = {0};
	bool up = text_equal(call->value, "up");

	(void)err;
	if (!*call->value)
		path_clear(call->element, "link/@state");
	else if (!up && !text_equal(call->value, "down") &&
		 suboption_boolean(call->name, call->value, &up, &no_boolean) < 0)
		path_set(call->element, "link/@state", call->value);
	else
		path_set(call->element, "link/@state", up ? "up" : "down");
	return 0;
}

// A piece of "[HOST:]START[-END][:TO][/PROTOCOL]": START or START-END.
static bool is_range(const char *text)
{
	return *text && strspn(text, "0123456789-") == strlen(text);
}

static void set_range(struct xml_element *forward, const char *range, const char *to)
{
	size_t length = strcspn(range, "-");
	auto_free char *start = text_copy_bytes(range, length);

	path_set(forward, "range/@start", start);
	if (range[length])
		path_set(forward, "range/@end", range + length + 1);
	if (to)
		path_set(forward, "range/@to", to);
}

static int set_port_forward(const struct suboption_call *call, struct error *err)
{
	auto_free char *path = text_format("portForward[%d]", call->index + 1);
	auto_free char *text = text_copy(call->value);
	struct xml_element *forward = path_create(call->element, path);
	char *slash = strrchr(text, '/'), *last, *before, *host = NULL;

	if (slash)
		*slash++ = '\0';
	path_set(forward, "@proto", slash && *slash ? slash : "tcp");
	last = strrchr(text, ':');
	if (last)
		*last++ = '\0';
	before = last ? strrchr(text, ':') : NULL;
	// HOST:START, or [HOST:]START:TO
	if (last && before && is_range(before + 1)) {
		*before++ = '\0';
		host = text;
	} else if (last && !is_range(text)) {
		host = text;
		before = last;
		last = NULL;
	} else {
		before = text;
	}
	if (!is_range(before) || (last && !is_range(last)))
		return error_set(
			err, STATUS_USAGE,
			"'%s' is not a port forwarding: [HOST:]PORT[-PORT][:PORT][/PROTOCOL]",
			call->value);
	if (host)
		path_set(forward, "@address", host);
	set_range(forward, before, last);
	return 0;
}

// A backend of its own is that of a user network.
static int finish_network(struct option_edit *edit, struct error *err)
{
	(void)err;
	if (edit->added && !path_has(edit->element, "@type") &&
	    path_has(edit->element, "backend/@type"))
		path_set(edit->element, "@type", "user");
	return 0;
}

static const struct suboption network_rows[] = {
	ROW("boot.order", AKA("boot_order"), NULL, INTEGER),
	ROW("boot.loadparm", NULL, NULL, TEXT),
	CALL("network", NULL, TEXT, set_network),
	CALL("bridge", NULL, TEXT, set_bridge),
	CALL("type", NULL, TEXT, set_type),
	ROW("backend.type", NULL, NULL, TEXT),
	ROW("backend.hostname", NULL, NULL, TEXT),
	ROW("backend.fqdn", NULL, NULL, TEXT),
	ROW("backend.logFile", NULL, NULL, FILE),
	ROW("trustGuestRxFilters", NULL, NULL, YES_NO),
	CALL("source", NULL, TEXT, set_source),
	ROW("source.mode", AKA("source_mode"), NULL, TEXT),
	ROW("source.type", AKA("source_type"), NULL, TEXT),
	ROW("source.path", AKA("source_path"), NULL, TEXT),
	ROW("source.portgroup", AKA("portgroup"), NULL, TEXT),
	ROW("source.address.type", NULL, NULL, TEXT),
	ROW("source.address.domain", NULL, NULL, INTEGER),
	ROW("source.address.bus", NULL, NULL, INTEGER),
	ROW("source.address.slot", NULL, NULL, INTEGER),
	ROW("source.address.function", NULL, NULL, INTEGER),
	CALL("hostdev", NULL, TEXT, set_hostdev),
	ROW("target.dev", AKA("target"), NULL, TEXT),
	ROW("model.type", AKA("model"), NULL, TEXT),
	CALL("mac.address", AKA("mac"), TEXT, set_mac),
	ROW("filterref.filter", AKA("filterref"), NULL, TEXT),
	CALL("link.state", AKA("link_state"), TEXT, set_link),
	ROW("driver.name", AKA("driver_name"), NULL, TEXT),
	ROW("driver.queues", AKA("driver_queues"), NULL, INTEGER),
	ROW("rom.file", AKA("rom_file"), NULL, TEXT),
	ROW("rom.bar", AKA("rom_bar"), NULL, ON_OFF),
	ROW("mtu.size", NULL, NULL, INTEGER),
	ROW("virtualport.type", AKA("virtualport_type"), NULL, TEXT),
	ROW("virtualport.parameters.managerid", AKA("virtualport_managerid"), NULL, INTEGER),
	ROW("virtualport.parameters.typeid", AKA("virtualport_typeid"), NULL, INTEGER),
	ROW("virtualport.parameters.typeidversion", AKA("virtualport_typeidversion"), NULL,
	    INTEGER),
	ROW("virtualport.parameters.instanceid", AKA("virtualport_instanceid"), NULL, TEXT),
	ROW("virtualport.parameters.profileid", AKA("virtualport_profileid"), NULL, TEXT),
	ROW("virtualport.parameters.interfaceid", AKA("virtualport_interfaceid"), NULL, TEXT),
	ROW("portForward#.proto", NULL, NULL, TEXT),
	ROW("portForward#.address", NULL, NULL, TEXT),
	ROW("portForward#.dev", NULL, NULL, TEXT),
	ROW("portForward#.range#.start", NULL, NULL, INTEGER),
	ROW("portForward#.range#.end", NULL, NULL, INTEGER),
	ROW("portForward#.range#.to", NULL, NULL, INTEGER),
	ROW("portForward#.range#.exclude", NULL, NULL, YES_NO),
	CALL("portForward#", NULL, TEXT, set_port_forward),
	ROWS_END,
};

const struct guest_option network_option = {
	.home = "devices/interface",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--network",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, virtio_rows, network_rows)},
	.finish = finish_network,
};
