// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of objects, and what one is, from the sources of the command's results. A list costs a
// fixed number of questions, unless a field is wanted that only each object can tell: those are
// asked five at a time.
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "output/report.h"
#include "output/tree.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"

enum { WIDTH = 5, GRACE = 1000, COLUMNS_MOST = 32 };

// A list as it is being made. Shared with workers, which may be left behind.
struct listing {
	struct call *call;
	const struct kind *kind;
	const struct field *fields;
	size_t columns, count;
	void **objects;
	struct cell *cells; // count * columns
	void *shared;       // what the action's `once` gave
	bool wanted[COLUMNS_MOST];
	bool shown[COLUMNS_MOST]; // to people
	bool bare;                // lines of what was asked for alone
	bool tree;                // of names, for people
};

static void listing_free(struct listing *listing)
{
	for (size_t i = 0; i < listing->count * listing->columns; i++)
		free(listing->cells[i].text);
	free(listing->cells);
	free(listing->shared);
	kind_release_all(listing->kind, listing->objects);
	free(listing);
}

// Whether the command has this option and it was given.
static bool option_given(const struct call *call, const char *name)
{
	const char *ignored;
	const struct option *option = option_find(call->arguments->options, name, &ignored);

	return option && arguments_has(call->arguments, option);
}

// Whether bare lines of this field are asked for: by an option, --name or --uuid, or in any case.
static bool asked_alone(const struct call *call, const struct field *field)
{
	if (call->command->action->names)
		return field->source->kind == SOURCE_NAME;
	return (text_equal(field->key, "name") || text_equal(field->key, "uuid")) &&
	       option_given(call, field->key);
}

static bool is_of_tree(const struct listing *listing, const struct field *field)
{
	return field->source->kind == SOURCE_NAME ||
	       text_equal(field->key, listing->call->command->action->tree);
}

static void choose_columns(struct listing *listing)
{
	const struct call *call = listing->call;
	bool json = report_is_json(call->report);

	listing->tree = !json && call->command->action->tree && option_given(call, "tree");
	for (size_t i = 0; i < listing->columns; i++)
		listing->bare = listing->bare || asked_alone(call, &listing->fields[i]);
	for (size_t i = 0; i < listing->columns; i++) {
		const struct field *field = &listing->fields[i];
		const struct source *source = field->source;
		bool asked = !source->when || option_given(call, source->when);

		listing->shown[i] = listing->bare
					    ? asked_alone(call, field)
					    : asked && !source->alone && field->title &&
						      (!source->shown_when ||
						       option_given(call, source->shown_when)) &&
						      (!source->shown_unless ||
						       !option_given(call, source->shown_unless));
		listing->wanted[i] = json ? asked && report_wants(call->report, field->key)
				     : listing->tree ? is_of_tree(listing, field)
						     : listing->shown[i];
	}
}

// PAD: columns, for a name that people read; 0 for none.
static void find_plain(const struct listing *listing, const struct field *field, void *object,
		       int pad, struct cell *cell)
{
	char uuid[VIR_UUID_STRING_BUFLEN];

	if (field->source->kind == SOURCE_NAME) {
		cell_text(cell, listing->kind->name(object));
		cell->text = pad ? text_format("%-*s", pad, cell->value.text) : NULL;
		cell->value.shown = cell->text;
	}
	if (field->source->kind == SOURCE_UUID && listing->kind->uuid(object, uuid) == 0)
		cell_own(cell, text_copy(uuid));
}

static void find_asked(const struct looked *looked, const struct kind *kind,
		       const struct field *field, struct cell *cell)
{
	const struct source *source = field->source;
	int on;

	if (source->kind == SOURCE_ASK)
		source->ask(looked, cell);
	else if (source->kind == SOURCE_AUTOSTART)
		cell_answer(cell, kind->get_autostart(looked->object, &on) < 0 ? -1 : on,
			    source->yes ? source->yes : "yes", source->no ? source->no : "no",
			    source->unknown ? source->unknown : "no autostart");
}

static bool is_asked(const struct source *source)
{
	return source->kind == SOURCE_ASK || source->kind == SOURCE_AUTOSTART;
}

