// SPDX-License-Identifier: GPL-3.0-or-later
// A program run by the guest agent. What it writes goes to private files in the guest. Of a short
// one that wrote little the agent tells it together with the end; else the files are opened,
// unlinked at once and read in pieces: more the agent must not keep (virt/agent.h).
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/relay.h"
#include "cmd/vmctl/guest/errand.h"
#include "virt/agent.h"
#include "virt/agent_file.h"
#include "virt/agent_process.h"
#include "virt/kinds.h"

enum {
	FIRST_PAUSE = 3, // milliseconds between looks while it is new, or has just said something
	BUSY_PAUSE = 20,
	LAST_PAUSE = 500,  // and when nothing has been heard for long
	SHORT = 250,       // milliseconds of a program that is not heard before its end
	PIECE = 64 << 10,  // bytes that are asked for where little is expected
	LAST_WORDS = 2000, // milliseconds between SIGTERM and SIGKILL, and after that
};

// $1: how the files are called, to which .0, .1 and .2 is added; "" for none; $2: "1" where it
// reads what is appended to the first, as long as that is there; $3: its user; $4: its directory.
//
// The files are made anew, for us alone. The program leads a session of its own, so that all of it
// can be ended: by SIGTERM and SIGUSR1 to this script, which stands for TERM and KILL. What it
// wrote is told behind a dot where it is little and nobody has opened and unlinked it.
static const char wrapper[] =
	"f=$1 reads=$2 user=$3 directory=$4 in=/dev/null able=1 p=; shift 4\n"
	"if [ -n \"$f\" ]; then\n"
	"  set -C; umask 077\n"
	"  if [ -n \"$reads\" ]; then : >\"$f.0\"; mkfifo \"$f.f\" || exit 125; fi\n"
	"  exec 3>\"$f.1\" 4>\"$f.2\" 5>&1 6>&2\n"
	"  exec 2>&4; set +C; umask 022\n"
	"fi\n"
	"if [ -n \"$reads\" ]; then\n"
	"  {\n"
	"    exec 7<\"$f.0\" >\"$f.f\"; rm -f \"$f.f\"\n"
	"    while cat <&7; do\n"
	"      [ -e \"$f.0\" ] || { cat <&7; break; }\n"
	"      kill -0 $$ || break\n"
	"      sleep 0.1 || sleep 1\n"
	"    done\n"
	"    rm -f \"$f.0\"\n"
	"  } </dev/null 2>/dev/null 3>&- 4>&- 5>&- 6>&- &\n"
	"  in=$f.f\n"
	"fi\n"
	"if [ -n \"$user\" ]; then\n"
	"  group=$(id -g -- \"$user\") || able=\n"
	"  chown -- \"$user\" /proc/self/fd/3 /proc/self/fd/4\n"
	"  : \"${HOME:=$(getent passwd \"$user\" | cut -d: -f6)}\"\n"
	"  export HOME USER=\"$user\" LOGNAME=\"$user\"\n"
	"  if command -v setpriv >/dev/null; then\n"
	"    set -- setpriv --reuid \"$user\" --regid \"$group\" --init-groups -- \"$@\"\n"
	"  else set -- runuser -u \"$user\" -- \"$@\"; fi\n"
	"fi\n"
	"[ -z \"$directory\" ] || cd -- \"$directory\" || able=\n"
	"if command -v setsid >/dev/null; then set -- setsid -- \"$@\"; fi\n"
	"if [ -z \"$f\" ]; then [ -n \"$able\" ] || exit 125; exec \"$@\" >/dev/null 2>&1; fi\n"
	"trap 'hit=1; [ -z \"$p\" ] || kill -s TERM -- \"-$p\" || kill -s TERM \"$p\"' TERM\n"
	"trap 'hit=1; [ -z \"$p\" ] || kill -s KILL -- \"-$p\" || kill -s KILL \"$p\"' USR1\n"
	"status=125 hit=$able\n"
	"if [ -n \"$able\" ]; then\n"
	"  \"$@\" <\"$in\" >&3 2>&4 3>&- 4>&- 5>&- 6>&- &\n"
	"  p=$!\n"
	"fi\n"
	"exec 2>/dev/null 3>&- 4>&-\n"
	"while [ -n \"$hit\" ]; do hit=; wait \"$p\"; status=$?; done\n"
	"little() { [ ! -s \"$1\" ] || [ \"$(wc -c <\"$1\")\" -le 65536 ]; }\n"
	"if [ -e \"$f.1\" ] && little \"$f.1\" && little \"$f.2\"; then\n"
	"  printf . >&5\n"
	"  [ ! -s \"$f.1\" ] || cat \"$f.1\" >&5\n"
	"  [ ! -s \"$f.2\" ] || cat \"$f.2\" >&6\n"
	"  rm -f \"$f.1\" \"$f.2\" >/dev/null 5>&- 6>&- &\n"
	"fi\n"
	"exit \"$status\"\n";

