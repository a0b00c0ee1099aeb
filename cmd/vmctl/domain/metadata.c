// SPDX-License-Identifier: GPL-3.0-or-later
// What other programs keep in a guest's definition, each below a name space of its own.
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/edit.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"

// The caller's.
static char *get_metadata(struct call *call)
{
	return virDomainGetMetadata(call_domain(call), VIR_DOMAIN_METADATA_ELEMENT,
				    argument_text(call, "uri"), argument_bits(call));
}

// XML is what it is from now on, NULL for nothing.
static int set_metadata(struct call *call, const char *xml, struct error *err)
{
	virDomainPtr domain = call_domain(call);

	if (virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, xml,
				 argument_text(call, "key"), argument_text(call, "uri"),
				 argument_bits(call)) < 0)
		return domain_failure(err, domain, "Failed to set the metadata of domain '%s'",
				      virDomainGetName(domain));
	return 0;
}

// What an editor begins with.
static char *read_metadata(struct call *call, struct error *err)
{
	char *xml = get_metadata(call);

	if (!xml && virt_failed_with(VIR_ERR_NO_DOMAIN_METADATA))
		return text_copy("\n");
	if (!xml)
		virt_failure_plain(err);
	return xml;
}

static int write_metadata(struct call *call, const char *xml, unsigned flags, struct edited *edited,
			  struct error *err)
{
	(void)flags;
	if (set_metadata(call, xml, err) < 0)
		return -1;
	edited->sentence = text_copy("Metadata modified");
	return 0;
}

static int metadata(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	bool removes = argument_flag(call, "remove");
	auto_free char *xml = NULL;

	if (argument_flag(call, "edit"))
		return object_edit(call, err);
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	if (removes || argument_given(call, "set")) {
		if (set_metadata(call, argument_text(call, "set"), err) < 0)
			return -1;
		report_message(call->report, "Metadata %s\n", removes ? "removed" : "modified");
		return 0;
	}
	xml = get_metadata(call);
	if (!xml)
		return domain_failure(err, domain, "Failed to get the metadata of domain '%s'",
				      virDomainGetName(domain));
	report_field(call->report, NULL, "xml", value_text(xml));
	report_heading(call->report, "%s\n", xml);
	return 0;
}

static const struct option metadata_options[] = {
	DOMAIN(0, "guest that is meant"),
	NEEDED("uri", NULL, "name space of the metadata"),
	LIVE("of the running guest"),
	CONFIG("of its definition"),
	CURRENT("of the state it is in"),
	FLAG("edit", 0, "change it in an editor"),
	TEXT("key", NULL, "prefix of the name space, where it is set"),
	TEXT("set", NULL, "the XML it is from now on"),
	FLAG("remove", 0, "remove it"),
	END,
};

static const struct rule metadata_rules[] = {
	EXCLUSIVE("current", "live"),
	EXCLUSIVE("current", "config"),
	EXCLUSIVE("edit", "set", "remove"),
	REQUIRES("edit", "key"),
	REQUIRES("set", "key"),
	RULES_END,
};

static const struct field metadata_results[] = {
	NAME_FIELD,
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "the metadata, unless it was changed"),
	FIELDS_END,
};

const struct command metadata_command = {
	.name = "metadata",
	.target = ONE_DOMAIN(BY_ANY),
	.options = metadata_options,
	.rules = metadata_rules,
	.results = metadata_results,
	.summary = "show or set what a program keeps in the definition of a guest",
	.run = metadata,
	ACTION(.edit = &(const struct edit){.read = read_metadata,
					    .write = write_metadata,
					    .unchanged = "Metadata not changed"}),
};
