// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/domain/device.h"

#include <libvirt/virterror.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/slots.h"
#include "output/report.h"
#include "virt/agent_channel.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"
#include "xml/write.h"

const struct rule device_rules[] = {DEVICE_RULES, RULES_END};
const struct field device_results[] = {DEVICE_FIELDS, FIELDS_END};

struct xml_element *device_list(const struct xml *xml)
{
	return xml_child(xml_root(xml), "devices");
}

bool device_agent_connected(virDomainPtr domain)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = definition_xml(domain, 0, &ignored);

	if (!xml)
		virResetLastError();
	return xml && agent_channel(xml) == AGENT_CONNECTED;
}

char *device_disk_source(const struct xml_element *disk)
{
	static const char *const paths[] = {"source/@file", "source/@dev", "source/@dir",
					    "source/@name", "source/@volume"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char *source = path_get(disk, paths[i]);

		if (source)
			return source;
	}
	return NULL;
}

struct xml_element *device_disk(const struct xml *xml, const char *name)
{
	struct xml_element *devices = device_list(xml);

	for (struct xml_element *d = xml_child(devices, "disk"); d; d = xml_next(d, "disk")) {
		auto_free char *target = path_get(d, "target/@dev");
		auto_free char *source = device_disk_source(d);

		if (text_equal(target, name) || text_equal(source, name))
			return d;
	}
	return NULL;
}

static const struct {
	int (*plain)(virDomainPtr domain, const char *xml);
	int (*with)(virDomainPtr domain, const char *xml, unsigned flags);
} changes[] = {
	[DEVICE_ATTACH] = {virDomainAttachDevice, virDomainAttachDeviceFlags},
	[DEVICE_DETACH] = {virDomainDetachDevice, virDomainDetachDeviceFlags},
	[DEVICE_UPDATE] = {NULL, virDomainUpdateDeviceFlags},
};

// --persistent, of commands where it is more than another name of --config.
static bool is_persistent(struct call *call)
{
	const char *ignored;
	const struct option *option = option_find(call->command->options, "persistent", &ignored);

	return option && text_equal(option->name, "persistent") &&
	       argument_flag(call, "persistent");
}

static unsigned device_bits(struct call *call)
{
	unsigned bits = argument_bits(call);

	if (!is_persistent(call))
		return bits;
	return bits | VIR_DOMAIN_AFFECT_CONFIG |
	       (virDomainIsActive(call_domain(call)) == 1 ? VIR_DOMAIN_AFFECT_LIVE : 0);
}

int device_change(struct call *call, enum device_change change, const char *xml, const char *what,
		  struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const struct action *action = call->command->action;
	unsigned bits = device_bits(call);
	bool plain = changes[change].plain && !bits && !argument_flag(call, "current");

	if ((plain ? changes[change].plain(domain, xml) : changes[change].with(domain, xml, bits)) <
	    0) {
		action_failed(call, action, what, err);
		definition_hint_device(err, domain, xml);
		return change == DEVICE_ATTACH ? slots_hint(call, xml, err) : -1;
	}
	report_value(call->report, "name", value_text(call_name(call)));
	action_done(call, action, what);
	return 0;
}

// A guest that was not looked for is called as the user does.
static void print(struct call *call, const char *xml)
{
	bool found = call->object.handle;

	report_value(call->report, "name",
		     value_text(found ? call_name(call) : argument_text(call, "domain")));
	report_document(call->report, "xml", xml);
}

int device_attach(struct call *call, const struct xml_element *device, struct error *err)
{
	auto_free char *text = write_element(device);

	if (!argument_flag(call, "print-xml"))
		return device_change(call, DEVICE_ATTACH, text, NULL, err);
	print(call, text);
	return 0;
}

void device_print_element(struct call *call, const struct xml_element *device)
{
	auto_free char *xml = xml_element_string(device);

	print(call, text_strip(xml));
}
