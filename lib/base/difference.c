// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/difference.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"

enum {
	AROUND = 3,
	JOINED = 2 * AROUND + 1, // changes that are no further apart are in one hunk
	// From so many lines on, those that are more than one in a hundred begin no run.
	POPULAR_FROM = 200,
	NONE = -1,
};

// Both texts as numbers: lines are equal where their numbers are.
struct numbered {
	struct list lines[2];
	int *numbers[2];
	int *first;   // of each number: its last line in the second text, NONE for none or too many
	int *next;    // of each line of the second text: the one before it of the same number
	int *partner; // of each line of the first text: its own in the second, NONE for none
	int *length;  // of the run that ends with a line of the second text,
	int *row;     // as long as this line of the first one is looked at
};

static void numbered_clear(struct numbered *both)
{
	for (int side = 0; side < 2; side++) {
		list_clear(&both->lines[side]);
		free(both->numbers[side]);
	}
	free(both->first);
	free(both->next);
	free(both->partner);
	free(both->length);
	free(both->row);
}
#define auto_numbered __attribute__((cleanup(numbered_clear)))

// With empty lines, which list_split() leaves out.
static struct list split(const char *text)
{
	struct list lines = {0};

	while (*text) {
		size_t length = strcspn(text, "\n");

		list_add_owned(&lines, text_copy_bytes(text, length));
		text += length + (text[length] == '\n');
	}
	return lines;
}

struct place {
	const char *line;
	int *number;
};

static int compare_places(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->line, ((const struct place *)b)->line);
}

// Gives each line its number; returns how many there are.
static int number_lines(struct numbered *both)
{
	size_t count = both->lines[0].count + both->lines[1].count, n = 0;
	auto_free struct place *places = memory_new(count + 1, sizeof(*places));
	int number = 0;

	for (int side = 0; side < 2; side++) {
		both->numbers[side] = memory_new(both->lines[side].count + 1, sizeof(int));
		for (size_t i = 0; i < both->lines[side].count; i++)
			places[n++] =
				(struct place){both->lines[side].items[i], &both->numbers[side][i]};
	}
	qsort(places, count, sizeof(*places), compare_places);
	for (size_t i = 0; i < count; i++) {
		number += i && !text_equal(places[i].line, places[i - 1].line);
		*places[i].number = number;
	}
	return number + 1;
}

static void index_second(struct numbered *both, int numbers)
{
	int count = (int)both->lines[1].count;
	auto_free int *times = memory_new((size_t)numbers, sizeof(int));

	both->first = memory_new((size_t)numbers, sizeof(int));
	both->next = memory_new((size_t)count + 1, sizeof(int));
	for (int i = 0; i < numbers; i++)
		both->first[i] = NONE;
	for (int j = 0; j < count; j++) {
		int number = both->numbers[1][j];

		both->next[j] = both->first[number];
		both->first[number] = j;
		times[number]++;
	}
	for (int i = 0; count >= POPULAR_FROM && i < numbers; i++)
		if (times[i] > count / 100 + 1)
			both->first[i] = NONE;
}

// A part of each text: lines from `begin` to before `end`.
struct part {
	int begin[2], end[2];
};

struct run {
	int begin[2], length;
};

static bool are_equal(const struct numbered *both, int a, int b)
{
	return both->numbers[0][a] == both->numbers[1][b];
}

// Lines that begin no run lengthen one.
static void lengthen(const struct numbered *both, const struct part *part, struct run *run)
{
	while (run->begin[0] > part->begin[0] && run->begin[1] > part->begin[1] &&
	       are_equal(both, run->begin[0] - 1, run->begin[1] - 1)) {
		run->begin[0]--;
		run->begin[1]--;
		run->length++;
	}
	while (run->begin[0] + run->length < part->end[0] &&
	       run->begin[1] + run->length < part->end[1] &&
	       are_equal(both, run->begin[0] + run->length, run->begin[1] + run->length))
		run->length++;
}

// The longest run of equal lines in PART, of several the first.
static struct run longest(struct numbered *both, const struct part *part)
{
	struct run best = {{part->begin[0], part->begin[1]}, 0};
	int best_line = NONE;

	for (size_t j = 0; j <= both->lines[1].count; j++)
		both->row[j] = NONE;
	for (int i = part->begin[0]; i < part->end[0]; i++) {
		// From the end, so that what the line before found is still there.
		for (int j = both->first[both->numbers[0][i]]; j != NONE; j = both->next[j]) {
			bool goes_on;

			if (j >= part->end[1] || j < part->begin[1])
				continue;
			goes_on = j > part->begin[1] && i > part->begin[0] &&
				  both->row[j - 1] == i - 1;
			both->length[j] = goes_on ? both->length[j - 1] + 1 : 1;
			both->row[j] = i;
			if (both->length[j] < best.length ||
			    (both->length[j] == best.length && best_line != i))
				continue;
			best_line = i;
			best = (struct run){{i - both->length[j] + 1, j - both->length[j] + 1},
					    both->length[j]};
		}
	}
	lengthen(both, part, &best);
	return best;
}

