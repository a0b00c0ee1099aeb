// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/vmctl.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/dispatch.h"
#include "cli/help.h"
#include "cli/program.h"
#include "cli/shell.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/session.h"
#include "output/report.h"
#include "virt/console.h"

static const struct option global_options[] = {
	{.kind = OPTION_TEXT,
	 .letter = 'c',
	 .name = "connect",
	 .value = "uri",
	 .traits = EMPTY_OK,
	 .help = "hypervisor to connect to, such as qemu:///system or qemu+ssh://host/system"},
	{.kind = OPTION_FLAG, .letter = 'r', .name = "readonly", .help = "look, change nothing"},
	{.kind = OPTION_FLAG,
	 .letter = 'q',
	 .name = "quiet",
	 .help = "leave out headers and messages"},
	{.kind = OPTION_TEXT,
	 .letter = 'd',
	 .name = "debug",
	 .value = "level",
	 .help = "understood for virsh's sake, 0 to 4"},
	{.kind = OPTION_TEXT,
	 .letter = 'e',
	 .name = "escape",
	 .value = "char",
	 .help = "character that leaves a console, such as ^]"},
	{.kind = OPTION_TEXT,
	 .letter = 'k',
	 .name = "keepalive-interval",
	 .value = "seconds",
	 .help = "ask whether the daemon is still there so often, 0 for never"},
	{.kind = OPTION_TEXT,
	 .letter = 'K',
	 .name = "keepalive-count",
	 .value = "number",
	 .help = "unanswered questions until the daemon counts as gone"},
	{.kind = OPTION_TEXT,
	 .letter = 'l',
	 .name = "log",
	 .value = "file",
	 .help = "write errors to this file too"},
	{.kind = OPTION_FLAG,
	 .letter = 't',
	 .name = "timing",
	 .help = "say how long each command took"},
	{.kind = OPTION_FLAG, .name = "stop-on-error", .help = "end a batch at its first error"},
	{.kind = OPTION_FLAG, .letter = 'v', .name = "short-version", .help = "show the version"},
	{.kind = OPTION_FLAG, .letter = 'V', .name = "long-version", .help = "show all versions"},
	{.kind = OPTION_TEXT,
	 .traits = VALUE_OPTIONAL,
	 .name = "version",
	 .value = "type",
	 .help = "show the version; all versions with =long"},
	END,
};

static const struct command globals = {.name = "vmctl", .options = global_options};

const struct program vmctl_program = {
	.name = "vmctl",
	.summary = "manage virtual machines",
	.grammar = GRAMMAR_VIRSH,
	.globals = &globals,
	.groups = vmctl_groups,
	.prepare = session_prepare,
};

static int set_keepalive(struct call *call, const char *name, int *setting, struct error *err)
{
	const char *text = argument_text(call, name);
	struct session *session = call->session;
	long long number;

	if (!text)
		return 0;
	if (number_parse(text, 0, INT_MAX, &number, err) < 0)
		return error_wrap(err, "option --%s has an invalid value", name);
	*setting = (int)number;
	session->keepalive_asked = true;
	return 0;
}

static int set_escape(struct call *call, struct error *err)
{
	struct session *session = call->session;
	const char *text = argument_text(call, "escape");

	if (!text)
		return 0;
	if (!console_escape(text))
		return error_set(err, STATUS_USAGE,
				 "'%s' is no escape character, one such as ^] or x is needed",
				 text);
	session->escape = text;
	return 0;
}

static int set_debug(struct call *call, struct error *err)
{
	const char *text = argument_text(call, "debug");
	long long level;

	if (text && number_parse(text, INT_MIN, INT_MAX, &level, err) < 0)
		return error_wrap(err, "option --debug needs a level");
	if (text && (level < 0 || level > 4))
		call_warning(call, "debug level %lld is out of range, 0 to 4", level);
	return 0;
}

static int open_log(struct call *call, struct error *err)
{
	const char *path = argument_text(call, "log");

	if (!path)
		return 0;
	call->context->log = fopen(path, "ae");
	return call->context->log
		       ? 0
		       : error_set_errno(err, errno, "cannot open the log file '%s'", path);
}

