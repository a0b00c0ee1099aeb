// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/fix.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/companion.h"
#include "cmd/kvm-check/plan.h"
#include "host/guard.h"
#include "output/report.h"

// A comment of one line, whatever is in it.
static void append_comment(struct text *script, const char *label, const char *comment)
{
	text_append_format(script, "# %s", label);
	for (const char *c = comment; *c; c++)
		text_append_char(script, (unsigned char)*c < ' ' ? ' ' : *c);
	text_append_char(script, '\n');
}

static void append_reason(struct text *script, const struct finding *finding)
{
	auto_free char *what = text_format("%s, %s: %s", finding->group->title,
					   finding_title(finding), finding->detail);

	text_append_char(script, '\n');
	append_comment(script, "", what);
	if (finding->fix)
		append_comment(script,
			       finding->command_count ? "fix: " : "by hand: ", finding->fix);
}

static void report_lists(struct report *report, const struct plan *plan)
{
	report_open_list(report, "commands");
	for (size_t i = 0; i < plan->count; i++)
		report_value(report, "commands", value_text(plan->steps[i].line));
	report_close(report);
	report_open_list(report, "by_hand");
	for (size_t i = 0; i < plan->by_hand.count; i++)
		report_value(report, "by_hand", value_text(plan->by_hand.items[i]));
	report_close(report);
}

void fix_report(struct call *call, const struct examination *x)
{
	auto_text struct text script = {0};
	auto_plan struct plan plan;
	size_t next = 0;

	plan_make(&plan, x);
	if (report_is_json(call->report)) {
		report_lists(call->report, &plan);
		return;
	}
	text_append(&script, "#!/bin/sh\n# Written by kvm-check: read it, then run it as root.\n"
			     "set -eu\n");
	for (size_t i = 0; i < x->count; i++) {
		if (!plan_needs(&x->findings[i]))
			continue;
		append_reason(&script, &x->findings[i]);
		for (; next < plan.count && plan.steps[next].finding == &x->findings[i]; next++)
			text_append_format(&script, "%s\n", plan.steps[next].line);
	}
	if (plan.count == 0)
		text_append(&script, "\n# There is nothing that a command would fix.\n");
	report_heading(call->report, "%s", text_string(&script));
}

// What the check says now, everything looked at anew; the caller's.
static char *look_again(const struct finding *before)
{
	auto_guard struct guard guard = {0};
	auto_host struct host host = {.root = {.fd = -1, .guard = &guard}};
	auto_examination struct examination x = {.host = &host, .probing = true};
	auto_error struct error ignored = {0};
	const struct finding *found = NULL;

	if (examination_open(&host, NULL, &ignored) < 0)
		return text_copy("unknown");
	examination_run_one(&x, before->group, before->check, before->purposes);
	for (size_t i = 0; i < x.count; i++)
		if (!found || text_equal(x.findings[i].subject, before->subject))
			found = &x.findings[i];
	return found ? text_format("%s, %s", check_verdict_word(found->verdict), found->detail)
		     : text_copy("nothing to say");
}

static int find(const char *name, char **program, struct error *err)
{
	*program = companion_find(name);
	return *program ? 0
			: error_set(err, STATUS_NOT_FOUND,
				    "'%s' was not found in the system's directories", name);
}

static int run(const struct list *words, struct error *err)
{
	auto_free char *program = NULL, *sudo = NULL;
	auto_list struct list argv = {0};

	// What the caller's PATH has under these names must not run as root.
	if (find(words->items[0], &program, err) < 0 ||
	    (geteuid() != 0 && find("sudo", &sudo, err) < 0))
		return -1;
	if (sudo)
		list_add(&argv, sudo);
	list_add(&argv, program);
	for (size_t i = 1; i < words->count; i++)
		list_add(&argv, words->items[i]);
	return process_run_attached((const char *const *)argv.items, err);
}

// What came of one finding's commands.
struct outcome {
	const struct finding *finding;
	int statuses[16];
	size_t ran;
};

static void report_outcome(struct report *report, const struct outcome *outcome,
			   const struct step *steps)
{
	const struct finding *finding = outcome->finding;
	auto_free char *before =
		text_format("%s, %s", check_verdict_word(finding->verdict), finding->detail);
	auto_free char *after = look_again(finding);

	for (size_t i = 0; i < outcome->ran; i++) {
		report_open(report, NULL);
		report_value(report, "check", value_text(finding->check->key));
		report_value(report, "command", value_text(steps[i].line));
		report_value(report, "exit_status", value_integer(outcome->statuses[i]));
		report_value(report, "before", value_text(before));
		report_value(report, "after", value_text(after));
		report_close(report);
		report_heading(report, "%s: %s\n", outcome->statuses[i] ? "failed" : "done",
			       steps[i].line);
	}
	report_heading(report, "%s: before: %s\n%*safter:  %s\n", finding_title(finding), before,
		       (int)strlen(finding_title(finding)) + 2, "", after);
}

// Runs what is to be done for the finding of STEPS[0]; how many steps that is goes to *COUNT. The
// first command that fails leaves out the others.
static void apply_finding(struct call *call, const struct step *steps, size_t left, size_t *count)
{
	struct outcome outcome = {.finding = steps[0].finding};
	size_t most = sizeof(outcome.statuses) / sizeof(*outcome.statuses);
	bool failed = false;

	for (*count = 0; *count < left && steps[*count].finding == outcome.finding; ++*count) {
		auto_error struct error err = {0};
		int *status = &outcome.statuses[outcome.ran];

		if (failed || outcome.ran == most)
			continue;
		*status = run(steps[*count].words, &err);
		if (*status < 0)
			call_error(call, &err);
		outcome.ran++;
		failed = *status != 0;
	}
	if (failed)
		call->status = STATUS_PARTIAL;
	report_outcome(call->report, &outcome, steps);
}

static char *question(const struct plan *plan)
{
	struct text text = {0};

	text_append(&text, "These commands will be run as root:");
	for (size_t i = 0; i < plan->count; i++)
		text_append_format(&text, "\n  %s", plan->steps[i].line);
	return text_take(&text);
}

int fix_apply(struct call *call, const struct examination *x, struct error *err)
{
	auto_plan struct plan plan;
	auto_free char *asked = NULL;

	plan_make(&plan, x);
	if (!plan.count) {
		report_message(call->report, "There is nothing that a command would fix.\n");
		return 0;
	}
	asked = question(&plan);
	if (confirm(call, asked, err) < 0)
		return -1;
	if (geteuid() != 0 && !process_find("sudo", NULL)) {
		error_set(err, STATUS_CONNECTION, "the fixes need root, and there is no sudo");
		return error_hint(err, "run kvm-check --apply as root");
	}
	report_open_list(call->report, "applied");
	for (size_t i = 0, count; i < plan.count; i += count)
		apply_finding(call, &plan.steps[i], plan.count - i, &count);
	report_close(call->report);
	return 0;
}
