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

// Says the words of STRING in lines of WIDTH columns, the first of which has COLUMN columns
// already; the others begin at INDENT and, where they are parts of a command, end in END.
static void say_wrapped(struct report *report, const char *string, int column, int indent,
			const char *end)
{
	auto_list struct list words = list_split(string, " \n");
	auto_text struct text text = {0};
	int most = WIDTH - (int)strlen(end);

	for (size_t i = 0; i < words.count; i++) {
		int length = terminal_columns(words.items[i]);

		if (i > 0 && column + 1 + length > most) {
			text_append_format(&text, "%s\n%*s", end, indent, "");
			column = indent;
		} else if (i > 0) {
			text_append_char(&text, ' ');
			column++;
		}
		text_append(&text, words.items[i]);
		column += length;
	}
	report_heading(report, "%s\n", text_string(&text));
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
static void say_commands(struct report *report, const struct examination *x,
			 const struct finding *finding, int indent)
{
	for (size_t i = 0; i < finding->command_count; i++) {
		auto_free char *shown = shown_command(x, &finding->commands[i]);

		report_heading(report, "%*s", indent, "");
		say_wrapped(report, shown, indent, indent + 4, " \\");
	}
}

static void say_fix(struct report *report, const struct examination *x,
		    const struct finding *finding, int indent)
{
	const char *label = finding->command_count ? "(" : "fix: ";
	bool after = text_begins(finding->fix, "then ");
	auto_free char *shown = finding->fix ? text_format("%s%s%s", label, finding->fix,
							   finding->command_count ? ")" : "")
					     : NULL;

	if (after)
		say_commands(report, x, finding, indent);
	if (shown) {
		report_heading(report, "%*s", indent, "");
		say_wrapped(report, shown, indent, indent, "");
	}
	if (!after)
		say_commands(report, x, finding, indent);
}

// What follows from the cause, by name.
static void say_followers(struct report *report, const struct examination *x,
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
	report_heading(report, "%*s", WORD, "");
	say_wrapped(report, shown, WORD, WORD, "");
}

static void say_problem(struct report *report, const struct examination *x,
			const struct finding *finding)
{
	// The sentence at the top has said it.
	bool said = text_equal(finding->detail, x->decision.reason);
	auto_free char *what = text_format("%s%s%s", finding_title(finding), said ? "" : ": ",
					   said ? "" : finding->detail);

	report_verdict(report, word_of(finding->verdict), WORD);
	say_wrapped(report, what, WORD, WORD, "");
	say_fix(report, x, finding, WORD);
	say_followers(report, x, finding);
}

// The cause first, then what else fails, then what warns.
static bool say_problems(struct report *report, const struct examination *x)
{
	size_t root = x->decision.root;
	bool any = root < x->count;

	if (any)
		say_problem(report, x, &x->findings[root]);
	for (int verdict = VERDICT_FAIL; verdict >= VERDICT_WARN; verdict--)
		for (size_t i = 0; i < x->count; i++) {
			const struct finding *finding = &x->findings[i];

			if ((int)finding->verdict != verdict || finding->cause || i == root)
				continue;
			say_problem(report, x, finding);
			any = true;
		}
	return any;
}

static void begin_group(struct report *report, const struct finding *finding)
{
	report_verdict(report, word_of(finding->verdict), WORD);
	report_heading(report, "%-*s", TITLE, finding->group->title);
}

// What passes of GROUP, then what is worth knowing, as far as it fits into a line.
static void say_group(struct report *report, const struct examination *x,
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
				begin_group(report, finding);
			if (column + length > WIDTH - (int)strlen("; +99")) {
				left += shown > 0;
				if (shown > 0)
					continue;
				cut = text_format("%.*s...", WIDTH - column - 11, what);
				length = terminal_columns(cut);
			}
			report_heading(report, "%s", cut ? cut : what);
			column += length;
			shown++;
		}
	if (left)
		report_heading(report, "; +%zu", left);
	if (shown)
		report_heading(report, "\n");
}

static void say_folded(struct report *report, const struct examination *x)
{
	const struct check_group *group = NULL;

	for (size_t i = 0; i < x->count; i++)
		if (x->findings[i].group != group) {
			group = x->findings[i].group;
			say_group(report, x, group);
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

static void say_all(struct report *report, const struct examination *x)
{
	const struct check_group *group = NULL;
	int detail = 2 + WORD + widest_title(x) + 2;

	for (size_t i = 0; i < x->count; i++) {
		const struct finding *finding = &x->findings[i];
		const char *title = finding_title(finding);
		int gap = detail - 2 - WORD - terminal_columns(title);

		if (finding->group != group)
			report_heading(report, "%s%s\n", group ? "\n" : "", finding->group->title);
		group = finding->group;
		report_heading(report, "  ");
		report_verdict(report, word_of(finding->verdict), WORD);
		report_heading(report, "%s%*s", title, gap, "");
		say_wrapped(report, finding->detail, detail, detail, "");
		if (finding->verdict > VERDICT_NOTE && finding->cause)
			report_heading(report, "%*s(follows from: %s)\n", 2 + WORD, "",
				       finding_title(&x->findings[x->decision.root]));
		else if (finding->verdict > VERDICT_NOTE)
			say_fix(report, x, finding, 2 + WORD);
	}
}

void report_text(struct report *report, const struct examination *x, enum report_depth depth)
{
	auto_free char *summary = counts(x);
	auto_free char *verdict = x->sentence                   ? text_copy(x->sentence)
				  : examination_about_guests(x) ? sentence(x)
								: NULL;

	say_wrapped(report, verdict ? verdict : summary, 0, 0, "");
	if (depth == REPORT_ALL) {
		report_heading(report, "\n");
		say_all(report, x);
	} else if (depth == REPORT_FOLDED) {
		report_heading(report, "\n");
		if (say_problems(report, x))
			report_heading(report, "\n");
		say_folded(report, x);
	}
	if (depth != REPORT_VERDICT && verdict)
		report_heading(report, "\n%s%s\n", summary,
			       depth == REPORT_FOLDED && !x->sentence ? " --all shows each check."
								      : "");
}

void report_each_finding(struct report *report, const struct examination *x)
{

	say_all(report, x);
}

void report_paragraph(struct report *report, const char *label, const char *paragraph)
{
	auto_free char *sentence = text_format("%s%s.", label, paragraph);

	say_wrapped(report, sentence, 0, 0, "");
}

void report_bench_text(struct report *report, const struct examination *x,
		       const char *const *outcomes)
{
	enum { STAGE = 27, RESULT = 8, TIME = 11 };
	auto_free char *verdict = sentence(x);

	say_wrapped(report, verdict, 0, 0, "");
	report_heading(report, "\n%-*s%-*s%*s  Figure\n", STAGE, "Stage", RESULT, "Result",
		       TIME - 2, "Time (ms)");
	for (int i = 0; i < KVM_STAGES; i++) {
		enum kvm_stage stage = (enum kvm_stage)i;
		const struct kvm_result *result = &x->probe.results[i];
		auto_free char *figure = kvm_figure(&x->probe, stage);
		const char *what = result->outcome == KVM_PASSED ? figure : result->detail;

		report_heading(report, "%-*s%-*s%*.3f", STAGE, kvm_probe_title(stage), RESULT,
			       outcomes[result->outcome], TIME - 2,
			       (double)result->nanoseconds / 1e6);
		report_heading(report, "%s", what && *what ? "  " : "");
		say_wrapped(report, what ? what : "", STAGE + RESULT + TIME, STAGE + RESULT + TIME,
			    "");
	}
}