// A tree needs no more of an object than its parent's name, which costs libvirt less than the XML.
static void ask_parent(struct listing *listing, size_t index)
{
	const struct kind *kind = listing->kind;
	void *parent = kind->parent(listing->objects[index]);

	for (size_t i = 0; parent && i < listing->columns; i++)
		if (text_equal(listing->fields[i].key, listing->call->command->action->tree))
			cell_own(&listing->cells[index * listing->columns + i],
				 text_copy(kind->name(parent)));
	if (parent)
		kind->release(parent);
}

static void ask_all(struct listing *listing, size_t index)
{
	const struct action *action = listing->call->command->action;
	struct looked looked = {.call = listing->call,
				.object = listing->objects[index],
				.shared = listing->shared};
	void *facts = action->look ? memory_new(1, action->size) : NULL;

	if (facts && action->look(listing->call, looked.object, facts) == 0)
		looked.facts = facts;
	for (size_t i = 0; i < listing->columns; i++)
		if (listing->wanted[i] && is_asked(listing->fields[i].source))
			find_asked(&looked, listing->kind, &listing->fields[i],
				   &listing->cells[index * listing->columns + i]);
	if (looked.facts && action->forget)
		action->forget(facts);
	free(facts);
}

static void ask_object(void *data, size_t index)
{
	struct listing *listing = data;

	if (listing->tree && listing->kind->parent)
		ask_parent(listing, index);
	else
		ask_all(listing, index);
}

static int ask_objects(struct listing *listing, struct error *err)
{
	const struct action *action = listing->call->command->action;
	bool asked = false;

	for (size_t i = 0; i < listing->columns; i++)
		asked = asked || (listing->wanted[i] && is_asked(listing->fields[i].source));
	if (asked && action->once)
		listing->shared = action->once(listing->call);
	if (!asked || workers_run(&(struct work){.count = listing->count,
						 .run = ask_object,
						 .data = listing,
						 .width = WIDTH},
				  listing->call->cancel, GRACE))
		return cancel_check(listing->call->cancel, err);
	listing->call->context->left_behind = true;
	return cancel_check(listing->call->cancel, err);
}

static int by_exact_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Fills column I: whether each object is in the kind's list with the source's flags.
static int find_members(struct listing *listing, size_t column, struct error *err)
{
	const struct field *field = &listing->fields[column];
	const struct source *source = field->source;
	const struct kind *kind = listing->kind;
	void **members = NULL;
	int count = kind->list(session_connection(listing->call), listing->call->object.handle,
			       &members, source->flags);
	auto_list struct list names = {0};
	char uuid[VIR_UUID_STRING_BUFLEN];

	if (count < 0)
		return virt_failure(err, "%s", listing->call->command->action->failed);
	for (int i = 0; i < count; i++)
		list_add(&names, kind_label(kind, members[i], uuid));
	list_sort(&names);
	for (size_t i = 0; i < listing->count; i++) {
		const char *name = kind_label(kind, listing->objects[i], uuid);
		bool is = names.count && bsearch(&name, names.items, names.count,
						 sizeof(*names.items), by_exact_name);
		struct cell *cell = &listing->cells[i * listing->columns + column];

		if (field->type == FIELD_TEXT)
			cell_text(cell, is ? source->yes : source->no);
		else
			cell_answer(cell, is, source->yes, source->no, NULL);
	}
	kind_release_all(kind, members);
	return 0;
}

static int fill(struct listing *listing, struct error *err)
{
	listing->cells = memory_new(listing->count * listing->columns, sizeof(*listing->cells));
	for (size_t column = 0; column < listing->columns; column++) {
		const struct field *field = &listing->fields[column];

		for (size_t i = 0; i < listing->count; i++) {
			struct cell *cell = &listing->cells[i * listing->columns + column];

			cell->value = listing->wanted[column] ? value_absent() : value_unasked();
			if (listing->wanted[column])
				find_plain(listing, field, listing->objects[i],
					   listing->bare ? field->source->pad : 0, cell);
		}
		if (listing->wanted[column] && field->source->kind == SOURCE_MEMBER &&
		    find_members(listing, column, err) < 0)
			return -1;
	}
	return ask_objects(listing, err);
}

