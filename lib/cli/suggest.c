// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/suggest.h"

#include <stddef.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "cli/command.h"

enum { LONGEST = 32 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

// How many characters must be put in, left out, changed or swapped to make A of B (the optimal
// string alignment distance); both are shorter than LONGEST.
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][LONGEST + 1], length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		rows[0][j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= length; j++) {
			now[j] = least(before[j] + 1, now[j - 1] + 1);
			now[j] = least(now[j], before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], older[j - 2] + 1);
		}
	}
	return rows[strlen(a) % 3][length];
}

struct search {
	const char *name;
	const char *best;
	size_t distance; // twice as much, to part those that are as far
};

static struct search search_for(const char *name)
{
	// A third of the characters may be wrong, and one of a short name.
	return (struct search){.name = name, .distance = 2 * (strlen(name) / 3 + 2)};
}

static void consider(struct search *search, const char *candidate)
{
	size_t found;

	if (strlen(search->name) >= LONGEST || strlen(candidate) >= LONGEST)
		return;
	found = distance(search->name, candidate);
	if (found >= strlen(candidate))
		return;
	// Of two that are as close the one of the same length.
	found = 2 * found + (strlen(search->name) != strlen(candidate));
	if (found >= search->distance)
		return;
	search->distance = found;
	search->best = candidate;
}

const char *suggest_command(const struct program *program, const char *name)
{
	struct search search = search_for(name);

	for (const struct group *group = program->groups; group->name; group++)
		for (const struct command *const *c = group->commands; *c; c++)
			if (!((*c)->traits & COMMAND_HIDDEN))
				consider(&search, (*c)->name);
	return search.best;
}

const char *suggest_option(const struct option *options, const char *name)
{
	struct search search = search_for(name);

	for (const struct option *o = options; o->kind != OPTION_END; o++)
		consider(&search, o->name);
	return search.best;
}

const char *suggest_name(const struct list *names, const char *name)
{
	struct search search = search_for(name);

	for (size_t i = 0; i < names->count; i++)
		consider(&search, names->items[i]);
	return search.best;
}
