// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots and checkpoints as they are made.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/markup.h"
#include "cmd/vmctl/moment.h"
#include "output/report.h"
#include "virt/hints.h"
#include "virt/session.h"

enum { DEFINITION_MOST = 10 * 1024 * 1024 }; // bytes of a file

const struct field moment_created_results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "its name"),
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "with --print-xml: what would be made"),
	FIELDS_END,
};

int moment_create(struct call *call, const struct kind *kind, const char *xml, const char *from,
		  struct error *err)
{
	void *made = kind->define(session_connection(call), call->object.handle, xml,
				  argument_bits(call));

	if (!made)
		return domain_failure(err, call_domain(call),
				      "Failed to create a %s of domain '%s'", kind->noun,
				      call_name(call));
	report_field(call->report, NULL, "name", value_text(kind->name(made)));
	report_message(call->report, "%s %s created%s%s%s", kind->title, kind->name(made),
		       from ? " from '" : "", from ? from : "", from ? "'" : "");
	kind->release(made);
	return 0;
}

char *moment_read(struct call *call, const char *empty, struct error *err)
{
	const char *file = argument_text(call, "xmlfile");

	return file ? file_read(file, DEFINITION_MOST, NULL, err) : text_copy(empty);
}

// The pieces of TEXT between single commas.
static void split(const char *text, struct list *pieces)
{
	auto_text struct text piece = {0};

	for (; *text; text++) {
		if (*text != ',') {
			text_append_char(&piece, *text);
		} else if (text[1] == ',') {
			text_append_char(&piece, *text++);
		} else {
			list_add(pieces, text_string(&piece));
			text_clear(&piece);
		}
	}
	list_add(pieces, text_string(&piece));
}

// Takes "KEY=VALUE"; false where it is none, or given before.
static bool take_value(const char *piece, const char *const *keys, struct spec *spec)
{
	for (size_t i = 0; i < SPEC_KEYS && keys[i]; i++) {
		size_t length = strlen(keys[i]);

		if (strncmp(piece, keys[i], length) != 0 || piece[length] != '=')
			continue;
		if (spec->values[i])
			return false;
		spec->values[i] = piece + length + 1;
		return true;
	}
	return false;
}

bool spec_read(const char *text, const char *const *keys, bool named, struct spec *spec)
{
	split(text, &spec->pieces);
	for (size_t i = 0; i < spec->pieces.count; i++) {
		const char *piece = spec->pieces.items[i];

		if (!(named && i == 0) && take_value(piece, keys, spec))
			continue;
		if (i > 0 || !*piece)
			return false;
		spec->first = piece;
	}
	return true;
}

void spec_clear(struct spec *spec)
{
	list_clear(&spec->pieces);
}

int spec_refuse(const char *name, const char *text, const char *form, struct error *err)
{
	error_set(err, STATUS_USAGE, "unable to parse %s: %s", name, text);
	return error_hint(err, "--%s %s", name, form);
}

int spec_add_disks(struct call *call, struct markup *xml,
		   int (*disk)(struct markup *xml, const char *text, struct error *err),
		   struct error *err)
{
	const struct list *disks = argument_list(call, "diskspec");

	if (!disks->count)
		return 0;
	markup_add(xml, "  <disks>\n");
	for (size_t i = 0; i < disks->count; i++)
		if (disk(xml, disks->items[i], err) < 0)
			return -1;
	markup_add(xml, "  </disks>\n");
	return 0;
}
