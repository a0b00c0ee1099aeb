// SPDX-License-Identifier: GPL-3.0-or-later
// Changing a guest by hand: its XML, its title and description.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/editor.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/edit.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

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
		       "the text can be edited again, and stays in a file.",
	EDITS(.reads = VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE,
	      .checks = VIR_DOMAIN_DEFINE_VALIDATE, .unchecked = "skip-validate"),
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
	if (*text)
		report_heading(call->report, "%s", text);
	else if (!report_is_json(call->report))
		report_message(call->report, "No %s for domain: %s", what,
			       virDomainGetName(call_domain(call)));
	return 0;
}

static int set_metadata(struct call *call, int type, const char *text, struct error *err)
{
	const char *what = type == VIR_DOMAIN_METADATA_TITLE ? "title" : "description";

	if (virDomainSetMetadata(call_domain(call), type, text, NULL, NULL, argument_bits(call)) <
	    0)
		return virt_failure(err, "Failed to set new domain %s", what);
	report_message(call->report, "Domain %s updated successfully", what);
	return 0;
}

// Sets the title or description that an editor leaves of BEFORE.
static int edit_metadata(struct call *call, int type, const char *before, struct error *err)
{
	const char *what = type == VIR_DOMAIN_METADATA_TITLE ? "title" : "description";
	auto_draft struct draft draft = {0};
	auto_free char *after = NULL;

	if (draft_begin(&draft, call, before, ".txt", err) < 0)
		return -1;
	after = draft_edit(&draft, err);
	if (after && text_ends(after, "\n"))
		after[strlen(after) - 1] = '\0';
	if (after && text_equal(before, after)) {
		report_message(call->report, "Domain %s not changed\n", what);
		return 0;
	}
	if (!after || set_metadata(call, type, after, err) < 0) {
		draft_keep(&draft, err);
		return -1;
	}
	return 0;
}

static int desc(struct call *call, struct error *err)
{
	int type = argument_flag(call, "title") ? VIR_DOMAIN_METADATA_TITLE
						: VIR_DOMAIN_METADATA_DESCRIPTION;
	const struct list *words = argument_list(call, "new-desc");
	auto_free char *text = NULL;

	if (!words->count && !argument_flag(call, "edit"))
		return show_metadata(call, type, err);
	text = words->count ? list_join(words, " ") : metadata(call, type, err);
	if (!text)
		return -1;
	return argument_flag(call, "edit") ? edit_metadata(call, type, text, err)
					   : set_metadata(call, type, text, err);
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

static const struct field desc_results[] = {
	FIELD("description", NULL, FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "what it is"),
	FIELD("title", NULL, FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "the same in a line"),
	FIELDS_END,
};

const struct command desc_command = {
	.name = "desc",
	.target = MANY_DOMAINS(BY_ANY),
	.options = desc_options,
	.rules = CURRENT_ALONE,
	.results = desc_results,
	.summary = "show or set the description or title of a guest",
	.run = desc,
};
