// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/engine.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "xml/document.h"

enum { DEFINITION_MOST = 10 * 1024 * 1024 }; // bytes, as virsh reads

const struct field named_results[] = {NAME_FIELD, FIELDS_END};
const struct field name_results[] = {FIELD("name", "", FIELD_TEXT, 0, "its name"), FIELDS_END};
const struct field uuid_results[] = {FIELD("uuid", "", FIELD_TEXT, 0, "its UUID"), FIELDS_END};
const struct field identified_results[] = {FIELD("uuid", NULL, FIELD_TEXT, 0, "its UUID"),
					   FIELDS_END};
const struct field xml_results[] = {
	FIELD("xml", NULL, FIELD_TEXT, 0, "the document, or what --xpath selects of it"),
	FIELDS_END};

// FORMAT with NAME and then FILE in the places of %s; the caller's.
static char *sentence(const char *format, const char *name, const char *file)
{
	const char *const values[] = {name, file};
	struct text text = {0};
	const char *place;

	for (int i = 0; i < 2 && (place = strstr(format, "%s")); i++, format = place + 2) {
		text_append_bytes(&text, format, (size_t)(place - format));
		text_append(&text, values[i]);
	}
	text_append(&text, format);
	return text_take(&text);
}

// The result that says which object it was: the command declares it as its kind calls them.
static void report_identity(struct call *call, const struct kind *kind, void *object)
{
	char uuid[VIR_UUID_STRING_BUFLEN];

	report_value(call->report, kind->name ? "name" : "uuid",
		     value_text(kind_label(kind, object, uuid)));
}

static const char *shown_name(const struct call *call, const struct action *action)
{
	return action->typed ? call->object.typed : call_name(call);
}

// Whether a guest's definition alone was meant, which it has whatever its state.
static bool means_definition(const struct call *call)
{
	const char *ignored;
	const struct option *config = option_find(call->arguments->options, "config", &ignored);

	return config && config->bit == VIR_DOMAIN_AFFECT_CONFIG &&
	       arguments_has(call->arguments, config);
}

void action_hint(struct call *call, struct error *err)
{
	if (call->object.kind == &kind_domain && !means_definition(call))
		domain_hint(err, call->object.handle);
	if (call->object.kind == &kind_pool)
		pool_hint(err, call->object.handle);
}

int action_failed(struct call *call, const struct action *action, const char *name,
		  struct error *err)
{
	auto_free char *what = NULL;

	virt_failure_plain(err);
	action_hint(call, err);
	what = sentence(action->failed, name ? name : shown_name(call, action), NULL);
	return error_wrap(err, "%s", what);
}

void action_done(struct call *call, const struct action *action, const char *name)
{
	auto_free char *what = action->done ? sentence(action->done, name, NULL) : NULL;

	if (what)
		report_message(call->report, "%s%s", what, action->open ? "" : "\n");
}

int object_act_with(struct call *call, unsigned bits, struct error *err)
{
	const struct action *action = call->command->action;

	if (action->flag && argument_flag(call, action->flag))
		action = action->with;
	if (action->act(call, call->object.handle, bits) < 0)
		return action_failed(call, action, NULL, err);
	report_identity(call, call->object.kind, call->object.handle);
	action_done(call, action, shown_name(call, action));
	return 0;
}

int object_act(struct call *call, struct error *err)
{
	return object_act_with(call, argument_bits(call), err);
}

int object_autostart(struct call *call, struct error *err)
{
	const struct kind *kind = call->object.kind;
	bool disable = argument_flag(call, "disable");
	const char *quote = kind->quoted ? "'" : "", *typed = call->object.typed;

	if (kind->set_autostart(call->object.handle, !disable) < 0)
		return virt_failure(err, "failed to %s %s %s%s%s as autostarted",
				    disable ? "unmark" : "mark", kind->noun, quote, typed, quote);
	report_value(call->report, "name", value_text(call_name(call)));
	report_message(call->report, "%s %s%s%s %smarked as autostarted\n", kind->title, quote,
		       typed, quote, disable ? "un" : "");
	return 0;
}

int object_name(struct call *call, struct error *err)
{
	(void)err;
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

int object_uuid(struct call *call, struct error *err)
{
	const struct kind *kind = call->object.kind;
	char uuid[VIR_UUID_STRING_BUFLEN];

	if (kind->uuid(call->object.handle, uuid) < 0)
		return virt_failure(err, "failed to get %s UUID", kind->noun);
	report_value(call->report, "uuid", value_text(uuid));
	return 0;
}

int document_report(struct call *call, const char *xml, struct error *err)
{
	const char *xpath = argument_text(call, "xpath");
	auto_xml struct xml *document = NULL;
	auto_list struct list found = {0};
	auto_free char *selected = NULL, *lines = NULL;

	if (!xpath) {
		report_document(call->report, "xml", xml);
		return 0;
	}
	document = xml_parse(xml, "the document", err);
	if (!document)
		return -1;
	if (xml_select(document, xpath, argument_flag(call, "wrap"), &found, err) < 0) {
		// To virsh an expression that cannot be read selects nothing, and that is a
		// success.
		if (err->status != STATUS_USAGE)
			return -1;
		call_warning(call, "%s", err->message);
		error_clear(err);
	}
	selected = list_join(&found, "\n");
	lines = text_format("%s%s", selected, found.count ? "\n" : "");
	report_document(call->report, "xml", lines);
	return 0;
}

int object_dumpxml(struct call *call, struct error *err)
{
	const struct kind *kind = call->object.kind;
	auto_free char *xml = kind->xml(call->object.handle, argument_bits(call));

	if (!xml)
		return virt_failure(err, "Failed to get the definition of %s '%s'", kind->noun,
				    call_name(call));
	return document_report(call, xml, err);
}

char *definition_read(const char *path, struct error *err)
{
	return file_read(path, DEFINITION_MOST, NULL, err);
}

static void say_defined(struct call *call, void *object, const char *file)
{
	const struct action *action = call->command->action;
	const struct kind *kind = action->kind;
	char uuid[VIR_UUID_STRING_BUFLEN];
	const char *name = kind_label(kind, object, uuid), *quote = kind->quoted ? "'" : "";
	auto_free char *what =
		action->done ? sentence(action->done, name, file)
			     : text_format("%s %s%s%s %s from %s", kind->title, quote, name, quote,
					   action->verb ? action->verb : "defined", file);

	report_message(call->report, "%s\n", what);
}

int object_define(struct call *call, struct error *err)
{
	const struct action *action = call->command->action;
	const struct kind *kind = action->kind;
	const char *file = argument_text(call, "file");
	auto_free char *xml = definition_read(file, err);
	void *object;

	if (!xml)
		return -1;
	// What it is made in, where its kind has such, is the command's target.
	object = (action->define ? action->define : kind->define)(
		session_connection(call), call->object.handle, xml, argument_bits(call));
	if (!object) {
		action_failed(call, action, file, err);
		return kind_refused(kind, session_connection(call), xml, err);
	}
	report_identity(call, kind, object);
	say_defined(call, object, file);
	kind->release(object);
	return 0;
}
