// SPDX-License-Identifier: GPL-3.0-or-later
// A program run by the guest agent. What it writes goes to private files in the guest. Of a short
// one that wrote little the agent tells it together with the end; else the files are opened,
// unlinked at once and read in pieces: more the agent must not keep (virt/agent.h).
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/relay.h"
#include "cmd/vmctl/guest/errand.h"
#include "cmd/vmctl/guest/errand_start.h"
#include "virt/agent.h"
#include "virt/agent_file.h"
#include "virt/agent_process.h"
#include "virt/kinds.h"

enum {
	FIRST_PAUSE = 3, // milliseconds between looks while it is new, or has just said something
	BUSY_PAUSE = 100,
	LAST_PAUSE = 500,  // and when nothing has been heard for long
	SHORT = 250,       // milliseconds of a program that is not heard before its end
	PATIENCE = 5,      // and of a slow guest so many times its slowest answer
	SHORT_MOST = 2000, // even there
	PIECE = 64 << 10,  // bytes that are asked for where little is expected
	LAST_WORDS = 2000, // milliseconds between SIGTERM and SIGKILL, and after that
	SWEEPERS = 2,      // of the outputs, and of the input
};

static const char *const places[] = {"/tmp", "/run", "/dev/shm"};
enum { PLACES = sizeof(places) / sizeof(*places) };

struct running {
	struct agent agent;
	struct errand *errand;
	struct relay *relay;
	char *files;                      // how they are called
	bool named;                       // the outputs may still be there by their names
	long long pid;                    // -1: none
	long long slowest;                // answer, in milliseconds: how fast the guest is
	long long sweepers[SWEEPERS];     // the processes that remove names; -1: none
	long long outputs[RELAY_STREAMS]; // handles, -1 for none
	long long input;
	size_t piece[RELAY_STREAMS];
	struct agent_status status;
};

static int start(struct running *run, struct error *err)
{
	long long begun = clock_milliseconds();

	run->pid = errand_start(&run->agent, run->errand, run->files, err);
	run->slowest = clock_milliseconds() - begun;
	run->named = run->pid >= 0 && !run->errand->detached;
	return run->pid < 0 ? -1 : 0;
}

// Opens one of its files: 1, 0 where that is not there (yet, or any more), or -1.
static int open_file(struct running *run, const char *ending, const char *mode, long long *handle,
		     struct error *err)
{
	auto_free char *path = text_format("%s.%s", run->files, ending);
	auto_error struct error missing = {0};

	if (*handle >= 0)
		return 1;
	*handle = agent_file_open(&run->agent, path, mode, &missing);
	if (*handle >= 0)
		return 1;
	if (missing.status == STATUS_TIMEOUT || missing.status >= STATUS_SIGNAL)
		return error_move(err, &missing);
	return 0;
}

// Begins to remove the names: nobody waits for it before the end, for a slow guest takes its time.
static int sweep(struct running *run, const char *name, const char *other, struct error *err)
{
	const char *argv[] = {"rm", "-f", "--", name, other, NULL};
	long long *sweeper = &run->sweepers[run->sweepers[0] >= 0];

	*sweeper = agent_process_start(&run->agent, &(struct agent_process){.argv = argv}, err);
	return *sweeper < 0 ? -1 : 0;
}

// From here on the outputs have no names: nothing is left of them, whatever becomes of us.
static int remove_names(struct running *run, struct error *err)
{
	auto_free char *output = text_format("%s.1", run->files);
	auto_free char *errors = text_format("%s.2", run->files);

	run->named = false;
	return sweep(run, output, errors, err);
}

static int open_outputs(struct running *run, struct error *err)
{
	int opened = open_file(run, "1", "r", &run->outputs[RELAY_OUTPUT], err);

	if (opened > 0)
		opened = open_file(run, "2", "r", &run->outputs[RELAY_ERRORS], err);
	return opened > 0 ? remove_names(run, err) : opened;
}

static bool is_heard(const struct running *run)
{
	return run->outputs[RELAY_ERRORS] >= 0;
}

// Passes on what was written to STREAM since: 1 where something was, 0, or -1.
static int read_stream(struct running *run, enum relay_stream stream, struct error *err)
{
	long long got, all = 0;

	do {
		auto_text struct text data = {0};

		got = agent_file_read(&run->agent, run->outputs[stream], run->piece[stream], &data,
				      err);
		if (got < 0 ||
		    relay_pass(run->relay, stream, text_string(&data), data.length, err) < 0)
			return -1;
		all += got;
		if ((size_t)got < run->piece[stream])
			break;
		run->piece[stream] = AGENT_READ_MOST;
	} while (got > 0);
	return all > 0;
}

