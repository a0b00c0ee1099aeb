// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/relay.h"

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/call.h"
#include "output/report.h"

enum { C1 = 0xc2 }; // begins a control character of two bytes in UTF-8

void relay_begin(struct relay *relay, struct call *call)
{
	*relay = (struct relay){.call = call, .keeps = report_is_json(call->report)};
}

// BYTES go to TEXT; a NUL, which would end it, as HARMLESS.
static void append(struct text *text, const char *bytes, size_t length, const char *harmless)
{
	while (length) {
		size_t piece = strnlen(bytes, length);

		text_append_bytes(text, bytes, piece);
		if (piece < length)
			text_append(text, harmless), piece++;
		bytes += piece;
		length -= piece;
	}
}

static int write_out(struct relay *relay, enum relay_stream stream, const char *bytes,
		     size_t length, struct error *err)
{
	FILE *errors = relay->call->context->errors;
	auto_text struct text plain = {0}, harmless = {0};

	if (stream == RELAY_OUTPUT)
		return report_passage(relay->call->report, bytes, length, err);
	if (isatty(fileno(errors))) {
		append(&plain, bytes, length, "\\x00");
		text_append_harmless(&harmless, text_string(&plain), true);
		bytes = text_string(&harmless);
		length = harmless.length;
	}
	fwrite(bytes, 1, length, errors);
	fflush(errors);
	return 0;
}

// The lines of TEXT up to LENGTH, each with the name that it comes from.
static int write_lines(struct relay *relay, enum relay_stream stream, struct text *text,
		       size_t length, struct error *err)
{
	const struct call *call = relay->call;
	auto_text struct text lines = {0}, rest = {0};
	const char *next = text->data;

	while (next < text->data + length) {
		const char *end = memchr(next, '\n', length - (size_t)(next - text->data));
		size_t piece =
			end ? (size_t)(end + 1 - next) : length - (size_t)(next - text->data);

		if (call->host)
			text_append_format(&lines, "%s: ", call->host);
		text_append_format(&lines, "%s: ", call->object.typed);
		text_append_bytes(&lines, next, piece);
		next += piece;
		if (!end)
			text_append_char(&lines, '\n');
	}
	text_append_bytes(&rest, text->data + length, text->length - length);
	text_clear(text);
	*text = rest;
	rest = (struct text){0};
	return write_out(relay, stream, text_string(&lines), lines.length, err);
}

int relay_pass(struct relay *relay, enum relay_stream stream, const char *bytes, size_t length,
	       struct error *err)
{
	struct text *held = &relay->held[stream];
	const char *last;
	int failed = 0;

	relay->passed[stream] += length;
	if (relay->keeps) {
		append(held, bytes, length, "\xef\xbf\xbd");
		return 0;
	}
	if (relay->call->selected) {
		text_append_bytes(held, bytes, length);
		last = held->length ? memrchr(held->data, '\n', held->length) : NULL;
		return last ? write_lines(relay, stream, held, (size_t)(last + 1 - held->data), err)
			    : 0;
	}
	if (!length)
		return 0;
	text_append_bytes(held, bytes, length);
	// A character that is cut in two must not escape the look for harm.
	length = held->length - ((unsigned char)held->data[held->length - 1] == C1);
	failed = write_out(relay, stream, held->data, length, err);
	if (length < held->length) {
		text_clear(held);
		text_append_char(held, (char)C1);
	} else {
		text_clear(held);
	}
	return failed;
}

int relay_end(struct relay *relay, struct error *err)
{
	int failed = 0;

	for (size_t i = 0; i < RELAY_STREAMS && !relay->keeps; i++) {
		struct text *held = &relay->held[i];

		if (!held->length)
			continue;
		failed |= relay->call->selected ? write_lines(relay, (enum relay_stream)i, held,
							      held->length, err)
						: write_out(relay, (enum relay_stream)i, held->data,
							    held->length, err);
		text_clear(held);
	}
	return failed;
}

const char *relay_text(const struct relay *relay, enum relay_stream stream)
{
	return text_string(&relay->held[stream]);
}

void relay_clear(struct relay *relay)
{
	for (size_t i = 0; i < RELAY_STREAMS; i++)
		text_clear(&relay->held[i]);
}