// What the options before the command ask for.
static int apply_globals(struct call *call, struct error *err)
{
	struct session *session = call->session;

	call->context->quiet = argument_flag(call, "quiet");
	call->context->timing = argument_flag(call, "timing");
	call->context->json = call->arguments->json;
	session_connect_to(session, argument_text(call, "connect"),
			   argument_flag(call, "readonly"));
	if (set_keepalive(call, "keepalive-interval", &session->keepalive_interval, err) < 0 ||
	    set_keepalive(call, "keepalive-count", &session->keepalive_count, err) < 0 ||
	    set_escape(call, err) < 0 || set_debug(call, err) < 0)
		return -1;
	return open_log(call, err);
}

static void show_versions(struct call *call)
{
	fprintf(call->context->out, "vmctl %s, part of vmkit\nBuilt for libvirt %d.%d.%d\n",
		VMKIT_VERSION, LIBVIR_VERSION_NUMBER / 1000000, LIBVIR_VERSION_NUMBER / 1000 % 1000,
		LIBVIR_VERSION_NUMBER % 1000);
}

// True when the options asked for no more than this.
static bool only_informs(struct call *call)
{
	const char *version = argument_text(call, "version");

	if (call->arguments->help)
		program_usage(call->context);
	else if (argument_flag(call, "long-version") || text_equal(version, "long"))
		show_versions(call);
	else if (argument_flag(call, "short-version") || argument_given(call, "version"))
		fprintf(call->context->out, "%s\n", VMKIT_VERSION);
	else
		return false;
	return true;
}

// "qemu:///system # ", or " > " where nothing can be changed.
static char *prompt(struct context *context)
{
	const struct session *session = context->session;
	auto_free char *uri = session->connection ? virConnectGetURI(session->connection) : NULL;

	return text_format("%s%s%c ", uri ? uri : "vmctl", " ", session->readonly ? '>' : '#');
}

// The stuck command keeps its session; the shell goes on with one like it.
static void renew(struct context *context)
{
	const struct session *stuck = context->session;
	struct session *session = session_new();

	session_connect_to(session, stuck->uri, stuck->readonly);
	session->keepalive_interval = stuck->keepalive_interval;
	session->keepalive_count = stuck->keepalive_count;
	session->escape = stuck->escape;
	context->session = session;
}

static int run_shell(struct context *context)
{
	static const struct shell shell = {.prompt = prompt, .renew = renew};
	auto_error struct error err = {0};

	context->interactive = true;
	context->many = true;
	if (!context->quiet)
		fprintf(context->out, "vmctl %s. `help` lists the commands, `quit` leaves.\n\n",
			VMKIT_VERSION);
	// The prompt shows what one is connected to. A daemon that is gone is no reason not to
	// start.
	if (session_prepare(&(struct call){.context = context, .session = context->session}, &err) <
	    0)
		context_error(context, false, &err);
	return shell_run(context, &shell);
}

static int run_commands(struct context *context, const struct list *words, int input, bool stop)
{
	if (words->count == 1)
		return dispatch_string(context, words->items[0]);
	if (words->count > 1)
		return dispatch_words(context, words);
	if (isatty(input))
		return run_shell(context);
	return dispatch_batch(context, input, stop);
}

int vmctl_run(int argc, char **argv, int input, FILE *out, FILE *errors)
{
	struct context context = {
		.program = &vmctl_program, .session = session_new(), .out = out, .errors = errors};
	struct list words = {.items = argv + 1, .count = (size_t)(argc > 0 ? argc - 1 : 0)};
	struct call call = {.context = &context, .session = context.session};
	auto_error struct error err = {0};
	struct arguments *arguments;
	int status = STATUS_OK;
	size_t used = 0;

	arguments = arguments_parse_globals(&globals, &words, &used, &err);
	call.arguments = arguments;
	if (!arguments || apply_globals(&call, &err) < 0) {
		call_error(&call, &err);
		status = (int)err.status;
	} else if (!only_informs(&call)) {
		bool stop = argument_flag(&call, "stop-on-error");

		words.items += used;
		words.count -= used;
		status = run_commands(&context, &words, input, stop);
	}
	arguments_free(arguments);
	status = program_close(&context, status);
	session_free(context.session);
	if (context.log)
		fclose(context.log);
	return status;
}
