// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/report.h"
#include "cmd/kvm-check/results.h"
#include "host/guard.h"
#include "host/record_filter.h"
#include "host/recording.h"
#include "output/report.h"

enum { WIDTH = 80 }; // columns

static bool find_check(const char *key, const struct check_group **group,
		       const struct check **check)
{
	for (*group = check_groups; (*group)->name; ++*group)
		for (*check = (*group)->checks; (*check)->key; ++*check)
			if (text_equal((*check)->key, key))
				return true;
	return false;
}

static void check_names(struct call *call, struct list *found)
{
	(void)call;
	for (const struct check_group *group = check_groups; group->name; group++)
		for (const struct check *check = group->checks; check->key; check++)
			list_add(found, check->key);
}

struct look {
	const struct host *host;
	const char *path;
	char *content;
};

static void read_again(void *data)
{
	struct look *look = data;

	look->content = record_filter(look->host, look->path);
}

// What checks read of a file, on one line; the caller's, NULL where it cannot be read or tells them
// nothing.
static char *content(const struct host *host, const char *path)
{
	struct host quiet = *host;
	struct look look = {.host = &quiet, .path = path};

	quiet.root.trace = NULL;
	if (!host->root.guard)
		read_again(&look);
	else if (guard_run(host->root.guard, read_again, &look) < 0)
		return text_copy("does not answer");
	for (char *c = look.content; c && *c; c++)
		*c = *c == '\n' || *c == '\t' ? ' ' : *c;
	if (look.content && *text_strip(look.content))
		return look.content;
	free(look.content);
	return NULL;
}

static void report_look(struct report *report, const char *what, const char *found)
{
	report_open(report, NULL);
	report_value(report, "what", value_text(what));
	report_value(report, "found", value_text(found));
	report_close(report);
	report_heading(report, "  %s%s%.*s\n", what, found ? ": " : "",
		       WIDTH - 4 - (int)strlen(what), found ? found : "");
}

static void report_paths(struct report *report, const struct host *host, const struct list *paths,
			 bool files)
{
	for (size_t i = 0; i < paths->count; i++) {
		auto_free char *found = files ? content(host, paths->items[i]) : NULL;

		report_look(report, paths->items[i], found);
	}
}

static void report_looks(struct report *report, const struct host *host,
			 const struct recording *recording, const struct list *asked)
{
	const struct root_trace *trace = &recording->trace;

	report_heading(report, "\nLooked at:\n");
	report_open_list(report, "looked_at");
	for (size_t i = 0; i < recording->facts.keys.count; i++)
		report_look(report, recording->facts.keys.items[i],
			    recording->facts.values.items[i]);
	for (size_t i = 0; i < asked->count; i++)
		report_look(report, asked->items[i], facts_get(&host->facts, asked->items[i]));
	report_paths(report, host, &trace->read, true);
	report_paths(report, host, &trace->listed, false);
	report_paths(report, host, &trace->seen, false);
	report_paths(report, host, &trace->links, false);
	report_close(report);
}

static void report_explanation(struct report *report, const struct check_group *group,
			       const struct check *check)
{
	const struct explanation *explanation = explanation_find(check->key);
	const char *undo = explanation->undo;

	report_value(report, "check", value_text(check->key));
	report_value(report, "group", value_text(group->name));
	report_value(report, "meaning", value_text(explanation->meaning));
	report_value(report, "cost", value_text(explanation->cost));
	report_value(report, "undo", value_text(undo));
	report_paragraph(report, "", explanation->meaning);
	report_paragraph(report, "Without it: ", explanation->cost);
	if (undo)
		report_paragraph(report, "To undo the fix: ", undo);
}

static int explain(struct call *call, struct error *err)
{
	const char *key = argument_text(call, "check");
	auto_guard struct guard guard = {0};
	auto_host struct host host = {.root = {.fd = -1, .guard = &guard}};
	auto_recording struct recording recording = {0};
	auto_list struct list asked = {0}; // facts of a recorded machine
	auto_examination struct examination x = {.host = &host, .probing = true};
	const struct check_group *group;
	const struct check *check;

	if (!find_check(key, &group, &check)) {
		error_set(err, STATUS_NOT_FOUND, "there is no check '%s'", key);
		return error_hint(err, "kvm-check --json all | jq -r '.checks[].check' shows them");
	}
	if (examination_open(&host, argument_text(call, "root"), err) < 0)
		return -1;
	recording_begin(&host, &recording);
	host.facts.asked = &asked;
	examination_run_one(&x, group, check, PURPOSE_ASKED);
	report_explanation(call->report, group, check);
	report_heading(call->report, "\nFound:\n");
	report_findings(call->report, &x);
	report_each_finding(call->report, &x);
	host.facts.asked = NULL;
	report_looks(call->report, &host, &recording, &asked);
	return 0;
}

// clang-format off
static const struct option explain_options[] = {
	{.kind = OPTION_TEXT, .name = "root", .value = "dir",
	 .help = "explain it about the machine that was recorded below this directory"},
	NEEDED("check", check_names, "check to explain, as JSON and completion name it"),
	END,
};

static const struct field look_fields[] = {
	FIELD("what", NULL, FIELD_TEXT, 0, "a path, or a fact that no file holds"),
	FIELD("found", NULL, FIELD_TEXT, FIELD_NULL, "what it says to checks; null where only its being there counts"),
	FIELDS_END,
};

static const struct field explain_results[] = {
	FIELD("check", NULL, FIELD_TEXT, 0, "its key"),
	FIELD("group", NULL, FIELD_TEXT, 0, "that it is in"),
	FIELD("meaning", NULL, FIELD_TEXT, 0, "what it looks at"),
	FIELD("cost", NULL, FIELD_TEXT, 0, "what it costs where it does not pass"),
	FIELD("undo", NULL, FIELD_TEXT, FIELD_NULL, "how its fix is undone"),
	FIELD_OF("checks", FIELD_LIST, 0, finding_fields, "what it found"),
	FIELD_OF("looked_at", FIELD_LIST, 0, look_fields, "to find it"),
	FIELDS_END,
};
// clang-format on

const struct command explain_command = {
	.name = "explain",
	.traits = COMMAND_OFFLINE | COMMAND_READS,
	.options = explain_options,
	.results = explain_results,
	.summary = "say what a check means, what it looked at, what it costs, how to undo its fix",
	.run = explain,
};
