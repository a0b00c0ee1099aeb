// SPDX-License-Identifier: GPL-3.0-or-later
// Changing a guest by hand: its XML, its title and description.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/editor.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

static char *definition(virDomainPtr domain, struct error *err)
{
	char *xml = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);

	if (!xml)
		virt_failure(err, "cannot get the definition of '%s'", virDomainGetName(domain));
	return xml;
}

// Defines EDITED unless somebody else has changed the guest since BEFORE was read.
static int define_edited(struct call *call, const char *before, const char *edited, bool validate,
			 struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_free char *now = definition(domain, err);
	auto_domain virDomainPtr defined = NULL;

	if (!now)
		return -1;
	if (!text_equal(now, before))
		return error_set(err, STATUS_CONFLICT,
				 "the definition of '%s' was changed by somebody else meanwhile",
				 virDomainGetName(domain));
	defined = virDomainDefineXMLFlags(session_connection(call), edited,
					  validate ? VIR_DOMAIN_DEFINE_VALIDATE : 0);
	// A driver that cannot validate still takes the definition.
	if (!defined && validate && virt_failed_with(VIR_ERR_INVALID_ARG))
		defined = virDomainDefineXML(session_connection(call), edited);
	if (!defined)
		return virt_failure(err, "the edited definition was not accepted");
	return 0;
}

static int edit(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	bool validate = !argument_flag(call, "skip-validate");
	auto_free char *before = definition(domain, err);
	auto_free char *edited = before ? editor_edit(call, before, ".xml", err) : NULL;

	for (;;) {
		struct error refused = {0};
		char answer;

		if (!edited)
			return -1;
		if (text_equal(edited, before)) {
			message_domain(call, domain, "XML configuration not changed.");
			return 0;
		}
		if (define_edited(call, before, edited, validate, &refused) == 0)
			break;
		answer = editor_ask(call, &refused, validate);
		if (answer == 'n') {
			*err = refused;
			return -1;
		}
		error_clear(&refused);
		if (answer == 'i') {
			validate = false;
		} else {
			char *again = editor_edit(call, edited, ".xml", err);

			free(edited);
			edited = again;
		}
	}
	message_domain(call, domain, "XML configuration edited.");
	return 0;
}

static const struct option edit_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_PERSISTENT, "guest whose definition is to change"),
	FLAG("skip-validate", 0, "do not check it against libvirt's schema"),
	END,
};

const struct command edit_command = {
	.name = "edit",
	.target = ONE_DOMAIN(BY_ANY),
	.options = edit_options,
	.summary = "change the definition of a guest in an editor",
	.description = "Opens the XML that the guest boots with next in $VISUAL or $EDITOR and "
		       "defines it when the editor ends. Nothing is lost when it is not accepted: "
		       "the text can be edited again.",
	.run = edit,
};

// The title or description, "" where there is none; the caller's, NULL on failure.
static char *metadata(struct call *call, int type, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	char *text = virDomainGetMetadata(domain, type, NULL, argument_bits(call));
	auto_xml struct xml *xml = NULL;

	if (text)
		return text;
	if (virt_failed_with(VIR_ERR_NO_DOMAIN_METADATA))
		return text_copy("");
	// A guest that is shut off has no live metadata, but its XML still describes it.
	xml = device_xml(domain, 0, err);
	if (!xml)
		return NULL;
	text = path_get(xml_root(xml), type == VIR_DOMAIN_METADATA_TITLE ? "title" : "description");
	return text ? text : text_copy("");
}

static int show_metadata(struct call *call, int type, struct error *err)
{
	auto_free char *text = metadata(call, type, err);
	const char *what = type == VIR_DOMAIN_METADATA_TITLE ? "title" : "description";

	if (!text)
		return -1;
	report_field(call->report, NULL, what, value_text(*text ? text : NULL));
	if (report_is_json(call->report))
		return 0;
	if (*text)
		report_message(call->report, "%s", text);
	else
		report_message(call->report, "No %s for domain: %s", what,
			       virDomainGetName(call_domain(call)));
	return 0;
}

static int desc(struct call *call, struct error *err)
{
	bool title = argument_flag(call, "title");
	int type = title ? VIR_DOMAIN_METADATA_TITLE : VIR_DOMAIN_METADATA_DESCRIPTION;
	const char *what = title ? "title" : "description";
	const struct list *words = argument_list(call, "new-desc");
	auto_free char *before = NULL, *after = list_join(words, " ");

	if (!words->count && !argument_flag(call, "edit"))
		return show_metadata(call, type, err);
	if (argument_flag(call, "edit")) {
		before = words->count ? take(&after) : metadata(call, type, err);
		free(after);
		after = before ? editor_edit(call, before, ".txt", err) : NULL;
		if (!after)
			return -1;
		if (text_ends(after, "\n"))
			after[strlen(after) - 1] = '\0';
		if (text_equal(before, after)) {
			report_message(call->report, "Domain %s not changed\n", what);
			return 0;
		}
	}
	if (virDomainSetMetadata(call_domain(call), type, after, NULL, NULL, argument_bits(call)) <
	    0)
		return virt_failure(err, "Failed to set new domain %s", what);
	report_message(call->report, "Domain %s updated successfully", what);
	return 0;
}

static const struct option desc_options[] = {
	DOMAIN(0, "guest that is described"),
	LIVE("of the running guest"),
	CONFIG("of its definition"),
	CURRENT("of the state it is in"),
	FLAG("title", 0, "its title, one line, instead of its description"),
	FLAG("edit", 0, "change it in an editor"),
	{.kind = OPTION_REST,
	 .traits = POSITIONAL | EMPTY_OK,
	 .name = "new-desc",
	 .help = "what it is from now on"},
	END,
};

static const struct rule desc_rules[] = {
	EXCLUSIVE("current", "live"),
	EXCLUSIVE("current", "config"),
	RULES_END,
};

const struct command desc_command = {
	.name = "desc",
	.target = MANY_DOMAINS(BY_ANY),
	.options = desc_options,
	.rules = desc_rules,
	.summary = "show or set the description or title of a guest",
	.run = desc,
};
