// SPDX-License-Identifier: GPL-3.0-or-later
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "output/json.h"
#include "tests/transcripts/transcript.h"

static void append_lines(struct text *out, char mark, const char *string)
{
	while (*string) {
		size_t length = strcspn(string, "\n");

		text_append_char(out, mark);
		if (length)
			text_append_char(out, ' ');
		text_append_bytes(out, string, length);
		string += length;
		text_append(out, *string ? "\n" : "\\\n");
		string += *string == '\n';
	}
}

// The answer as a transcript writes it.
char *written(const struct answer *answer)
{
	struct text out = {0};

	append_lines(&out, '|', answer->output);
	append_lines(&out, '!', answer->errors);
	if (answer->status)
		text_append_format(&out, "? %d\n", answer->status);
	return text_take(&out);
}

// Of a transcript's answer only what virsh has to agree with: virsh prints a stray newline after a
// failure, and its messages and its exit status are its own.
static char *agreed(const char *answer, bool failed)
{
	struct list lines = list_split(answer, "\n");
	struct text out = {0};
	bool errors = false;

	for (size_t i = 0; i < lines.count; i++) {
		const char *line = lines.items[i];

		errors = errors || *line == '!';
		if (*line == '|' && !(failed && !line[1]))
			text_append_format(&out, "%s\n", line);
	}
	text_append_format(&out, "%s%s", errors ? "! something\n" : "",
			   failed ? "? failure\n" : "");
	list_clear(&lines);
	return text_take(&out);
}

// The lines that begin with MARK, without it.
static char *marked(const char *answer, char mark)
{
	struct list lines = list_split(answer, "\n");
	struct text out = {0};

	for (size_t i = 0; i < lines.count; i++)
		if (lines.items[i][0] == mark)
			text_append_format(&out, "%s\n", lines.items[i] + 1);
	list_clear(&lines);
	return text_take(&out);
}

// Whether both are JSON documents of the same value, however they are laid out.
static bool same_json(const char *a, const char *b)
{
	struct error err = {0};
	auto_json struct json *first = json_read(a, "", &err);
	auto_json struct json *second = first ? json_read(b, "", &err) : NULL;

	error_clear(&err);
	return first && second && json_object_equal(json_inner(first), json_inner(second));
}

static bool same(const char *a, const char *b)
{
	static const char marks[] = "|!?";

	for (const char *mark = marks; *mark; mark++) {
		auto_free char *first = marked(a, *mark), *second = marked(b, *mark);

		if (!text_equal(first, second) && !same_json(first, second))
			return false;
	}
	return true;
}

void judge(struct run *run, struct transcript *transcript, const char *command,
	   const char *expected, const struct answer *answer)
{
	char *got = written(answer), *want = text_copy(expected);

	if (run->virsh) {
		bool want_failure = strstr(expected, "\n? ") || text_begins(expected, "? ");
		char *shorter = agreed(want, want_failure || strstr(want, "\n!") || *want == '!');

		free(want);
		want = shorter;
		shorter = agreed(got, answer->status != 0);
		if (answer->status == 0 && strstr(got, "\n!")) {
			free(shorter);
			shorter = agreed(got, true);
		}
		free(got);
		got = shorter;
	}
	if (same(got, want)) {
		transcript->passed++;
	} else {
		transcript->failed++;
		text_append_format(&transcript->differences, "%s\nwanted:\n%sgot:\n%s", command,
				   want, got);
	}
	free(got);
	free(want);
}
