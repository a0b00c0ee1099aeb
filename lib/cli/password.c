// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/password.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/call.h"

enum { LINE_MOST = 4096 };

// Reads byte by byte: what follows the line is not ours.
static int read_line(struct call *call, char *line, struct error *err)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	size_t length = 0;
	ssize_t got = 1;

	while (length < LINE_MOST) {
		if (cancel_poll(call->cancel, &input, 1, -1) < 0 &&
		    cancel_check(call->cancel, err) < 0)
			return -1;
		got = read(STDIN_FILENO, &line[length], 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(err, errno, "cannot read standard input");
		if (got == 0 || line[length] == '\n')
			break;
		length++;
	}
	line[length] = '\0';
	if (length == LINE_MOST)
		return error_set(err, STATUS_USAGE, "more than %d bytes were typed", LINE_MOST - 1);
	return got == 0 && !length ? error_set(err, STATUS_USAGE, "standard input is empty") : 0;
}

static int read_unseen(struct call *call, const char *prompt, char *line, struct error *err)
{
	FILE *terminal = call->context->errors;
	struct termios saved, silent;
	int failed;

	if (tcgetattr(STDIN_FILENO, &saved) < 0)
		return read_line(call, line, err);
	silent = saved;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	fputs(prompt, terminal);
	fflush(terminal);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	failed = read_line(call, line, err);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
	fputc('\n', terminal);
	return failed;
}

char *password_ask(struct call *call, const char *prompt, struct error *err)
{
	char line[LINE_MOST + 1], *answer = NULL;

	fflush(call->context->out);
	if (read_unseen(call, prompt, line, err) == 0)
		answer = text_copy(line);
	explicit_bzero(line, sizeof(line));
	return answer;
}
