// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal can do and how it is set.
#pragma once

#include <stdbool.h>
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

// Makes the characters of the user's locale known, where they are not yet. Only that follows the
// locale, figures and messages never do. It takes 0.1 ms: left to whoever meets more than ASCII.
void terminal_characters(void);

// The columns that one line of UTF-8 takes; bytes that are no character count one.
int terminal_columns(const char *string);
