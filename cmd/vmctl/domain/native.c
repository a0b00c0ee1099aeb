// SPDX-License-Identifier: GPL-3.0-or-later
// Between domain XML and what hypervisors have of their own.
#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "virt/targets.h"

static int domxml_from_native(struct call *call, struct error *err)
{
	auto_free char *config = definition_read(argument_text(call, "config"), err);
	auto_free char *xml = NULL;

	if (!config)
		return -1;
	xml = virConnectDomainXMLFromNative(session_connection(call), argument_text(call, "format"),
					    config, 0);
	if (!xml)
		return virt_failure(err, "Failed to convert %s", argument_text(call, "config"));
	report_document(call->report, "xml", xml);
	return 0;
}

static const struct option domxml_from_native_options[] = {
	NEEDED("format", NULL, "what the file holds, such as vmware-vmx or xen-xl"),
	NEEDED("config", NULL, "file to convert"),
	END,
};

const struct command domxml_from_native_command = {
	.name = "domxml-from-native",
	.options = domxml_from_native_options,
	.results = xml_results,
	.summary = "convert a hypervisor's own configuration to domain XML",
	.run = domxml_from_native,
};

// The XML of the guest or the file that is named; the caller's.
static char *chosen_xml(struct call *call, struct error *err)
{
	const char *file = argument_text(call, "xml");
	auto_domain virDomainPtr domain = NULL;
	char *xml;

	if (file)
		return definition_read(file, err);
	domain = targets_find_other(call, "domain", &kind_domain, err);
	if (!domain)
		return NULL;
	xml = virDomainGetXMLDesc(domain, 0);
	if (!xml)
		virt_failure(err, "Failed to get the definition of domain '%s'",
			     virDomainGetName(domain));
	return xml;
}

static int domxml_to_native(struct call *call, struct error *err)
{
	auto_free char *xml = chosen_xml(call, err), *config = NULL;

	if (!xml)
		return -1;
	config = virConnectDomainXMLToNative(session_connection(call),
					     argument_text(call, "format"), xml, 0);
	if (!config)
		return virt_failure(err, "Failed to convert the definition to '%s'",
				    argument_text(call, "format"));
	report_document(call->report, "config", config);
	return 0;
}

static const struct option domxml_to_native_options[] = {
	NEEDED("format", NULL, "what to make, such as qemu-argv"),
	{.kind = OPTION_TEXT, .name = "domain", .object = &kind_domain, .help = "guest to convert"},
	TEXT("xml", NULL, "file with domain XML to convert"),
	END,
};

static const struct field config_results[] = {
	FIELD("config", NULL, FIELD_TEXT, 0, "the configuration"),
	FIELDS_END,
};

const struct command domxml_to_native_command = {
	.name = "domxml-to-native",
	.options = domxml_to_native_options,
	.rules = (const struct rule[]){ONE_OF("domain", "xml"), RULES_END},
	.results = config_results,
	.summary = "convert domain XML to a hypervisor's own configuration",
	.run = domxml_to_native,
};
