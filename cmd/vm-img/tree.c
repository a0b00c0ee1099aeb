// SPDX-License-Identifier: GPL-3.0-or-later
// What stands on what, over all directories and guests, and what nobody needs.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/stock.h"
#include "cmd/vm-img/stock_json.h"
#include "output/json.h"
#include "output/report.h"

enum { DEPTH_MOST = 200 }; // libvirt's own limit of a chain

// What people read beside an image.
static char *remark(const struct stock *stock, size_t index)
{
	const struct stocked *stocked = &stock->all[index];
	const char *verdict = stock_verdict(stock, index);

	if (stocked->failure)
		return text_format("unreadable: %s", stocked->failure);
	if (stocked->missing)
		return text_format("broken: '%s', which it stands on, is missing",
				   stocked->missing);
	if (stocked->loops)
		return text_copy("broken: its backing chain is a loop");
	if (text_equal(verdict, "used"))
		return stock_users_text(stocked);
	if (text_equal(verdict, "needed") && stocked->overlays)
		return text_copy("needed by what stands on it");
	if (stocked->owner != STOCK_NONE)
		return text_format("has the data of '%s'", stock->all[stocked->owner].path);
	if (text_equal(verdict, "needed"))
		return text_copy("needed");
	if (text_equal(verdict, "unknown"))
		return text_copy("not all users are known");
	return text_copy(text_equal(verdict, "base") ? "unused, like all that stands on it"
						     : "unused");
}

static void show_image(struct call *call, const struct stock *stock, size_t index, int depth)
{
	const struct stocked *stocked = &stock->all[index];
	auto_free char *size = facts_size(stocked->image.allocated);
	auto_free char *note = remark(stock, index), *remote = NULL;
	auto_free char *name = text_format("%*s%s%s", depth > 1 ? (depth - 1) * 3 : 0, "",
					   depth ? "+- " : "", stocked->path);

	if (stocked->remote)
		remote = text_format("%s; stands on '%s', which was not followed", note,
				     stocked->remote);
	report_row(call->report,
		   (struct value[]){
			   value_text(name),
			   value_text(stocked->image.format ? stocked->image.format : "-"),
			   value_text(size),
			   value_text(remote ? remote : note),
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

// Whether the image or something that stands on it is in one of the places that were named. Where
// none was, all guests are meant.
static bool belongs(struct call *call, const struct stock *stock, size_t index, int depth)
{
	if (!stock->all[index].outside || !argument_list(call, "where")->count)
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

// With --unused only what nobody needs: flat, and ready to be deleted from the top down.
static bool is_wanted(struct call *call, const struct stock *stock, size_t index)
{
	const char *verdict = stock_verdict(stock, index);

	return !argument_flag(call, "unused") || text_equal(verdict, "unused") ||
	       text_equal(verdict, "base");
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
	static const struct column columns[] = {
		{"Image", "image", 0},
		{"Format", "format", 0},
		{"On disk", "disk", 0},
		{"Use", "use", 0},
		{0},
	};
	unsigned long long gain = 0;
	auto_free char *size = NULL;

	report_table(call->report, NULL, TABLE_RULED, columns, 0);
	for (size_t i = 0; i < stock->count; i++) {
		const char *verdict = stock_verdict(stock, i);

		if (text_equal(verdict, "unused") || text_equal(verdict, "base"))
			gain += stock->all[i].image.allocated;
		if (argument_flag(call, "unused") && is_wanted(call, stock, i))
			show_image(call, stock, i, 0);
		else if (!argument_flag(call, "unused") && is_root(call, stock, i))
			show_branch(call, stock, i, 0);
	}
	size = facts_size(gain);
	if (gain)
		report_message(call->report, "\nWhat no guest and no process needs takes %s\n",
			       size);
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
	 .help = "directories or libvirt's pools (default: all active pools, and the files of all "
		 "guests)"},
	END,
};

const struct command img_tree_command = {
	.name = "tree",
	.options = tree_options,
	.summary = "show which image stands on which, and what nobody needs",
	.description =
		"Shows the images of directories, or of all pools and guests, below those they "
		"stand "
		"on. \"unused\" is an image that no guest, running or off, none of its snapshots, "
		"no "
		"process and no other image here needs; that is only said when libvirt has told of "
		"all its guests. Images in directories that were not looked at may still stand on "
		"it.",
	.run = tree,
};
