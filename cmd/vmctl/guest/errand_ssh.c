// SPDX-License-Identifier: GPL-3.0-or-later
// A program run by ssh, with a key that its user has for this one run.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/relay.h"
#include "cmd/vmctl/guest/errand.h"
#include "cmd/vmctl/guest/login.h"
#include "output/report.h"
#include "virt/kinds.h"

enum { OUTPUT_MOST = 64 << 20 }; // bytes

// The words as the shell at the other end takes them for what they are; the caller's.
static char *command_line(const struct errand *errand)
{
	struct text line = {0};

	if (errand->directory) {
		text_append(&line, "cd -- ");
		text_append_quoted(&line, errand->directory);
		text_append(&line, " && ");
	}
	text_append(&line, errand->detached ? "{ setsid env" : "exec env");
	for (size_t i = 0; i < errand->environment.count; i++) {
		text_append_char(&line, ' ');
		text_append_quoted(&line, errand->environment.items[i]);
	}
	if (errand->timeout)
		text_append_format(&line, " timeout %lld", errand->timeout / 1000);
	for (size_t i = 0; i < errand->words->count; i++) {
		text_append_char(&line, ' ');
		text_append_quoted(&line, errand->words->items[i]);
	}
	if (errand->detached)
		text_append(&line, " </dev/null >/dev/null 2>&1 & echo $!; }");
	return text_take(&line);
}

static void pass_output(void *data, const char *bytes, size_t length)
{
	auto_error struct error ignored = {0};

	relay_pass(data, RELAY_OUTPUT, bytes, length, &ignored);
}

// Where nobody else writes, its streams are ours; else what it writes is passed on.
static int run_words(struct call *call, const struct list *words, struct relay *relay,
		     struct error *err)
{
	const char *const *argv = (const char *const *)words->items;
	auto_process_result struct process_result result = {0};

	if (!call->selected && !report_is_json(call->report))
		return process_run_interactive(argv, err);
	if (process_run(&(struct process){.argv = argv,
					  .bound = true,
					  .most = OUTPUT_MOST,
					  .output = pass_output,
					  .data = relay},
			&result, err) < 0 ||
	    relay_pass(relay, RELAY_ERRORS, result.errors, strlen(result.errors), err) < 0 ||
	    relay_end(relay, err) < 0)
		return -1;
	return result.exit_status;
}

static int run_logged_in(struct login *login, const struct errand *errand, struct relay *relay,
			 struct error *err)
{
	auto_free char *line = NULL;
	auto_list struct list words = {0};

	if (login_begin(login, err) < 0)
		return -1;
	line = command_line(errand);
	return login_words(login, line, &words, err) < 0
		       ? -1
		       : run_words(login->call, &words, relay, err);
}

int errand_by_ssh(struct call *call, const struct errand *errand, struct relay *relay,
		  struct errand_end *end, struct error *err)
{
	struct login login = {.call = call, .domain = call_domain(call), .user = errand->user};
	int status = run_logged_in(&login, errand, relay, err);

	login_end(&login);
	if (status < 0)
		return -1;
	*end = (struct errand_end){.status = status,
				   .late = errand->timeout && status == ERRAND_LATE};
	return 0;
}
