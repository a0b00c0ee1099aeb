// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/shell.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

// readline's headers want stdio first.
#include <readline/history.h>
#include <readline/readline.h>

#include "base/cleanup.h"
#include "base/exit.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/state.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/complete.h"
#include "cli/dispatch.h"
#include "cli/typed.h"

enum {
	HISTORY_MOST = 1000,
	GRACE = 1500, // milliseconds that a command has to end by itself after ^C
};

// readline's callbacks carry no data of the caller's: this is the one way to reach it.
static struct context *completing;
static struct list matches;

static char *next_match(const char *text, int state)
{
	(void)text;
	if ((size_t)state < matches.count)
		return text_copy(matches.items[state]);
	return NULL;
}

// Whether a backslash takes the meaning of the character at INDEX.
// NOLINTNEXTLINE(readability-non-const-parameter): readline's type
static int is_quoted(char *line, int index)
{
	bool quoted = false;

	for (int i = index - 1; i >= 0 && line[i] == '\\'; i--)
		quoted = !quoted;
	return quoted;
}

// Puts what completes the word at the cursor into `matches`, quoted where it must be.
static char **attempt_completion(const char *text, int start, int end)
{
	auto_free char *line = text_copy_bytes(rl_line_buffer, (size_t)end);
	auto_typed struct typed typed = typed_as_command(line);
	auto_list struct list found = {0};
	struct call call = {
		.context = completing, .session = completing->session, .completing = true};
	bool files;

	(void)start;
	list_clear(&matches);
	files = complete_words(&call, &typed.words, &found);
	for (size_t i = 0; i < found.count; i++)
		list_add_owned(&matches, typed_replacement(&typed, found.items[i]));
	if (!matches.count && files)
		return rl_completion_matches(text, rl_filename_completion_function);
	rl_attempted_completion_over = 1;
	return matches.count ? rl_completion_matches(text, next_match) : NULL;
}

static char *history_path(const char *program)
{
	auto_free char *name = text_format("%s_history", program);

	return state_path(name);
}

static void save_history(const char *path)
{
	mode_t mask = umask(077);

	write_history(path);
	umask(mask);
}

// One line being run, aside from the thread that listens for ^C.
struct job {
	struct context *context;
	const char *line;
	int done; // an eventfd
};

static void *run_job(void *data)
{
	struct job *job = data;
	unsigned long long one = 1;

	dispatch_string(job->context, job->line);
	while (write(job->done, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
	return NULL;
}

// True when the job has ended, false when it was left behind.
static bool wait_for_job(struct job *job, int signals)
{
	struct pollfd polls[2] = {{.fd = job->done, .events = POLLIN},
				  {.fd = signals, .events = POLLIN}};
	int patience = -1;

	for (;;) {
		struct signalfd_siginfo signal;
		int ready = poll(polls, 2, patience);

		if (polls[0].revents)
			return true;
		if (ready == 0)
			return false;
		if (ready < 0 || read(signals, &signal, sizeof(signal)) < 0)
			continue;
		// An editor or a console that has the terminal gets ^C itself.
		if (job->context->terminal_taken)
			continue;
		interrupt_set(SIGINT);
		patience = patience < 0 ? GRACE : 0;
	}
}

// Runs LINE; on ^C asks it to end, and leaves it behind when it does not.
static struct context *run_line(struct context *context, const struct shell *shell, char *line,
				int signals)
{
	struct job *job = memory_new(1, sizeof(*job));
	// What goes on without a command that is left behind, which may still write to its own.
	const struct context before = *context;
	struct context *fresh;
	pthread_t thread;

	*job = (struct job){.context = context, .line = line, .done = eventfd(0, EFD_CLOEXEC)};
	interrupt_set(0);
	if (pthread_create(&thread, NULL, run_job, job) != 0) {
		dispatch_string(context, line);
	} else if (wait_for_job(job, signals)) {
		pthread_join(thread, NULL);
		if (interrupt_signal())
			fputc('\n', context->out);
	} else {
		// The stuck call keeps its context, session and job for as long as the process
		// lives.
		pthread_detach(thread);
		exit_at_once();
		context->abandoned = true;
		fresh = memory_new(1, sizeof(*fresh));
		*fresh = before;
		shell->renew(fresh);
		call_warning(&(struct call){.context = fresh},
			     "the command did not end and was left behind");
		return fresh;
	}
	close(job->done);
	free(job);
	free(line);
	return context;
}

// ^C while a line is being typed: the line is forgotten.
static int forget_line(void)
{
	if (interrupt_signal() != SIGINT)
		return 0;
	interrupt_set(0);
	rl_crlf();
	rl_replace_line("", 0);
	rl_on_new_line();
	rl_redisplay();
	return 0;
}

static void setup_readline(struct context *context)
{
	completing = context;
	rl_readline_name = context->name;
	rl_attempted_completion_function = attempt_completion;
	rl_completer_word_break_characters = " \t\n;";
	rl_completer_quote_characters = "'\"";
	rl_char_is_quoted_p = is_quoted;
	rl_signal_event_hook = forget_line;
	interrupt_catch_one(SIGINT);
	stifle_history(HISTORY_MOST);
}

int shell_run(struct context *context, const struct shell *shell)
{
	auto_free char *path = history_path(context->name);
	auto_close int signals = -1;
	sigset_t interrupts;

	setup_readline(context);
	if (path)
		read_history(path);
	sigemptyset(&interrupts);
	sigaddset(&interrupts, SIGINT);
	while (!context->leave) {
		auto_free char *prompt = shell->prompt(context);
		char *line;

		completing = context;
		line = readline(prompt);
		if (!line) {
			fputc('\n', context->out);
			break;
		}
		if (*line && !command_line_secret(context->program, line))
			add_history(line);
		pthread_sigmask(SIG_BLOCK, &interrupts, NULL);
		if (signals < 0)
			signals = signalfd(-1, &interrupts, SFD_CLOEXEC | SFD_NONBLOCK);
		context = run_line(context, shell, line, signals);
		pthread_sigmask(SIG_UNBLOCK, &interrupts, NULL);
	}
	if (path)
		save_history(path);
	list_clear(&matches);
	return 0;
}
