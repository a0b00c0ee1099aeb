// SPDX-License-Identifier: GPL-3.0-or-later
// What images there are in directories and pools.
#include <string.h>

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

static void show_image(struct call *call, const struct stock *stock, const struct stocked *stocked)
{
	bool one_place = stock->place_count == 1;
	size_t directory = stock->place_count ? strlen(stock->places[stocked->place].path) : 0;
	const char *name = one_place ? stocked->path + directory + 1 : stocked->path;
	auto_free char *virtual_size = facts_size(stocked->image.virtual_size);
	auto_free char *size = facts_size(stocked->image.allocated);
	auto_free char *users = stock_users_text(stocked);

	report_row(
		call->report,
		(struct value[]){
			value_text(name),
			value_text(stocked->failure ? "unreadable" : stocked->image.format),
			value_text(stocked->failure ? "-" : virtual_size),
			value_text(size),
			value_text(stocked->image.backing_file ? stocked->image.backing_file : "-"),
			value_text(*users ? users : "-"),
		});
}

static void show(struct call *call, const struct stock *stock)
{
	static const struct column columns[] = {
		{"Name", "name", 0},
		{"Format", "format", 0},
		{"Size", "size", 0},
		{"On disk", "disk", 0},
		{"Stands on", "below", 0},
		{"Used by", "users", 0},
		{0},
	};

	report_table(call->report, NULL, TABLE_RULED, columns, 0);
	for (size_t i = 0; i < stock->count; i++)
		if (!stock->all[i].outside)
			show_image(call, stock, &stock->all[i]);
}

static void report_list(struct call *call, const struct stock *stock)
{
	report_open_list(call->report, NULL);
	for (size_t i = 0; i < stock->count; i++) {
		auto_json struct json *json = NULL;

		if (stock->all[i].outside)
			continue;
		json = stock_json(stock, i);
		report_json(call->report, NULL, json);
	}
	report_close(call->report);
}

// Nothing is said of a place where one was not asked for: here, then.
static struct list asked_places(struct call *call)
{
	const struct list *names = argument_list(call, "where");
	struct list places = {0};

	for (size_t i = 0; i < names->count; i++)
		list_add(&places, names->items[i]);
	if (!names->count)
		list_add(&places, ".");
	return places;
}

static int list(struct call *call, struct error *err)
{
	auto_list struct list names = asked_places(call);
	auto_stock struct stock stock = {0};

	if (stock_find_places(call, &names, &stock, err) < 0 || stock_read(&stock, err) < 0)
		return -1;
	if (!argument_flag(call, "no-users"))
		stock_find_users(call, !argument_flag(call, "local"), &stock);
	if (report_is_json(call->report))
		report_list(call, &stock);
	else
		show(call, &stock);
	return 0;
}

static const struct option list_options[] = {
	LOCAL,
	FLAG("no-users", 0, "do not look for who uses them at all"),
	CONNECT,
	{.kind = OPTION_REST,
	 .name = "where",
	 .help = "directories or libvirt's pools (default: the directory one is in)"},
	END,
};

const struct command img_list_command = {
	.name = "list",
	.options = list_options,
	.summary = "list the images of directories or pools",
	.description =
		"Lists all files of directories or pools that are not hidden, with their format, "
		"the "
		"size of the disk, the room they take, the image they stand on and who uses them: "
		"processes, running guests and, where libvirt answers, guests that are off. Only "
		"headers are read, and nothing that a header names is opened but local files.",
	.run = list,
};
