// SPDX-License-Identifier: GPL-3.0-or-later
// What stands on what, over all directories and guests, and what nobody needs.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/collection.h"
#include "cmd/vm-img/collection_json.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "output/json.h"
#include "output/report.h"

enum {
	DEPTH_MOST = 200,  // libvirt's own limit of a chain
	INDENTED_MOST = 5, // levels that are indented,
	INDENT = 2,        // by so many columns each
};

// What people read beside an image.
static char *status_of(const struct collection *collection, size_t index)
{
	const struct member *member = &collection->all[index];
	const char *verdict = collection_verdict(collection, index);

	if (member->failure)
		return text_format("unreadable: %s", member->failure);
	if (member->missing)
		return text_format("broken: its backing file '%s' is missing", member->missing);
	if (member->loops)
		return text_copy("broken: its backing chain is a loop");
	if (collection_damage(collection, index))
		return text_format("broken: '%s' below it is unreadable",
				   collection_damage(collection, index));
	if (text_equal(verdict, "used"))
		return collection_users_text(member);
	if (text_equal(verdict, "needed") && member->overlays)
		return text_format("backing file of %zu image%s", member->overlays,
				   member->overlays > 1 ? "s" : "");
	if (member->owner != MEMBER_NONE)
		return text_format("has the data of '%s'", collection->all[member->owner].path);
	if (text_equal(verdict, "unknown"))
		return text_copy("unknown: not all users are known");
	if (text_equal(verdict, "other"))
		return text_copy("not an image");
	if (text_equal(verdict, "base"))
		return text_format("unused, backing file of %zu unused image%s", member->overlays,
				   member->overlays > 1 ? "s" : "");
	return text_copy(verdict);
}

// Beside its backing file the name alone tells where it is.
static const char *short_name(const struct collection *collection, size_t index)
{
	const char *path = collection->all[index].path, *slash = strrchr(path, '/');
	const char *below = collection->all[index].below == MEMBER_NONE
				    ? NULL
				    : collection->all[collection->all[index].below].path;
	size_t length = slash ? (size_t)(slash - path) + 1 : 0;

	return below && strncmp(below, path, length) == 0 && !strchr(below + length, '/')
		       ? path + length
		       : path;
}

// An indent for each level; from the sixth on a number tells it.
static char *name_at(struct call *call, const struct collection *collection, size_t index,
		     int depth)
{
	int indent = (depth <= INDENTED_MOST ? depth - 1 : INDENTED_MOST - 1) * INDENT;
	auto_free char *before = depth == 0 ? text_copy("")
				 : depth <= INDENTED_MOST
					 ? text_format("%*s+- ", indent, "")
					 : text_format("%*s+-(%d)- ", indent, "", depth);
	auto_free char *name = collection_shorten(
		call, short_name(collection, index),
		(struct collection_share){.sixteenths = 6, .taken = strlen(before)});

	return text_format("%s%s", before, name);
}

static void show_image(struct call *call, const struct collection *collection, size_t index,
		       int depth)
{
	const struct member *member = &collection->all[index];
	auto_free char *size = size_text(member->image.allocated);
	auto_free char *status = status_of(collection, index), *remote = NULL, *shown = NULL;
	auto_free char *name = name_at(call, collection, index, depth);

	if (member->remote)
		remote = text_format("%s; its backing file '%s' was not followed", status,
				     member->remote);
	shown = collection_shorten(call, remote ? remote : status,
				   (struct collection_share){.sixteenths = 5});
	report_row(call->report,
		   (struct value[]){
			   value_text(name),
			   value_text(member->image.format ? member->image.format : "-"),
			   value_text(size),
			   value_text(shown),
		   });
}

// The image and all that stand on it.
static void show_branch(struct call *call, const struct collection *collection, size_t index,
			int depth)
{
	show_image(call, collection, index, depth);
	for (size_t i = 0;
	     depth < DEPTH_MOST && collection->all[index].overlays && i < collection->count; i++)
		if (collection->all[i].below == (long)index)
			show_branch(call, collection, i, depth + 1);
}

static struct json *branch_json(const struct collection *collection, size_t index, int depth)
{
	struct json *json = collection_json(collection, index), *children = json_new_array();

	for (size_t i = 0;
	     depth < DEPTH_MOST && collection->all[index].overlays && i < collection->count; i++)
		if (collection->all[i].below == (long)index)
			json_append_json(children, branch_json(collection, i, depth + 1));
	json_set_json(json, "overlaid_by", children);
	return json;
}

