// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/diagnostic.h"

#include <json-c/json.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "output/json_write.h"
#include "output/value.h"

// "host: " and, where MESSAGE does not name it, "object: ", of one of many.
static void append_origin(struct text *line, const char *message, struct diagnostic_looks looks)
{
	if (looks.host)
		text_append_format(line, "%s: ", looks.host);
	if (looks.many && looks.object && !strstr(message, looks.object))
		text_append_format(line, "%s: ", looks.object);
}

static void append_lines(struct text *all, const char *lines, struct diagnostic_looks looks)
{
	if (looks.terminal)
		text_append_harmless(all, lines, true);
	else
		text_append(all, lines);
}

static void append_line(struct text *all, const char *label, const char *message,
			struct diagnostic_looks looks)
{
	auto_text struct text line = {0};

	append_origin(&line, message, looks);
	text_append(&line, message);
	text_append_format(all, "%s: ", label);
	append_lines(all, text_string(&line), looks);
	text_append_char(all, '\n');
}

// As programs do that know no hints.
static void append_marked(struct text *all, const struct error *err, struct diagnostic_looks looks)
{
	auto_free char *line =
		err->reason ? text_format("%s: %s", err->message, err->reason) : NULL;

	if (err->said)
		append_lines(all, err->said, looks);
	else
		append_line(all, looks.mark, line ? line : err->message, looks);
}

static void add(struct json_object *object, const char *key, const char *string)
{
	json_object_object_add(object, key, value_json(value_text(string)));
}

static void append_json(struct text *all, struct json_object *object)
{
	json_write(all, object, JSON_ONE_LINE);
	text_append_char(all, '\n');
	json_object_put(object);
}

// In one piece: others may be writing too.
static void write_all(FILE *out, const struct text *all)
{
	fwrite(all->data, 1, all->length, out);
	fflush(out);
}

void diagnostic_error(FILE *out, const struct error *err, struct diagnostic_looks looks)
{
	auto_text struct text all = {0};

	if (looks.json) {
		struct json_object *object = json_object_new_object();

		add(object, "command", looks.command);
		add(object, "host", looks.host);
		add(object, "object", looks.object);
		json_object_object_add(object, "status", json_object_new_int((int)err->status));
		json_object_object_add(object, "code",
				       err->code ? json_object_new_int(err->code) : NULL);
		add(object, "error", err->message);
		add(object, "reason", err->reason);
		add(object, "hint", err->hint);
		append_json(&all, object);
	} else if (looks.mark) {
		append_marked(&all, err, looks);
	} else {
		append_line(&all, "error", err->message, looks);
		if (err->reason)
			append_line(&all, "error", err->reason, looks);
		if (err->hint)
			append_line(&all, "hint", err->hint,
				    (struct diagnostic_looks){.terminal = looks.terminal});
	}
	write_all(out, &all);
}

void diagnostic_warning(FILE *out, const char *message, struct diagnostic_looks looks)
{
	auto_text struct text all = {0};

	if (looks.json) {
		struct json_object *object = json_object_new_object();

		add(object, "command", looks.command);
		add(object, "host", looks.host);
		add(object, "object", looks.object);
		add(object, "warning", message);
		append_json(&all, object);
	} else {
		auto_free char *label =
			looks.mark ? text_format("%s: warning", looks.mark) : text_copy("warning");

		append_line(&all, label, message, looks);
	}
	write_all(out, &all);
}
