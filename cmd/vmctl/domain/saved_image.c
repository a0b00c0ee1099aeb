// SPDX-License-Identifier: GPL-3.0-or-later
// The definitions inside saved guests: in files that save wrote, and in managed saves.
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
#include "virt/session.h"

// clang-format off
#define AFTERWARDS \
	FLAG("running", VIR_DOMAIN_SAVE_RUNNING, "let it run once it is restored"), \
	FLAG("paused", VIR_DOMAIN_SAVE_PAUSED, "leave it paused once it is restored")
#define SECURE \
	{ .kind = OPTION_FLAG, .traits = WRITES, .name = "security-info", \
	  .bit = VIR_DOMAIN_SAVE_IMAGE_XML_SECURE, .help = "with passwords" }
#define SAVED_FILE NEEDED("file", NULL, "file that save wrote")
#define SAVED_GUEST \
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE, "guest that has a managed save")
// clang-format on

static int save_image_dumpxml(struct call *call, struct error *err)
{
	const char *file = argument_text(call, "file");
	auto_free char *xml =
		virDomainSaveImageGetXMLDesc(session_connection(call), file, argument_bits(call));

	if (!xml)
		return virt_failure(err, "Failed to read the definition in %s", file);
	return document_report(call, xml, err);
}

const struct command save_image_dumpxml_command = {
	.name = "save-image-dumpxml",
	.options = (const struct option[]){SAVED_FILE, SECURE, XPATH, END},
	.results = xml_results,
	.summary = "show the definition in a file that save wrote, as XML",
	.run = save_image_dumpxml,
};

static int managedsave_dumpxml(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_free char *xml = virDomainManagedSaveGetXMLDesc(domain, argument_bits(call));

	if (!xml)
		return domain_failure(err, domain,
				      "Failed to read the definition in the managed save of "
				      "domain '%s'",
				      virDomainGetName(domain));
	return document_report(call, xml, err);
}

const struct command managedsave_dumpxml_command = {
	.name = "managedsave-dumpxml",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){SAVED_GUEST, SECURE, XPATH, END},
	.results = xml_results,
	.summary = "show the definition in the managed save of a guest, as XML",
	.run = managedsave_dumpxml,
};

static const struct field file_results[] = {
	FIELD("file", NULL, FIELD_TEXT, 0, "what was changed"),
	FIELDS_END,
};

static int save_image_define(struct call *call, struct error *err)
{
	const char *file = argument_text(call, "file");
	auto_free char *xml = definition_read(argument_text(call, "xml"), err);

	if (!xml)
		return -1;
	if (virDomainSaveImageDefineXML(session_connection(call), file, xml, argument_bits(call)) <
	    0)
		return virt_failure(err, "Failed to update %s", file);
	report_value(call->report, "file", value_text(file));
	report_message(call->report, "State file %s updated.\n", file);
	return 0;
}

const struct command save_image_define_command = {
	.name = "save-image-define",
	.options = (const struct option[]){SAVED_FILE, NEEDED("xml", NULL, "file with the XML"),
					   AFTERWARDS, END},
	.results = file_results,
	.summary = "replace the definition in a file that save wrote",
	.run = save_image_define,
};

static int managedsave_define(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_free char *xml = definition_read(argument_text(call, "xml"), err);

	if (!xml)
		return -1;
	if (virDomainManagedSaveDefineXML(domain, xml, argument_bits(call)) < 0)
		return domain_failure(err, domain,
				      "Failed to update the managed save of domain '%s'",
				      virDomainGetName(domain));
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	report_message(call->report, "Managed save state file of domain '%s' updated.\n",
		       virDomainGetName(domain));
	return 0;
}

const struct command managedsave_define_command = {
	.name = "managedsave-define",
	.target = ONE_DOMAIN(BY_ANY),
	.options = (const struct option[]){SAVED_GUEST, NEEDED("xml", NULL, "file with the XML"),
					   AFTERWARDS, END},
	.results = named_results,
	.summary = "replace the definition in the managed save of a guest",
	.run = managedsave_define,
};

static char *read_image(struct call *call, struct error *err)
{
	const char *file = argument_text(call, "file");
	char *xml = virDomainSaveImageGetXMLDesc(session_connection(call), file,
						 VIR_DOMAIN_SAVE_IMAGE_XML_SECURE);

	if (!xml)
		virt_failure(err, "Failed to read the definition in %s", file);
	return xml;
}

static int write_image(struct call *call, const char *xml, unsigned flags, struct edited *edited,
		       struct error *err)
{
	const char *file = argument_text(call, "file");

	(void)flags;
	if (virDomainSaveImageDefineXML(session_connection(call), file, xml, argument_bits(call)) <
	    0)
		return virt_failure(err, "the edited definition was not accepted");
	edited->sentence = text_format("State file %s edited.", file);
	return 0;
}

const struct command save_image_edit_command = {
	.name = "save-image-edit",
	.options = (const struct option[]){SAVED_FILE, AFTERWARDS, END},
	.rules = (const struct rule[]){EXCLUSIVE("running", "paused"), RULES_END},
	.summary = "change the definition in a file that save wrote, in an editor",
	EDITS(.read = read_image, .write = write_image, .named = "file",
	      .unchanged = "Saved image %s XML configuration not changed."),
};

static char *read_managed(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	char *xml = virDomainManagedSaveGetXMLDesc(domain, VIR_DOMAIN_SAVE_IMAGE_XML_SECURE);

	if (!xml)
		domain_failure(err, domain,
			       "Failed to read the definition in the managed save of domain '%s'",
			       virDomainGetName(domain));
	return xml;
}

static int write_managed(struct call *call, const char *xml, unsigned flags, struct edited *edited,
			 struct error *err)
{
	virDomainPtr domain = call_domain(call);

	(void)flags;
	if (virDomainManagedSaveDefineXML(domain, xml, argument_bits(call)) < 0)
		return virt_failure(err, "the edited definition was not accepted");
	edited->sentence =
		text_format("Managed save image of Domain '%s' XML configuration edited.",
			    virDomainGetName(domain));
	return 0;
}

const struct command managedsave_edit_command = {
	.name = "managedsave-edit",
	.target = ONE_DOMAIN(BY_ANY),
	.options = (const struct option[]){SAVED_GUEST, AFTERWARDS, END},
	.rules = (const struct rule[]){EXCLUSIVE("running", "paused"), RULES_END},
	.summary = "change the definition in the managed save of a guest, in an editor",
	EDITS(.read = read_managed, .write = write_managed,
	      .unchanged = "Managed save image of domain '%s' XML configuration not changed."),
};
