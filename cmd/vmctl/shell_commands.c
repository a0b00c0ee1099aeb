// SPDX-License-Identifier: GPL-3.0-or-later
// What concerns vmctl itself.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/check.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/hosts.h"
#include "virt/session.h"

static int connect_again(struct call *call, struct error *err)
{
	// Without a name it is the connection that there was, opened anew.
	const struct sessions *sessions = call->context->session;
	const char *uri = argument_given(call, "name") ? argument_text(call, "name")
						       : sessions->items[0]->uri;

	return session_reconnect(call, uri, argument_flag(call, "readonly"), err);
}

static const struct option connect_options[] = {
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL | EMPTY_OK,
	 .name = "name",
	 .candidates = hosts_candidates,
	 .help = "URI or name of the host (default: the one there was)"},
	FLAG("readonly", 0, "look, change nothing"),
	END,
};

const struct command connect_command = {
	.name = "connect",
	.traits = COMMAND_OFFLINE,
	.options = connect_options,
	.results = field_none,
	.summary = "connect to a hypervisor",
	.run = connect_again,
};

// The items of a word, parted by single commas; ",," is a comma. An empty word has none.
static struct list split_commas(const char *word)
{
	struct list items = {0};
	struct text item = {0};

	for (const char *c = word; *c; c++) {
		if (*c != ',') {
			text_append_char(&item, *c);
		} else if (c[1] == ',') {
			text_append_char(&item, *c++);
		} else {
			list_add_owned(&items, text_take(&item));
		}
	}
	if (*word)
		list_add_owned(&items, text_take(&item));
	return items;
}

// Quoted for sh where it must be.
static void append_shell(struct text *out, const char *string)
{
	if (*string && !string[strcspn(string, "\r\t\n !\"#$&'()*;<>?[\\]^`{|}~")])
		text_append(out, string);
	else
		text_append_quoted(out, string);
}

static void echo_item(struct call *call, const char *item, struct text *out)
{
	if (argument_flag(call, "xml"))
		text_append_xml(out, item);
	else if (argument_flag(call, "shell"))
		append_shell(out, item);
	else
		text_append(out, item);
}

static int echo(struct call *call, struct error *err)
{
	const struct list *words = argument_list(call, "string");
	auto_text struct text out = {0};
	bool split = argument_flag(call, "split");
	auto_free char *message = NULL;

	for (size_t i = 0; i < words->count; i++) {
		auto_list struct list items = {0};

		text_append(&out, i ? " " : "");
		if (split)
			items = split_commas(words->items[i]);
		else
			list_add(&items, words->items[i]);
		for (size_t j = 0; j < items.count; j++) {
			echo_item(call, items.items[j], &out);
			text_append(&out, split ? "\n" : "");
		}
	}
	if (!argument_flag(call, "err")) {
		report_document(call->report, "text", text_string(&out));
		return 0;
	}
	(void)err;
	fflush(call->context->out);
	message = text_take(&out);
	if (words->count)
		call_error(call, &(struct error){.status = STATUS_OK, .message = message});
	return 0;
}

static const struct option echo_options[] = {
	FLAG("shell", 0, "quote for a shell"),
	FLAG("xml", 0, "escape for XML"),
	FLAG("split", 0, "part each word at single commas"),
	FLAG("err", 0, "write to standard error, as an error"),
	{.kind = OPTION_REST,
	 .traits = POSITIONAL | EMPTY_OK,
	 .name = "string",
	 .help = "what is printed"},
	ALIAS("str", "string"),
	ALIAS("hi", "string=hello"),
	END,
};

static const struct rule echo_rules[] = {
	EXCLUSIVE("shell", "xml"),
	EXCLUSIVE("shell", "split"),
	EXCLUSIVE("xml", "split"),
	RULES_END,
};

static const struct field echo_results[] = {
	FIELD("text", "", FIELD_TEXT, FIELD_ASKED, "the arguments, without --err"),
	FIELDS_END,
};

const struct command echo_command = {
	.name = "echo",
	.traits = COMMAND_OFFLINE,
	.options = echo_options,
	.rules = echo_rules,
	.results = echo_results,
	.summary = "print the arguments",
	.run = echo,
};

static int cd(struct call *call, struct error *err)
{
	const char *directory = argument_text(call, "dir");

	if (!directory)
		directory = getenv("HOME");
	if (chdir(directory ? directory : "/") < 0)
		return error_set_errno(err, errno, "cd: cannot change to '%s'", directory);
	return 0;
}

static const struct option cd_options[] = {
	TEXT("dir", NULL, "directory (default: the home directory)"),
	END,
};

const struct command cd_command = {
	.name = "cd",
	.traits = COMMAND_OFFLINE | COMMAND_SHELL,
	.options = cd_options,
	.results = field_none,
	.summary = "change the directory that file names start from",
	.run = cd,
};

static int pwd(struct call *call, struct error *err)
{
	auto_free char *directory = getcwd(NULL, 0);

	if (!directory)
		return error_set_errno(err, errno, "pwd: cannot tell the current directory");
	report_value(call->report, "directory", value_text(directory));
	return 0;
}

static const struct field pwd_results[] = {
	FIELD("directory", "", FIELD_TEXT, 0, "where file names start from"),
	FIELDS_END,
};

const struct command pwd_command = {
	.name = "pwd",
	.traits = COMMAND_OFFLINE,
	.results = pwd_results,
	.summary = "show the directory that file names start from",
	.run = pwd,
};

static int quit(struct call *call, struct error *err)
{
	(void)err;
	call->context->leave = true;
	return 0;
}

const struct command quit_command = {
	.name = "quit",
	.traits = COMMAND_OFFLINE,
	.results = field_none,
	.summary = "leave vmctl",
	.run = quit,
};

const struct command exit_command = {
	.name = "exit",
	.traits = COMMAND_OFFLINE,
	.results = field_none,
	.summary = "leave vmctl",
	.run = quit,
};

static int self_test(struct call *call, struct error *err)
{
	auto_list struct list faults = {0};

	check_program(call->context->program, &faults);
	if (!faults.count)
		return 0;
	return error_set(err, STATUS_FAILED, "%s", faults.items[0]);
}

static const struct option self_test_options[] = {
	FLAG("completers-missing", 0, "understood for virsh's sake"),
	END,
};

const struct command self_test_command = {
	.name = "self-test",
	.traits = COMMAND_OFFLINE | COMMAND_HIDDEN,
	.options = self_test_options,
	.results = field_none,
	.summary = "check the tables of the commands",
	.run = self_test,
};
