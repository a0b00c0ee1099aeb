// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/report_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/terminal.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/plan.h"
#include "host/account.h"
#include "kvm/kvm_figure.h"
#include "output/report.h"

enum {
	WIDTH = 80,
	WORD = 6,   // columns of "PASS  "
	TITLE = 17, // columns of a group's title
};

// Adds the words of STRING in lines of WIDTH columns, the first of which has COLUMN columns
// already; the others begin at INDENT and, where they are parts of a command, end in END.
static void append_wrapped(struct text *text, const char *string, int column, int indent,
			   const char *end)
{
	auto_list struct list words = list_split(string, " \n");
	int most = WIDTH - (int)strlen(end);

	for (size_t i = 0; i < words.count; i++) {
		int length = terminal_columns(words.items[i]);

		if (i > 0 && column + 1 + length > most) {
			text_append_format(text, "%s\n%*s", end, indent, "");
			column = indent;
		} else if (i > 0) {
			text_append_char(text, ' ');
			column++;
		}
		text_append(text, words.items[i]);
		column += length;
	}
	text_append_char(text, '\n');
}

static const char *word_of(enum verdict verdict)
{
	static const char *const words[] = {"PASS", "note", "WARN", "FAIL"};

	return words[verdict];
}

static bool needs_sudo(const struct examination *x)
{
	auto_account struct account caller = {0};

	account_caller(&caller, x->host);
	return !caller.known || caller.uid != 0;
}

static char *shown_command(const struct examination *x, const struct list *words)
{
	auto_free char *line = plan_line(words);

	return text_format("%s%s", needs_sudo(x) ? "sudo " : "", line);
}

// With the command, where one is enough.
static char *one_fix_sentence(const struct examination *x)
{
	const struct finding *root = &x->findings[x->decision.root];
	auto_free char *command =
		root->command_count == 1 ? shown_command(x, &root->commands[0]) : NULL;

	if (!command)
		return text_format("KVM is one fix away: %s. Until then use TCG.",
				   x->decision.reason);
	return text_format("KVM is one fix away (%s): %s. Until then use TCG.", command,
			   x->decision.reason);
}

// Where the decision is about guests: what to do.
static char *sentence(const struct examination *x)
{
	const struct decision *decision = &x->decision;

	switch (decision->accelerator) {
	case ACCELERATOR_KVM:
		return text_format("Use KVM: %s.", decision->reason);
	case ACCELERATOR_TCG:
		if (decision->one_fix)
			return one_fix_sentence(x);
		return text_format("Use TCG (libvirt's domain type qemu): %s.", decision->reason);
	case ACCELERATOR_UNKNOWN:
		break;
	}
	return text_format("Unknown whether guests can use KVM: %s.", decision->reason);
}

static char *counts(const struct examination *x)
{
	return text_format("%zu passed, %zu warning%s, %zu failed.", x->counts[VERDICT_PASS],
			   x->counts[VERDICT_WARN], x->counts[VERDICT_WARN] == 1 ? "" : "s",
			   x->counts[VERDICT_FAIL]);
}

// The commands, each on a line to copy; "sudo" before them where that is needed.
static void append_commands(struct text *text, const struct examination *x,
			    const struct finding *finding, int indent)
{
	for (size_t i = 0; i < finding->command_count; i++) {
		auto_free char *shown = shown_command(x, &finding->commands[i]);

		text_append_format(text, "%*s", indent, "");
		append_wrapped(text, shown, indent, indent + 4, " \\");
	}
}

static void append_fix(struct text *text, const struct examination *x,
		       const struct finding *finding, int indent)
{
	const char *label = finding->command_count ? "(" : "fix: ";
	bool after = text_begins(finding->fix, "then ");
	auto_free char *shown = finding->fix ? text_format("%s%s%s", label, finding->fix,
							   finding->command_count ? ")" : "")
					     : NULL;

	if (after)
		append_commands(text, x, finding, indent);
	if (shown) {
		text_append_format(text, "%*s", indent, "");
		append_wrapped(text, shown, indent, indent, "");
	}
	if (!after)
		append_commands(text, x, finding, indent);
}

