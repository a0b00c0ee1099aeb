// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/stock_json.h"

#include "base/text.h"
#include "cmd/vm-img/stock.h"
#include "output/json.h"

// clang-format off
const struct field stock_results[] = {
	FIELD("path", NULL, FIELD_TEXT, 0, "where it is"),
	FIELD("pool", NULL, FIELD_TEXT, FIELD_NULL, "the pool that it is in"),
	FIELD("format", NULL, FIELD_TEXT, FIELD_NULL, "its format, if it can be read"),
	FIELD("virtual_size", NULL, FIELD_BYTES, FIELD_NULL, "size of the disk, as a guest sees it"),
	FIELD("actual_size", NULL, FIELD_BYTES, 0, "room that it takes"),
	FIELD("backing_file", NULL, FIELD_TEXT, FIELD_NULL, "its backing file, as it is recorded"),
	FIELD("backing_format", NULL, FIELD_TEXT, FIELD_NULL, "format of that, as it is recorded"),
	FIELD("backing_path", NULL, FIELD_TEXT, FIELD_NULL, "where that is or should be"),
	FIELD("backing_missing", NULL, FIELD_BOOLEAN, 0, "whether it is not there"),
	FIELD("backing_damaged", NULL, FIELD_BOOLEAN, 0, "whether something below cannot be read"),
	FIELD("backing_remote", NULL, FIELD_BOOLEAN, 0, "whether only QEMU could open it"),
	FIELD("backing_loop", NULL, FIELD_BOOLEAN, 0, "whether the backing chain comes back to the image"),
	FIELD("overlays", NULL, FIELD_INTEGER, 0, "how many stand on it directly"),
	FIELD("guests", NULL, FIELD_TEXTS, 0, "guests whose file it is"),
	FIELD("processes", NULL, FIELD_TEXTS, 0, "other processes that have it open"),
	FIELD("verdict", NULL, FIELD_TEXT, 0, "used, needed, part, base, other, unused or unknown"),
	FIELD("error", NULL, FIELD_TEXT, FIELD_NULL, "why it cannot be read"),
	FIELD_OF("overlaid_by", FIELD_LIST, FIELD_ASKED, stock_results, "what stands on it, in a tree"),
	FIELDS_END,
};
// clang-format on

static void set_list(struct json *json, const char *key, const struct list *list)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < list->count; i++)
		json_append(array, value_text(list->items[i]));
	json_set_json(json, key, array);
}

const char *stock_verdict(const struct stock *stock, size_t index)
{
	const struct stocked *stocked = &stock->all[index];

	if (stocked->guests.count || stocked->users.count)
		return "used";
	if (stocked->needed)
		return "needed";
	if (stocked->owner != STOCK_NONE)
		return "part";
	if (stocked->image.plain && !stocked->overlays)
		return "other";
	if (!stock->guests_known || !stock->processes_known)
		return "unknown";
	return stocked->overlays ? "base" : "unused";
}

const char *stock_damage(const struct stock *stock, size_t index)
{
	size_t steps = 0;

	for (long at = stock->all[index].below; at != STOCK_NONE && steps++ < stock->count;
	     at = stock->all[at].below)
		if (stock->all[at].failure)
			return stock->all[at].path;
	return NULL;
}

static struct value size_or_absent(const struct stocked *stocked, unsigned long long size)
{
	return stocked->failure ? value_absent() : value_unsigned(size);
}

struct json *stock_json(const struct stock *stock, size_t index)
{
	const struct stocked *stocked = &stock->all[index];
	const struct image *image = &stocked->image;
	const char *pool = stocked->outside ? NULL : stock->places[stocked->place].pool;
	const char *below =
		stocked->below == STOCK_NONE ? stocked->missing : stock->all[stocked->below].path;
	struct json *json = json_new_object();

	json_set(json, "path", value_text(stocked->path));
	json_set(json, "pool", value_text(pool));
	json_set(json, "format", value_text(image->format));
	json_set(json, "virtual_size", size_or_absent(stocked, image->virtual_size));
	json_set(json, "actual_size", value_unsigned(image->allocated));
	json_set(json, "backing_file", value_text(image->backing_file));
	json_set(json, "backing_format", value_text(image->backing_format));
	json_set(json, "backing_path", value_text(below));
	json_set(json, "backing_missing", value_boolean(stocked->missing));
	json_set(json, "backing_damaged", value_boolean(stock_damage(stock, index)));
	json_set(json, "backing_remote", value_boolean(stocked->remote));
	json_set(json, "backing_loop", value_boolean(stocked->loops));
	json_set(json, "overlays", value_unsigned(stocked->overlays));
	set_list(json, "guests", &stocked->guests);
	set_list(json, "processes", &stocked->users);
	json_set(json, "verdict", value_text(stock_verdict(stock, index)));
	json_set(json, "error", value_text(stocked->failure));
	return json;
}
