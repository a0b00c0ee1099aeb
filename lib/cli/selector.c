// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/selector.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

enum { STARS_MOST = 4 };

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
	int stars = 0;

	if (*term == '@' && !text_begins(term, label_prefix) && !is_state(term + 1)) {
		error_set(err, STATUS_USAGE, "'%s' is not a state to select guests by", term);
		return error_hint(err, "there are @running, @paused, @off, @active, @inactive, "
				       "@crashed, @all and @label=NAME");
	}
	for (const char *star = strchr(term, '*'); star; star = strchr(star + 1, '*'))
		stars++;
	// Each star multiplies the ways to look at a name.
	if (stars > STARS_MOST)
		return error_set(err, STATUS_USAGE, "more than %d '*' in '%s'", STARS_MOST, term);
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

// A bracket of a pattern: "[01-20]" is a range of numbers, anything else a set of characters.
struct bracket {
	const char *end; // behind the ]
	bool range;
	unsigned long first, last;
	size_t digits; // of a number that is padded with zeros; 0: it is not
};

static struct bracket read_bracket(const char *pattern)
{
	struct bracket bracket = {.end = strchr(pattern, ']') + 1};
	char *dash, *end;

	if (!isdigit((unsigned char)pattern[1]))
		return bracket;
	bracket.first = strtoul(pattern + 1, &dash, 10);
	if (*dash != '-' || !isdigit((unsigned char)dash[1]))
		return bracket;
	bracket.last = strtoul(dash + 1, &end, 10);
	bracket.range = end + 1 == bracket.end;
	if (pattern[1] == '0' && dash - pattern > 2)
		bracket.digits = (size_t)(dash - pattern - 1);
	return bracket;
}

static bool in_set(const char *set, const char *end, char character)
{
	bool negated = *set == '!' || *set == '^', found = false;

	for (set += negated; set < end - 1; set++) {
		if (set[1] == '-' && set + 2 < end - 1) {
			found = found || (set[0] <= character && character <= set[2]);
			set += 2;
		} else {
			found = found || *set == character;
		}
	}
	return found != negated;
}

static bool matches(const char *pattern, const char *name);

// Whether a number of the range stands at NAME and the rest matches.
static bool matches_number(const struct bracket *bracket, const char *name)
{
	unsigned long number = 0;

	for (size_t length = 1; isdigit((unsigned char)name[length - 1]) && length < 10; length++) {
		bool padded = name[0] == '0' && length > 1;

		number = number * 10 + (unsigned long)(name[length - 1] - '0');
		if (bracket->digits ? length != bracket->digits : padded)
			continue;
		if (number >= bracket->first && number <= bracket->last &&
		    matches(bracket->end, name + length))
			return true;
	}
	return false;
}

static bool matches(const char *pattern, const char *name)
{
	for (; *pattern; pattern++, name++) {
		if (*pattern == '*') {
			while (pattern[1] == '*')
				pattern++;
			for (;; name++) {
				if (matches(pattern + 1, name))
					return true;
				if (!*name)
					return false;
			}
		}
		if (*pattern == '[' && strchr(pattern, ']')) {
			struct bracket bracket = read_bracket(pattern);

			if (bracket.range)
				return matches_number(&bracket, name);
			if (!*name || !in_set(pattern + 1, bracket.end, *name))
				return false;
			pattern = bracket.end - 1;
		} else if (!*name || (*pattern != '?' && *pattern != *name)) {
			return false;
		}
	}
	return !*name;
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
	return matches(term, object->name);
}
