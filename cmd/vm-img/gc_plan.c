// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/gc_plan.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmd/vm-img/stock.h"
#include "cmd/vm-img/stock_json.h"
#include "output/json.h"

void gc_plan_add(struct gc_plan *plan, struct gc_image image)
{
	plan->all = memory_resize(plan->all, plan->count + 1, sizeof(*plan->all));
	plan->all[plan->count++] = image;
}

// Of a single file, alone or on others of the kind: what keeps its data elsewhere is left alone,
// and installation media are seldom in use and always wanted.
static bool may_go(const struct stock *stock, size_t index)
{
	const struct stocked *stocked = &stock->all[index];
	const char *verdict = stock_verdict(stock, index);

	return stock_is_listed(stock, index) && !stocked->failure && !stocked->image.iso &&
	       !stocked->image.block && !json_get(stocked->image.details, "data-file") &&
	       !json_get(stocked->image.details, "extents") &&
	       (text_equal(verdict, "unused") || text_equal(verdict, "base"));
}

// A backing file can only go with all that stands on it: what is found to stay keeps what is below.
static bool *find_going(const struct stock *stock)
{
	bool *going = memory_new(stock->count + 1, sizeof(*going));

	for (size_t i = 0; i < stock->count; i++)
		going[i] = may_go(stock, i);
	for (size_t i = 0; i < stock->count; i++)
		for (long at = going[i] ? STOCK_NONE : stock->all[i].below;
		     at != STOCK_NONE && going[at]; at = stock->all[at].below)
			going[at] = false;
	return going;
}

static size_t depth_of(const struct stock *stock, size_t index)
{
	size_t depth = 0;

	for (long at = stock->all[index].below; at != STOCK_NONE; at = stock->all[at].below)
		depth++;
	return depth;
}

static void plan_at_depth(const struct stock *stock, const bool *going, size_t depth,
			  struct gc_plan *plan)
{
	for (size_t i = 0; i < stock->count; i++) {
		const struct stocked *stocked = &stock->all[i];

		if (going[i] && depth_of(stock, i) == depth)
			gc_plan_add(plan,
				    (struct gc_image){.path = text_copy(stocked->path),
						      .name = text_copy(file_name(stocked->path)),
						      .format = text_copy(stocked->image.format),
						      .size = stocked->image.allocated,
						      .state = "unused"});
	}
}

void gc_plan_make(const struct stock *stock, struct gc_plan *plan)
{
	auto_free bool *going = find_going(stock);
	size_t deepest = 0;

	plan->directory = text_copy(stock->places[0].path);
	for (size_t i = 0; i < stock->count; i++)
		if (going[i] && depth_of(stock, i) > deepest)
			deepest = depth_of(stock, i);
	for (size_t depth = deepest + 1; depth-- > 0;)
		plan_at_depth(stock, going, depth, plan);
}

char *gc_plan_text(const struct gc_plan *plan)
{
	auto_json struct json *list = json_new_array();

	for (size_t i = 0; i < plan->count; i++) {
		struct json *json = json_new_object();

		json_set(json, "name", value_text(plan->all[i].name));
		json_set(json, "path", value_text(plan->all[i].path));
		json_set(json, "format", value_text(plan->all[i].format));
		json_set(json, "actual_size", value_unsigned(plan->all[i].size));
		json_append_json(list, json);
	}
	return json_text(list);
}

void gc_plan_clear(struct gc_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		free(plan->all[i].path);
		free(plan->all[i].name);
		free(plan->all[i].format);
		free(plan->all[i].reason);
	}
	free(plan->all);
	free(plan->directory);
}
