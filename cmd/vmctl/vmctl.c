// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/vmctl.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/exit.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/dispatch.h"
#include "cli/help.h"
#include "cli/peer.h"
#include "cli/program.h"
#include "cli/shell.h"
#include "cli/trace.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/virsh.h"
#include "output/report.h"
#include "virt/apart.h"
#include "virt/console.h"
#include "virt/hosts.h"
#include "virt/session.h"
#include "virt/targets.h"

static const struct option global_options[] = {
	{.kind = OPTION_TEXT,
	 .letter = 'c',
	 .name = "connect",
	 .value = "uri",
	 .traits = EMPTY_OK | REPEATS,
	 .candidates = hosts_candidates,
	 .help = "hypervisor to connect to, such as qemu:///system or qemu+ssh://host/system; "
		 "@GROUP for several, and it may be given more than once"},
	{.kind = OPTION_TEXT,
	 .name = "hosts",
	 .value = "file",
	 .help = "connect to all hosts that this file names, one a line"},
	{.kind = OPTION_FLAG, .letter = 'r', .name = "readonly", .help = "look, change nothing"},
	{.kind = OPTION_FLAG,
	 .letter = 'q',
	 .name = "quiet",
	 .help = "leave out headers and messages"},
	{.kind = OPTION_TEXT,
	 .letter = 'd',
	 .name = "debug",
	 .value = "level",
	 .help = "show the arguments of each command, as virsh does: 0 (most) to 4 (nothing)"},
	{.kind = OPTION_TEXT,
	 .letter = 'e',
	 .name = "escape",
	 .value = "char",
	 .help = "character that leaves a console, such as ^]"},
	{.kind = OPTION_TEXT,
	 .letter = 'k',
	 .name = "keepalive-interval",
	 .value = "seconds",
	 .help = "seconds between keep-alive messages, 0 for none"},
	{.kind = OPTION_TEXT,
	 .letter = 'K',
	 .name = "keepalive-count",
	 .value = "number",
	 .help = "unanswered keep-alive messages that end the connection"},
	{.kind = OPTION_TEXT,
	 .letter = 'l',
	 .name = "log",
	 .value = "file",
	 .help = "write errors to this file too"},
	{.kind = OPTION_FLAG,
	 .letter = 't',
	 .name = "timing",
	 .help = "say how long each command took"},
	{.kind = OPTION_FLAG,
	 .traits = HIDDEN,
	 .name = "no-pkttyagent",
	 .help = "start no agent of polkit's: vmctl starts none"},
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

static const struct command globals = {
	.name = "vmctl", .traits = COMMAND_OFFLINE | COMMAND_GNU, .options = global_options};

static int set_keepalive(struct call *call, const char *name, int *setting, struct error *err)
{
	const char *text = argument_text(call, name);
	struct sessions *sessions = call->context->session;
	long long number;

	if (!text)
		return 0;
	if (number_parse(text, 0, INT_MAX, &number, err) < 0)
		return error_wrap(err, "option --%s has an invalid value", name);
	*setting = (int)number;
	sessions->keepalive_asked = true;
	return 0;
}

static int set_escape(struct call *call, struct error *err)
{
	struct sessions *sessions = call->context->session;
	const char *text = argument_text(call, "escape");
	char ignored;

	if (!text)
		return 0;
	if (!console_escape(text, &ignored))
		return error_set(err, STATUS_USAGE,
				 "'%s' is not an escape character, which is such as ^] or x", text);
	sessions->escape = text;
	return 0;
}

static int set_debug(struct call *call, struct error *err)
{
	const char *text = argument_text(call, "debug");
	long long level = TRACE_LEVEL_MOST;

	if (!text && call->context->peer)
		level = virsh_debug(call);
	else if (text && number_parse(text, INT_MIN, INT_MAX, &level, err) < 0)
		return error_wrap(err, "option --debug needs a level");
	if (level >= 0 && level <= TRACE_LEVEL_MOST)
		call->context->verbosity = TRACE_LEVEL_MOST - (int)level;
	else
		call_warning(call, "debug level %lld is out of range, 0 to 4", level);
	return 0;
}

static int open_log(struct call *call, struct error *err)
{
	const char *path = argument_text(call, "log");

	if (!path && call->context->peer)
		path = virsh_log();
	return path ? context_log_open(call->context, path, err) : 0;
}

// The hosts that -c and --hosts name.
static int name_hosts(struct call *call, struct error *err)
{
	const struct list *uris = argument_list(call, "connect");
	const char *file = argument_text(call, "hosts");
	struct sessions *sessions = call->context->session;
	auto_list struct list words = {0};

	for (size_t i = 0; i < uris->count; i++)
		list_add(&words, uris->items[i]);
	if (file && hosts_read(file, &words, err) < 0)
		return -1;
	if (call->context->peer)
		sessions->otherwise = virsh_uri();
	return sessions_name(sessions, &words, argument_flag(call, "readonly"), err);
}

static const struct peer peers[] = {
	{.name = "virsh", .usage = STATUS_FAILED},
	{.name = "virt-clone", .command = "clone", .usage = STATUS_USAGE},
	{.name = "virt-xml", .command = "modify", .usage = STATUS_USAGE},
	{0}};

const struct program vmctl_program = {
	.name = "vmctl",
	.summary = "manage virtual machines",
	.grammar = GRAMMAR_VIRSH,
	.globals = &globals,
	.groups = vmctl_groups,
	.settle = name_hosts,
	.divide = targets_divide,
	.release = targets_release,
	.host = session_word,
	.part = apart_begin,
	.rejoin = apart_end,
	.objects = targets_candidates,
	.prepare = targets_prepare,
	.library = LIBVIR_VERSION_NUMBER,
	.peers = peers,
};

// What the options before the command ask for.
static int apply_globals(struct call *call, struct error *err)
{
	struct sessions *sessions = call->context->session;

	call->context->quiet = argument_flag(call, "quiet");
	call->context->timing = argument_flag(call, "timing");
	call->context->json = call->arguments->json;
	call->context->keys = &call->arguments->keys;
	if (name_hosts(call, err) < 0 ||
	    set_keepalive(call, "keepalive-interval", &sessions->keepalive_interval, err) < 0 ||
	    set_keepalive(call, "keepalive-count", &sessions->keepalive_count, err) < 0 ||
	    set_escape(call, err) < 0 || set_debug(call, err) < 0)
		return -1;
	return open_log(call, err);
}

static void show_versions(struct call *call)
{
	if (call->context->peer) {
		virsh_long_version(call->context);
		return;
	}
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
	else if (!argument_flag(call, "short-version") && !argument_given(call, "version"))
		return false;
	else if (call->context->peer)
		virsh_version(call->context);
	else
		fprintf(call->context->out, "%s\n", VMKIT_VERSION);
	return true;
}

// "qemu:///system # ", or " > " where nothing can be changed.
static char *prompt(struct context *context)
{
	const struct sessions *sessions = context->session;
	const struct session *first = sessions->items[0];
	auto_free char *uri = first->connection ? virConnectGetURI(first->connection) : NULL;
	char mark = first->readonly ? '>' : '#';

	if (context->peer)
		return virsh_prompt(context);
	if (sessions->count > 1)
		return text_format("%zu hosts %c ", sessions->count, mark);
	return text_format("%s %c ", uri ? uri : "vmctl", mark);
}

// The stuck command keeps its sessions; the shell goes on with others like them.
static void renew(struct context *context)
{
	context->session = sessions_copy(context->session);
}

static int run_shell(struct context *context)
{
	static const struct shell shell = {.prompt = prompt, .renew = renew};
	struct sessions *sessions = context->session;
	struct call first = {.context = context, .session = sessions->items[0]};
	auto_error struct error err = {0};

	context->interactive = true;
	context->many = true;
	if (context->peer)
		virsh_welcome(context);
	else if (!context->quiet)
		fprintf(context->out, "vmctl %s. `help` lists the commands, `quit` leaves.\n\n",
			VMKIT_VERSION);
	// The prompt shows what one is connected to. A daemon that is gone is no reason not to
	// start.
	if (session_prepare(&first, &err) < 0)
		context_error(context, &err);
	return shell_run(context, &shell);
}

static int run_string(struct context *context, const char *string)
{
	auto_error struct error err = {0};

	// virsh refuses it too, and silently.
	if (!*string) {
		error_set(&err, STATUS_USAGE, "the command is empty");
		context_error(context, &err);
		return peer_usage(context);
	}
	trace(context, TRACE_INFO, "commands: \"%s\"",
	      command_line_secret(context->program, string) ? "(secret)" : string);
	return dispatch_string(context, string);
}

static int run_commands(struct context *context, const struct list *words, int input, bool stop)
{
	if (words->count == 1)
		return run_string(context, words->items[0]);
	if (words->count > 1)
		return dispatch_words(context, words);
	if (isatty(input))
		return run_shell(context);
	return context->peer ? virsh_batch(context, input) : dispatch_batch(context, input, stop);
}

static void end_session(const struct context *context)
{
	// What a call that was left behind still works on stays, in sight of who looks for leaks.
	static void *volatile kept __attribute__((unused));

	if (!context->left_behind && !interrupt_ends_process()) {
		sessions_free(context->session);
		return;
	}
	kept = context->session;
	exit_at_once();
}

int vmctl_run(int argc, char **argv, int input, FILE *out, FILE *errors)
{
	struct context context = {
		.program = &vmctl_program, .session = sessions_new(), .out = out, .errors = errors};
	struct list words = {.items = argv + 1, .count = (size_t)(argc > 0 ? argc - 1 : 0)};
	struct call call = {.context = &context};
	auto_error struct error err = {0};
	struct command own = globals; // whose errors say the name that it was called by
	struct arguments *arguments;
	int status = STATUS_OK;
	size_t used = 0;

	peer_recognise(&context, argv[0]);
	own.name = context.name;
	if (context.stands_for) {
		status = program_close(&context, peer_run(&context, &words));
		end_session(&context);
		return status;
	}
	arguments = arguments_parse_globals(&own, &words, &used, &err);
	call.arguments = arguments;
	if (!arguments || apply_globals(&call, &err) < 0) {
		context.json = arguments_ask_json(&words);
		call_error(&call, &err);
		status = context.peer ? STATUS_FAILED : (int)err.status;
	} else if (!only_informs(&call)) {
		bool stop = argument_flag(&call, "stop-on-error");

		words.items += used;
		words.count -= used;
		status = run_commands(&context, &words, input, stop);
	}
	arguments_free(arguments);
	status = program_close(&context, status);
	end_session(&context);
	if (context.log)
		fclose(context.log);
	return status;
}
