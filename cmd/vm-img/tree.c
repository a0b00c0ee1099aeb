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
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/stock.h"
#include "cmd/vm-img/stock_json.h"
#include "output/json.h"
#include "output/report.h"

enum {
	DEPTH_MOST = 200,  // libvirt's own limit of a chain
	INDENTED_MOST = 5, // levels that are indented,
	INDENT = 2,        // by so many columns each
};

// What people read beside an image.
static char *status_of(const struct stock *stock, size_t index)
{
	const struct stocked *stocked = &stock->all[index];
	const char *verdict = stock_verdict(stock, index);

	if (stocked->failure)
		return text_format("unreadable: %s", stocked->failure);
	if (stocked->missing)
		return text_format("broken: its backing file '%s' is missing", stocked->missing);
	if (stocked->loops)
		return text_copy("broken: its backing chain is a loop");
	if (stock_damage(stock, index))
		return text_format("broken: '%s' below it is unreadable",
				   stock_damage(stock, index));
	if (text_equal(verdict, "used"))
		return stock_users_text(stocked);
	if (text_equal(verdict, "needed") && stocked->overlays)
		return text_format("backing file of %zu image%s", stocked->overlays,
				   stocked->overlays > 1 ? "s" : "");
	if (stocked->owner != STOCK_NONE)
		return text_format("has the data of '%s'", stock->all[stocked->owner].path);
	if (text_equal(verdict, "unknown"))
		return text_copy("unknown: not all users are known");
	if (text_equal(verdict, "other"))
		return text_copy("not an image");
	if (text_equal(verdict, "base"))
		return text_format("unused, backing file of %zu unused image%s", stocked->overlays,
				   stocked->overlays > 1 ? "s" : "");
	return text_copy(verdict);
}

// Beside its backing file the name alone tells where it is.
static const char *short_name(const struct stock *stock, size_t index)
{
	const char *path = stock->all[index].path, *slash = strrchr(path, '/');
	const char *below = stock->all[index].below == STOCK_NONE
				    ? NULL
				    : stock->all[stock->all[index].below].path;
	size_t length = slash ? (size_t)(slash - path) + 1 : 0;

	return below && strncmp(below, path, length) == 0 && !strchr(below + length, '/')
		       ? path + length
		       : path;
}

// An indent for each level; from the sixth on a number tells it.
static char *name_at(struct call *call, const struct stock *stock, size_t index, int depth)
{
	int indent = (depth <= INDENTED_MOST ? depth - 1 : INDENTED_MOST - 1) * INDENT;
	auto_free char *before = depth == 0 ? text_copy("")
				 : depth <= INDENTED_MOST
					 ? text_format("%*s+- ", indent, "")
					 : text_format("%*s+-(%d)- ", indent, "", depth);
	auto_free char *name =
		stock_shorten(call, short_name(stock, index),
			      (struct stock_share){.sixteenths = 6, .taken = strlen(before)});

	return text_format("%s%s", before, name);
}

static void show_image(struct call *call, const struct stock *stock, size_t index, int depth)
{
	const struct stocked *stocked = &stock->all[index];
	auto_free char *size = size_text(stocked->image.allocated);
	auto_free char *status = status_of(stock, index), *remote = NULL, *shown = NULL;
	auto_free char *name = name_at(call, stock, index, depth);

	if (stocked->remote)
		remote = text_format("%s; its backing file '%s' was not followed", status,
				     stocked->remote);
	shown = stock_shorten(call, remote ? remote : status,
			      (struct stock_share){.sixteenths = 5});
	report_row(call->report,
		   (struct value[]){
			   value_text(name),
			   value_text(stocked->image.format ? stocked->image.format : "-"),
			   value_text(size),
			   value_text(shown),
		   });
}

