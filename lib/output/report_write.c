// SPDX-License-Identifier: GPL-3.0-or-later
#include <assert.h>
#include <errno.h>
#include <json-c/json.h>

#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "output/json.h"
#include "output/json_write.h"
#include "output/report.h"
#include "output/report_state.h"

// Leaves the wanted members alone.
static void select_members(struct json_object *object, const struct list *keys)
{
	auto_list struct list unwanted = {0};

	if (!json_object_is_type(object, json_type_object))
		return;
	json_object_object_foreach(object, key, member)
	{
		(void)member;
		if (!list_has(keys, key) && !text_equal(key, "host"))
			list_add(&unwanted, key);
	}
	for (size_t i = 0; i < unwanted.count; i++)
		json_object_object_del(object, unwanted.items[i]);
}

static void select_keys(struct json_object *answer, const struct list *keys)
{
	if (!keys || !keys->count)
		return;
	if (!json_object_is_type(answer, json_type_array)) {
		select_members(answer, keys);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(answer); i++)
		select_members(json_object_array_get_idx(answer, i), keys);
}

struct json_object *report_answer(struct report *report)
{
	struct level *root = &report->stack[0];

	if (!root->json)
		root->json = root->list ? json_object_new_array() : json_object_new_object();
	// A list has no place for what is said to people.
	if (report->message.length && json_object_is_type(root->json, json_type_object)) {
		text_strip(report->message.data);
		json_object_object_add(root->json, "message",
				       value_json(value_text(report->message.data)));
		text_clear(&report->message);
	}
	select_keys(root->json, report->looks.keys);
	return root->json;
}

static void write_json(struct report *report)
{
	if (report->given.length) {
		text_append(&report->text, text_string(&report->given));
		return;
	}
	json_write(&report->text, report_answer(report),
		   report->looks.one_line ? JSON_ONE_LINE : JSON_INDENTED);
	text_append_char(&report->text, '\n');
}

int report_flush(struct report *report, struct error *err)
{
	fwrite(text_string(&report->text), 1, report->text.length, report->out);
	text_clear(&report->text);
	if (fflush(report->out) == 0 && !ferror(report->out))
		return 0;
	error_set_errno(err, errno, "cannot write the output");
	// Reported now: the end of the program need not find it again.
	clearerr(report->out);
	return -1;
}

int report_next(struct report *report, struct error *err)
{
	assert(report->shape == SHAPE_STREAM && report->depth == 0);
	report_end_table(report);
	if (report->looks.json) {
		report->looks.one_line = true;
		write_json(report);
		json_object_put(report->stack[0].json);
		report->stack[0].json = NULL;
	}
	return report_flush(report, err);
}

int report_finish(struct report *report, bool failed, struct error *err)
{
	if (failed && !report->kept) {
		if (report->looks.json || !report->said)
			text_clear(&report->text);
		return report_flush(report, err);
	}
	assert(report->depth == 0 && "an object or a list is still open");
	report_end_table(report);
	if (report->looks.json && report->shape != SHAPE_STREAM)
		write_json(report);
	return report_flush(report, err);
}
