// SPDX-License-Identifier: GPL-3.0-or-later
// Strings: a growable text, copies, formatting, and making foreign strings harmless.
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

// A text that grows; `struct text t = {0}` is an empty one. `data` is NULL or NUL-terminated.
struct text {
	char *data;
	size_t length;
	size_t capacity;
};

void text_append(struct text *text, const char *string);
void text_append_bytes(struct text *text, const char *bytes, size_t length);
void text_append_char(struct text *text, char character);
void text_append_format(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_append_list(struct text *text, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));
// These take the first or the last COUNT bytes away, or all where there are fewer.
void text_drop(struct text *text, size_t count);
void text_cut(struct text *text, size_t count);

// The content, "" when there is none; lent until the text changes.
const char *text_string(const struct text *text);
// The content, never NULL, now the caller's; the text is empty afterwards.
char *text_take(struct text *text);
void text_clear(struct text *text);
#define auto_text __attribute__((cleanup(text_clear)))

// New strings, the caller's.
char *text_copy(const char *string); // NULL gives NULL
char *text_copy_bytes(const char *bytes, size_t length);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Comparisons in which NULL equals only NULL and begins nothing.
bool text_equal(const char *a, const char *b);
bool text_begins(const char *string, const char *prefix);
bool text_ends(const char *string, const char *suffix);

// Appends STRING with each control character as \xNN, so that a name chosen by a guest or a remote
// host cannot drive the terminal. With LINES, newline and tab stay as they are.
void text_append_harmless(struct text *text, const char *string, bool lines);

// Appends STRING in single quotes, as sh takes it for one word whatever is in it.
void text_append_quoted(struct text *text, const char *string);
// With what XML has characters for as entities.
void text_append_xml(struct text *text, const char *string);

// TEXT with its middle left out, so that it has MOST bytes at most; a copy where it is no longer.
char *text_shorten(const char *text, size_t most);

// Strips blanks, tabs, newlines and carriage returns at both ends, in place; returns STRING.
char *text_strip(char *string);