// The image and all that stand on it.
static void show_branch(struct call *call, const struct stock *stock, size_t index, int depth)
{
	show_image(call, stock, index, depth);
	for (size_t i = 0; depth < DEPTH_MOST && stock->all[index].overlays && i < stock->count;
	     i++)
		if (stock->all[i].below == (long)index)
			show_branch(call, stock, i, depth + 1);
}

static struct json *branch_json(const struct stock *stock, size_t index, int depth)
{
	struct json *json = stock_json(stock, index), *children = json_new_array();

	for (size_t i = 0; depth < DEPTH_MOST && stock->all[index].overlays && i < stock->count;
	     i++)
		if (stock->all[i].below == (long)index)
			json_append_json(children, branch_json(stock, i, depth + 1));
	json_set_json(json, "overlaid_by", children);
	return json;
}

// Found where something else was looked for, and of no use to a guest.
static bool is_only_searched(const struct stock *stock, size_t index)
{
	return stock->all[index].outside && !stock->all[index].needed;
}

// Whether the image or something that stands on it is one that was asked for. Where nothing was
// named, all guests are meant.
static bool belongs(struct call *call, const struct stock *stock, size_t index, int depth)
{
	if (stock_is_listed(stock, index) ||
	    (!argument_list(call, "where")->count && !is_only_searched(stock, index)))
		return true;
	for (size_t i = 0; depth < DEPTH_MOST && stock->all[index].overlays && i < stock->count;
	     i++)
		if (stock->all[i].below == (long)index && belongs(call, stock, i, depth + 1))
			return true;
	return false;
}

static bool is_root(struct call *call, const struct stock *stock, size_t index)
{
	return stock->all[index].below == STOCK_NONE && belongs(call, stock, index, 0);
}

static bool is_unused(const struct stock *stock, size_t index)
{
	const char *verdict = stock_verdict(stock, index);

	return text_equal(verdict, "unused") || text_equal(verdict, "base");
}

// With --unused only what nobody needs: flat, and ready to be deleted from the top down.
static bool is_wanted(struct call *call, const struct stock *stock, size_t index)
{
	return !argument_flag(call, "unused") ||
	       (is_unused(stock, index) && stock_is_listed(stock, index));
}

static void report_tree(struct call *call, const struct stock *stock)
{
	bool flat = argument_flag(call, "unused");

	report_open_list(call->report, NULL);
	for (size_t i = 0; i < stock->count; i++) {
		auto_json struct json *json = NULL;

		if (flat ? !is_wanted(call, stock, i) : !is_root(call, stock, i))
			continue;
		json = flat ? stock_json(stock, i) : branch_json(stock, i, 0);
		report_json(call->report, NULL, json);
	}
	report_close(call->report);
}

static void show_tree(struct call *call, const struct stock *stock)
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
	for (size_t i = 0; i < stock->count; i++) {
		if (is_unused(stock, i) && stock_is_listed(stock, i))
			gain += stock->all[i].image.allocated;
		if (argument_flag(call, "unused") && is_wanted(call, stock, i))
			show_image(call, stock, i, 0);
		else if (!argument_flag(call, "unused") && is_root(call, stock, i))
			show_branch(call, stock, i, 0);
	}
	size = size_text(gain);
	searched = stock_searched(stock);
	report_message(call->report, "\n");
	if (gain)
		report_message(call->report, "Unused images take %s.\n", size);
	report_message(call->report, "Searched: %s.\n", searched);
}

static int tree(struct call *call, struct error *err)
{
	const struct list *names = argument_list(call, "where");
	bool local = argument_flag(call, "local");
	auto_stock struct stock stock = {0};

	if (stock_find_places(call, names, &stock, err) < 0 || stock_read(&stock, err) < 0)
		return -1;
	stock_find_users(call, !local, &stock);
	if (!stock.processes_known)
		call_warning(call, "processes of other users could not be looked into");
	if (report_is_json(call->report))
		report_tree(call, &stock);
	else
		show_tree(call, &stock);
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
	.results = stock_results,
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
