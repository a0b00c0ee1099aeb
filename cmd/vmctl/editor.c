// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/editor.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/call.h"

enum { EDITED_MOST = 10 * 1024 * 1024 };

static const char *editor_command(void)
{
	const char *command = getenv("VISUAL");

	if (!command || !*command)
		command = getenv("EDITOR");
	if (command && *command)
		return command;
	return process_find("sensible-editor", NULL) ? "sensible-editor" : "vi";
}

static int run_editor(const char *path, struct error *err)
{
	const char *command = editor_command();
	// By convention $EDITOR is shell text of the user's own, such as `vim -c 'set ft=xml'`. The
	// file's name is an argument of its own, no part of that text.
	auto_free char *script = text_format("%s \"$@\"", command);
	const char *const argv[] = {"sh", "-c", script, "editor", path, NULL};
	int status = process_run_attached(argv, err);

	if (status > 0)
		return error_set(err, STATUS_FAILED, "the editor '%s' failed with exit status %d",
				 command, status);
	return status;
}

char *editor_edit(struct call *call, const char *content, const char *suffix, struct error *err)
{
	auto_remove char *path = NULL;
	auto_close int fd = file_temporary(suffix, &path, err);
	int failed;

	if (fd < 0)
		return NULL;
	if (file_write_all(fd, content, strlen(content)) < 0) {
		error_set_errno(err, errno, "cannot write '%s'", path);
		return NULL;
	}
	fflush(call->context->out);
	call->context->terminal_taken = true;
	failed = run_editor(path, err);
	call->context->terminal_taken = false;
	// Editors replace the file as often as they write into it: it is opened anew.
	return failed ? NULL : file_read(path, EDITED_MOST, NULL, err);
}

char editor_ask(struct call *call, const struct error *reason, bool may_ignore)
{
	const char *answers = may_ignore ? "yni" : "yn";
	char line[16];

	if (!isatty(STDIN_FILENO))
		return 'n';
	call_error(call, reason);
	for (;;) {
		fprintf(call->context->errors, "%s",
			may_ignore ? "Edit again? [y]es, [n]o, [i]gnore the schema: "
				   : "Edit again? [y]es, [n]o: ");
		fflush(call->context->errors);
		if (!fgets(line, sizeof(line), stdin))
			return 'n';
		line[0] = (char)tolower((unsigned char)line[0]);
		if (strchr(answers, line[0]) && line[0])
			return line[0];
	}
}
