// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/option.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "xml/document.h"
#include "xml/insert.h"
#include "xml/path.h"

const char *option_name(const struct guest_option *option)
{
	return option->table.option + 2;
}

// The parent of the option's elements, and their name.
static const char *home_name(const struct guest_option *option, char **parent)
{
	const char *slash = strrchr(option->home, '/');

	*parent = slash ? text_copy_bytes(option->home, (size_t)(slash - option->home))
			: text_copy(".");
	return slash ? slash + 1 : option->home;
}

static bool is_whole_domain(const struct guest_option *option)
{
	return text_equal(option->home, ".");
}

struct xml_element *option_element(const struct guest_option *option, struct xml_element *domain,
				   struct xml_element *after)
{
	auto_free char *parent = NULL;
	const char *name = home_name(option, &parent);

	if (is_whole_domain(option))
		return after ? NULL : domain;
	if (after)
		return xml_next(after, name);
	return xml_child(path_find(domain, parent), name);
}

// The element that the option adds to: a new one, or the only one.
static struct xml_element *element_to_add(const struct guest_option *option, struct guest *guest,
					  bool *added)
{
	auto_free char *parent = NULL;
	const char *name = home_name(option, &parent);
	struct xml_element *found = NULL;

	if (!(option->traits & OPTION_REPEATS))
		found = option_element(option, guest->domain, NULL);
	*added = !found;
	return found ? found : xml_insert(path_create(guest->domain, parent), name);
}

// "default" leaves a kind to guest_complete(); what it knows is set only where there is none.
static void drop_defaults(struct xml_element *element)
{
	static const char *const paths[] = {"@model", "@type",   "@bus",
					    "@mode",  "@action", "model/@type"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		auto_free char *value = path_get(element, paths[i]);

		if (text_equal(value, "default"))
			path_clear(element, paths[i]);
	}
}

static int run(struct option_edit *edit, const char *text, struct error *err)
{
	const struct guest_option *option = edit->option;
	struct suboption_target target = {edit->element, edit->guest, NULL};

	if (option->apply)
		return option->apply(edit, text, err);
	if (suboptions_apply(&option->table, text, &target, err) < 0)
		return -1;
	// An edit changes what it names and nothing else.
	if (!edit->added)
		return 0;
	if (option->traits & OPTION_REPEATS)
		drop_defaults(edit->element);
	return option->finish ? option->finish(edit, err) : 0;
}

static void remove_element(struct guest *guest, struct xml_element *element)
{
	if (guest)
		guest_forget(guest, element);
	xml_remove(element);
}

int option_matches(const struct guest_option *option, struct guest *guest,
		   const struct xml_element *element, const char *text, bool *matches,
		   struct error *err)
{
	return suboptions_match(&option->table, text, guest, element, matches, err);
}

int option_apply(const struct guest_option *option, enum option_verb verb, struct guest *guest,
		 struct xml_element *element, const char *text, struct error *err)
{
	struct option_edit edit = {
		.guest = guest, .element = element, .option = option, .added = verb != OPTION_EDIT};
	int failed;

	if (verb == OPTION_ADD && text_equal(text, "none")) {
		if (option->traits & OPTION_NONE &&
		    !list_has(&guest->declined, option_name(option)))
			list_add(&guest->declined, option_name(option));
		if (!(option->traits & OPTION_READS_NONE))
			return 0;
	}
	if (verb == OPTION_REMOVE) {
		remove_element(guest, element);
		return 0;
	}
	if (verb == OPTION_ADD)
		edit.element = element_to_add(option, guest, &edit.added);
	failed = run(&edit, text, err);
	if (is_whole_domain(option))
		return failed;
	if (verb == OPTION_ADD && edit.added && failed) {
		remove_element(guest, edit.element);
	} else if (verb == OPTION_ADD && !(option->traits & OPTION_REPEATS) &&
		   xml_is_empty(edit.element)) {
		xml_remove(edit.element);
	}
	return failed;
}