static int read_streams(struct running *run, struct error *err)
{
	int output, errors;

	if (!is_heard(run))
		return 0;
	output = read_stream(run, RELAY_OUTPUT, err);
	errors = output < 0 ? -1 : read_stream(run, RELAY_ERRORS, err);
	return errors < 0 ? -1 : output | errors;
}

// The file is closed and has no name any more: the program is told so.
static int end_input(struct running *run, struct error *err)
{
	auto_free char *path = text_format("%s.0", run->files);
	long long handle = run->input;

	run->input = -1;
	if (agent_file_close(&run->agent, handle, err) < 0)
		return -1;
	return sweep(run, path, NULL, err);
}

static int feed(struct running *run, struct error *err)
{
	auto_free char *buffer = memory_new(AGENT_WRITE_MOST, 1);
	ssize_t got = errand_input_read(&run->errand->input, buffer, AGENT_WRITE_MOST, err);

	if (got > 0 && (agent_file_write(&run->agent, run->input, buffer, (size_t)got, err) < 0 ||
			agent_file_flush(&run->agent, run->input, err) < 0))
		return -1;
	return got < 0 ? -1 : run->errand->input.fd < 0 ? end_input(run, err) : 0;
}

// Waits for a while, or until there is something to feed it with.
static int pause_a_while(struct running *run, int milliseconds, struct error *err)
{
	struct pollfd input = {.fd = run->input >= 0 ? run->errand->input.fd : -1,
			       .events = POLLIN};
	int ready = cancel_poll(run->agent.call->cancel, &input, 1, milliseconds);

	if (ready < 0)
		return cancel_check(run->agent.call->cancel, err);
	return ready > 0 && input.fd >= 0 ? feed(run, err) : 0;
}

static int look(struct running *run, struct error *err)
{
	long long begun = clock_milliseconds(), took;
	// Once its end was told, the agent knows nothing of it any more.
	int failed = run->status.exited
			     ? 0
			     : agent_process_look(&run->agent, run->pid, &run->status, err);

	took = clock_milliseconds() - begun;
	run->slowest = took > run->slowest ? took : run->slowest;
	return failed;
}

// Ends the program, kindly at first. Whether it has ended.
static bool end_program(struct running *run)
{
	static const char *const signals[] = {"TERM", "USR1"};
	auto_free char *pid = text_format("%lld", run->pid);
	auto_error struct error ignored = {0};

	run->agent.clearing = true;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		long long end = clock_milliseconds() + LAST_WORDS;

		agent_script(&run->agent, "kill -s \"$2\" \"$1\"",
			     (const char *const[]){pid, signals[i], NULL}, LAST_WORDS, NULL,
			     &ignored);
		if (ignored.status == STATUS_TIMEOUT)
			return false;
		do {
			if (look(run, &ignored) < 0)
				return false;
			if (!run->status.exited)
				poll(NULL, 0, BUSY_PAUSE);
		} while (!run->status.exited && clock_left(end) > 0);
		if (run->status.exited)
			return true;
	}
	return false;
}

// Whether all that it wrote was told with its end.
static bool is_told(const struct running *run)
{
	const struct text *output = &run->status.output;

	return !is_heard(run) && !run->status.killed && output->length &&
	       output->data[output->length - 1] == '.';
}

// After its end: what nobody has read yet.
static int hear_the_rest(struct running *run, struct error *err)
{
	const struct text *output = &run->status.output, *errors = &run->status.errors;

	if (is_told(run)) {
		run->named = false;
		return relay_pass(run->relay, RELAY_OUTPUT, output->data, output->length - 1, err) <
				       0
			       ? -1
			       : relay_pass(run->relay, RELAY_ERRORS, text_string(errors),
					    errors->length, err);
	}
	// Much of it, or it was killed.
	if (!is_heard(run) && open_outputs(run, err) < 0)
		return -1;
	return read_streams(run, err) < 0 ? -1 : 0;
}

// What looks at a program takes the processor from it: a guest that is slow is asked less.
static long long short_time(const struct running *run)
{
	long long slow = PATIENCE * run->slowest;

	return slow < SHORT ? SHORT : slow < SHORT_MOST ? slow : SHORT_MOST;
}

