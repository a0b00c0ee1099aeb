// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/screen/draw.h"

#include <stdlib.h>

#include "base/text.h"
#include "image/picture.h"

struct colour {
	unsigned parts[3]; // red, green, blue
};

// The mean of the pixels that cell X, Y of a picture of COLUMNS times LINES stands for.
static struct colour mean(const struct picture *picture, const unsigned size[2], unsigned x,
			  unsigned y)
{
	unsigned left = x * picture->width / size[0], top = y * picture->height / size[1];
	unsigned right = (x + 1) * picture->width / size[0];
	unsigned bottom = (y + 1) * picture->height / size[1];
	unsigned long long sums[3] = {0}, count = 0;
	struct colour colour;

	right = right > left ? right : left + 1;
	bottom = bottom > top ? bottom : top + 1;
	for (unsigned row = top; row < bottom; row++) {
		for (unsigned column = left; column < right; column++, count++) {
			const unsigned char *pixel =
				picture->pixels + 3 * ((size_t)row * picture->width + column);

			for (int i = 0; i < 3; i++)
				sums[i] += pixel[i];
		}
	}
	for (int i = 0; i < 3; i++)
		colour.parts[i] = (unsigned)(sums[i] / count);
	return colour;
}

// GROUND: 38 for characters, 48 for what is behind them.
static void set_colour(struct text *text, int ground, const struct colour *colour, bool true_colour)
{
	const unsigned *part = colour->parts;

	if (true_colour)
		text_append_format(text, "\x1b[%d;2;%u;%u;%um", ground, part[0], part[1], part[2]);
	else // a cube of six steps a side, from number 16 on
		text_append_format(text, "\x1b[%d;5;%um", ground,
				   16 + 36 * (part[0] * 6 / 256) + 6 * (part[1] * 6 / 256) +
					   part[2] * 6 / 256);
}

void draw_half_blocks(const struct picture *picture, unsigned columns, bool true_colour,
		      struct text *text)
{
	unsigned width = columns < picture->width ? columns : picture->width;
	unsigned height = (unsigned)((unsigned long long)picture->height * width / picture->width);
	unsigned size[2] = {width ? width : 1, height > 1 ? height & ~1U : 2};

	for (unsigned y = 0; y < size[1]; y += 2) {
		for (unsigned x = 0; x < size[0]; x++) {
			struct colour upper = mean(picture, size, x, y);
			struct colour lower = mean(picture, size, x, y + 1);

			set_colour(text, 38, &upper, true_colour);
			set_colour(text, 48, &lower, true_colour);
			text_append(text, "\xe2\x96\x80");
		}
		text_append(text, "\x1b[0m\n");
	}
}

bool draw_has_true_colour(void)
{
	const char *said = getenv("COLORTERM");

	return text_equal(said, "truecolor") || text_equal(said, "24bit");
}
