// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/console.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libvirt/virterror.h>
#include <poll.h>
#include <regex.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/pattern.h"
#include "base/terminal.h"
#include "base/text.h"
#include "virt/cleanup.h"
#include "virt/failure.h"

struct pump {
	const struct console *console;
	virStreamPtr stream;
	int wake;          // an eventfd: the event loop's thread says that the stream is ready
	struct text typed; // not sent yet
	struct text seen;  // the end of what was shown since the last step was done
	size_t step;       // that is waited for, or is to be done
	regex_t *patterns; // of the steps that have one
	long long deadline;
	bool shown; // anything at all
	bool ended;
};

enum { SEEN_MOST = 65536 }; // bytes

bool console_escape(const char *string, char *escape)
{
	char control = string[0] == '^' ? (char)toupper((unsigned char)string[1]) : '\0';

	if (strlen(string) == 1 && *string != '^')
		*escape = *string;
	else if (strlen(string) == 2 && control >= '@' && control <= '_')
		*escape = (char)(control & 0x1f); // CTRL-x is x with only its lowest five bits
	else
		return false;
	return true;
}

// Runs on the event loop's thread, perhaps still once after the callback was removed: so it has a
// descriptor of its own. Interest is dropped until the pump asks again, so that a stream that stays
// ready does not spin.
static void stream_ready(virStreamPtr stream, int events, void *data)
{
	unsigned long long one = 1;

	virStreamEventUpdateCallback(stream,
				     events & (VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP));
	while (write((int)(intptr_t)data, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
}

static void close_wake(void *data)
{
	close((int)(intptr_t)data);
}

static int watch_stream(struct pump *pump, struct error *err)
{
	int wake = fcntl(pump->wake, F_DUPFD_CLOEXEC, 0);
	// The descriptor itself is the data: the loop may not come to free it before the program
	// ends.
	void *data = (void *)(intptr_t)wake; // NOLINT(performance-no-int-to-ptr)

	if (wake < 0)
		return error_set_errno(err, errno, "cannot watch the console");
	if (virStreamEventAddCallback(pump->stream, 0, stream_ready, data, close_wake) == 0)
		return 0;
	close(wake);
	return virt_failure(err, "cannot watch the console");
}

// The length of what is seen up to the end of what STEP waits for; 0: it has not appeared.
static size_t find_step(struct pump *pump, const struct console_step *step)
{
	const char *seen = text_string(&pump->seen), *found;
	regmatch_t match;

	if (step->kind == CONSOLE_PATTERN)
		return regexec(&pump->patterns[pump->step], seen, 1, &match, 0) == 0
			       ? (size_t)match.rm_eo + (match.rm_eo == 0)
			       : 0;
	found = strstr(seen, step->text);
	return found ? (size_t)(found - seen) + strlen(step->text) : 0;
}

static void begin_step(struct pump *pump)
{
	long long timeout = pump->console->timeout;

	pump->deadline = timeout ? clock_milliseconds() + timeout : 0;
}

// Ends it once all steps are done and nothing is left to be sent.
static void end_behind_steps(struct pump *pump)
{
	size_t count = pump->console->step_count;

	if (count && pump->step == count && !pump->typed.length)
		pump->ended = true;
}

// Does the steps whose turn has come.
static void advance(struct pump *pump)
{
	const struct console *console = pump->console;

	while (pump->step < console->step_count) {
		const struct console_step *step = &console->steps[pump->step];
		size_t found = step->kind == CONSOLE_SEND ? 0 : find_step(pump, step);

		if (step->kind == CONSOLE_SEND)
			text_append(&pump->typed, step->text);
		else if (!found)
			return;
		else if (pump->seen.length)
			text_drop(&pump->seen, found);
		pump->step++;
		begin_step(pump);
	}
	end_behind_steps(pump);
}

// Keeps the tail of the output, in which zeroes would hide the rest.
static void remember(struct pump *pump, const char *bytes, size_t length)
{
	pump->shown = true;
	if (!pump->console->step_count)
		return;
	for (size_t i = 0; i < length; i++)
		text_append_char(&pump->seen, bytes[i] ? bytes[i] : ' ');
	if (pump->seen.length > SEEN_MOST)
		text_drop(&pump->seen, pump->seen.length - SEEN_MOST);
	advance(pump);
}

static int receive(struct pump *pump, struct error *err)
{
	char buffer[4096];
	int got;

	while ((got = virStreamRecv(pump->stream, buffer, sizeof(buffer))) > 0) {
		if (file_write_all(pump->console->output, buffer, (size_t)got) < 0)
			return error_set_errno(err, errno, "cannot write the console's output");
		remember(pump, buffer, (size_t)got);
		if (pump->ended)
			return 0;
	}
	if (got == -1)
		return virt_failure(err, "cannot read from the console");
	if (got == 0) {
		pump->ended = true;
		if (pump->step < pump->console->step_count)
			return error_set(err, STATUS_FAILED,
					 "the guest stopped before '%s' appeared",
					 pump->console->steps[pump->step].text);
	}
	return 0;
}

static int send_typed(struct pump *pump, struct error *err)
{
	while (pump->typed.length > 0) {
		int sent = virStreamSend(pump->stream, pump->typed.data, pump->typed.length);

		if (sent == -1)
			return virt_failure(err, "cannot write to the console");
		if (sent < 0)
			break;
		text_drop(&pump->typed, (size_t)sent);
	}
	end_behind_steps(pump);
	return 0;
}

static int read_typed(struct pump *pump, struct error *err)
{
	char buffer[1024];
	ssize_t got = read(pump->console->input, buffer, sizeof(buffer));
	const char *escape;

	if (got < 0)
		return errno == EINTR ? 0 : error_set_errno(err, errno, "cannot read the keyboard");
	escape = memchr(buffer, pump->console->escape, (size_t)got);
	if (escape || got == 0)
		pump->ended = true;
	text_append_bytes(&pump->typed, buffer, escape ? (size_t)(escape - buffer) : (size_t)got);
	return 0;
}

// A console that shows nothing lacks something in the guest.
static int timed_out(const struct pump *pump, struct error *err)
{
	const struct console *console = pump->console;

	if (!console->step_count)
		return error_set(err, STATUS_TIMEOUT, "the guest still runs after %lld s",
				 console->timeout / 1000);
	error_set(err, STATUS_TIMEOUT, "'%s' did not appear within %lld s",
		  console->steps[pump->step].text, console->timeout / 1000);
	if (pump->shown)
		return -1;
	return error_hint(err, "the guest has written nothing; if it never does, its kernel needs "
			       "console=ttyS0 on its command line, its system a getty "
			       "(systemctl enable --now serial-getty@ttyS0)");
}

static int wait_for_events(struct pump *pump, struct error *err)
{
	int events = VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP |
		     (pump->typed.length ? VIR_STREAM_EVENT_WRITABLE : 0);
	struct pollfd polls[2] = {{.fd = pump->wake, .events = POLLIN},
				  {.fd = pump->console->input, .events = POLLIN}};
	unsigned long long count;

	virStreamEventUpdateCallback(pump->stream, events);
	if (interrupt_poll(polls, 2, clock_left(pump->deadline)) == 0)
		return timed_out(pump, err);
	if (interrupt_check(err) < 0)
		return -1;
	if (polls[0].revents && read(pump->wake, &count, sizeof(count)) < 0 && errno != EINTR)
		return error_set_errno(err, errno, "cannot wait for the console");
	return polls[1].revents ? read_typed(pump, err) : 0;
}

static int pump_run(struct pump *pump, struct error *err)
{
	begin_step(pump);
	advance(pump);
	while (!pump->ended)
		if (receive(pump, err) < 0 ||
		    (!pump->ended && (send_typed(pump, err) < 0 ||
				      (!pump->ended && wait_for_events(pump, err) < 0))))
			return -1;
	return 0;
}

static int run_on_terminal(struct pump *pump, struct error *err)
{
	struct termios saved;
	int failed;

	if (!isatty(pump->console->input))
		return pump_run(pump, err);
	if (terminal_raw(pump->console->input, &saved, err) < 0)
		return -1;
	failed = pump_run(pump, err);
	terminal_restore(pump->console->input, &saved);
	return failed;
}

static void open_failed(const struct console *console, struct error *err)
{
	virt_failure(err, "cannot open the console of '%s'", virDomainGetName(console->domain));
	// What libvirt says where another has it.
	if (err->code == VIR_ERR_OPERATION_FAILED) {
		err->status = STATUS_CONFLICT;
		error_hint(err, "$vmctl console --force -- '%s' takes it over",
			   virDomainGetName(console->domain));
	}
}

virStreamPtr console_open(const struct console *console, struct error *err)
{
	auto_stream virStreamPtr stream =
		virStreamNew(virDomainGetConnect(console->domain), VIR_STREAM_NONBLOCK);

	if (stream &&
	    virDomainOpenConsole(console->domain, console->device, stream, console->flags) == 0)
		return take(&stream);
	open_failed(console, err);
	return NULL;
}

// Of the steps that have one; the others stay zero.
static int read_patterns(struct pump *pump, struct error *err)
{
	const struct console *console = pump->console;

	pump->patterns = memory_new(console->step_count + 1, sizeof(*pump->patterns));
	for (size_t i = 0; i < console->step_count; i++) {
		const struct console_step *step = &console->steps[i];

		if (step->kind == CONSOLE_PATTERN &&
		    pattern_compile(&pump->patterns[i], step->text, err) < 0)
			return -1;
	}
	return 0;
}

static void pump_clear(struct pump *pump)
{
	for (size_t i = 0; pump->patterns && i < pump->console->step_count; i++)
		if (pump->console->steps[i].kind == CONSOLE_PATTERN)
			regfree(&pump->patterns[i]);
	free(pump->patterns);
	text_clear(&pump->typed);
	text_clear(&pump->seen);
}
#define auto_pump __attribute__((cleanup(pump_clear)))

int console_run(const struct console *console, struct error *err)
{
	auto_stream virStreamPtr stream = NULL;
	auto_close int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	auto_pump struct pump pump = {.console = console, .wake = wake};
	int failed;

	if (read_patterns(&pump, err) < 0)
		return -1;
	stream = console_open(console, err);
	pump.stream = stream;
	if (!stream || watch_stream(&pump, err) < 0)
		return -1;
	if (console->resume && virDomainResume(console->domain) < 0)
		failed = virt_failure(err, "Failed to resume domain '%s'",
				      virDomainGetName(console->domain));
	else
		failed = run_on_terminal(&pump, err);
	virStreamEventRemoveCallback(stream);
	virStreamAbort(stream);
	return failed;
}
