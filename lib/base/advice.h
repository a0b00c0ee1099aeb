// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences with commands to copy: what a hint says, and how a finding is mended.
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct text;

// Appends WORD in quotes, as bash takes it for one word on one line whatever is in it: 'tiny',
// 'it'\''s', $'two\x0alines'. What is not UTF-8 is written as \xNN too, and so is the $ of
// what would be a mark.
//
// A mark stands for a program's name, which is put in where the advice is shown (cli/hint.h).
void advice_append_word(struct text *text, const char *word);

// As text_append_format and text_format write it, but what stands in single quotes in FORMAT is
// such a word: "vmctl start -- '%s'". The "-- " before it stays where the word begins with '-', and
// is left out elsewhere. FORMAT may hold %s %d %u %lu %lld %llu %zu %.1f and %%.
void advice_append(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void advice_append_list(struct text *text, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));
char *advice(const char *format, ...) __attribute__((format(printf, 1, 2))); // the caller's

// How many bytes at C are a mark: "$0", "$vmctl", "$virt-viewer"; 0: none.
size_t advice_mark(const char *c);
