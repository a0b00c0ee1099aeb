// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/instant.h"
#include "base/number.h"
#include "base/text.h"
#include "virt/engine.h"

void cell_text(struct cell *cell, const char *text)
{
	cell->value = value_text(text);
}

void cell_own(struct cell *cell, char *text)
{
	cell->text = text;
	cell->value = value_text(text);
}

void cell_none(struct cell *cell, const char *shown)
{
	cell->value = value_absent();
	cell->value.shown = shown;
}

void cell_answer(struct cell *cell, int answer, const char *yes, const char *no,
		 const char *unknown)
{
	if (answer < 0)
		cell_none(cell, unknown);
	else
		cell->value = value_shown(value_boolean(answer == 1), answer == 1 ? yes : no);
}

void cell_bytes(struct cell *cell, unsigned long long bytes)
{
	const char *unit;
	double scaled = size_scale(bytes, &unit);

	cell->text = text_format("%.2f %s", scaled, unit);
	cell->value = value_shown(value_unsigned(bytes), cell->text);
}

void cell_time(struct cell *cell, long long seconds)
{
	auto_free char *exact = instant_exact(seconds);
	auto_free char *shown = instant_zoned(seconds);

	if (!exact || !shown)
		return cell_none(cell, NULL);
	// Both in one piece of memory, which the cell owns.
	cell->text = text_format("%s%c%s", exact, '\0', shown);
	cell->value = value_shown(value_text(cell->text), cell->text + strlen(exact) + 1);
}
