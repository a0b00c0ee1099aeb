// SPDX-License-Identifier: GPL-3.0-or-later
// A picture as characters.
#pragma once

#include <stdbool.h>

struct picture;
struct text;

// Appends PICTURE, scaled down to so many COLUMNS at most, as lines of "▀": its colour is that of
// one pixel, its background's that of the one below. TRUE_COLOUR: 24 bits of it, else the 256
// colours that nearly all terminals have.
void draw_half_blocks(const struct picture *picture, unsigned columns, bool true_colour,
		      struct text *text);

// What the environment says of the terminal.
bool draw_has_true_colour(void);