static void write_rows(struct listing *listing)
{
	struct report *report = listing->call->report;
	struct value row[COLUMNS_MOST];
	unsigned long hidden = 0;

	for (size_t i = 0; i < listing->columns; i++)
		hidden |= listing->shown[i] ? 0 : 1UL << i;
	report_list(report, NULL, listing->bare ? TABLE_BARE : TABLE_RULED, hidden);
	for (size_t i = 0; i < listing->count; i++) {
		for (size_t k = 0; k < listing->columns; k++)
			row[k] = listing->cells[i * listing->columns + k].value;
		report_row(report, row);
	}
}

static void write_tree(struct listing *listing)
{
	struct tree_node *nodes = memory_new(listing->count, sizeof(*nodes));
	auto_text struct text lines = {0};

	for (size_t i = 0; i < listing->count; i++)
		for (size_t k = 0; k < listing->columns; k++) {
			const struct field *field = &listing->fields[k];
			struct value value = listing->cells[i * listing->columns + k].value;
			const char *text = value.type == VALUE_TEXT ? value.text : NULL;

			if (field->source->kind == SOURCE_NAME)
				nodes[i].name = text;
			else if (is_of_tree(listing, field))
				nodes[i].parent = text;
		}
	tree_write(nodes, listing->count, &lines);
	report_heading(listing->call->report, "%s", text_string(&lines));
	free(nodes);
}

// --inactive and --all say which states are wanted; else active ones.
static unsigned states(const struct call *call, const struct kind *kind)
{
	if (option_given(call, "all"))
		return kind->active | kind->inactive;
	return option_given(call, "inactive") ? kind->inactive : kind->active;
}

static int fetch(struct listing *listing, struct error *err)
{
	struct call *call = listing->call;
	const struct action *action = call->command->action;
	unsigned flags = argument_bits(call) | states(call, listing->kind) | action->always;
	int count;

	if (action->filter && action->filter(call, &flags, err) < 0)
		return -1;
	if (action->fetch) {
		count = action->fetch(call, &listing->objects, flags, err);
		if (count < 0)
			return -1;
	} else {
		count = listing->kind->list(session_connection(call), call->object.handle,
					    &listing->objects, flags);
		if (count < 0)
			return action_failed(call, action, "", err);
	}
	listing->count = (size_t)count;
	if (action->unsorted && option_given(call, action->unsorted))
		return 0;
	if (action->compare)
		qsort(listing->objects, listing->count, sizeof(void *), action->compare);
	else
		kind_sort(listing->kind, listing->objects, listing->count);
	return 0;
}

int object_list(struct call *call, struct error *err)
{
	struct listing *listing = memory_new(1, sizeof(*listing));
	int failed = -1;

	listing->call = call;
	listing->kind = call->command->action->kind;
	listing->fields = call->command->results;
	listing->columns = field_count(listing->fields);
	assert(listing->columns <= COLUMNS_MOST);
	choose_columns(listing);
	if (fetch(listing, err) == 0 && fill(listing, err) == 0) {
		if (listing->tree)
			write_tree(listing);
		else
			write_rows(listing);
		failed = 0;
	}
	if (!call->context->left_behind)
		listing_free(listing);
	return failed;
}

static void show_field(const struct looked *looked, const struct field *field)
{
	const struct kind *kind = looked->call->object.kind;
	struct listing one = {.call = looked->call, .kind = kind};
	struct cell cell = {.value = value_absent()};
	bool silent;

	if (is_asked(field->source))
		find_asked(looked, kind, field, &cell);
	else
		find_plain(&one, field, looked->object, 0, &cell);
	silent = cell.value.type == VALUE_ABSENT && !cell.value.shown;
	report_field(looked->call->report, silent ? NULL : field->title, field->key, cell.value);
	free(cell.text);
}

int object_show(struct call *call, struct error *err)
{
	const struct action *action = call->command->action;
	const struct field *field = call->command->results;
	struct looked looked = {.call = call, .object = call->object.handle};
	auto_free char *facts = action->look ? memory_new(1, action->size) : NULL;

	report_layout(call->report, action->layout ? action->layout : 15);
	if (action->begins && call_is_single(call)) {
		show_field(&looked, field++);
		if (report_flush(call->report, err) < 0)
			return -1;
	}
	if (facts && action->look(call, looked.object, facts) < 0)
		return action_failed(call, action, NULL, err);
	looked.facts = facts;
	for (; field->key; field++)
		show_field(&looked, field);
	if (facts && action->forget)
		action->forget(facts);
	return 0;
}
