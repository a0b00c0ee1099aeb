// SPDX-License-Identifier: GPL-3.0-or-later
// What nothing needs is put away, and comes back with --undo.
#include <stdlib.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cli/hint.h"
#include "cmd/vm-img/collection.h"
#include "cmd/vm-img/gc_plan.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "image/trash.h"
#include "output/json.h"
#include "output/report.h"

// Milliseconds that one who has just looked at an image, to put another on it, has to make that.
enum { SETTLE = 500 };

static int read_collection(struct call *call, struct collection *collection, struct error *err)
{
	const char *where = argument_text(call, "where");
	auto_list struct list names = {0};

	list_add(&names, where);
	if (collection_find_places(call, &names, collection, err) < 0)
		return -1;
	if (collection->files.count)
		return error_set(err, STATUS_USAGE, "'%s' is neither a directory nor a pool",
				 where);
	if (collection_read(collection, err) < 0)
		return -1;
	collection_find_users(call, true, collection);
	if (collection->guests_known && collection->processes_known)
		return 0;
	error_set(err, STATUS_FAILED, "%s",
		  collection->guests_known ? "processes of other users could not be looked into"
					   : "libvirt has not told of all its guests");
	error_wrap(err, "what nobody needs in '%s' cannot be proved", where);
	return error_hint(err, "vm-img tree -- '%s' shows what is known", where);
}

static int put_away(struct gc_plan *plan, const struct trash *trash, struct error *err)
{
	auto_free char *list = gc_plan_text(plan);

	if (trash_write_list(trash, list, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->count; i++) {
		auto_error struct error kept = {0};

		if (trash_put(trash, plan->all[i].name, &kept) == 0) {
			plan->all[i].state = "trash";
			continue;
		}
		plan->all[i].state = "kept";
		plan->all[i].reason = text_copy(kept.message);
	}
	return 0;
}

// Whether something names the file by now that did not when it was found to be unused.
static char *find_need(const struct collection *collection, const struct gc_image *going)
{
	auto_free char *path = file_absolute(going->path);

	for (size_t i = 0; i < collection->named.count; i++)
		if (text_equal(collection->named.items[i], path))
			return text_copy("a guest uses it now");
	for (size_t i = 0; i < collection->count; i++) {
		const char *missing = collection->all[i].missing;
		auto_free char *wanted = missing ? file_absolute(missing) : NULL;

		if (wanted && text_equal(wanted, path))
			return text_format("it is the backing file of '%s' now",
					   collection->all[i].path);
	}
	return NULL;
}

static void bring_back(const struct trash *trash, struct gc_image *going, char *reason)
{
	auto_error struct error stuck = {0};

	going->state = trash_take_back(trash, going->name, &stuck) == 0 ? "kept" : "trash";
	going->reason = reason;
}

// The proof again, when nobody can begin to use them any more: who began before that has won. Where
// it cannot be given, all come back.
static void prove_again(struct call *call, struct gc_plan *plan, const struct trash *trash)
{
	auto_collection struct collection collection = {.quiet = true};
	auto_error struct error failure = {0};
	bool proved;

	cancel_poll(call->cancel, NULL, 0, SETTLE);
	proved = read_collection(call, &collection, &failure) == 0;

	for (size_t i = plan->count; i-- > 0;) {
		struct gc_image *going = &plan->all[i];
		char *need = NULL;

		if (!text_equal(going->state, "trash"))
			continue;
		need = proved ? find_need(&collection, going) : text_copy(failure.message);
		if (need)
			bring_back(trash, going, need);
	}
}

static void report_plan(struct call *call, const struct gc_plan *plan, const struct trash *trash)
{
	unsigned long long sum = 0;

	report_value(call->report, "trash", value_text(trash ? trash->path : NULL));
	report_list(call->report, "images", TABLE_RULED, 0);
	for (size_t i = 0; i < plan->count; i++) {
		const struct gc_image *going = &plan->all[i];
		auto_free char *size = size_text(going->size);

		sum += text_equal(going->state, "kept") ? 0 : going->size;
		report_row(call->report,
			   (struct value[]){value_text(going->path), value_text(going->format),
					    value_shown(value_unsigned(going->size), size),
					    value_text(going->state), value_text(going->reason)});
	}
	report_value(call->report, "actual_size", value_unsigned(sum));
}

static int count_in(const struct gc_plan *plan, const char *state)
{
	int count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += text_equal(plan->all[i].state, state);
	return count;
}

static int ask(struct call *call, const struct gc_plan *plan, struct error *err)
{
	auto_text struct text what = {0};

	for (size_t i = 0; i < plan->count; i++) {
		auto_free char *size = size_text(plan->all[i].size);

		text_append_format(&what, "  %s (%s)\n", plan->all[i].path, size);
	}
	text_append_format(&what, "%zu image%s that nothing needs would go to the trash",
			   plan->count, plan->count > 1 ? "s" : "");
	return confirm(call, text_string(&what), err);
}

static int collect(struct call *call, struct error *err)
{
	auto_collection struct collection collection = {0};
	auto_gc_plan struct gc_plan plan = {0};
	auto_trash struct trash trash = TRASH_NONE;
	auto_free char *searched = NULL;

	if (read_collection(call, &collection, err) < 0)
		return -1;
	gc_plan_make(&collection, &plan);
	searched = collection_searched(&collection);
	if (!plan.count || argument_flag(call, "dry-run")) {
		report_plan(call, &plan, NULL);
		report_message(call->report, "\n%s. Searched: %s.\n",
			       plan.count ? "Nothing was changed" : "Nothing is unused", searched);
		call->status = plan.count ? STATUS_CHANGES : STATUS_OK;
		return 0;
	}
	if (ask(call, &plan, err) < 0 || trash_begin(plan.directory, &trash, err) < 0 ||
	    put_away(&plan, &trash, err) < 0)
		return -1;
	prove_again(call, &plan, &trash);
	report_plan(call, &plan, count_in(&plan, "trash") ? &trash : NULL);
	if (count_in(&plan, "trash"))
		hint_report(call,
			    "\nvm-img gc --undo -- '%s' brings them back, rm -r -- '%s' frees the "
			    "room.\n",
			    argument_text(call, "where"), trash.path);
	call->status = count_in(&plan, "kept") ? STATUS_PARTIAL : STATUS_OK;
	return 0;
}

static void take_back(const struct trash *trash, const struct json *list, struct gc_plan *plan)
{
	// What others stand on comes before them.
	for (size_t i = json_count(list); i-- > 0;) {
		const struct json *json = json_at(list, i);
		const char *name = json_get_text(json, "name");
		auto_error struct error stuck = {0};
		bool back = name && trash_take_back(trash, name, &stuck) == 0;

		if (!name || (!back && stuck.status == STATUS_NOT_FOUND))
			continue;
		gc_plan_add(plan,
			    (struct gc_image){.path = text_format("%s/%s", plan->directory, name),
					      .name = text_copy(name),
					      .format = text_copy(json_get_text(json, "format")),
					      .size = json_get_unsigned(json, "actual_size"),
					      .state = back ? "back" : "trash",
					      .reason = text_copy(stuck.message)});
	}
}

static int undo(struct call *call, struct error *err)
{
	const char *where = argument_text(call, "where");
	auto_list struct list names = {0};
	auto_collection struct collection collection = {0};
	auto_gc_plan struct gc_plan plan = {0};
	auto_trash struct trash trash = TRASH_NONE;
	auto_free char *text = NULL;
	auto_json struct json *list = NULL;

	list_add(&names, where);
	if (collection_find_places(call, &names, &collection, err) < 0 ||
	    trash_open(collection.places[0].path, &trash, err) < 0)
		return -1;
	text = trash_read_list(&trash, err);
	list = text ? json_read(text, trash.path, err) : NULL;
	if (!list)
		return -1;
	plan.directory = text_copy(collection.places[0].path);
	take_back(&trash, list, &plan);
	report_plan(call, &plan, count_in(&plan, "trash") ? &trash : NULL);
	call->status = count_in(&plan, "trash") ? STATUS_PARTIAL : STATUS_OK;
	return 0;
}

static int gc(struct call *call, struct error *err)
{
	return argument_flag(call, "undo") ? undo(call, err) : collect(call, err);
}

static const struct option gc_options[] = {
	FLAG("dry-run", 0, "only show what would go; status 10 where there is something"),
	FLAG("undo", 0, "bring back what went last"),
	YES,
	CONNECT,
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "where",
	 .help = "directory or pool of libvirt"},
	END,
};