// Found where something else was looked for, and of no use to a guest.
static bool is_only_searched(const struct collection *collection, size_t index)
{
	return collection->all[index].outside && !collection->all[index].needed;
}

// Whether the image or something that stands on it is one that was asked for. Where nothing was
// named, all guests are meant.
static bool belongs(struct call *call, const struct collection *collection, size_t index, int depth)
{
	if (collection_is_listed(collection, index) ||
	    (!argument_list(call, "where")->count && !is_only_searched(collection, index)))
		return true;
	for (size_t i = 0;
	     depth < DEPTH_MOST && collection->all[index].overlays && i < collection->count; i++)
		if (collection->all[i].below == (long)index &&
		    belongs(call, collection, i, depth + 1))
			return true;
	return false;
}

static bool is_root(struct call *call, const struct collection *collection, size_t index)
{
	return collection->all[index].below == MEMBER_NONE && belongs(call, collection, index, 0);
}

static bool is_unused(const struct collection *collection, size_t index)
{
	const char *verdict = collection_verdict(collection, index);

	return text_equal(verdict, "unused") || text_equal(verdict, "base");
}

// With --unused only what nobody needs: flat, and ready to be deleted from the top down.
static bool is_wanted(struct call *call, const struct collection *collection, size_t index)
{
	return !argument_flag(call, "unused") ||
	       (is_unused(collection, index) && collection_is_listed(collection, index));
}

static void report_tree(struct call *call, const struct collection *collection)
{
	bool flat = argument_flag(call, "unused");

	report_open_list(call->report, NULL);
	for (size_t i = 0; i < collection->count; i++) {
		auto_json struct json *json = NULL;

		if (flat ? !is_wanted(call, collection, i) : !is_root(call, collection, i))
			continue;
		json = flat ? collection_json(collection, i) : branch_json(collection, i, 0);
		report_json(call->report, NULL, json);
	}
	report_close(call->report);
}

static void show_tree(struct call *call, const struct collection *collection)
{
	static const struct field columns[] = {
		{.title = "Image", .key = "image"},
		{.title = "Format", .key = "format"},
		{.title = "On disk", .key = "disk"},
		{.title = "Status", .key = "use"},
		{0},
	};
	unsigned long long gain = 0;
	auto_free char *size = NULL, *searched = NULL;

	report_table(call->report, TABLE_RULED, columns, 0);
	for (size_t i = 0; i < collection->count; i++) {
		if (is_unused(collection, i) && collection_is_listed(collection, i))
			gain += collection->all[i].image.allocated;
		if (argument_flag(call, "unused") && is_wanted(call, collection, i))
			show_image(call, collection, i, 0);
		else if (!argument_flag(call, "unused") && is_root(call, collection, i))
			show_branch(call, collection, i, 0);
	}
	size = size_text(gain);
	searched = collection_searched(collection);
	report_message(call->report, "\n");
	if (gain)
		report_message(call->report, "Unused images take %s.\n", size);
	report_message(call->report, "Searched: %s.\n", searched);
}

static int tree(struct call *call, struct error *err)
{
	const struct list *names = argument_list(call, "where");
	bool local = argument_flag(call, "local");
	auto_collection struct collection collection = {0};

	if (collection_find_places(call, names, &collection, err) < 0 ||
	    collection_read(&collection, err) < 0)
		return -1;
	collection_find_users(call, !local, &collection);
	if (!collection.processes_known)
		call_warning(call, "processes of other users could not be looked into");
	if (report_is_json(call->report))
		report_tree(call, &collection);
	else
		show_tree(call, &collection);
	return 0;
}

static const struct option tree_options[] = {
	FLAG("unused", 0, "only what nobody needs"),
	LOCAL,
	CONNECT,
	{.kind = OPTION_REST,
	 .name = "where",
	 .help = "directories, files or libvirt's pools (default: all active pools, and the files "
		 "of "
		 "all guests)"},
	END,
};

const struct command img_tree_command = {
	.name = "tree",
	.options = tree_options,
	.shape = SHAPE_LIST,
	.results = collection_results,
	.summary = "show which image is the backing file of which, and what nobody needs",
	.description =
		"Shows images below their backing files: those of directories, the ones that "
		"belong to a file, or those of all pools and guests. \"unused\" is an image that "
		"no "
		"guest, running or off, none of its snapshots, no process and no other image that "
		"was found needs; that is only said when libvirt has told of all its guests. "
		"Images "
		"are searched for in the named places, all pools, and wherever a guest or a "
		"backing "
		"chain has a file; the last line says where. An image elsewhere may still need it.",
	.run = tree,
};
