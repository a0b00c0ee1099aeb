// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/diagnostic.h"

#include <json-c/json.h>

#include "base/error.h"
#include "base/text.h"
#include "output/json_write.h"

static void write_line(FILE *out, const char *label, const char *message,
		       struct diagnostic_looks looks)
{
	auto_text struct text line = {0};

	if (looks.terminal)
		text_append_harmless(&line, message, true);
	else
		text_append(&line, message);
	fprintf(out, "%s: %s\n", label, text_string(&line));
}

static void add(struct json_object *object, const char *key, const char *string)
{
	json_object_object_add(object, key, string ? json_object_new_string(string) : NULL);
}

static void write_json(FILE *out, struct json_object *object)
{
	auto_text struct text line = {0};

	json_write(&line, object, JSON_ONE_LINE);
	fprintf(out, "%s\n", text_string(&line));
	fflush(out);
	json_object_put(object);
}

void diagnostic_error(FILE *out, const struct error *err, struct diagnostic_looks looks)
{
	if (looks.json) {
		struct json_object *object = json_object_new_object();

		json_object_object_add(object, "status", json_object_new_int((int)err->status));
		add(object, "error", err->message);
		add(object, "reason", err->reason);
		add(object, "hint", err->hint);
		write_json(out, object);
		return;
	}
	write_line(out, "error", err->message, looks);
	if (err->reason)
		write_line(out, "error", err->reason, looks);
	if (err->hint && looks.terminal)
		write_line(out, "hint", err->hint, looks);
	fflush(out);
}

void diagnostic_warning(FILE *out, const char *message, struct diagnostic_looks looks)
{
	if (looks.json) {
		struct json_object *object = json_object_new_object();

		add(object, "warning", message);
		write_json(out, object);
		return;
	}
	write_line(out, "warning", message, looks);
	fflush(out);
}
