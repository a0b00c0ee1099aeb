// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/markup.h"

#include <stdarg.h>
#include <string.h>

void markup_add(struct markup *markup, const char *format, ...)
{
	auto_text struct text line = {0};
	bool complete = true;
	const char *place;
	va_list list;

	va_start(list, format);
	while ((place = strstr(format, "%s"))) {
		const char *value = va_arg(list, const char *);

		text_append_bytes(&line, format, (size_t)(place - format));
		format = place + 2;
		complete = complete && value;
		if (value && markup->plain)
			text_append(&line, value);
		else if (value)
			text_append_xml(&line, value);
	}
	va_end(list);
	text_append(&line, format);
	if (complete)
		text_append(&markup->text, text_string(&line));
}

void markup_clear(struct markup *markup)
{
	text_clear(&markup->text);
}
