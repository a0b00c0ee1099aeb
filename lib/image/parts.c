// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "image/chain.h"
#include "image/location.h"
#include "output/json.h"

static void add(const char *path, struct list *paths)
{
	if (!list_has(paths, path))
		list_add(paths, path);
}

static void add_local(const struct location *location, struct list *paths)
{
	if (location_is_local(location))
		add(location->path, paths);
}

void parts_of_image(const char *path, const struct image *image, struct list *paths)
{
	const struct json *extents = json_get(image->details, "extents");
	const char *data = json_get_text(image->details, "data-file");

	add(path, paths);
	if (data) {
		auto_location struct location location = {0};

		location_beside(path, data, &location);
		add_local(&location, paths);
	}
	for (size_t i = 0; i < json_count(extents); i++) {
		auto_location struct location location = {0};

		location_find(json_get_text(json_at(extents, i), "filename"), false, &location);
		add_local(&location, paths);
	}
}

static void visit(void *paths, const char *key, const struct json *member)
{
	struct value value;

	if (json_is_object(member)) {
		json_visit(member, visit, paths);
		return;
	}
	if (json_is_array(member) || !(text_equal(key, "filename") || text_ends(key, ".filename")))
		return;
	value = json_value(member);
	if (value.type == VALUE_TEXT)
		add(value.text, paths);
}

void parts_of_name(const char *name, struct list *paths)
{
	auto_error struct error ignored = {0};
	auto_json struct json *json = NULL;

	if (!text_begins(name, "json:"))
		return;
	json = json_read(name + strlen("json:"), name, &ignored);
	if (json && json_is_object(json))
		json_visit(json, visit, paths);
}

void parts_of_chain(const struct chain *chain, struct list *paths)
{
	size_t first, last;

	for (size_t i = 0; i < chain->count; i++)
		parts_of_image(chain->links[i].path, &chain->links[i].image, paths);
	first = paths->count;
	if (chain->remote)
		parts_of_name(chain->remote, paths);
	last = paths->count;
	// Those are images of their own; none is looked at twice.
	for (size_t i = first; i < last; i++)
		parts_find(paths->items[i], NULL, paths);
}

void parts_find(const char *path, const char *format, struct list *paths)
{
	auto_error struct error ignored = {0};
	auto_chain struct chain chain = {0};

	if (chain_walk(path, format, &chain, &ignored) < 0) {
		add(path, paths);
		return;
	}
	parts_of_chain(&chain, paths);
}

// Where no image is, and much that nobody else may read.
static const char *const systems[] = {"/boot/", "/etc/", "/proc/", "/sys/"};

static char *resolved(const char *path)
{
	char *real = realpath(path, NULL);

	return real ? real : text_copy(path);
}

bool parts_is_of_system(const char *file)
{
	auto_free char *real = resolved(file);

	for (size_t i = 0; i < sizeof(systems) / sizeof(*systems); i++)
		if (text_begins(real, systems[i]))
			return true;
	return false;
}

bool parts_is_near(const char *image, const char *file)
{
	auto_free char *directory = file_directory(image);
	auto_free char *real = resolved(file), *place = resolved(directory);
	size_t length = strlen(place);

	return text_begins(real, place) && (real[length] == '/' || text_equal(place, "/"));
}