// What follows from the cause, by name.
static void append_followers(struct text *text, const struct examination *x,
			     const struct finding *root)
{
	auto_list struct list names = {0};
	auto_free char *joined = NULL, *shown = NULL;

	for (size_t i = 0; i < x->count; i++)
		if (x->findings[i].cause == root->check)
			list_add(&names, finding_title(&x->findings[i]));
	if (!names.count || root != &x->findings[x->decision.root])
		return;
	joined = list_join(&names, ", ");
	shown = text_format("it is also why these do not pass: %s", joined);
	text_append_format(text, "%*s", WORD, "");
	append_wrapped(text, shown, WORD, WORD, "");
}

static void append_problem(struct text *text, const struct examination *x,
			   const struct finding *finding)
{
	// The sentence at the top has said it.
	bool said = text_equal(finding->detail, x->decision.reason);
	auto_free char *what = text_format("%s%s%s", finding_title(finding), said ? "" : ": ",
					   said ? "" : finding->detail);

	text_append_format(text, "%-*s", WORD, word_of(finding->verdict));
	append_wrapped(text, what, WORD, WORD, "");
	append_fix(text, x, finding, WORD);
	append_followers(text, x, finding);
}

// The cause first, then what else fails, then what warns.
static bool append_problems(struct text *text, const struct examination *x)
{
	size_t root = x->decision.root;
	bool any = root < x->count;

	if (any)
		append_problem(text, x, &x->findings[root]);
	for (int verdict = VERDICT_FAIL; verdict >= VERDICT_WARN; verdict--)
		for (size_t i = 0; i < x->count; i++) {
			const struct finding *finding = &x->findings[i];

			if ((int)finding->verdict != verdict || finding->cause || i == root)
				continue;
			append_problem(text, x, finding);
			any = true;
		}
	return any;
}

// What passes of GROUP, then what is worth knowing, as far as it fits into a line.
static void append_group(struct text *text, const struct examination *x,
			 const struct check_group *group)
{
	int column = WORD + TITLE;
	size_t left = 0, shown = 0;

	for (int verdict = VERDICT_PASS; verdict <= VERDICT_NOTE; verdict++)
		for (size_t i = 0; i < x->count; i++) {
			const struct finding *finding = &x->findings[i];
			auto_free char *what = NULL, *cut = NULL;
			bool named;
			int length;

			if (finding->group != group || (int)finding->verdict != verdict)
				continue;
			named = !text_begins(finding->detail, finding_title(finding));
			what = text_format("%s%s%s%s", shown ? "; " : "",
					   named ? finding_title(finding) : "", named ? " " : "",
					   finding->detail);
			length = terminal_columns(what);
			if (shown == 0)
				text_append_format(text, "%-*s%-*s", WORD,
						   word_of(finding->verdict), TITLE, group->title);
			if (column + length > WIDTH - (int)strlen("; +99")) {
				left += shown > 0;
				if (shown > 0)
					continue;
				cut = text_format("%.*s...", WIDTH - column - 11, what);
				length = terminal_columns(cut);
			}
			text_append(text, cut ? cut : what);
			column += length;
			shown++;
		}
	if (left)
		text_append_format(text, "; +%zu", left);
	if (shown)
		text_append_char(text, '\n');
}

static void append_folded(struct text *text, const struct examination *x)
{
	const struct check_group *group = NULL;

	for (size_t i = 0; i < x->count; i++)
		if (x->findings[i].group != group) {
			group = x->findings[i].group;
			append_group(text, x, group);
		}
}

static int widest_title(const struct examination *x)
{
	int widest = 0;

	for (size_t i = 0; i < x->count; i++) {
		int length = terminal_columns(finding_title(&x->findings[i]));

		widest = length > widest ? length : widest;
	}
	return widest;
}

