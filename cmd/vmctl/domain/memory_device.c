// SPDX-License-Identifier: GPL-3.0-or-later
// Memory devices of a guest.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "xml/document.h"
#include "xml/path.h"

static bool is_meant(struct call *call, const struct xml_element *memory)
{
	auto_free char *alias = path_get(memory, "alias/@name");
	auto_free char *node = path_get(memory, "target/node");
	auto_free char *wanted = text_format("%lld", argument_integer(call, "node"));

	return (!argument_given(call, "alias") ||
		text_equal(alias, argument_text(call, "alias"))) &&
	       (!argument_given(call, "node") || text_equal(node, wanted));
}

// The one device that is meant, lent; NULL with the error set.
static struct xml_element *find(struct call *call, const struct xml *xml, struct error *err)
{
	struct xml_element *found = NULL;
	int count = 0;

	for (struct xml_element *m = xml_child(device_list(xml), "memory"); m;
	     m = xml_next(m, "memory"))
		if (is_meant(call, m)) {
			found = m;
			count++;
		}
	if (count == 1)
		return found;
	if (count == 0)
		error_set(err, STATUS_NOT_FOUND, "domain '%s' has no such memory device",
			  call_name(call));
	else
		error_set(err, STATUS_CONFLICT,
			  "domain '%s' has %d memory devices; --alias or --node names one",
			  call_name(call), count);
	return NULL;
}

static int update_memory_device(struct call *call, struct error *err)
{
	unsigned bits = argument_bits(call);
	auto_xml struct xml *xml = definition_xml_verbatim(
		call_domain(call), bits & VIR_DOMAIN_AFFECT_CONFIG ? VIR_DOMAIN_XML_INACTIVE : 0,
		err);
	struct xml_element *memory = xml ? find(call, xml, err) : NULL;
	auto_free char *text = NULL, *size = NULL;

	if (!memory)
		return -1;
	if (argument_given(call, "requested-size")) {
		if (!path_has(memory, "target/requested"))
			return error_set(
				err, STATUS_CONFLICT,
				"the size of this memory device cannot change: it is not a "
				"virtio-mem device");
		size = text_format("%llu", (argument_size(call, "requested-size") + 1023) / 1024);
		path_set(memory, "target/requested", size);
		path_set(memory, "target/requested/@unit", "KiB");
	}
	if (argument_flag(call, "print-xml")) {
		device_print_element(call, memory);
		return 0;
	}
	text = xml_element_string(memory);
	return device_change(call, DEVICE_UPDATE, text, NULL, err);
}

static const struct option memory_options[] = {
	DOMAIN(0, "guest that has the memory device"),
	AFFECTED,
	PRINT_XML,
	TEXT("alias", device_aliases, "the device of this alias"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "node",
	 .most = INT_MAX,
	 .help = "the device of this NUMA node"},
	{.kind = OPTION_SIZE,
	 .traits = POSITIONAL,
	 .name = "requested-size",
	 .unit = 1024,
	 .help = "memory that the guest gets from it, in KiB or with a unit"},
	END,
};

const struct command update_memory_device_command = {
	.name = "update-memory-device",
	.target = MANY_DOMAINS(BY_ANY),
	.options = memory_options,
	.rules = (const struct rule[]){AFFECTED_RULES, EXCLUSIVE("node", "alias"), RULES_END},
	.results = device_results,
	.run = update_memory_device,
	ACTION(.failed = "Failed to update memory device"),
	.summary = "change how much memory a memory device gives a guest",
};
