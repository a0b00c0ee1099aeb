// SPDX-License-Identifier: GPL-3.0-or-later
// What a guest shows: its text console and its screen.
#include "cmd/vmctl/domain/console.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/console.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "virt/stream.h"

static int attach(struct call *call, struct console *console, struct error *err)
{
	const struct session *session = call->session;
	const char *name = virDomainGetName(console->domain);
	bool typed = isatty(STDIN_FILENO) != 0;
	int failed;

	if (!typed && !console->until)
		return error_set(err, STATUS_FAILED,
				 "an interactive console needs a terminal; --until TEXT only shows "
				 "the output until TEXT appears");
	console_escape(session->all->escape, &console->escape);
	console->input = typed ? STDIN_FILENO : -1;
	console->output = fileno(call->context->out);
	if (virDomainIsActive(console->domain) == 0) {
		error_set(err, STATUS_CONFLICT, "domain '%s' is not running", name);
		return error_hint(err, "vmctl start --console '%s'", name);
	}
	report_message(call->report, "Connected to domain '%s'\n", name);
	if (typed)
		report_message(call->report, "Escape character is %s (Ctrl + %s)\n",
			       session->all->escape,
			       *session->all->escape == '^' ? session->all->escape + 1
							    : session->all->escape);
	if (report_flush(call->report, err) < 0)
		return -1;
	call->context->terminal_taken = true;
	failed = console_run(console, err);
	call->context->terminal_taken = false;
	return failed;
}

int console_attach(struct call *call, virDomainPtr domain, struct error *err)
{
	struct console console = {.domain = domain};

	return attach(call, &console, err);
}

static int console(struct call *call, struct error *err)
{
	struct console console = {
		.domain = call_domain(call),
		.device = argument_text(call, "devname"),
		.flags = argument_bits(call),
		.resume = argument_flag(call, "resume"),
		.until = argument_text(call, "until"),
		.timeout = argument_integer(call, "timeout") * 1000,
	};

	return attach(call, &console, err);
}

static const struct option console_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose console is wanted"),
	TEXT("devname", NULL, "alias of the character device, such as serial1"),
	FLAG("force", VIR_DOMAIN_CONSOLE_FORCE, "take the console from whoever has it"),
	FLAG("safe", VIR_DOMAIN_CONSOLE_SAFE,
	     "only where the hypervisor can keep others away from it"),
	FLAG("resume", 0, "let a paused guest run on once its console is open"),
	{.kind = OPTION_TEXT,
	 .name = "until",
	 .value = "text",
	 .help = "end when this text has appeared; needs no terminal"},
	{.kind = OPTION_INTEGER,
	 .name = "timeout",
	 .value = "seconds",
	 .least = 1,
	 .most = 1000000,
	 .help = "give up when the text has not appeared by then"},
	END,
};

static const struct rule console_rules[] = {
	REQUIRES("timeout", "until"),
	RULES_END,
};

const struct command console_command = {
	.name = "console",
	.traits = COMMAND_TERMINAL,
	.target = ONE_DOMAIN(BY_ANY),
	.options = console_options,
	.rules = console_rules,
	.summary = "connect to the text console of a guest",
	.description =
		"Puts the guest's console on this terminal. ^] (Ctrl and ]) leaves it; "
		"vmctl -e chooses another character. With --until the console is shown until "
		"a text appears, for scripts that wait for a guest.",
	.run = console,
};

// "NAME-2026-11-22-14:30:05.png", in the current directory.
static char *screenshot_name(virDomainPtr domain, const char *mime)
{
	char when[32];
	struct tm local;
	time_t now = time(NULL);
	const char *ending = "";

	if (text_equal(mime, "image/x-portable-pixmap"))
		ending = ".ppm";
	else if (text_equal(mime, "image/png"))
		ending = ".png";
	localtime_r(&now, &local);
	strftime(when, sizeof(when), "%Y-%m-%d-%H:%M:%S", &local);
	return text_format("%s-%s%s", virDomainGetName(domain), when, ending);
}

static int screenshot(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *wanted = argument_text(call, "file");
	auto_stream virStreamPtr stream = virStreamNew(virDomainGetConnect(domain), 0);
	auto_free char *mime = NULL, *path = NULL;
	auto_remove char *made = NULL;
	auto_close int fd = -1;

	if (!stream)
		return virt_failure(err, "cannot open a stream");
	mime = virDomainScreenshot(domain, stream, (unsigned)argument_integer(call, "screen"), 0);
	if (!mime)
		return domain_failure(err, domain, "could not take a screenshot of %s",
				      virDomainGetName(domain));
	path = wanted ? text_copy(wanted) : screenshot_name(domain, mime);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0)
		made = text_copy(path);
	else if (errno == EEXIST)
		fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0) {
		error_set_errno(err, errno, "cannot create file %s", path);
		virStreamAbort(stream);
		return -1;
	}
	if (stream_receive(stream, fd, err) < 0)
		return error_wrap(err, "could not receive the screenshot of %s",
				  virDomainGetName(domain));
	free(take(&made));
	report_value(call->report, "file", value_text(path));
	report_value(call->report, "type", value_text(mime));
	report_message(call->report, "Screenshot saved to %s, with type of %s", path, mime);
	return 0;
}

static const struct option screenshot_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to look at"),
	TEXT("file", NULL, "where the picture goes (default: the guest's name and the time)"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "screen",
	 .most = 1000,
	 .help = "number of the screen, from 0"},
	END,
};

static const struct field screenshot_results[] = {
	FIELD("file", NULL, FIELD_TEXT, 0, "where the picture is"),
	FIELD("type", NULL, FIELD_TEXT, 0, "its media type, such as image/png"),
	FIELDS_END,
};

const struct command screenshot_command = {
	.name = "screenshot",
	.target = ONE_DOMAIN(BY_ANY),
	.options = screenshot_options,
	.results = screenshot_results,
	.summary = "save what a guest's screen shows as a picture",
	.run = screenshot,
};
