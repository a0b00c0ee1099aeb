// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/vmctl.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "output/json.h"

enum { ANSWER_MOST = 256 << 20 }; // bytes

// The caller's.
static char *find_program(void)
{
	char *sibling = process_sibling("vmctl");

	return sibling ? sibling : text_copy("vmctl");
}

// vmctl says in JSON what went wrong; its first error is the cause.
static int pass_failure(const struct process_result *result, struct error *err)
{
	auto_error struct error ignored = {0};
	auto_list struct list lines = list_split(result->errors, "\n");
	auto_json struct json *said = NULL;
	const char *what = NULL, *reason, *hint;

	for (size_t i = 0; i < lines.count && !what; i++) {
		json_free(take(&said));
		said = json_read(lines.items[i], "what vmctl says", &ignored);
		what = said ? json_get_text(said, "error") : NULL;
	}
	if (!what)
		return error_set(err, STATUS_FAILED, "vmctl ended with status %d",
				 result->exit_status);
	reason = json_get_text(said, "reason");
	hint = json_get_text(said, "hint");
	error_set(err, (enum status)result->exit_status, "%s", reason ? reason : what);
	if (reason)
		error_wrap(err, "%s", what);
	return hint ? error_hint(err, "%s", hint) : -1;
}

struct json *vmctl_ask(struct call *call, const struct list *words, long long timeout,
		       struct error *err)
{
	auto_process_result struct process_result result = {0};
	auto_list struct list argv = {0};
	const char *uri = argument_host(call);
	struct process process = {.timeout = timeout, .most = ANSWER_MOST, .bound = true};

	list_add_owned(&argv, find_program());
	if (uri) {
		list_add(&argv, "-c");
		list_add(&argv, uri);
	}
	list_add(&argv, "--json");
	for (size_t i = 0; i < words->count; i++)
		list_add(&argv, words->items[i]);
	process.argv = (const char *const *)argv.items;
	if (process_run(&process, &result, err) < 0) {
		if (err->status == STATUS_NOT_FOUND)
			error_hint(err, "vmctl belongs beside vm-img; it asks libvirt");
		return NULL;
	}
	if (result.exit_status != 0) {
		pass_failure(&result, err);
		return NULL;
	}
	return json_read(result.output, "what vmctl answers", err);
}
