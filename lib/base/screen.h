// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal's whole screen, drawn anew as often as something changes. Only terminfo is needed for
// that, which readline has loaded anyway: lines are written over and their rest is cleared.
#pragma once

#include <stdbool.h>
#include <termios.h>

struct error;
struct list;

struct screen {
	int input, output;
	struct termios saved;
	bool open;
	const char *home, *clear_line, *clear_rest, *reverse, *plain, *leave, *show_cursor;
};

// Takes the terminal behind the two descriptors over: keys come one by one. Fails where it cannot
// place its cursor.
int screen_open(struct screen *screen, int input, int output, struct error *err);

// Shows LINES from the top on, as many as there is room for and as wide; line number MARKED (-1:
// none) in reverse.
int screen_draw(const struct screen *screen, const struct list *lines, int marked,
		struct error *err);

// The next key that was typed, once the descriptor can be read; 0 for none.
int screen_key(const struct screen *screen);

// Gives the terminal back as it was. Also takes one that was never opened (all zero).
void screen_close(struct screen *screen);
#define auto_screen __attribute__((cleanup(screen_close)))
