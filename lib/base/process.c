// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/confinement.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"

static int exit_status(int wait_status)
{
	return WIFSIGNALED(wait_status) ? STATUS_SIGNAL + WTERMSIG(wait_status)
					: WEXITSTATUS(wait_status);
}

// What becomes the child's standard streams.
struct streams {
	int in, out, errors;
};

static int confine(const struct process *process, int rules)
{
	return process->confinement ? confinement_enter(process->confinement, rules) : 0;
}

// The child's side of spawn_bound(): gives the error as its only word.
__attribute__((noreturn)) static void become(const struct streams *streams,
					     const struct process *process, int rules, int word,
					     pid_t parent)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	int failed;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_DFL);
	// Who has ended before this call is not noticed by it.
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent ||
	    dup2(streams->in, STDIN_FILENO) < 0 || dup2(streams->out, STDOUT_FILENO) < 0 ||
	    dup2(streams->errors, STDERR_FILENO) < 0)
		_exit(127);
	if (confine(process, rules) == 0)
		execvp(process->argv[0], (char *const *)process->argv);
	failed = errno;
	while (write(word, &failed, sizeof(failed)) < 0 && errno == EINTR)
		continue;
	_exit(127);
}

// posix_spawn() cannot bind the child to this process.
static int spawn_bound(const struct process *process, const struct streams *streams, pid_t *pid,
		       struct error *err)
{
	auto_close int rules = process->confinement ? confinement_open(process->confinement) : -1;
	pid_t parent = getpid();
	int word[2], failed = 0;