// Hears it, and feeds it, once it has shown that it takes longer: 1 where something was heard.
static int listen(struct running *run, long long begun, struct error *err)
{
	bool feeds = run->errand->input.fd >= 0 && run->input < 0;

	if (feeds && open_file(run, "0", "r+", &run->input, err) < 0)
		return -1;
	if (clock_milliseconds() - begun < short_time(run))
		return 0;
	if (!is_heard(run) && open_outputs(run, err) < 0)
		return -1;
	return read_streams(run, err);
}

// Until it has ended: 0, -1 with an error, 1 where its time is up.
static int attend(struct running *run, struct error *err)
{
	long long begun = clock_milliseconds(),
		  end = run->errand->timeout ? begun + run->errand->timeout : 0;
	// Nothing ends before it has begun: a look at once would be in vain.
	int pause = run->slowest < BUSY_PAUSE ? FIRST_PAUSE + (int)run->slowest : BUSY_PAUSE;

	for (;;) {
		int left = clock_left(end), heard;

		if (pause_a_while(run, left >= 0 && left < pause ? left : pause, err) < 0 ||
		    look(run, err) < 0)
			return -1;
		if (run->status.exited)
			return 0;
		if (left == 0)
			return 1;
		heard = listen(run, begun, err);
		if (heard < 0)
			return -1;
		pause = heard ? BUSY_PAUSE : pause * 3 / 2 + 1;
		pause = pause < LAST_PAUSE ? pause : LAST_PAUSE;
	}
}

// Closes and removes what there is in the guest.
static void clear(struct running *run)
{
	auto_error struct error ignored = {0};
	bool hangs = false;

	run->agent.clearing = true;
	for (size_t i = 0; i < RELAY_STREAMS && !hangs; i++)
		hangs = agent_file_close(&run->agent, run->outputs[i], &ignored) < 0 &&
			ignored.status == STATUS_TIMEOUT;
	if (run->input >= 0 && !hangs)
		hangs = end_input(run, &ignored) < 0;
	if (run->named && !hangs)
		hangs = remove_names(run, &ignored) < 0;
	for (size_t i = 0; i < SWEEPERS && !hangs; i++)
		hangs = run->sweepers[i] >= 0 && agent_process_end(&run->agent, run->sweepers[i],
								   LAST_WORDS, NULL, &ignored) < 0;
	agent_status_clear(&run->status);
	free(run->files);
}

// After a failure, a signal or the end of its time: nothing of it goes on unseen.
static void give_up(struct running *run)
{
	if (run->pid < 0 || run->status.exited || end_program(run))
		return;
	call_warning(run->agent.call, "process %lld may still run in '%s'", run->pid,
		     call_name(run->agent.call));
}

// Starts it, in the first place where its files can be made.
static int run_to_the_end(struct running *run, struct errand_end *end, struct error *err)
{
	for (size_t i = 0; i < PLACES; i++) {
		int ended;

		free(run->files);
		run->files = errand_file_names(places[i]);
		agent_status_clear(&run->status);
		if (start(run, err) < 0)
			return -1;
		ended = attend(run, err);
		if (ended < 0)
			return -1;
		end->late = ended > 0;
		if (end->late)
			give_up(run);
		if (hear_the_rest(run, err) < 0)
			return -1;
		if (end->late || is_heard(run) || run->status.output.length)
			return relay_end(run->relay, err);
		run->pid = -1;
	}
	return error_set(err, STATUS_FAILED, "the guest has no place for the output: %s, %s, %s",
			 places[0], places[1], places[2]);
}

static int run_detached(struct running *run, struct error *err)
{
	if (start(run, err) < 0)
		return -1;
	// It may not even be there to be run.
	if (cancel_poll(run->agent.call->cancel, NULL, 0, SHORT) < 0)
		return cancel_check(run->agent.call->cancel, err);
	return look(run, err);
}

int errand_by_agent(struct call *call, struct errand *errand, struct relay *relay,
		    struct errand_end *end, bool *forbidden, struct error *err)
{
	struct running run = {.agent = {.call = call, .domain = call_domain(call)},
			      .errand = errand,
			      .relay = relay,
			      .pid = -1,
			      .sweepers = {-1, -1},
			      .outputs = {-1, -1},
			      .input = -1,
			      .piece = {PIECE, PIECE}};
	int failed = errand->detached ? run_detached(&run, err) : run_to_the_end(&run, end, err);

	*forbidden = false;
	if (failed && run.pid < 0)
		agent_refused(&run.agent, "guest-exec", forbidden, err);
	if (failed)
		give_up(&run);
	end->pid = run.pid;
	end->status = end->late ? ERRAND_LATE : run.status.status;
	clear(&run);
	return failed;
}
