// SPDX-License-Identifier: GPL-3.0-or-later
// What checks say: findings, with what fixes them.
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

__attribute__((format(printf, 3, 0))) static void add(struct examination *x, enum verdict verdict,
						      const char *format, va_list list)
{
	struct text detail = {0};
	bool counts = x->purposes & (x->check->runs | PURPOSE_ASKED) & ~x->check->notes;

	if (verdict > VERDICT_NOTE && !counts)
		verdict = VERDICT_NOTE;
	text_append_list(&detail, format, list);
	x->findings = memory_resize(x->findings, x->count + 1, sizeof(*x->findings));
	x->findings[x->count++] = (struct finding){.group = x->group,
						   .check = x->check,
						   .verdict = verdict,
						   .layer = x->check->layer,
						   .purposes = x->purposes,
						   .detail = text_take(&detail)};
	x->counts[verdict]++;
}

void check_pass(struct examination *x, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(x, VERDICT_PASS, format, list);
	va_end(list);
}

void check_note(struct examination *x, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(x, VERDICT_NOTE, format, list);
	va_end(list);
}

void check_warn(struct examination *x, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(x, VERDICT_WARN, format, list);
	va_end(list);
}

void check_fail(struct examination *x, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(x, VERDICT_FAIL, format, list);
	va_end(list);
}

// The finding that the running check added last, NULL if it has added none.
static struct finding *latest(struct examination *x)
{
	struct finding *finding = x->count ? &x->findings[x->count - 1] : NULL;

	return finding && finding->check == x->check ? finding : NULL;
}

void check_layer(struct examination *x, enum layer layer)
{
	struct finding *finding = latest(x);

	if (finding)
		finding->layer = layer;
}

void check_one_fix(struct examination *x, const char *format, ...)
{
	struct finding *finding = latest(x);
	struct text text = {0};
	va_list list;

	if (!finding || finding->verdict != VERDICT_FAIL)
		return;
	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	free(finding->one_fix);
	finding->one_fix = text_take(&text);
}

void check_subject(struct examination *x, const char *format, ...)
{
	struct finding *finding = latest(x);
	struct text text = {0};
	va_list list;

	if (!finding)
		return;
	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	free(finding->subject);
	finding->subject = text_take(&text);
}

void check_fix(struct examination *x, const char *format, ...)
{
	struct finding *finding = latest(x);
	struct text text = {0};
	va_list list;

	if (!finding || finding->verdict == VERDICT_PASS)
		return;
	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	free(finding->fix);
	finding->fix = text_take(&text);
}

static void add_command(struct examination *x, struct list *words)
{
	struct finding *finding = latest(x);

	if (!finding || finding->verdict == VERDICT_PASS) {
		list_clear(words);
		return;
	}
	finding->commands = memory_resize(finding->commands, finding->command_count + 1,
					  sizeof(*finding->commands));
	finding->commands[finding->command_count++] = *words;
}

void check_command_words(struct examination *x, const char *const *words)
{
	struct list list = {0};

	for (; *words; words++)
		list_add(&list, *words);
	add_command(x, &list);
}

void check_command_line(struct examination *x, const char *line)
{
	struct list words = list_split(line, " ");

	add_command(x, &words);
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