	if (pipe2(word, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot create a pipe");
	*pid = fork();
	if (*pid == 0)
		become(streams, process, rules, word[1], parent);
	close(word[1]);
	if (*pid < 0)
		failed = errno;
	else if (read(word[0], &failed, sizeof(failed)) == sizeof(failed))
		waitpid(*pid, NULL, 0);
	close(word[0]);
	if (failed)
		return error_set_errno(err, failed, "cannot run '%s'", process->argv[0]);
	return 0;
}

enum { INPUT_MOST = 60 << 10 };

// A descriptor that gives TEXT, or nothing: a pipe holds that much without a reader.
static int open_input(const char *text, struct error *err)
{
	size_t length = text ? strlen(text) : 0;
	int ends[2], failed;

	if (!text) {
		ends[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return ends[0] < 0 ? error_set_errno(err, errno, "cannot open '/dev/null'")
				   : ends[0];
	}
	if (length > INPUT_MOST)
		return error_set(err, STATUS_USAGE, "%zu bytes are too many", length);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot create a pipe");
	failed = write(ends[1], text, length) != (ssize_t)length;
	close(ends[1]);
	if (!failed)
		return ends[0];
	close(ends[0]);
	return error_set(err, STATUS_FAILED, "cannot write to a pipe");
}

static int spawn_reading(const struct process *process, int out, int errors, pid_t *pid,
			 struct error *err)
{
	auto_close int in = process->reads ? fcntl(process->reads, F_DUPFD_CLOEXEC, 3)
					   : open_input(process->input, err);
	const struct streams streams = {in, out, errors};

	if (in < 0)
		return process->reads ? error_set_errno(err, errno, "cannot read") : -1;
	return spawn_bound(process, &streams, pid, err);
}

// OUT and ERRORS become the child's streams; with both -1 it keeps ours, standard input too.
static int spawn(const char *const *argv, int out, int errors, pid_t *pid, struct error *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int failed;

	posix_spawn_file_actions_init(&actions);
	if (out >= 0) {
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
		posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
	}
	posix_spawnattr_init(&attributes);
	sigemptyset(&signals);
	posix_spawnattr_setsigmask(&attributes, &signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGQUIT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	failed = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (failed)
		return error_set_errno(err, failed, "cannot run '%s'", argv[0]);
	return 0;
}

enum { TICK = 200, LAST_WORDS = 2000 }; // milliseconds

struct stream {
	int fd;
	struct text kept;
};

// Reads what is there; false at the end of the stream.
static bool drain(const struct process *process, struct stream *stream, bool output)
{
	size_t most = process->most ? process->most : (size_t)1024 * 1024;
	char buffer[16384];
	ssize_t got = read(stream->fd, buffer, sizeof(buffer));

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	if (got == 0)
		return false;
	if (output && process->output)
		process->output(process->data, buffer, (size_t)got);
	else if (stream->kept.length + (size_t)got <= most)
		text_append_bytes(&stream->kept, buffer, (size_t)got);
	return true;
}

// Collects both streams until they end; fails on time-out or a signal.
static int collect(const struct process *process, struct stream *streams, struct error *err)
{
	long long deadline = process->timeout ? clock_milliseconds() + process->timeout : 0;
	struct pollfd polls[2] = {{.fd = streams[0].fd, .events = POLLIN},
				  {.fd = streams[1].fd, .events = POLLIN}};

	while (polls[0].fd >= 0 || polls[1].fd >= 0) {
		int left = clock_left(deadline);
		bool ticks = process->tick && (left < 0 || left > TICK);
		int ready = process->heedless ? poll(polls, 2, ticks ? TICK : left)
					      : interrupt_poll(polls, 2, ticks ? TICK : left);

		if (!process->heedless && interrupt_check(err) < 0)
			return -1;
		if (process->tick)
			process->tick(process->data);
		if (ready == 0 && ticks)
			continue;
		if (ready == 0)
			return error_set(err, STATUS_TIMEOUT, "'%s' took longer than %lld ms",
					 process->argv[0], process->timeout);
		for (int i = 0; i < 2 && ready > 0; i++)
			if (polls[i].revents && !drain(process, &streams[i], i == 0))
				polls[i].fd = -1;
		if (process->enough && *process->enough)
			return error_set(err, STATUS_FAILED, "'%s' was stopped", process->argv[0]);
	}
	return 0;
}

// Kills the child. One that the kernel does not let go, waiting for a file system that is away, is
// left to whoever reaps orphans.
static void end(pid_t pid)
{
	enum { PATIENCE = 500 }; // milliseconds
	long long deadline = clock_milliseconds() + PATIENCE;

	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, WNOHANG) == 0 && clock_left(deadline) > 0)
		poll(NULL, 0, 1);
}

int process_run(const struct process *process, struct process_result *result, struct error *err)
{
	int out[2], errors[2], wait_status = 0, failed;
	struct stream streams[2] = {0};
	pid_t pid = 0;

	if (pipe2(out, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, "cannot create a pipe");
	if (pipe2(errors, O_CLOEXEC) < 0) {
		close(out[0]);
		close(out[1]);
		return error_set_errno(err, errno, "cannot create a pipe");
	}
	failed = process->bound ? spawn_reading(process, out[1], errors[1], &pid, err)
				: spawn(process->argv, out[1], errors[1], &pid, err);
	close(out[1]);
	close(errors[1]);
	streams[0].fd = out[0];
	streams[1].fd = errors[0];
	if (failed == 0 && pid > 0) {
		failed = collect(process, streams, err);
		if (failed < 0)
			end(pid);
		else
			while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
				continue;
	}
	close(out[0]);
	close(errors[0]);
	if (failed < 0) {
		text_clear(&streams[0].kept);
		text_clear(&streams[1].kept);
		return -1;
	}
	*result = (struct process_result){.exit_status = exit_status(wait_status),
					  .output = text_take(&streams[0].kept),
					  .errors = text_take(&streams[1].kept)};
	return 0;
}

void process_result_clear(struct process_result *result)
{
	free(result->output);
	free(result->errors);
	*result = (struct process_result){0};
}

char *process_output(const struct process *process, struct error *err)
{
	auto_process_result struct process_result result = {0};
	const char *line;

	if (process_run(process, &result, err) < 0)
		return NULL;
	if (result.exit_status == 0)
		return take(&result.output);
	text_strip(result.errors);
	line = strrchr(result.errors, '\n');
	line = line ? line + 1 : result.errors;
	if (*line)
		error_set(err, STATUS_FAILED, "%s", line);
	else
		error_set(err, STATUS_FAILED, "exit status %d", result.exit_status);
	error_wrap(err, "'%s' failed", process->argv[0]);
	return NULL;
}

int process_run_attached(const char *const *argv, struct error *err)
{
	int wait_status;
	pid_t pid = -1;

	if (spawn(argv, -1, -1, &pid, err) < 0)
		return -1;
	while (waitpid(pid, &wait_status, 0) < 0)
		if (errno != EINTR)
			return error_set_errno(err, errno, "cannot wait for '%s'", argv[0]);
	return exit_status(wait_status);
}

// Waits for the child of which END is a pidfd; a caught signal is passed on to it.
static void wait_interactive(pid_t pid, int end)
{
	struct pollfd polls = {.fd = end, .events = POLLIN};

	while (!interrupt_signal())
		if (interrupt_poll(&polls, 1, -1) > 0)
			return;
	kill(pid, interrupt_signal());
	if (poll(&polls, 1, LAST_WORDS) == 0)
		kill(pid, SIGKILL);
}

int process_run_interactive(const char *const *argv, struct error *err)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupts, quits;
	int wait_status = 0, end;
	pid_t pid = -1;

	if (interrupt_check(err) < 0)
		return -1;
	sigaction(SIGINT, &ignore, &interrupts);
	sigaction(SIGQUIT, &ignore, &quits);
	if (spawn(argv, -1, -1, &pid, err) == 0) {
		end = pidfd_open(pid, 0);
		if (end >= 0)
			wait_interactive(pid, end);
		while (waitpid(pid, &wait_status, 0) < 0 && errno == EINTR)
			continue;
		if (end >= 0)
			close(end);
	}
	sigaction(SIGINT, &interrupts, NULL);
	sigaction(SIGQUIT, &quits, NULL);
	return pid < 0 || interrupt_check(err) < 0 ? -1 : exit_status(wait_status);
}

char process_state(pid_t process)
{
	char path[40], line[300] = "";
	const char *name_end;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (read(fd, line, sizeof(line) - 1) <= 0)
		line[0] = '\0';
	close(fd);
	name_end = strrchr(line, ')');
	return name_end && name_end[1] ? name_end[2] : 0;
}
