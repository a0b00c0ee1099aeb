// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/glob.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/terminal.h"

enum { DIGITS_MOST = 18 }; // of a number

// A string as characters of the locale; a byte that begins none counts as one.
static wchar_t *characters(const char *string, size_t *count)
{
	wchar_t *all = memory_new(strlen(string) + 1, sizeof(*all));

	for (*count = 0; *string; ++*count) {
		size_t length = terminal_character(string, &all[*count]);

		if (!length)
			all[*count] = (unsigned char)*string;
		string += length ? length : 1;
	}
	return all;
}

static bool is_digit(wchar_t character)
{
	return character >= L'0' && character <= L'9';
}

// The number at *TEXT, which is moved behind it; its length is 0 where there is none, or too long a
// one.
static size_t read_number(const wchar_t **text, unsigned long *number)
{
	size_t length = 0;

	for (*number = 0; is_digit((*text)[length]); length++) {
		if (length == DIGITS_MOST)
			return 0;
		*number = *number * 10 + (unsigned long)((*text)[length] - L'0');
	}
	*text += length;
	return length;
}

// "[01-20]": a number from the first to the last, with as many digits as a first that begins with
// 0.
struct range {
	unsigned long first, last;
	size_t digits; // 0: any, without zeros in front
};

// Whether the bracket from TEXT, behind its `[`, to END, its `]`, is a range of numbers.
static bool read_range(const wchar_t *text, const wchar_t *end, struct range *range)
{
	bool padded = *text == L'0';
	size_t length = read_number(&text, &range->first);

	if (!length || *text++ != L'-' || !read_number(&text, &range->last))
		return false;
	range->digits = padded && length > 1 ? length : 0;
	return text == end;
}

static bool in_set(const wchar_t *set, const wchar_t *end, wchar_t character)
{
	bool negated = *set == L'!' || *set == L'^', found = false;

	for (set += negated; set < end; set++) {
		if (set[1] == L'-' && set + 2 < end) {
			found = found || (set[0] <= character && character <= set[2]);
			set += 2;
		} else {
			found = found || *set == character;
		}
	}
	return found != negated;
}

// Marks in TO the ends of all numbers of the range that stand at NAME.
static void step_number(const struct range *range, const wchar_t *name, bool *to)
{
	unsigned long number = 0;

	for (size_t length = 1; length <= DIGITS_MOST && is_digit(name[length - 1]); length++) {
		number = number * 10 + (unsigned long)(name[length - 1] - L'0');
		if (range->digits ? length == range->digits : length == 1 || *name != L'0')
			to[length] =
				to[length] || (number >= range->first && number <= range->last);
	}
}

// Of the places in NAME, of COUNT characters, that FROM marks: marks in TO where the part of a
// pattern at *PATTERN ends when it begins there, and moves behind that part.
static void step(const wchar_t **pattern, const wchar_t *name, size_t count, const bool *from,
		 bool *to)
{
	const wchar_t *part = *pattern;
	const wchar_t *end = *part == L'[' ? wcschr(part, L']') : NULL;
	struct range range = {0};
	bool is_range = end && read_range(part + 1, end, &range);

	for (size_t at = 0; at <= count; at++) {
		if (*part == L'*')
			to[at] = from[at] || (at > 0 && to[at - 1]);
		else if (from[at] && is_range)
			step_number(&range, name + at, to + at);
		else if (at < count && from[at])
			to[at + 1] = end             ? in_set(part + 1, end, name[at])
				     : *part == L'?' ? true
						     : *part == name[at];
	}
	*pattern = end ? end + 1 : part + 1;
}

bool glob_matches(const char *pattern, const char *name)
{
	size_t parts, count;
	auto_free wchar_t *wide_pattern = characters(pattern, &parts);
	auto_free wchar_t *wide_name = characters(name, &count);
	auto_free bool *places = memory_new(2 * (count + 1), sizeof(*places));
	bool *from = places, *to = places + count + 1;

	// All ways to match are followed at once: FROM marks how much of the name those before
	// took.
	from[0] = true;
	for (const wchar_t *part = wide_pattern; *part;) {
		bool *used = from;

		memset(to, 0, (count + 1) * sizeof(*to));
		step(&part, wide_name, count, from, to);
		from = to;
		to = used;
	}
	return from[count];
}