static void match(struct numbered *both)
{
	size_t most = both->lines[0].count + both->lines[1].count + 2, count = 1;
	auto_free struct part *parts = memory_new(most, sizeof(*parts));

	parts[0] = (struct part){{0, 0}, {(int)both->lines[0].count, (int)both->lines[1].count}};
	while (count) {
		struct part part = parts[--count];
		struct run run = longest(both, &part);
		struct part front = part, back = part;

		if (!run.length)
			continue;
		for (int i = 0; i < run.length; i++)
			both->partner[run.begin[0] + i] = run.begin[1] + i;
		for (int side = 0; side < 2; side++) {
			front.end[side] = run.begin[side];
			back.begin[side] = run.begin[side] + run.length;
		}
		if (front.begin[0] < front.end[0] && front.begin[1] < front.end[1])
			parts[count++] = front;
		if (back.begin[0] < back.end[0] && back.begin[1] < back.end[1])
			parts[count++] = back;
	}
}

// A line of the difference, and where both texts are before it.
struct change {
	char mark;
	const char *line;
	int at[2];
};

static size_t list_changes(const struct numbered *both, struct change *changes)
{
	int count[2] = {(int)both->lines[0].count, (int)both->lines[1].count};
	size_t n = 0;
	int a = 0, b = 0;

	while (a < count[0] || b < count[1]) {
		int until = a;

		while (until < count[0] && both->partner[until] == NONE)
			until++;
		for (; a < until; a++)
			changes[n++] = (struct change){'-', both->lines[0].items[a], {a, b}};
		until = a < count[0] ? both->partner[a] : count[1];
		for (; b < until; b++)
			changes[n++] = (struct change){'+', both->lines[1].items[b], {a, b}};
		if (a < count[0]) {
			changes[n++] = (struct change){' ', both->lines[0].items[a], {a, b}};
			a++;
			b++;
		}
	}
	return n;
}

// As diff(1) writes it: a range of no lines is named by the line before it.
static void append_range(struct text *out, char mark, int begin, int length)
{
	if (length == 1)
		text_append_format(out, "%c%d ", mark, begin + 1);
	else
		text_append_format(out, "%c%d,%d ", mark, length ? begin + 1 : begin, length);
}

static void append_hunk(struct text *out, const struct change *changes, size_t count)
{
	int length[2] = {0, 0};

	for (size_t i = 0; i < count; i++) {
		length[0] += changes[i].mark != '+';
		length[1] += changes[i].mark != '-';
	}
	text_append(out, "@@ ");
	append_range(out, '-', changes[0].at[0], length[0]);
	append_range(out, '+', changes[0].at[1], length[1]);
	text_append(out, "@@\n");
	for (size_t i = 0; i < count; i++)
		text_append_format(out, "%c%s\n", changes[i].mark, changes[i].line);
}

static void append_hunks(struct text *out, const struct change *changes, size_t count)
{
	size_t last = 0; // change that belongs to the hunk

	for (size_t i = 0; i < count; i++) {
		size_t begin = i > AROUND ? i - AROUND : 0, end;

		if (changes[i].mark == ' ')
			continue;
		for (last = i, end = i; end < count && end <= last + JOINED; end++)
			if (changes[end].mark != ' ')
				last = end;
		end = last + AROUND + 1 < count ? last + AROUND + 1 : count;
		append_hunk(out, changes + begin, end - begin);
		i = last;
	}
}

char *difference_unified(const char *before, const char *after, const char *before_name,
			 const char *after_name)
{
	auto_numbered struct numbered both = {.lines = {split(before), split(after)}};
	size_t count[2] = {both.lines[0].count, both.lines[1].count};
	auto_free struct change *changes = memory_new(count[0] + count[1] + 1, sizeof(*changes));
	auto_text struct text out = {0};

	if (text_equal(before, after))
		return text_copy("");
	index_second(&both, number_lines(&both));
	both.partner = memory_new(count[0] + 1, sizeof(int));
	both.length = memory_new(count[1] + 1, sizeof(int));
	both.row = memory_new(count[1] + 1, sizeof(int));
	for (size_t i = 0; i < count[0]; i++)
		both.partner[i] = NONE;
	match(&both);
	text_append_format(&out, "--- %s\n+++ %s\n", before_name, after_name);
	append_hunks(&out, changes, list_changes(&both, changes));
	return text_take(&out);
}
