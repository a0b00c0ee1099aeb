// SPDX-License-Identifier: GPL-3.0-or-later
// What a report says to people alone.
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "output/report_state.h"

static void say(struct report *report, const struct text *message)
{
	report_end_table(report);
	if (report->looks.json)
		text_append(&report->message, text_string(message));
	else if (!report->looks.quiet)
		report_append(report, text_string(message), true);
	report->said = true;
}

void report_message(struct report *report, const char *format, ...)
{
	auto_text struct text message = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&message, format, list);
	va_end(list);
	say(report, &message);
}

void report_heading(struct report *report, const char *format, ...)
{
	auto_text struct text heading = {0};
	va_list list;

	report_end_table(report);
	if (report->looks.json)
		return;
	va_start(list, format);
	text_append_list(&heading, format, list);
	va_end(list);
	report_append(report, text_string(&heading), true);
}

void report_verdict(struct report *report, const char *word, int width)
{
	int blanks = width - (int)strlen(word);

	report_end_table(report);
	if (report->looks.json)
		return;
	if (report->looks.colour)
		text_append_format(&report->text, "%s%s\033[0m", table_verdict_colour(word), word);
	else
		text_append(&report->text, word);
	text_append_format(&report->text, "%*s", blanks > 0 ? blanks : 0, "");
}

void report_fresh_screen(struct report *report)
{
	report_end_table(report);
	if (!report->looks.json && report->looks.terminal)
		text_append(&report->text, "\033[H\033[J");
}
