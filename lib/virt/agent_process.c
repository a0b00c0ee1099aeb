// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/agent_process.h"

#include <poll.h>
#include <string.h>

#include "base/base64.h"
#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/call.h"
#include "output/json.h"
#include "virt/agent.h"

enum { ARGUMENTS_MOST = 12 };
// Milliseconds between looks, and that an ended call waits for its last script.
enum { FIRST_LOOK = 4, LAST_LOOK = 250, LAST_WORDS = 2000 };

long long agent_process_start(const struct agent *agent, const struct agent_process *process,
			      struct error *err)
{
	auto_json struct json *command = json_new_object(), *answer = NULL;
	struct json *arguments = json_new_object(), *words = json_new_array();
	auto_free char *text = NULL;

	for (size_t i = 1; process->argv[i]; i++)
		json_append(words, value_text(process->argv[i]));
	json_set(command, "execute", value_text("guest-exec"));
	json_set(arguments, "path", value_text(process->argv[0]));
	json_set_json(arguments, "arg", words);
	json_set(arguments, "capture-output", value_boolean(process->output));
	if (process->environment)
		json_set_json(arguments, "env", json_new_texts(process->environment));
	json_set_json(command, "arguments", arguments);
	text = json_text(command);
	answer = agent_ask(agent, text, err);
	return answer ? (long long)json_get_unsigned(answer, "pid") : -1;
}

// What the agent kept of a stream.
static void keep(struct text *text, const char *encoded)
{
	auto_error struct error ignored = {0};
	size_t length = 0;
	auto_free char *bytes = encoded ? base64_decode(encoded, &length, &ignored) : NULL;

	if (bytes)
		text_append_bytes(text, bytes, length);
}

int agent_process_look(const struct agent *agent, long long pid, struct agent_status *status,
		       struct error *err)
{
	auto_free char *text = text_format(
		"{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":%lld}}", pid);
	auto_json struct json *answer = agent_ask(agent, text, err);
	int signal = answer ? (int)json_get_unsigned(answer, "signal") : 0;

	if (!answer)
		return -1;
	status->exited = json_get_boolean(answer, "exited");
	status->killed = signal != 0;
	status->status =
		signal ? STATUS_SIGNAL + signal : (int)json_get_unsigned(answer, "exitcode");
	keep(&status->output, json_get_text(answer, "out-data"));
	keep(&status->errors, json_get_text(answer, "err-data"));
	return 0;
}

void agent_status_clear(struct agent_status *status)
{
	text_clear(&status->output);
	text_clear(&status->errors);
	*status = (struct agent_status){0};
}

int agent_script_judge(int status, char *errors, struct error *err)
{
	enum status failed = STATUS_FAILED;
	const char *line;

	if (status == 0)
		return 0;
	line = strrchr(text_strip(errors), '\n');
	line = line ? line + 1 : errors;
	// What a script of ours may tell.
	if (status == STATUS_NOT_FOUND || status == STATUS_CONFLICT)
		failed = (enum status)status;
	return *line ? error_set(err, failed, "%s", line)
		     : error_set(err, failed, "exit status %d in the guest", status);
}

static int judge(struct agent_status *status, char **output, struct error *err)
{
	auto_free char *errors = text_take(&status->errors);

	if (agent_script_judge(status->status, errors, err) < 0)
		return -1;
	if (output)
		*output = text_strip(text_take(&status->output));
	return 0;
}

int agent_process_end(const struct agent *agent, long long pid, int milliseconds, char **output,
		      struct error *err)
{
	long long end = clock_milliseconds() + milliseconds;
	int pause = FIRST_LOOK;

	for (;;) {
		auto_agent_status struct agent_status status = {0};

		if (agent_process_look(agent, pid, &status, err) < 0)
			return -1;
		if (status.exited)
			return judge(&status, output, err);
		if (clock_left(end) == 0)
			return error_set(err, STATUS_TIMEOUT,
					 "process %lld of the guest still runs", pid);
		if (agent->clearing)
			poll(NULL, 0, pause);
		else if (cancel_poll(agent->call->cancel, NULL, 0, pause) < 0)
			return cancel_check(agent->call->cancel, err);
		pause = pause * 3 / 2 < LAST_LOOK ? pause * 3 / 2 : LAST_LOOK;
	}
}

long long agent_script_start(const struct agent *agent, const char *script,
			     const char *const *arguments, struct error *err)
{
	const char *argv[ARGUMENTS_MOST + 5] = {"/bin/sh", "-c", script, "sh"};

	for (size_t i = 0; arguments && i < ARGUMENTS_MOST && arguments[i]; i++)
		argv[i + 4] = arguments[i];
	return agent_process_start(agent, &(struct agent_process){.argv = argv, .output = true},
				   err);
}

int agent_script(const struct agent *agent, const char *script, const char *const *arguments,
		 int milliseconds, char **output, struct error *err)
{
	long long pid = agent_script_start(agent, script, arguments, err);
	struct agent clearing = *agent;
	auto_error struct error ignored = {0};
	int failed;

	clearing.clearing = true;
	if (pid < 0)
		return -1;
	failed = agent_process_end(agent, pid, milliseconds, output, err);
	// What it does must not come after what undoes it.
	if (failed && err->status >= STATUS_SIGNAL)
		agent_process_end(&clearing, pid, LAST_WORDS, NULL, &ignored);
	return failed;
}
