// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal can do and how it is set.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct error;

// Columns of the terminal behind FD; 80 when it is not one.
int terminal_width(int fd);

// Whether colour is welcome on FD: a terminal that is not "dumb", and no NO_COLOR in the
// environment.
bool terminal_colour(int fd);

// Passes each byte typed on FD as it is, ^C too; gives what to restore.
int terminal_raw(int fd, struct termios *saved, struct error *err);
void terminal_restore(int fd, const struct termios *saved);

// The character that STRING, which is not empty, begins with; gives its length in bytes, 0 for
// bytes that are none in the user's locale. Only that follows the locale, figures and messages
// never do. To make the locale known takes 0.1 ms: that is left until more than ASCII is met.
size_t terminal_character(const char *string, wchar_t *character);

// The columns that one line of UTF-8 takes; bytes that are no character count one.
int terminal_columns(const char *string);
