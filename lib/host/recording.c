// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/recording.h"

#include <stdarg.h>

#include "base/text.h"
#include "host/host.h"

void recording_begin(struct host *host, struct recording *recording)
{
	host->recording = recording;
	host->root.trace = &recording->trace;
}

void recording_note(const struct host *host, const char *key, const char *format, ...)
{
	auto_text struct text value = {0};
	va_list list;

	if (!host->recording || facts_get(&host->recording->facts, key))
		return;
	va_start(list, format);
	text_append_list(&value, format, list);
	va_end(list);
	facts_add(&host->recording->facts, key, "%s", text_string(&value));
}

void recording_clear(struct recording *recording)
{
	list_clear(&recording->trace.read);
	list_clear(&recording->trace.links);
	list_clear(&recording->trace.seen);
	list_clear(&recording->trace.listed);
	facts_clear(&recording->facts);
}