static void append_all(struct text *text, const struct examination *x)
{
	const struct check_group *group = NULL;
	int detail = 2 + WORD + widest_title(x) + 2;

	for (size_t i = 0; i < x->count; i++) {
		const struct finding *finding = &x->findings[i];
		const char *title = finding_title(finding);
		int gap = detail - 2 - WORD - terminal_columns(title);

		if (finding->group != group)
			text_append_format(text, "%s%s\n", group ? "\n" : "",
					   finding->group->title);
		group = finding->group;
		text_append_format(text, "  %-*s%s%*s", WORD, word_of(finding->verdict), title, gap,
				   "");
		append_wrapped(text, finding->detail, detail, detail, "");
		if (finding->verdict > VERDICT_NOTE && finding->cause)
			text_append_format(text, "%*s(follows from: %s)\n", 2 + WORD, "",
					   finding_title(&x->findings[x->decision.root]));
		else if (finding->verdict > VERDICT_NOTE)
			append_fix(text, x, finding, 2 + WORD);
	}
}

void report_text(struct report *report, const struct examination *x, enum report_depth depth)
{
	auto_text struct text text = {0};
	auto_free char *summary = counts(x);
	auto_free char *verdict = x->sentence                   ? text_copy(x->sentence)
				  : examination_about_guests(x) ? sentence(x)
								: NULL;

	append_wrapped(&text, verdict ? verdict : summary, 0, 0, "");
	if (depth == REPORT_ALL) {
		text_append_char(&text, '\n');
		append_all(&text, x);
	} else if (depth == REPORT_FOLDED) {
		text_append_char(&text, '\n');
		if (append_problems(&text, x))
			text_append_char(&text, '\n');
		append_folded(&text, x);
	}
	if (depth != REPORT_VERDICT && verdict)
		text_append_format(
			&text, "\n%s%s\n", summary,
			depth == REPORT_FOLDED && !x->sentence ? " --all shows each check." : "");
	report_heading(report, "%s", text_string(&text));
}

void report_each_finding(struct report *report, const struct examination *x)
{
	auto_text struct text text = {0};

	append_all(&text, x);
	report_heading(report, "%s", text_string(&text));
}

void report_paragraph(struct report *report, const char *label, const char *paragraph)
{
	auto_text struct text text = {0};
	auto_free char *sentence = text_format("%s%s.", label, paragraph);

	append_wrapped(&text, sentence, 0, 0, "");
	report_heading(report, "%s", text_string(&text));
}

void report_bench_text(struct report *report, const struct examination *x,
		       const char *const *outcomes)
{
	enum { STAGE = 29, RESULT = 9, TIME = 11 };
	auto_text struct text text = {0};
	auto_free char *verdict = sentence(x);

	append_wrapped(&text, verdict, 0, 0, "");
	text_append_format(&text, "\n%-*s%-*s%*s  Figure\n", STAGE, "Stage", RESULT, "Result",
			   TIME - 2, "Time (ms)");
	for (int i = 0; i < KVM_STAGES; i++) {
		enum kvm_stage stage = (enum kvm_stage)i;
		const struct kvm_result *result = &x->probe.results[i];
		auto_free char *figure = kvm_figure(&x->probe, stage);
		const char *what = result->outcome == KVM_PASSED ? figure : result->detail;

		text_append_format(&text, "%-*s%-*s%*.3f", STAGE, kvm_probe_title(stage), RESULT,
				   outcomes[result->outcome], TIME - 2,
				   (double)result->nanoseconds / 1e6);
		text_append(&text, what && *what ? "  " : "");
		append_wrapped(&text, what ? what : "", STAGE + RESULT + TIME,
			       STAGE + RESULT + TIME, "");
	}
	report_heading(report, "%s", text_string(&text));
}
