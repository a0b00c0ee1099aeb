// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/screen.h"

#include <curses.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

// <term.h> makes macros of these words.
#undef lines
#undef columns

#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/terminal.h"
#include "base/text.h"

// What the terminal takes for NAME, "" where it has no such thing. Pauses ("$<5>") were for
// terminals of paper.
static const char *capability(const char *name)
{
	const char *string = tigetstr(name);

	return string && (intptr_t)string != -1 && !strstr(string, "$<") ? string : "";
}

static int write_string(const struct screen *screen, const char *string)
{
	return file_write_all(screen->output, string, strlen(string));
}

int screen_open(struct screen *screen, int input, int output, struct error *err)
{
	int found = 0;

	*screen = (struct screen){.input = input, .output = output};
	if (setupterm(NULL, output, &found) != OK) {
		error_set(err, STATUS_FAILED, "unknown terminal type: see TERM");
		return error_hint(err, "--batch writes plain text");
	}
	screen->home = capability("home");
	screen->clear_line = capability("el");
	screen->clear_rest = capability("ed");
	screen->reverse = capability("rev");
	screen->plain = capability("sgr0");
	screen->leave = capability("rmcup");
	screen->show_cursor = capability("cnorm");
	if (!*screen->home || !*screen->clear_line || !*screen->clear_rest) {
		del_curterm(cur_term);
		error_set(err, STATUS_FAILED, "this terminal cannot place its cursor");
		return error_hint(err, "--batch writes plain text");
	}
	if (terminal_raw(input, &screen->saved, err) < 0) {
		del_curterm(cur_term);
		return -1;
	}
	screen->open = true;
	write_string(screen, capability("smcup"));
	write_string(screen, capability("civis"));
	return 0;
}

// The rows and columns that there are now.
static void find_size(const struct screen *screen, int *rows, int *columns)
{
	struct winsize size = {0};

	*rows = 24;
	*columns = 80;
	if (ioctl(screen->output, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
		*rows = size.ws_row;
		*columns = size.ws_col;
	}
}

// As much of LINE as COLUMNS hold.
static void add_cut(struct text *text, const char *line, int columns)
{
	while (*line && columns > 0) {
		wchar_t character;
		size_t length = terminal_character(line, &character);

		text_append_bytes(text, line, length ? length : 1);
		line += length ? length : 1;
		columns--;
	}
}

int screen_draw(const struct screen *screen, const struct list *lines, int marked,
		struct error *err)
{
	auto_text struct text text = {0};
	int rows, columns;

	find_size(screen, &rows, &columns);
	text_append(&text, screen->home);
	for (int i = 0; i < (int)lines->count && i < rows; i++) {
		text_append(&text, i ? "\r\n" : "");
		text_append(&text, i == marked ? screen->reverse : "");
		add_cut(&text, lines->items[i], columns);
		text_append(&text, i == marked ? screen->plain : "");
		text_append(&text, screen->clear_line);
	}
	if ((int)lines->count < rows) {
		text_append(&text, "\r\n");
		text_append(&text, screen->clear_rest);
	}
	if (write_string(screen, text_string(&text)) < 0)
		return error_set_errno(err, errno, "cannot write to the terminal");
	return 0;
}

int screen_key(const struct screen *screen)
{
	unsigned char key;

	return read(screen->input, &key, 1) == 1 ? key : 0;
}

void screen_close(struct screen *screen)
{
	if (!screen->open)
		return;
	write_string(screen, screen->show_cursor);
	write_string(screen, screen->leave);
	terminal_restore(screen->input, &screen->saved);
	del_curterm(cur_term);
	screen->open = false;
}
