// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/editor.h"

#include <ctype.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/process.h"
#include "base/terminal.h"
#include "base/text.h"
#include "cli/call.h"

enum { EDITED_MOST = 10 * 1024 * 1024, CONTROL_C = 3, CONTROL_D = 4 };

static const int signals[DRAFT_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

static const char *editor_command(void)
{
	const char *command = getenv("VISUAL");

	if (!command || !*command)
		command = getenv("EDITOR");
	if (command && *command)
		return command;
	return process_find("sensible-editor", NULL) ? "sensible-editor" : "vi";
}

// The words that run COMMAND, without the file's name.
static struct list editor_words(const char *command)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789+-_./,:@% ";
	struct list words = {0};

	if (!command[strspn(command, plain)])
		return list_split(command, " ");
	// By convention $EDITOR is shell text of the user's own, such as `vim -c 'set ft=xml'`. The
	// file's name is an argument of its own, no part of that text. A shell without a trap would
	// end of the ^C that the editor takes as a command.
	list_add(&words, "sh");
	list_add(&words, "-c");
	list_add_format(&words, "trap : INT; %s \"$@\"", command);
	list_add(&words, "editor");
	return words;
}

int draft_begin(struct draft *draft, struct call *call, const char *content, const char *suffix,
		struct error *err)
{
	auto_free char *directory = NULL, *path = NULL;

	// Many would be edited side by side.
	if (call->selected || call->host)
		return error_set(err, STATUS_USAGE, "an editor works on one object of one host");
	directory = file_private_directory(err);
	if (!directory)
		return -1;
	path = text_format("%s/edit%s", directory, suffix);
	if (file_replace(path, content, strlen(content), 0600, err) < 0) {
		file_remove_directory(directory);
		return -1;
	}
	*draft = (struct draft){.call = call,
				.directory = take(&directory),
				.path = take(&path),
				.given = text_copy(content)};
	for (int i = 0; i < DRAFT_SIGNALS; i++)
		sigaction(signals[i], NULL, &draft->before[i]);
	interrupt_catch();
	return 0;
}

char *draft_edit(struct draft *draft, struct error *err)
{
	struct context *context = draft->call->context;
	const char *command = editor_command();
	auto_list struct list argv = editor_words(command);
	int status;

	list_add(&argv, draft->path);
	fflush(context->out);
	context->terminal_taken = true;
	status = process_run_interactive((const char *const *)argv.items, err);
	context->terminal_taken = false;
	if (status > 0)
		error_set(err, STATUS_FAILED, "the editor '%s' failed with exit status %d", command,
			  status);
	// Editors replace the file as often as they write into it: it is opened anew.
	return status == 0 ? file_read(draft->path, EDITED_MOST, NULL, err) : NULL;
}

// One key as it is typed; 'n' where nobody types any more.
static char read_key(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	char key;

	if (interrupt_poll(&input, 1, -1) < 0 || read(STDIN_FILENO, &key, 1) != 1)
		return 'n';
	return key == CONTROL_C || key == CONTROL_D ? 'n' : (char)tolower((unsigned char)key);
}

// On a terminal that is raw: each line needs its return.
static char ask_for_key(const struct draft *draft, const char *answers)
{
	FILE *terminal = draft->call->context->errors;
	const char *ignore = strchr(answers, 'i');

	for (;;) {
		char key;

		fprintf(terminal, "Try again? [y,n,%sf,?]: ", ignore ? "i," : "");
		fflush(terminal);
		key = read_key();
		fputs("\r\n", terminal);
		if (key && strchr(answers, key))
			return key;
		if (key != '?')
			continue;
		fprintf(terminal,
			"y - yes, start the editor again\r\n"
			"n - no, give up; what was typed stays in %s\r\n%s"
			"f - force: define it as it is, whatever has changed\r\n"
			"? - print this help\r\n",
			draft->path,
			ignore ? "i - ignore the schema and define it as it is\r\n" : "");
	}
}

char draft_ask(struct draft *draft, const struct error *reason, bool may_ignore)
{
	auto_error struct error ignored = {0};
	struct termios saved;
	char answer;

	if (!isatty(STDIN_FILENO) || interrupt_signal())
		return 'n';
	call_error(draft->call, reason);
	if (terminal_raw(STDIN_FILENO, &saved, &ignored) < 0)
		return 'n';
	answer = ask_for_key(draft, may_ignore ? "ynif" : "ynf");
	terminal_restore(STDIN_FILENO, &saved);
	return answer;
}

// Whether the file is what the program wrote, and nothing lies beside it (an editor that was ended
// leaves its own copy there).
static bool untouched(const struct draft *draft)
{
	auto_error struct error ignored = {0};
	auto_free char *text = file_read(draft->path, EDITED_MOST, NULL, &ignored);

	return text_equal(text, draft->given) && file_count(draft->directory) == 1;
}

void draft_keep(struct draft *draft, struct error *err)
{
	auto_free char *hint = err->hint ? text_format("%s; ", err->hint) : text_copy("");

	if (!draft->directory || untouched(draft))
		return;
	error_hint(err, "%swhat you typed is in %s", hint,
		   file_count(draft->directory) == 1 ? draft->path : draft->directory);
	free(take(&draft->directory));
}

void draft_end(struct draft *draft)
{
	if (!draft->call)
		return;
	// Without the catch they would have ended the program.
	if (interrupt_signal() == SIGTERM || interrupt_signal() == SIGHUP)
		draft->call->context->leave = true;
	for (int i = 0; i < DRAFT_SIGNALS; i++)
		sigaction(signals[i], &draft->before[i], NULL);
	if (draft->directory)
		file_remove_directory(draft->directory);
	free(draft->directory);
	free(draft->path);
	free(draft->given);
	*draft = (struct draft){0};
}
