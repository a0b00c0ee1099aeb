// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/suboption.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/row_path.h"
#include "guest/suboption_parse.h"
#include "xml/compare.h"
#include "xml/document.h"
#include "xml/edit.h"
#include "xml/path.h"

enum { INDEX_MOST = 255 };

static char *written_integer(const struct part *part, struct error *err)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(part->value, &end, 0);
	if (end == part->value || *end || errno) {
		error_set(err, STATUS_USAGE, "%s must be a number, it is '%s'", part->name,
			  part->value);
		return NULL;
	}
	return text_format("%lld", number);
}

// VALUE as the row writes it, the caller's; NULL with the error set where it does not fit.
static char *written(const struct suboption *row, const struct part *part, struct error *err)
{
	bool boolean = false;

	switch (row->value) {
	case TAKES_INTEGER:
		return written_integer(part, err);
	case TAKES_BOOLEAN:
		if (suboption_boolean(part->name, part->value, &boolean, err) < 0)
			return NULL;
		if (row->form == FORM_ON_OFF)
			return text_copy(boolean ? "on" : "off");
		return text_copy(boolean ? "yes" : "no");
	case TAKES_FILE:
		return file_absolute(part->value);
	default:
		return text_copy(part->value);
	}
}

static int set_element(const struct suboption_target *target, const char *path,
		       const struct part *part, struct error *err)
{
	bool wanted = false;

	if (suboption_boolean(part->name, part->value, &wanted, err) < 0)
		return -1;
	if (wanted) {
		path_create(target->element, path);
		return 0;
	}
	path_remove(target->element, path);
	// An element that is not there says nothing: no default may take its place.
	if (target->guest && !list_has(&target->guest->declined, part->name))
		list_add(&target->guest->declined, part->name);
	return 0;
}

static int keep(const struct suboption *row, const struct part *part, void *data, struct error *err)
{
	char *place = (char *)data + row->offset;
	char *value;

	if (row->form == FORM_BOOL)
		return suboption_boolean(part->name, part->value, (bool *)place, err);
	// Where the XML has a place for it, the empty text takes what is there away.
	value = *part->value ? written(row, part, err) : row->path ? text_copy("") : NULL;
	if (!value && *part->value)
		return -1;
	free(*(char **)place);
	*(char **)place = value;
	return 0;
}

static int set_path(const struct suboption *row, const struct part *part,
		    const struct suboption_target *target, struct error *err)
{
	auto_free char *path = NULL, *value = NULL;

	if (row->form == FORM_BOOL || row->form == FORM_TEXT)
		return keep(row, part, target->data, err);
	path = row_path(row, part->name);
	if (!*part->value) {
		path_clear(target->element, path);
		return 0;
	}
	if (row->form == FORM_ELEMENT)
		return set_element(target, path, part, err);
	value = written(row, part, err);
	if (!value)
		return -1;
	path_set(target->element, path, value);
	return 0;
}

static int apply_row(const struct suboption_table *table, const struct suboption *row,
		     const struct part *part, const struct suboption_target *target,
		     struct error *err)
{
	struct suboption_call call = {.element = target->element,
				      .guest = target->guest,
				      .data = target->data,
				      .name = part->name,
				      .value = part->value};
	const char *pattern;

	row_fits(row, part->name, &pattern, &call.index);
	if (call.index > INDEX_MOST)
		return error_set(err, STATUS_USAGE, "%s: the index of '%s' is too large",
				 table->option, part->name);
	if ((row->set ? row->set(&call, err) : set_path(row, part, target, err)) == 0)
		return 0;
	return error_wrap(err, "%s %s=%s", table->option, part->name, part->value);
}

// Words that were expanded come after what was written out, as in virt-install.
static int apply_rows(const struct suboption_table *table, const struct parts *parts,
		      const struct suboption_target *target, struct error *err)
{
	const char *pattern;
	int index;

	for (const struct suboption *const *group = table->groups; *group; group++)
		for (const struct suboption *row = *group; row->name; row++)
			for (int pass = 0; pass < 2; pass++)
				for (size_t i = 0; i < parts->count; i++) {
					const struct part *part = &parts->items[i];

					if (part->expanded != pass || part_is_xpath(part) ||
					    !row_fits(row, part->name, &pattern, &index))
						continue;
					if (apply_row(table, row, part, target, err) < 0)
						return -1;
				}
	return 0;
}

static const char *xpath_value(const struct parts *parts, int number, const char *what)
{
	const char *found = NULL;

	for (size_t i = 0; i < parts->count; i++) {
		const char *dot = strchr(parts->items[i].name, '.');

		if (part_is_xpath(&parts->items[i]) &&
		    (int)strtol(parts->items[i].name + 5, NULL, 10) == number &&
		    text_equal(dot + 1, what))
			found = parts->items[i].value;
	}
	return found;
}

// `xpathN.set=PATH=VALUE`, or the value apart as `xpathN.value=`.
static int set_xpath(const char *assignment, const char *value, struct xml_element *element,
		     struct error *err)
{
	size_t length = edit_path_length(assignment);
	auto_free char *xpath = text_copy_bytes(assignment, length);

	if (!value && !assignment[length])
		return error_set(err, STATUS_USAGE, "'%s' is not XPATH=VALUE", assignment);
	if (!value)
		value = assignment + length + 1;
	return edit_set(element, xpath, value, err);
}

