// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/collection_json.h"

#include "base/text.h"
#include "cmd/vm-img/collection.h"
#include "output/json.h"

// clang-format off
const struct field collection_results[] = {
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
	FIELD("overlays", NULL, FIELD_INTEGER, 0, "number of images whose backing file it is"),
	FIELD("guests", NULL, FIELD_TEXTS, 0, "guests whose file it is"),
	FIELD("processes", NULL, FIELD_TEXTS, 0, "other processes that have it open"),
	FIELD("verdict", NULL, FIELD_TEXT, 0, "used, needed, part, base, other, unused or unknown"),
	FIELD("error", NULL, FIELD_TEXT, FIELD_NULL, "why it cannot be read"),
	FIELD_OF("overlaid_by", FIELD_LIST, FIELD_ASKED, collection_results, "the images whose backing file it is, in a tree"),
	FIELDS_END,
};
// clang-format on

const char *collection_verdict(const struct collection *collection, size_t index)
{
	const struct member *member = &collection->all[index];

	if (member->guests.count || member->users.count)
		return "used";
	if (member->needed)
		return "needed";
	if (member->owner != MEMBER_NONE)
		return "part";
	if (member->image.plain && !member->overlays)
		return "other";
	if (!collection->guests_known || !collection->processes_known)
		return "unknown";
	return member->overlays ? "base" : "unused";
}

const char *collection_damage(const struct collection *collection, size_t index)
{
	size_t steps = 0;

	for (long at = collection->all[index].below;
	     at != MEMBER_NONE && steps++ < collection->count; at = collection->all[at].below)
		if (collection->all[at].failure)
			return collection->all[at].path;
	return NULL;
}

static struct value size_or_absent(const struct member *member, unsigned long long size)
{
	return member->failure ? value_absent() : value_unsigned(size);
}

struct json *collection_json(const struct collection *collection, size_t index)
{
	const struct member *member = &collection->all[index];
	const struct image *image = &member->image;
	const char *pool = member->outside ? NULL : collection->places[member->place].pool;
	const char *below = member->below == MEMBER_NONE ? member->missing
							 : collection->all[member->below].path;
	struct json *json = json_new_object();

	json_set(json, "path", value_text(member->path));
	json_set(json, "pool", value_text(pool));
	json_set(json, "format", value_text(image->format));
	json_set(json, "virtual_size", size_or_absent(member, image->virtual_size));
	json_set(json, "actual_size", value_unsigned(image->allocated));
	json_set(json, "backing_file", value_text(image->backing_file));
	json_set(json, "backing_format", value_text(image->backing_format));
	json_set(json, "backing_path", value_text(below));
	json_set(json, "backing_missing", value_boolean(member->missing));
	json_set(json, "backing_damaged", value_boolean(collection_damage(collection, index)));
	json_set(json, "backing_remote", value_boolean(member->remote));
	json_set(json, "backing_loop", value_boolean(member->loops));
	json_set(json, "overlays", value_unsigned(member->overlays));
	json_set_json(json, "guests", json_new_texts(&member->guests));
	json_set_json(json, "processes", json_new_texts(&member->users));
	json_set(json, "verdict", value_text(collection_verdict(collection, index)));
	json_set(json, "error", value_text(member->failure));
	return json;
}
