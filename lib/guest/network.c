// SPDX-License-Identifier: GPL-3.0-or-later
// `--network`
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/device.h"
#include "guest/guest.h"
#include "guest/identity.h"
#include "guest/tables.h"
#include "xml/path.h"

static int set_network(const struct suboption_call *call, struct error *err)
{
	(void)err;
	path_set(call->element, "@type", "network");
	path_set(call->element, "source/@network", call->value);
	return 0;
}

static int set_bridge(const struct suboption_call *call, struct error *err)
{
	(void)err;
	path_set(call->element, "@type", "bridge");
	path_set(call->element, "source/@bridge", call->value);
	return 0;
}

// A type of interface; "default" is the network of that name, "passt" a user network through passt.
static int set_type(const struct suboption_call *call, struct error *err)
{
	struct suboption_call network = *call;

	if (text_equal(call->value, "default")) {
		network.value = "default";
		return set_network(&network, err);
	}
	if (text_equal(call->value, "passt")) {
		path_set(call->element, "@type", "user");
		path_set(call->element, "backend/@type", "passt");
		return 0;
	}
	path_set(call->element, "@type", call->value);
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

	if (text_equal(call->value, "RANDOM"))
		random = identity_mac("qemu");
	else if (!identity_is_mac(call->value))
		return error_set(err, STATUS_USAGE, "'%s' is no MAC address", call->value);
	path_set(call->element, "mac/@address", random ? random : call->value);
	return 0;
}

static int set_link(const struct suboption_call *call, struct error *err)
{
	auto_error struct error no_boolean = {0};
	bool up = text_equal(call->value, "up");

	(void)err;
	if (!up && !text_equal(call->value, "down") &&
	    suboption_boolean(call->name, call->value, &up, &no_boolean) < 0)
		path_set(call->element, "link/@state", call->value);
	else
		path_set(call->element, "link/@state", up ? "up" : "down");
	return 0;
}

static const struct suboption network_rows[] = {
	ROW("boot.order", "boot_order", NULL, INTEGER),
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
	ROW("source.mode", "source_mode", NULL, TEXT),
	ROW("source.type", "source_type", NULL, TEXT),
	ROW("source.path", "source_path", NULL, TEXT),
	ROW("source.portgroup", "portgroup", NULL, TEXT),
	ROW("source.address.type", NULL, NULL, TEXT),
	ROW("source.address.domain", NULL, NULL, INTEGER),
	ROW("source.address.bus", NULL, NULL, INTEGER),
	ROW("source.address.slot", NULL, NULL, INTEGER),
	ROW("source.address.function", NULL, NULL, INTEGER),
	ROW("target.dev", "target", NULL, TEXT),
	ROW("model.type", "model", NULL, TEXT),
	CALL("mac.address", "mac", TEXT, set_mac),
	ROW("filterref.filter", "filterref", NULL, TEXT),
	CALL("link.state", "link_state", TEXT, set_link),
	ROW("driver.name", "driver_name", NULL, TEXT),
	ROW("driver.queues", "driver_queues", NULL, INTEGER),
	ROW("rom.file", "rom_file", NULL, TEXT),
	ROW("rom.bar", "rom_bar", NULL, ON_OFF),
	ROW("mtu.size", NULL, NULL, INTEGER),
	ROW("virtualport.type", "virtualport_type", NULL, TEXT),
	ROW("virtualport.parameters.managerid", "virtualport_managerid", NULL, INTEGER),
	ROW("virtualport.parameters.typeid", "virtualport_typeid", NULL, INTEGER),
	ROW("virtualport.parameters.typeidversion", "virtualport_typeidversion", NULL, INTEGER),
	ROW("virtualport.parameters.instanceid", "virtualport_instanceid", NULL, TEXT),
	ROW("virtualport.parameters.profileid", "virtualport_profileid", NULL, TEXT),
	ROW("virtualport.parameters.interfaceid", "virtualport_interfaceid", NULL, TEXT),
	ROW("portForward#.proto", NULL, NULL, TEXT),
	ROW("portForward#.address", NULL, NULL, TEXT),
	ROW("portForward#.dev", NULL, NULL, TEXT),
	ROW("portForward#.range#.start", NULL, NULL, INTEGER),
	ROW("portForward#.range#.end", NULL, NULL, INTEGER),
	ROW("portForward#.range#.to", NULL, NULL, INTEGER),
	ROW("portForward#.range#.exclude", NULL, NULL, YES_NO),
	ROWS_END,
};

static const char *const leading[] = {"type", NULL};
static const struct suboption *const groups[] = {device_rows, virtio_rows, network_rows, NULL};
const struct suboption_table network_table = {
	.option = "--network", .leading = leading, .groups = groups};

int guest_add_network(struct guest *guest, const char *text, struct error *err)
{
	if (text_equal(text, "none")) {
		guest->no_networks = true;
		return 0;
	}
	return suboptions_apply(&network_table, text, device_new(guest, "interface"), guest, err);
}
