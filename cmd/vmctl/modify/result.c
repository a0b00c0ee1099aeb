// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cmd/vmctl/modify/modification.h"
#include "output/report.h"

const struct field modify_results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED | FIELD_NULL,
	      "name of the guest; null where its XML was read"),
	FIELD("changed", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether the XML becomes another one"),
	FIELD("diff", NULL, FIELD_TEXT, FIELD_ASKED | FIELD_NULL,
	      "what changes, as a unified diff"),
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED,
	      "the changed XML, with --print-xml; the device's, with --build-xml"),
	FIELD("dry_run", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether nothing was changed"),
	FIELD("running", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether the guest runs"),
	FIELD("updated", NULL, FIELD_BOOLEAN, FIELD_ASKED,
	      "whether it was changed as it runs: in effect now"),
	FIELD("defined", NULL, FIELD_BOOLEAN, FIELD_ASKED,
	      "whether its definition was changed: in effect at its next boot"),
	FIELD("started", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether it was started"),
	FIELD("names", "", FIELD_TEXTS, FIELD_ASKED, "sub-options or operating systems"),
	FIELDS_END,
};

int result_built(struct modification *modification)
{
	const struct changed *changed = &modification->lasting.changed;
	auto_text struct text documents = {0};

	for (size_t i = 0; i < changed->count; i++) {
		auto_free char *xml = change_text(changed->items[i]);

		text_append(&documents, xml);
	}
	report_document(modification->call->report, "xml", text_string(&documents));
	return 0;
}

// The XML with what it keeps secret covered: it goes to a terminal, or a log, unasked.
static char *covered(const char *text)
{
	static const char secret[] = "passwd=\"";
	struct text out = {0};
	const char *found;

	while ((found = strstr(text, secret))) {
		found += sizeof(secret) - 1;
		text_append_bytes(&out, text, (size_t)(found - text));
		text_append(&out, "***");
		text = found + strcspn(found, "\"");
	}
	text_append(&out, text);
	return text_take(&out);
}

void result_difference(struct modification *modification, const struct revision *revision)
{
	struct call *call = modification->call;
	bool changed = *revision->difference;
	auto_free char *shown = covered(revision->difference);

	if (!changed)
		call_warning(call, "No XML diff was generated. The requested changes will have no "
				   "effect.");
	if (report_is_json(call->report))
		return;
	if (modification->shows_difference)
		report_heading(call->report, "%s%s", revision->difference, changed ? "\n" : "");
	else if (modification->shows_xml)
		report_document(call->report, "xml", revision->after);
	else if (changed && !call->context->peer && !call->context->quiet &&
		 !call->arguments->quiet)
		call_note(call, "%s", text_strip(shown));
}

void result_end(struct modification *modification)
{
	struct call *call = modification->call;
	const struct revision *lasting = &modification->lasting;
	bool changed = lasting->difference && *lasting->difference;

	if (!report_is_json(call->report))
		return;
	report_value(call->report, "name", value_text(modification->name));
	report_value(call->report, "changed", value_boolean(changed));
	report_value(call->report, "diff", value_text(changed ? lasting->difference : NULL));
	if (modification->shows_xml && lasting->after)
		report_document(call->report, "xml", lasting->after);
	report_value(call->report, "dry_run", value_boolean(modification->dry));
	report_value(call->report, "running",
		     value_boolean(modification->running.given || modification->started));
	report_value(call->report, "updated", value_boolean(modification->updated));
	report_value(call->report, "defined", value_boolean(modification->defined));
	report_value(call->report, "started", value_boolean(modification->started));
}
