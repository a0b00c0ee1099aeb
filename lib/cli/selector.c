// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/selector.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/glob.h"

static const char label_prefix[] = "@label=";

static const char *const states[] = {"all",     "active",  "inactive", "running",   "paused", "off",
				     "shutoff", "crashed", "dying",    "suspended", NULL};

bool selector_is(const char *word)
{
	return strpbrk(word, "*?[,@") != NULL;
}

bool selector_is_name(const char *term)
{
	return !strpbrk(term, "*?[") && *term != '@';
}

static bool is_state(const char *word)
{
	for (const char *const *state = states; *state; state++)
		if (text_equal(*state, word))
			return true;
	return false;
}

static int check_term(const char *term, struct error *err)
{
	if (*term == '@' && !text_begins(term, label_prefix) && !is_state(term + 1)) {
		error_set(err, STATUS_USAGE, "'%s' is not a state to select guests by", term);
		return error_hint(err, "there are @running, @paused, @off, @active, @inactive, "
				       "@crashed, @all and @label=NAME");
	}
	if (strchr(term, '[') && !strchr(strchr(term, '['), ']'))
		return error_set(err, STATUS_USAGE, "'[' without ']' in '%s'", term);
	return 0;
}

int selector_parse(const char *word, struct selector *selector, struct error *err)
{
	*selector = (struct selector){.terms = list_split(word, ",")};
	if (!selector->terms.count)
		return error_set(err, STATUS_USAGE, "'%s' selects nothing", word);
	for (size_t i = 0; i < selector->terms.count; i++)
		if (check_term(selector->terms.items[i], err) < 0) {
			selector_clear(selector);
			return -1;
		}
	return 0;
}

void selector_clear(struct selector *selector)
{
	list_clear(&selector->terms);
}

bool selector_wants_labels(const struct selector *selector)
{
	for (size_t i = 0; i < selector->terms.count; i++)
		if (text_begins(selector->terms.items[i], label_prefix))
			return true;
	return false;
}

static bool in_state(const char *state, const struct selected *object)
{
	if (text_equal(state, "all"))
		return true;
	if (text_equal(state, "active") || text_equal(state, "inactive"))
		return object->active == text_equal(state, "active");
	if (text_equal(state, "off") || text_equal(state, "shutoff"))
		return !object->active;
	return object->state && text_equal(object->state, state);
}

bool selector_takes(const char *term, const struct selected *object)
{
	if (text_begins(term, label_prefix))
		return object->labels && list_has(object->labels, term + sizeof(label_prefix) - 1);
	if (*term == '@')
		return in_state(term + 1, object);
	return glob_matches(term, object->name);
}
