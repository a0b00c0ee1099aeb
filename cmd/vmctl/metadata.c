// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/metadata.h"

#include <libvirt/virterror.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/editor.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "xml/document.h"
#include "xml/path.h"

// libvirt numbers them alike for all kinds.
enum {
	DESCRIPTION = VIR_DOMAIN_METADATA_DESCRIPTION,
	TITLE = VIR_DOMAIN_METADATA_TITLE,
	ELEMENT = VIR_DOMAIN_METADATA_ELEMENT,
};

const struct field desc_results[] = {
	FIELD("description", NULL, FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "what it is"),
	FIELD("title", NULL, FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "the same in a line"),
	FIELDS_END,
};

const struct field metadata_results[] = {
	NAME_FIELD,
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "the metadata, unless it was changed"),
	FIELDS_END,
};

const struct rule metadata_rules[] = {
	EXCLUSIVE("current", "live"),
	EXCLUSIVE("current", "config"),
	EXCLUSIVE("edit", "set", "remove"),
	REQUIRES("edit", "key"),
	REQUIRES("set", "key"),
	RULES_END,
};

static int failure(struct call *call, const char *what, struct error *err)
{
	virt_failure_plain(err);
	if (call->object.kind == &kind_domain)
		domain_hint(err, call->object.handle);
	return error_wrap(err, "Failed to %s of %s '%s'", what, call->object.kind->noun,
			  call_name(call));
}

static const char *noun(int type)
{
	return type == TITLE ? "title" : "description";
}

// The title or description, "" where there is none; the caller's, NULL on failure.
static char *get(const struct kind *kind, void *object, int type, unsigned flags, struct error *err)
{
	char *text = kind->get_metadata(object, type, NULL, flags);
	auto_free char *definition = NULL;
	auto_xml struct xml *xml = NULL;

	if (text)
		return text;
	if (virt_failed_with(kind->no_metadata))
		return text_copy("");
	// What is shut off has no live metadata, but its XML still describes it.
	definition = kind->xml(object, 0);
	if (!definition)
		virt_failure_plain(err);
	else
		xml = xml_parse(definition, "the definition", err);
	if (!xml)
		return NULL;
	text = path_get(xml_root(xml), noun(type));
	return text ? text : text_copy("");
}

char *metadata_title(const struct kind *kind, void *object, struct error *err)
{
	return get(kind, object, TITLE, 0, err);
}

static int show(struct call *call, int type, struct error *err)
{
	const struct kind *kind = call->object.kind;
	auto_free char *text = get(kind, call->object.handle, type, argument_bits(call), err);

	if (!text)
		return -1;
	report_field(call->report, NULL, noun(type), value_text(*text ? text : NULL));
	if (*text)
		report_heading(call->report, "%s", text);
	else if (!report_is_json(call->report))
		report_message(call->report, "No %s for %s: %s", noun(type), kind->noun,
			       call_name(call));
	return 0;
}

static int set(struct call *call, int type, const char *text, struct error *err)
{
	const struct kind *kind = call->object.kind;

	if (kind->set_metadata(call->object.handle, type, text, NULL, NULL, argument_bits(call)) <
	    0)
		return failure(call, type == TITLE ? "set a new title" : "set a new description",
			       err);
	report_message(call->report, "%s %s updated successfully", kind->title, noun(type));
	return 0;
}

// Sets the title or description that an editor leaves of TEXT, unless it is what it was BEFORE.
static int edit(struct call *call, int type, const char *before, const char *text,
		struct error *err)
{
	auto_draft struct draft draft = {0};
	auto_free char *after = NULL;

	if (draft_begin(&draft, call, text, ".txt", err) < 0)
		return -1;
	after = draft_edit(&draft, err);
	if (after && text_ends(after, "\n"))
		after[strlen(after) - 1] = '\0';
	if (after && text_equal(before, after)) {
		report_message(call->report, "%s %s not changed\n", call->object.kind->title,
			       noun(type));
		return 0;
	}
	if (!after || set(call, type, after, err) < 0) {
		draft_keep(&draft, err);
		return -1;
	}
	return 0;
}

int object_desc(struct call *call, struct error *err)
{
	int type = argument_flag(call, "title") ? TITLE : DESCRIPTION;
	const struct list *words = argument_list(call, "new-desc");
	auto_free char *text = words->count ? list_join(words, " ") : NULL, *before = NULL;

	if (!argument_flag(call, "edit"))
		return text ? set(call, type, text, err) : show(call, type, err);
	before = get(call->object.kind, call->object.handle, type, argument_bits(call), err);
	return before ? edit(call, type, before, text ? text : before, err) : -1;
}

// The caller's.
static char *get_element(struct call *call)
{
	return call->object.kind->get_metadata(call->object.handle, ELEMENT,
					       argument_text(call, "uri"), argument_bits(call));
}

// XML is what it is from now on, NULL for nothing.
static int set_element(struct call *call, const char *xml, struct error *err)
{
	if (call->object.kind->set_metadata(call->object.handle, ELEMENT, xml,
					    argument_text(call, "key"), argument_text(call, "uri"),
					    argument_bits(call)) < 0)
		return failure(call, "set the metadata", err);
	return 0;
}

// What an editor begins with.
static char *read_element(struct call *call, struct error *err)
{
	char *xml = get_element(call);

	if (!xml && virt_failed_with(call->object.kind->no_metadata))
		return text_copy("\n");
	if (!xml)
		virt_failure_plain(err);
	return xml;
}

static int write_element(struct call *call, const char *xml, unsigned flags, struct edited *edited,
			 struct error *err)
{
	(void)flags;
	if (set_element(call, xml, err) < 0)
		return -1;
	edited->sentence = text_copy("Metadata modified");
	return 0;
}

const struct action metadata_action = {
	.edit = &(const struct edit){.read = read_element,
				     .write = write_element,
				     .unchanged = "Metadata not changed",
				     .open = true},
};

int object_metadata(struct call *call, struct error *err)
{
	bool removes = argument_flag(call, "remove");
	auto_free char *xml = NULL;

	if (argument_flag(call, "edit"))
		return object_edit(call, err);
	report_value(call->report, "name", value_text(call_name(call)));
	if (removes || argument_given(call, "set")) {
		if (set_element(call, argument_text(call, "set"), err) < 0)
			return -1;
		report_message(call->report, "Metadata %s\n", removes ? "removed" : "modified");
		return 0;
	}
	xml = get_element(call);
	if (!xml)
		return failure(call, "get the metadata", err);
	report_field(call->report, NULL, "xml", value_text(xml));
	report_heading(call->report, "%s\n", xml);
	return 0;
}