static int apply_xpaths(const struct parts *parts, struct xml_element *element, struct error *err)
{
	bool any = false;

	for (size_t i = 0; i < parts->count; i++)
		any = any || part_is_xpath(&parts->items[i]);
	for (int number = 0; any && number <= INDEX_MOST; number++) {
		const char *created = xpath_value(parts, number, "create");
		const char *set = xpath_value(parts, number, "set");
		const char *deleted = xpath_value(parts, number, "delete");
		const char *value = xpath_value(parts, number, "value");
		int failed = 0;

		if (created)
			failed = edit_create(element, created, err);
		else if (set)
			failed = set_xpath(set, value, element, err);
		else if (deleted)
			failed = edit_delete(element, deleted, err);
		else if (value)
			failed = error_set(err, STATUS_USAGE,
					   "a value (%s) without xpath.set that it is for", value);
		if (failed)
			return -1;
	}
	return 0;
}

// What clearxml= clears; NULL where the option is about the guest as a whole.
static struct xml_element *clearable(const struct suboption_table *table,
				     struct xml_element *element)
{
	if (table->clears)
		return path_find(element, table->clears);
	return xml_parent(element) || !text_equal(xml_name(element), "domain") ? element : NULL;
}

static int apply_clear(const struct suboption_table *table, const struct parts *parts,
		       struct xml_element *element, struct error *err)
{
	for (size_t i = 0; element && i < parts->count; i++) {
		struct xml_element *cleared = clearable(table, element);
		bool clear = false;

		if (!text_equal(parts->items[i].name, "clearxml"))
			continue;
		if (suboption_boolean("clearxml", parts->items[i].value, &clear, err) < 0)
			return -1;
		if (clear && !cleared && !table->clears)
			return error_set(err, STATUS_USAGE, "Don't know how to clearxml for %s",
					 table->option);
		if (clear && cleared)
			xml_clear(cleared);
	}
	return 0;
}

int suboptions_apply(const struct suboption_table *table, const char *text,
		     const struct suboption_target *target, struct error *err)
{
	auto_parts struct parts parts = {0};

	if (parts_read(table, text, &parts, err) < 0 ||
	    apply_clear(table, &parts, target->element, err) < 0 ||
	    apply_rows(table, &parts, target, err) < 0)
		return -1;
	if (target->element)
		row_path_prune(table, &parts, target->element);
	return target->element ? apply_xpaths(&parts, target->element, err) : 0;
}

// Whether what is kept beside the XML can be told from it: one of the row's paths, parted by |.
static void kept_matches(const struct suboption *row, const char *wanted,
			 const struct xml_element *element, bool *matches)
{
	auto_list struct list paths = list_split(row->path ? row->path : "", "|");

	*matches = !paths.count;
	for (size_t i = 0; i < paths.count && !*matches; i++) {
		auto_free char *value = path_get(element, paths.items[i]);

		*matches = text_equal(value, wanted);
	}
}

// What the row's own function makes of an empty element tells where it puts the value.
static int set_matches(const struct suboption *row, const struct part *part, struct guest *guest,
		       const struct xml_element *element, bool *matches, struct error *err)
{
	auto_xml struct xml *made = xml_new(xml_name(element));
	struct suboption_call call = {.element = xml_root(made),
				      .guest = guest,
				      .name = part->name,
				      .value = part->value};
	const char *pattern;

	row_fits(row, part->name, &pattern, &call.index);
	if (row->set(&call, err) < 0)
		return -1;
	*matches = compare_contains(element, xml_root(made));
	return 0;
}

static int row_matches(const struct suboption *row, const struct part *part,
		       const struct xml_element *element, bool *matches, struct error *err)
{
	auto_free char *path = row_path(row, part->name), *value = NULL;
	auto_free char *wanted = written(row, part, err);

	if (!wanted)
		return -1;
	if (row->form == FORM_TEXT || row->form == FORM_BOOL) {
		kept_matches(row, wanted, element, matches);
		return 0;
	}
	value = path_get(element, path);
	*matches = row->form == FORM_ELEMENT ? text_equal(wanted, "yes") == path_has(element, path)
					     : text_equal(value, wanted);
	return 0;
}

// Whether the element has the value of PART, or no row can tell.
static int part_matches(const struct suboption_table *table, const struct part *part,
			struct guest *guest, const struct xml_element *element, bool *matches,
			struct error *err)
{
	const char *pattern;
	int index;

	for (const struct suboption *const *group = table->groups; *group; group++)
		for (const struct suboption *row = *group; row->name; row++)
			if (row_fits(row, part->name, &pattern, &index))
				return row->set ? set_matches(row, part, guest, element, matches,
							      err)
						: row_matches(row, part, element, matches, err);
	return 0;
}

int suboptions_match(const struct suboption_table *table, const char *text, struct guest *guest,
		     const struct xml_element *element, bool *matches, struct error *err)
{
	auto_parts struct parts parts = {0};

	if (parts_read(table, text, &parts, err) < 0)
		return -1;
	*matches = true;
	for (size_t i = 0; i < parts.count && *matches; i++)
		if (part_matches(table, &parts.items[i], guest, element, matches, err) < 0)
			return -1;
	return 0;
}
