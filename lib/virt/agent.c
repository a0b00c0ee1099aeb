// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/agent.h"

#include <libvirt/libvirt-qemu.h>
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/task.h"
#include "base/text.h"
#include "cli/call.h"
#include "virt/hints.h"

// Libvirt's own bound, in seconds, holds for the answer alone: before it asks, it waits five more
// for the agent to listen. Ours, in milliseconds, is for both; and what is pending when the call is
// ended has that long to end.
enum { SECONDS = 5, PATIENCE = 10000, GRACE = 2000, CLEARING = 3000 };

struct question {
	virDomainPtr domain;
	char *command;
	char *answer;
	struct error err;
};

static void question_free(void *data)
{
	struct question *question = data;

	virDomainFree(question->domain);
	free(question->command);
	free(question->answer);
	error_clear(&question->err);
	free(question);
}

static struct question *question_new(const struct agent *agent, const char *command)
{
	struct question *question = memory_new(1, sizeof(*question));

	question->domain = agent->domain;
	virDomainRef(agent->domain);
	question->command = text_copy(command);
	return question;
}

static void put(void *data)
{
	struct question *question = data;

	question->answer =
		virDomainQemuAgentCommand(question->domain, question->command, SECONDS, 0);
	if (!question->answer)
		virt_failure_plain(&question->err);
}

static int wait_for_answer(const struct agent *agent, struct task *task, struct error *err)
{
	int ready = agent->clearing ? task_outwait(task, CLEARING)
				    : task_wait(task, agent->call->cancel, PATIENCE);

	if (ready > 0)
		return 0;
	// The agent serves one question at a time: what is undone next would only wait for this.
	// Who has pressed TAB waits for nothing.
	if (ready < 0 && !agent->call->completing && task_outwait(task, GRACE))
		return cancel_check(agent->call->cancel, err);
	agent->call->context->left_behind = true;
	if (ready < 0)
		return cancel_check(agent->call->cancel, err);
	return error_set(err, STATUS_TIMEOUT, "the guest agent does not answer");
}

struct json *agent_ask(const struct agent *agent, const char *command, struct error *err)
{
	struct question *question;
	auto_task struct task *task = NULL;
	auto_json struct json *answer = NULL;
	const struct json *returned;

	if (strlen(command) > AGENT_COMMAND_MOST) {
		error_set(err, STATUS_USAGE, "%zu bytes are too many for the guest agent",
			  strlen(command));
		return NULL;
	}
	question = question_new(agent, command);
	task = task_start(put, question, question_free, err);
	if (!task || wait_for_answer(agent, task, err) < 0)
		return NULL;
	if (!question->answer) {
		error_move(err, &question->err);
		domain_hint(err, agent->domain);
		return NULL;
	}
	answer = json_read(question->answer, "the answer of the guest agent", err);
	if (!answer)
		return NULL;
	returned = json_get(answer, "return");
	if (returned)
		return json_copy(returned);
	error_set(err, STATUS_FAILED, "the answer of the guest agent has no 'return'");
	return NULL;
}

static bool is_frozen(const struct agent *agent)
{
	auto_error struct error ignored = {0};
	auto_json struct json *state =
		agent_ask(agent, "{\"execute\":\"guest-fsfreeze-status\"}", &ignored);

	return state && text_equal(json_value(state).text, "frozen");
}

static bool is_disabled(const struct agent *agent, const char *command)
{
	auto_error struct error ignored = {0};
	auto_json struct json *facts = agent_ask(agent, "{\"execute\":\"guest-info\"}", &ignored);
	const struct json *all = facts ? json_get(facts, "supported_commands") : NULL;

	for (size_t i = 0; all && i < json_count(all); i++)
		if (text_equal(json_get_text(json_at(all, i), "name"), command))
			return !json_get_boolean(json_at(all, i), "enabled");
	return all != NULL;
}

int agent_refused(const struct agent *agent, const char *command, bool *forbids, struct error *err)
{
	*forbids = false;
	// Only an answer can be a refusal.
	if (err->status == STATUS_TIMEOUT || err->status == STATUS_CONNECTION ||
	    err->status >= STATUS_SIGNAL || !is_disabled(agent, command))
		return -1;
	if (is_frozen(agent)) {
		error_set(err, STATUS_CONFLICT,
			  "the file systems of the guest are frozen: its agent does nothing else");
		return error_hint(err, "$vmctl domfsthaw -- '%s' thaws them",
				  virDomainGetName(agent->domain));
	}
	*forbids = true;
	return error_set(err, STATUS_CONFLICT, "the guest agent forbids %s", command);
}
