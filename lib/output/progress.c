// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/progress.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/terminal.h"
#include "base/text.h"

enum { INTERVAL = 100, FIRST = 300, BAR_MOST = 40 }; // milliseconds; columns

struct progress {
	FILE *out;
	char *label;
	unsigned long long total, done;
	double part;
	long long start, drawn; // milliseconds; when the bar was last drawn, 0 for never
};

struct progress *progress_new(FILE *out, const char *label, unsigned long long total)
{
	struct progress *progress;

	if (!isatty(fileno(out)))
		return NULL;
	progress = memory_new(1, sizeof(*progress));
	progress->out = out;
	progress->label = text_copy(label);
	progress->total = total;
	progress->start = clock_milliseconds();
	return progress;
}

static void append_bytes(struct text *line, double bytes)
{
	const char *unit;
	double scaled = size_scale(bytes > 0 ? (unsigned long long)bytes : 0, &unit);

	text_append_format(line, "  %.3g %s", scaled, unit);
}

static void append_bar(struct text *line, double part, int columns)
{
	int filled = (int)(part * columns);

	if (columns < 5)
		return;
	text_append(line, " [");
	for (int i = 0; i < columns; i++)
		text_append_char(line, i < filled ? '#' : '.');
	text_append_char(line, ']');
}

// What stands behind the bar: bytes, rate and time left, as far as they are known.
static void append_figures(struct text *figures, const struct progress *progress, long long now)
{
	double seconds = (double)(now - progress->start) / 1000;
	double left = progress->part > 0 ? seconds / progress->part - seconds : 0;

	if (progress->done)
		append_bytes(figures, (double)progress->done);
	if (progress->done && seconds > 0) {
		append_bytes(figures, (double)progress->done / seconds);
		text_append(figures, "/s");
	}
	if (progress->part > 0)
		text_append_format(figures, "  %lld:%02lld left", (long long)left / 60,
				   (long long)left % 60);
}

static void draw(struct progress *progress, long long now)
{
	auto_text struct text line = {0}, figures = {0};
	int width = terminal_width(fileno(progress->out)), room;

	text_append_char(&line, '\r');
	text_append_harmless(&line, progress->label, false);
	if (progress->total || progress->part > 0)
		text_append_format(&line, "  %3d%%", (int)(progress->part * 100));
	append_figures(&figures, progress, now);
	room = width - 5 - terminal_columns(text_string(&line)) -
	       terminal_columns(text_string(&figures));
	append_bar(&line, progress->part, room < BAR_MOST ? room : BAR_MOST);
	text_append(&line, text_string(&figures));
	// Erases what an earlier, longer line has left.
	text_append(&line, "\033[K");
	fputs(text_string(&line), progress->out);
	fflush(progress->out);
	progress->drawn = now;
}

// Short work shows no bar, and no bar is drawn oftener than eyes follow.
static void draw_if_due(struct progress *progress)
{
	long long now = clock_milliseconds();

	if (now - (progress->drawn ? progress->drawn : progress->start + FIRST - INTERVAL) >=
	    INTERVAL)
		draw(progress, now);
}

void progress_total(struct progress *progress, unsigned long long total)
{
	if (progress)
		progress->total = total;
}

void progress_bytes(struct progress *progress, unsigned long long done)
{
	if (!progress)
		return;
	progress->done = done;
	if (progress->total)
		progress->part =
			done < progress->total ? (double)done / (double)progress->total : 1;
	draw_if_due(progress);
}

void progress_part(struct progress *progress, double part)
{
	if (!progress)
		return;
	progress->part = part < 0 ? 0 : part > 1 ? 1 : part;
	progress->done = (unsigned long long)(progress->part * (double)progress->total);
	draw_if_due(progress);
}

void progress_done(FILE *out, const char *label)
{
	fprintf(out, "%s: [100 %%]\n", label);
	fflush(out);
}

void progress_free(struct progress *progress)
{
	if (!progress)
		return;
	if (progress->drawn) {
		fputs("\r\033[K", progress->out);
		fflush(progress->out);
	}
	free(progress->label);
	free(progress);
}
