// SPDX-License-Identifier: GPL-3.0-or-later
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
