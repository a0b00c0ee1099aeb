// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/change.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/follow.h"
#include "guest/guest.h"
#include "guest/option.h"
#include "xml/document.h"
#include "xml/path.h"

void changed_clear(struct changed *changed)
{
	free(changed->items);
	list_clear(&changed->removed);
	*changed = (struct changed){0};
}

static void add(struct changed *changed, struct xml_element *element)
{
	changed->items = memory_resize(changed->items, changed->count + 1, sizeof(*changed->items));
	changed->items[changed->count++] = element;
}

static bool has(const struct changed *changed, const struct xml_element *element)
{
	for (size_t i = 0; i < changed->count; i++)
		if (changed->items[i] == element)
			return true;
	return false;
}

static void add_all(const struct change *change, struct guest *guest, struct changed *all)
{
	struct xml_element *e = NULL;

	while ((e = option_element(change->option, guest->domain, e)))
		add(all, e);
}

char *change_text(const struct xml_element *element)
{
	auto_error struct error ignored = {0};
	auto_free char *text = xml_element_string(element);
	// Once more without the white space that it had among its siblings.
	auto_xml struct xml *alone = xml_parse(text, "an element", &ignored);

	return alone ? xml_string(alone) : take(&text);
}

// Of the guest as a whole there is one, whatever selects it.
static bool is_about_all(const struct guest_option *option)
{
	return text_equal(option->home, ".");
}

int change_check(const struct change *change, struct error *err)
{
	const struct guest_option *option = change->option;
	const char *flag = option->table.option;
	bool repeats = option->traits & OPTION_REPEATS;

	if (change->verb == CHANGE_BUILD && is_about_all(option))
		return error_set(err, STATUS_USAGE, "--build-xml not supported for %s", flag);
	if (change->verb == CHANGE_REMOVE && !repeats)
		return error_set(err, STATUS_USAGE, "Cannot use --remove-device with %s", flag);
	if (change->verb == CHANGE_ADD && !repeats) {
		error_set(err, STATUS_USAGE, "Cannot use --add-device with %s", flag);
		return error_hint(err, "a guest has one: --edit changes it");
	}
	if (change->verb == CHANGE_EDIT && is_about_all(option) && change->selector &&
	    !text_equal(change->selector, "1") && !text_equal(change->selector, "all"))
		return error_set(err, STATUS_USAGE,
				 "'--edit %s' doesn't make sense with %s, just use empty '--edit'",
				 change->selector, flag);
	return 0;
}

static bool is_number(const char *text)
{
	text += *text == '-';
	return *text && strspn(text, "0123456789") == strlen(text);
}

static const char *verb_name(const struct change *change)
{
	return change->verb == CHANGE_EDIT ? "edit" : "remove-device";
}

// By number, from 1, or from -1 for the last.
static int select_number(const struct change *change, const struct changed *all,
			 const char *selector, struct changed *selected, struct error *err)
{
	const char *flag = change->option->table.option;
	long number = strtol(selector, NULL, 10);
	size_t from_end = number < 0 ? (size_t)-number : 0;
	size_t place = number < 0 ? all->count - from_end : (size_t)number - 1;

	if (!number)
		return error_set(err, STATUS_USAGE, "Invalid --%s option '%s'", verb_name(change),
				 selector);
	if (!all->count)
		return error_set(err, STATUS_NOT_FOUND, "No %s objects found in the XML", flag);
	if (from_end > all->count || place >= all->count)
		return error_set(err, STATUS_NOT_FOUND,
				 "'--%s %ld' requested but there's only %zu %s object%s in the XML",
				 verb_name(change), number, all->count, flag,
				 all->count == 1 ? "" : "s");
	add(selected, all->items[place]);
	return 0;
}

static int select_elements(const struct change *change, struct guest *guest, const char *selector,
			   struct changed *selected, struct error *err)
{
	auto_changed struct changed all = {0};

	add_all(change, guest, &all);
	if (!selector || is_number(selector))
		return select_number(change, &all, selector ? selector : "1", selected, err);
	for (size_t i = 0; i < all.count; i++) {
		bool matches = text_equal(selector, "all");

		if (!matches && option_matches(change->option, guest, all.items[i], selector,
					       &matches, err) < 0)
			return -1;
		if (matches)
			add(selected, all.items[i]);
	}
	if (selected->count || text_equal(selector, "all"))
		return 0;
	error_set(err, STATUS_NOT_FOUND, "No matching objects found for --%s %s", verb_name(change),
		  selector);
	return error_hint(err, "there %s %zu: 1 is the first, -1 the last, all means each",
			  all.count == 1 ? "is" : "are", all.count);
}