static const struct rule gc_rules[] = {EXCLUSIVE("dry-run", "undo"), RULES_END};

// clang-format off
static const struct field gc_images[] = {
	FIELD("path", "Image", FIELD_TEXT, 0, "where it is or was"),
	FIELD("format", "Format", FIELD_TEXT, FIELD_NULL, "its format"),
	FIELD("actual_size", "On disk", FIELD_BYTES, 0, "room that it takes"),
	FIELD("state", "State", FIELD_TEXT, 0,
	      "unused (with --dry-run), trash, kept (somebody came to use it), back"),
	FIELD("reason", NULL, FIELD_TEXT, FIELD_NULL, "why it was kept, or stays in the trash"),
	FIELDS_END,
};

static const struct field gc_results[] = {
	FIELD("trash", NULL, FIELD_TEXT, FIELD_NULL, "directory that they went to, with list.json"),
	FIELD_OF("images", FIELD_LIST, 0, gc_images, "what nothing needs, or has come back"),
	FIELD("actual_size", NULL, FIELD_BYTES, 0, "room that all of them take"),
	FIELDS_END,
};
// clang-format on

const struct command img_gc_command = {
	.name = "gc",
	.options = gc_options,
	.rules = gc_rules,
	.shape = SHAPE_OBJECT,
	.results = gc_results,
	.summary = "put images that nothing needs into a trash directory",
	.description =
		"Moves the images of a directory or pool that no guest, running or off, no process "
		"and no other image that was found needs (see tree) into a hidden directory beside "
		"them, with a list, after it has shown them and asked. Without a proof, where "
		"libvirt or processes of others cannot be asked, nothing is done. When they have "
		"gone the proof is given again: whoever has come to use one meanwhile has it back. "
		"Installation media (ISO 9660) and images that keep their data in other files "
		"stay.",
	.run = gc,
};
