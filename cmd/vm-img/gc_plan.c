// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/gc_plan.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmd/vm-img/collection.h"
#include "cmd/vm-img/collection_json.h"
#include "output/json.h"

void gc_plan_add(struct gc_plan *plan, struct gc_image image)
{
	plan->all = memory_resize(plan->all, plan->count + 1, sizeof(*plan->all));
	plan->all[plan->count++] = image;
}

// Of a single file, alone or on others of the kind: what keeps its data elsewhere is left alone,
// and installation media are seldom in use and always wanted.
static bool may_go(const struct collection *collection, size_t index)
{
	const struct member *member = &collection->all[index];
	const char *verdict = collection_verdict(collection, index);

	return collection_is_listed(collection, index) && !member->failure && !member->image.iso &&
	       !member->image.block && !json_get(member->image.details, "data-file") &&
	       !json_get(member->image.details, "extents") &&
	       (text_equal(verdict, "unused") || text_equal(verdict, "base"));
}

// A backing file can only go with all that stands on it: what is found to stay keeps what is below.
static bool *find_going(const struct collection *collection)
{
	bool *going = memory_new(collection->count + 1, sizeof(*going));

	for (size_t i = 0; i < collection->count; i++)
		going[i] = may_go(collection, i);
	for (size_t i = 0; i < collection->count; i++)
		for (long at = going[i] ? MEMBER_NONE : collection->all[i].below;
		     at != MEMBER_NONE && going[at]; at = collection->all[at].below)
			going[at] = false;
	return going;
}

static size_t depth_of(const struct collection *collection, size_t index)
{
	size_t depth = 0;

	for (long at = collection->all[index].below; at != MEMBER_NONE;
	     at = collection->all[at].below)
		depth++;
	return depth;
}

static void plan_at_depth(const struct collection *collection, const bool *going, size_t depth,
			  struct gc_plan *plan)
{
	for (size_t i = 0; i < collection->count; i++) {
		const struct member *member = &collection->all[i];

		if (going[i] && depth_of(collection, i) == depth)
			gc_plan_add(plan,
				    (struct gc_image){.path = text_copy(member->path),
						      .name = text_copy(file_name(member->path)),
						      .format = text_copy(member->image.format),
						      .size = member->image.allocated,
						      .state = "unused"});
	}
}

void gc_plan_make(const struct collection *collection, struct gc_plan *plan)
{
	auto_free bool *going = find_going(collection);
	size_t deepest = 0;

	plan->directory = text_copy(collection->places[0].path);
	for (size_t i = 0; i < collection->count; i++)
		if (going[i] && depth_of(collection, i) > deepest)
			deepest = depth_of(collection, i);
	for (size_t depth = deepest + 1; depth-- > 0;)
		plan_at_depth(collection, going, depth, plan);
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
