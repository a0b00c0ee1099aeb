// SPDX-License-Identifier: GPL-3.0-or-later
// What checks say: findings, with what fixes them.
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"

const char *check_verdict_word(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_NOTE] = "note",
		[VERDICT_WARN] = "warn",
		[VERDICT_FAIL] = "fail",
	};

	return words[verdict];
}

void fix_words(struct fix *fix, const char *const *words)
{
	size_t i = 0;

	while (i < FIX_COMMANDS && fix->commands[i][0])
		i++;
	for (size_t j = 0; words[j]; j++) {
		assert(i < FIX_COMMANDS && j < FIX_WORDS);
		fix->commands[i][j] = words[j];
	}
}

static void add_command(struct finding *finding, struct list words)
{
	finding->commands = memory_resize(finding->commands, finding->command_count + 1,
					  sizeof(*finding->commands));
	finding->commands[finding->command_count++] = words;
}

static void add_fix(struct finding *finding, const struct fix *fix)
{
	finding->fix = text_copy(fix->text);
	if (finding->verdict == VERDICT_FAIL)
		finding->one_fix = text_copy(fix->one_fix);
	for (size_t i = 0; i < FIX_COMMANDS && fix->commands[i][0]; i++) {
		struct list words = {0};

		for (size_t j = 0; j < FIX_WORDS && fix->commands[i][j]; j++)
			list_add(&words, fix->commands[i][j]);
		add_command(finding, words);
	}
	if (fix->line)
		add_command(finding, list_split(fix->line, " "));
}

void check_say(struct examination *x, enum verdict verdict, const struct fix *fix,
	       const char *format, ...)
{
	bool counts = x->purposes & (x->check->runs | PURPOSE_ASKED) & ~x->check->notes;
	struct text detail = {0};
	struct finding *finding;
	va_list list;

	if (verdict > VERDICT_NOTE && !counts)
		verdict = VERDICT_NOTE;
	va_start(list, format);
	text_append_list(&detail, format, list);
	va_end(list);
	x->findings = memory_resize(x->findings, x->count + 1, sizeof(*x->findings));
	finding = &x->findings[x->count++];
	*finding = (struct finding){.group = x->group,
				    .check = x->check,
				    .subject = text_copy(x->subject),
				    .verdict = verdict,
				    .layer = x->layer,
				    .purposes = x->purposes,
				    .detail = text_take(&detail)};
	if (fix && verdict != VERDICT_PASS)
		add_fix(finding, fix);
	x->counts[verdict]++;
}

void check_silent(struct examination *x)
{
	check_note(x,
		   x->host->root.live ? "this system does not show it" : "not in this recording");
}

void check_about(struct examination *x, const char *format, ...)
{
	struct text text = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	free(x->subject);
	x->subject = text_take(&text);
}

const char *check_text(struct examination *x, const char *format, ...)
{
	struct text text = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	list_add_owned(&x->texts, text_take(&text));
	return x->texts.items[x->texts.count - 1];
}

const char *finding_title(const struct finding *finding)
{
	return finding->subject ? finding->subject : finding->check->title;
}

void finding_clear(struct finding *finding)
{
	free(finding->subject);
	free(finding->detail);
	free(finding->fix);
	free(finding->one_fix);
	for (size_t i = 0; i < finding->command_count; i++)
		list_clear(&finding->commands[i]);
	free(finding->commands);
}
