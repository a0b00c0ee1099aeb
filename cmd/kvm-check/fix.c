// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/fix.h"

#include <stdbool.h>
#include <stddef.h>
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
#include "output/report.h"

// A word as a shell takes it.
static void append_quoted(struct text *line, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%+=:,./_-";

	if (*word && strspn(word, plain) == strlen(word))
		text_append(line, word);
	else
		text_append_quoted(line, word);
}

// The caller's.
static char *command_line(const struct list *words)
{
	struct text line = {0};

	for (size_t i = 0; i < words->count; i++) {
		if (i > 0)
			text_append_char(&line, ' ');
		append_quoted(&line, words->items[i]);
	}
	return text_take(&line);
}

static bool needs_fix(const struct finding *finding)
{
	return finding->verdict > VERDICT_NOTE && (finding->fix || finding->command_count);
}

// A comment of one line, whatever is in it.
static void append_comment(struct text *script, const char *label, const char *comment)
{
	text_append_format(script, "# %s", label);
	for (const char *c = comment; *c; c++)
		text_append_char(script, (unsigned char)*c < ' ' ? ' ' : *c);
	text_append_char(script, '\n');
}

// Adds the commands of a finding that none before it had.
static void append_finding(struct text *script, const struct finding *finding, struct list *seen)
{
	auto_free char *what = text_format(
		"%s, %s: %s", finding->group->title,
		finding->subject ? finding->subject : finding->check->title, finding->detail);

	text_append_char(script, '\n');
	append_comment(script, "", what);
	if (finding->fix)
		append_comment(script,
			       finding->command_count ? "fix: " : "by hand: ", finding->fix);
	for (size_t i = 0; i < finding->command_count; i++) {
		auto_free char *line = command_line(&finding->commands[i]);

		if (list_has(seen, line))
			continue;
		list_add(seen, line);
		text_append_format(script, "%s\n", line);
	}
}

static void report_lists(struct report *report, const struct examination *x)
{
	auto_list struct list seen = {0};

	report_open_list(report, "commands");
	for (size_t i = 0; i < x->count; i++) {
		const struct finding *finding = &x->findings[i];

		for (size_t j = 0; needs_fix(finding) && j < finding->command_count; j++) {
			auto_free char *line = command_line(&finding->commands[j]);

			if (!list_has(&seen, line))
				report_field(report, NULL, "command", value_text(line));
			list_add(&seen, line);
		}
	}
	report_close(report);
	report_open_list(report, "by_hand");
	for (size_t i = 0; i < x->count; i++)
		if (needs_fix(&x->findings[i]) && !x->findings[i].command_count)
			report_field(report, NULL, "fix", value_text(x->findings[i].fix));
	report_close(report);
}

void fix_report(struct call *call, const struct examination *x)
{
	auto_text struct text script = {0};
	auto_list struct list seen = {0};

	if (report_is_json(call->report)) {
		report_lists(call->report, x);
		return;
	}
	text_append(&script, "#!/bin/sh\n# Written by kvm-check: read it, then run it as root.\n"
			     "set -eu\n");
	for (size_t i = 0; i < x->count; i++)
		if (needs_fix(&x->findings[i]))
			append_finding(&script, &x->findings[i], &seen);
	if (seen.count == 0)
		text_append(&script, "\n# There is nothing that a command would fix.\n");
	report_heading(call->report, "%s", text_string(&script));
}

static int run(const struct list *words, struct error *err)
{
	auto_free char *program = companion_find(words->items[0]);
	auto_list struct list argv = {0};

	if (geteuid() != 0)
		list_add(&argv, "sudo");
	list_add(&argv, program ? program : words->items[0]);
	for (size_t i = 1; i < words->count; i++)
		list_add(&argv, words->items[i]);
	return process_run_attached((const char *const *)argv.items, err);
}

// Runs what is to be done for one finding; false when a command failed.
static bool apply_finding(struct call *call, const struct finding *finding, struct list *seen)
{
	for (size_t i = 0; i < finding->command_count; i++) {
		auto_free char *line = command_line(&finding->commands[i]);
		auto_error struct error err = {0};
		int status;

		if (list_has(seen, line))
			continue;
		list_add(seen, line);
		status = run(&finding->commands[i], &err);
		if (status < 0)
			call_error(call, &err);
		report_open(call->report, NULL);
		report_field(call->report, NULL, "command", value_text(line));
		report_field(call->report, NULL, "exit_status", value_integer(status));
		report_close(call->report);
		report_heading(call->report, "%s: %s\n", status ? "failed" : "done", line);
		if (status)
			return false;
	}
	return true;
}

// All commands, each once, a line each.
static char *list_commands(const struct examination *x)
{
	auto_list struct list lines = {0};

	for (size_t i = 0; i < x->count; i++)
		for (size_t j = 0; needs_fix(&x->findings[i]) && j < x->findings[i].command_count;
		     j++) {
			auto_free char *line = command_line(&x->findings[i].commands[j]);

			if (!list_has(&lines, line))
				list_add(&lines, line);
		}
	return list_join(&lines, "\n  ");
}

int fix_apply(struct call *call, const struct examination *x, struct error *err)
{
	auto_free char *commands = list_commands(x);
	auto_free char *question =
		text_format("These commands will be run as root:\n  %s", commands);
	auto_list struct list seen = {0};

	if (!*commands) {
		report_message(call->report, "There is nothing that a command would fix.\n");
		return 0;
	}
	if (confirm(call, question, err) < 0)
		return -1;
	if (geteuid() != 0 && !process_find("sudo", NULL)) {
		error_set(err, STATUS_CONNECTION, "the fixes take root, and there is no sudo");
		return error_hint(err, "run kvm-check --apply as root");
	}
	report_open_list(call->report, NULL);
	for (size_t i = 0; i < x->count; i++)
		if (needs_fix(&x->findings[i]) && !apply_finding(call, &x->findings[i], &seen))
			call->status = STATUS_PARTIAL;
	report_close(call->report);
	return 0;
}