static const char *const places[] = {"/tmp", "/run", "/dev/shm"};
enum { PLACES = sizeof(places) / sizeof(*places) };

struct running {
	struct agent agent;
	struct errand *errand;
	struct relay *relay;
	char *files;                      // how they are called
	bool named;                       // the outputs may still be there by their names
	long long pid;                    // -1: none
	long long sweeper;                // the process that removes the names; -1: none
	long long outputs[RELAY_STREAMS]; // handles, -1 for none
	long long input;
	size_t piece[RELAY_STREAMS];
	struct agent_status status;
};

static char *file_names(const char *place)
{
	unsigned char random[16];
	struct text name = {0};

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		abort();
	text_append_format(&name, "%s/.vmctl-", place);
	for (size_t i = 0; i < sizeof(random); i++)
		text_append_format(&name, "%02x", random[i]);
	return text_take(&name);
}

static void add_environment(const struct errand *errand, struct list *environment)
{
	list_add(environment, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	list_add(environment, "SHELL=/bin/sh");
	if (!errand->user) {
		list_add(environment, "HOME=/root");
		list_add(environment, "USER=root");
		list_add(environment, "LOGNAME=root");
	}
	// The last one counts.
	for (size_t i = 0; i < errand->environment.count; i++)
		list_add(environment, errand->environment.items[i]);
}

static int start(struct running *run, struct error *err)
{
	const struct errand *errand = run->errand;
	auto_list struct list environment = {0};
	auto_free const char **argv = memory_new(errand->words->count + 9, sizeof(char *));
	size_t count = 0;

	add_environment(errand, &environment);
	argv[count++] = "/bin/sh";
	argv[count++] = "-c";
	argv[count++] = wrapper;
	argv[count++] = "sh";
	argv[count++] = errand->detached ? "" : run->files;
	argv[count++] = errand->input.fd >= 0 ? "1" : "";
	argv[count++] = errand->user ? errand->user : "";
	argv[count++] = errand->directory ? errand->directory : "";
	for (size_t i = 0; i < errand->words->count; i++)
		argv[count++] = errand->words->items[i];
	run->pid = agent_process_start(&run->agent,
				       &(struct agent_process){.argv = argv,
							       .environment = &environment,
							       .output = !errand->detached},
				       err);
	run->named = run->pid >= 0 && !errand->detached;
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

// From here on the outputs have no names: nothing is left of them, whatever becomes of us.
static int remove_names(struct running *run, struct error *err)
{
	auto_free char *output = text_format("%s.1", run->files);
	auto_free char *errors = text_format("%s.2", run->files);
	const char *argv[] = {"rm", "-f", "--", output, errors, NULL};

	run->named = false;
	run->sweeper = agent_process_start(&run->agent, &(struct agent_process){.argv = argv}, err);
	return run->sweeper < 0 ? -1 : 0;
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
	return agent_script(&run->agent, "rm -f -- \"$1\"", (const char *const[]){path, NULL},
			    LAST_WORDS, NULL, err);
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
	// Once its end was told, the agent knows nothing of it any more.
	return run->status.exited ? 0
				  : agent_process_look(&run->agent, run->pid, &run->status, err);
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

// After its end: what nobody has read yet.
static int hear_the_rest(struct running *run, struct error *err)
{
	const struct text *output = &run->status.output, *errors = &run->status.errors;

	if (!is_heard(run) && output->length && *output->data == '.') {
		run->named = false;
		return relay_pass(run->relay, RELAY_OUTPUT, output->data + 1, output->length - 1,
				  err) < 0
			       ? -1
			       : relay_pass(run->relay, RELAY_ERRORS, text_string(errors),
					    errors->length, err);
	}
	// Much of it, or it was killed.
	if (!is_heard(run) && open_outputs(run, err) < 0)
		return -1;
	return read_streams(run, err) < 0 ? -1 : 0;
}

// Hears it, and feeds it, once it has shown that it takes longer: 1 where something was heard.
static int listen(struct running *run, long long begun, struct error *err)
{
	bool feeds = run->errand->input.fd >= 0 && run->input < 0;

	if (feeds && open_file(run, "0", "r+", &run->input, err) < 0)
		return -1;
	if (clock_milliseconds() - begun < SHORT)
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
	int pause = FIRST_PAUSE;

	for (;;) {
		int left = clock_left(end), heard;

		if (look(run, err) < 0)
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
		if (pause_a_while(run, left >= 0 && left < pause ? left : pause, err) < 0)
			return -1;
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
	if (run->sweeper >= 0 && !hangs)
		agent_process_end(&run->agent, run->sweeper, LAST_WORDS, NULL, &ignored);
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
		run->files = file_names(places[i]);
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
			      .sweeper = -1,
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
