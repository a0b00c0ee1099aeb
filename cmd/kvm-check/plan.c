// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/advice.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"

bool plan_needs(const struct finding *finding)
{
	return finding->verdict > VERDICT_NOTE && !finding->cause &&
	       (finding->fix || finding->command_count);
}

// A word as a shell takes it.
static void append_quoted(struct text *line, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%+=:,./_-";

	if (*word && strspn(word, plain) == strlen(word))
		text_append(line, word);
	else
		advice_append_word(line, word);
}

char *plan_line(const struct list *words)
{
	struct text line = {0};

	for (size_t i = 0; i < words->count; i++) {
		if (i > 0)
			text_append_char(&line, ' ');
		append_quoted(&line, words->items[i]);
	}
	return text_take(&line);
}

static bool has_line(const struct plan *plan, const char *line)
{
	for (size_t i = 0; i < plan->count; i++)
		if (text_equal(plan->steps[i].line, line))
			return true;
	return false;
}

static void add_finding(struct plan *plan, const struct finding *finding)
{
	if (!finding->command_count)
		list_add_format(&plan->by_hand, "%s: %s", finding_title(finding), finding->fix);
	for (size_t i = 0; i < finding->command_count; i++) {
		auto_free char *line = plan_line(&finding->commands[i]);

		if (has_line(plan, line))
			continue;
		plan->steps = memory_resize(plan->steps, plan->count + 1, sizeof(*plan->steps));
		plan->steps[plan->count++] = (struct step){
			.finding = finding, .words = &finding->commands[i], .line = take(&line)};
	}
}

void plan_make(struct plan *plan, const struct examination *x)
{
	*plan = (struct plan){0};
	for (size_t i = 0; i < x->count; i++)
		if (plan_needs(&x->findings[i]))
			add_finding(plan, &x->findings[i]);
}

void plan_clear(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		free(plan->steps[i].line);
	free(plan->steps);
	list_clear(&plan->by_hand);
	*plan = (struct plan){0};
}
