// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/top/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/terminal.h"
#include "base/text.h"
#include "cli/glob.h"
#include "cmd/vmctl/top/sample.h"

enum { NAME_LEAST = 12, NAME_MOST = 32, KEY_NAME = 6 };

// In the order of top_keys: the letter that is typed, and what is added up.
static const struct {
	char letter;
	int first, second; // -1: none
} keys[] = {
	{'c', TOP_CPU, -1},    {'s', TOP_STEAL, -1},       {'w', TOP_WAIT, -1},
	{'m', TOP_MEMORY, -1}, {'d', TOP_READ, TOP_WRITE}, {'n', TOP_RECEIVE, TOP_SEND},
	{'a', -1, -1},
};
const char *const top_keys[] = {"cpu", "steal", "wait", "memory", "disk", "network", "name", NULL};

static double figure_of(const struct top_guest *guest, unsigned key)
{
	double sum = 0;

	if (keys[key].first >= 0)
		sum += guest->figures[keys[key].first];
	if (keys[key].second >= 0)
		sum += guest->figures[keys[key].second];
	return sum;
}

bool top_view_key(struct top_view *view, int typed)
{
	for (unsigned i = 0; top_keys[i]; i++) {
		if (keys[i].letter != typed)
			continue;
		view->reverse = view->key == i && !view->reverse;
		view->key = i;
		return true;
	}
	return false;
}

int top_filter_parse(const char *string, struct top_filter *filter, struct error *err)
{
	static const struct size_format format = {.unit = 1, .most = 1ULL << 60, .fraction = true};
	size_t length = strcspn(string, "<>=");
	unsigned long long number = 0;
	const char *rest = string + length;

	*filter = (struct top_filter){.order = *rest};
	while (top_keys[filter->key] && (strlen(top_keys[filter->key]) != length ||
					 strncmp(top_keys[filter->key], string, length) != 0))
		filter->key++;
	if (!top_keys[filter->key] || filter->key == KEY_NAME || !*rest) {
		error_set(err, STATUS_USAGE, "'%s' is not a filter", string);
		return error_hint(err, "such as 'cpu>10', 'steal>=5' (percent), 'memory>2G' or "
				       "'disk>=1M' (bytes a second)");
	}
	rest++;
	filter->equal = filter->order == '=' || *rest == '=';
	rest += filter->order != '=' && *rest == '=';
	if (size_parse(rest, format, &number, err) < 0)
		return error_wrap(err, "'%s' is not a filter", string);
	filter->number = (double)number;
	return 0;
}

static bool passes(const struct top_filter *filter, const struct top_guest *guest)
{
	double figure = figure_of(guest, filter->key);

	if (filter->equal && figure == filter->number)
		return true;
	return filter->order == '>' ? figure > filter->number
				    : filter->order == '<' && figure < filter->number;
}

static bool is_shown(const struct top_view *view, const struct top_guest *guest)
{
	bool named = !view->names.count;

	for (size_t i = 0; i < view->names.count && !named; i++)
		named = glob_matches(view->names.items[i], guest->name);
	for (size_t i = 0; i < view->filter_count && named; i++)
		named = passes(&view->filters[i], guest);
	return named;
}

static int compare(const void *a, const void *b, void *data)
{
	const struct top_guest *left = *(const struct top_guest *const *)a;
	const struct top_guest *right = *(const struct top_guest *const *)b;
	const struct top_view *view = data;
	double of_left = figure_of(left, view->key), of_right = figure_of(right, view->key);
	int order = strcmp(left->name, right->name);

	if (of_left != of_right)
		order = of_left > of_right ? -1 : 1;
	return view->reverse ? -order : order;
}

const struct top_guest **top_select(const struct top_view *view, const struct top_sample *sample)
{
	const struct top_guest **shown = memory_new(sample->count + 1, sizeof(struct top_guest *));
	size_t count = 0;

	for (size_t i = 0; i < sample->count; i++)
		if (is_shown(view, &sample->guests[i]))
			shown[count++] = &sample->guests[i];
	qsort_r(shown, count, sizeof(struct top_guest *), compare, (void *)view);
	return shown;
}

static void add_cell(struct text *line, const struct top_guest *guest, size_t row)
{
	const char *unit;
	double scaled;

	if (!guest->known[row]) {
		text_append_format(line, " %9s", "-");
	} else if (top_rows[row].type == FIELD_PERCENT) {
		text_append_format(line, " %9.1f", guest->figures[row]);
	} else {
		scaled = size_scale((unsigned long long)guest->figures[row], &unit);
		text_append_format(line,
				   scaled < 10 && *unit != 'B' ? " %5.1f %-3s" : " %5.0f %-3s",
				   scaled, unit);
	}
}

// What people call it: with its host where there are several.
static char *label_of(const struct top_guest *guest)
{
	struct text label = {0};

	text_append_harmless(&label, guest->name, false);
	if (guest->host) {
		text_append_char(&label, '@');
		text_append_harmless(&label, guest->host, false);
	}
	return text_take(&label);
}

static int name_width(const struct top_guest **shown)
{
	int width = NAME_LEAST;

	for (size_t i = 0; shown[i]; i++) {
		auto_free char *label = label_of(shown[i]);
		int columns = terminal_columns(label);

		width = columns > width ? columns : width;
	}
	return width < NAME_MOST ? width : NAME_MOST;
}

static char *guest_line(const struct top_guest *guest, int width)
{
	auto_free char *label = label_of(guest);
	struct text line = {0};

	text_append(&line, label);
	for (int i = terminal_columns(label); i < width; i++)
		text_append_char(&line, ' ');
	text_append_format(&line, " %-9s", guest->answered ? guest->state : "busy");
	for (size_t i = 0; i < TOP_FIGURES; i++)
		add_cell(&line, guest, i);
	return text_take(&line);
}

void top_lines(const struct top_view *view, const struct top_sample *sample, struct list *lines)
{
	const struct top_guest **shown = top_select(view, sample);
	int width = name_width(shown);
	struct text titles = {0};
	size_t count = 0;

	while (shown[count])
		count++;
	list_add_format(lines, "%s  %zu of %zu running guests, by %s%s", sample->time, count,
			sample->count, top_keys[view->key], view->reverse ? ", reversed" : "");
	text_append_format(&titles, "%-*s %-9s", width, "NAME", "STATE");
	for (size_t i = 0; i < TOP_FIGURES; i++)
		text_append_format(&titles, " %9s", top_rows[i].title);
	list_add_owned(lines, text_take(&titles));
	for (size_t i = 0; shown[i]; i++)
		list_add_owned(lines, guest_line(shown[i], width));
	free(shown);
}

void top_view_clear(struct top_view *view)
{
	free(view->filters);
	list_clear(&view->names);
	*view = (struct top_view){0};
}