static int edit_each(const struct change *change, struct guest *guest,
		     const struct changed *selected, struct error *err)
{
	for (size_t i = 0; i < selected->count; i++) {
		auto_follow struct follow follow = follow_begin(selected->items[i]);

		for (size_t k = 0; k < change->texts->count; k++)
			if (option_apply(change->option, OPTION_EDIT, guest, selected->items[i],
					 change->texts->items[k], err) < 0)
				return -1;
		follow_edit(&follow, guest, selected->items[i]);
	}
	return 0;
}

// Of what a guest has one it may have none yet.
static bool is_to_be_made(const struct change *change, struct guest *guest)
{
	return !(change->option->traits & OPTION_REPEATS) && !is_about_all(change->option) &&
	       !option_element(change->option, guest->domain, NULL) &&
	       (!change->selector || text_equal(change->selector, "1") ||
		text_equal(change->selector, "all"));
}

static int add_new(const struct change *change, struct guest *guest, struct changed *changed,
		   struct error *err)
{
	auto_changed struct changed before = {0}, after = {0};

	if (change->option->traits & OPTION_REPEATS)
		add_all(change, guest, &before);
	for (size_t k = 0; k < change->texts->count; k++)
		if (option_apply(change->option, OPTION_ADD, guest, NULL, change->texts->items[k],
				 err) < 0)
			return -1;
	add_all(change, guest, &after);
	for (size_t i = 0; i < after.count; i++)
		if (!has(&before, after.items[i]))
			add(changed, after.items[i]);
	return 0;
}

static int remove_each(const struct change *change, struct guest *guest, struct changed *changed,
		       struct error *err)
{
	auto_changed struct changed selected = {0};

	if (select_elements(change, guest, change->texts->items[change->texts->count - 1],
			    &selected, err) < 0)
		return -1;
	for (size_t i = 0; i < selected.count; i++) {
		list_add_owned(&changed->removed, change_text(selected.items[i]));
		follow_removal(guest, selected.items[i]);
		if (option_apply(change->option, OPTION_REMOVE, guest, selected.items[i], NULL,
				 err) < 0)
			return -1;
	}
	follow_graphics(guest);
	return 0;
}

int change_apply(const struct change *change, struct guest *guest, struct changed *changed,
		 struct error *err)
{
	if (change->verb == CHANGE_REMOVE)
		return remove_each(change, guest, changed, err);
	if (change->verb != CHANGE_EDIT || is_to_be_made(change, guest))
		return add_new(change, guest, changed, err);
	if (select_elements(change, guest, change->selector, changed, err) < 0)
		return -1;
	return edit_each(change, guest, changed, err);
}

bool change_needs_host(const struct change *change)
{
	return change->verb == CHANGE_ADD || change->verb == CHANGE_BUILD ||
	       (change->verb == CHANGE_EDIT && change->option->traits & OPTION_NEEDS_HOST);
}

// What an edit has cleared is not left there without content.
static void prune(const struct change *change, const struct guest *guest, struct changed *changed)
{
	if (change->verb != CHANGE_EDIT || change->option->traits & OPTION_REPEATS)
		return;
	for (size_t i = 0; i < changed->count; i++)
		if (changed->items[i] != guest->domain && xml_is_empty(changed->items[i])) {
			xml_remove(changed->items[i]);
			changed->items[i] = changed->items[--changed->count];
		}
}

int change_complete(const struct change *change, struct guest *guest, struct changed *changed,
		    struct error *err)
{
	bool adds = change->verb == CHANGE_ADD || change->verb == CHANGE_BUILD;

	for (size_t i = 0; i < changed->count; i++) {
		if (adds && guest_complete_device(guest, changed->items[i], err) < 0)
			return -1;
		if (!adds && text_equal(option_name(change->option), "disk"))
			follow_source(guest, changed->items[i]);
		if (adds)
			follow_addition(guest, changed->items[i]);
	}
	prune(change, guest, changed);
	return guest->host ? follow_choices(guest, err) : 0;
}
