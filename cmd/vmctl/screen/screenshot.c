// SPDX-License-Identifier: GPL-3.0-or-later
// `screenshot`: what a guest's screen shows, into a file as virsh does it, or on the terminal.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "base/terminal.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "cmd/vmctl/screen/draw.h"
#include "image/picture.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/stream.h"

enum { PICTURE_MOST = 256 * 1024 * 1024 }; // bytes

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

// An open file to which the picture may go. One that was made is named in *MADE, to be removed on a
// failure.
static int open_file(const char *path, char **made, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd >= 0)
		*made = text_copy(path);
	else if (errno == EEXIST)
		fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		error_set_errno(err, errno, "cannot create file %s", path);
	return fd;
}

// Chafa, where it is installed, knows what each terminal can do.
static bool draw_by_chafa(const char *path)
{
	const char *const chafa[] = {"chafa", path, NULL};
	auto_error struct error ignored = {0};

	return process_find("chafa", NULL) && process_run_attached(chafa, &ignored) == 0;
}

static int draw(struct call *call, const char *path, struct error *err)
{
	auto_picture struct picture picture = {0};
	auto_text struct text text = {0};
	int out = fileno(call->context->out);
	size_t length;
	auto_free char *bytes = NULL;

	if (report_flush(call->report, err) < 0)
		return -1;
	if (isatty(out) && draw_by_chafa(path))
		return 0;
	bytes = file_read(path, PICTURE_MOST, &length, err);
	if (!bytes || picture_read(bytes, length, &picture, err) < 0)
		return -1;
	draw_half_blocks(&picture, (unsigned)terminal_width(out), draw_has_true_colour(), &text);
	if (file_write_all(out, text_string(&text), text.length) < 0)
		return error_set_errno(err, errno, "cannot write the picture");
	return 0;
}

static void report_file(struct call *call, const char *path, const char *mime)
{
	report_field(call->report, NULL, "file", value_text(path));
	report_field(call->report, NULL, "type", value_text(mime));
	if (path)
		report_message(call->report, "Screenshot saved to %s, with type of %s", path, mime);
}

// Into PATH, which is the user's, or with --show alone one of ours.
static int take_picture(struct call *call, virStreamPtr stream, const char *path, struct error *err)
{
	auto_remove char *made = NULL;
	auto_close int fd = open_file(path, &made, err);

	if (fd < 0) {
		virStreamAbort(stream);
		return -1;
	}
	if (stream_receive(stream, fd, err) < 0)
		return error_wrap(err, "could not receive the screenshot of %s", call_name(call));
	if (argument_flag(call, "show") && draw(call, path, err) < 0)
		return -1;
	if (argument_given(call, "file") || !argument_flag(call, "show"))
		free(take(&made));
	return 0;
}

static int screenshot(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *wanted = argument_text(call, "file");
	bool only_shown = argument_flag(call, "show") && !wanted;
	auto_stream virStreamPtr stream = virStreamNew(virDomainGetConnect(domain), 0);
	auto_free char *mime = NULL, *path = NULL, *directory = NULL;
	int failed;

	if (argument_flag(call, "show") && report_is_json(call->report))
		return error_set(err, STATUS_USAGE,
				 "--show draws a picture, of which there is no "
				 "JSON");
	if (!stream)
		return virt_failure(err, "cannot open a stream");
	mime = virDomainScreenshot(domain, stream, (unsigned)argument_integer(call, "screen"), 0);
	if (!mime)
		return domain_failure(err, domain, "could not take a screenshot of %s",
				      virDomainGetName(domain));
	directory = only_shown ? file_private_directory(err) : NULL;
	if (only_shown && !directory) {
		virStreamAbort(stream);
		return -1;
	}
	path = only_shown ? text_format("%s/screen", directory)
	       : wanted   ? text_copy(wanted)
			  : screenshot_name(domain, mime);
	failed = take_picture(call, stream, path, err);
	if (directory)
		file_remove_directory(directory);
	if (!failed)
		report_file(call, only_shown ? NULL : path, mime);
	return failed;
}

static const struct option screenshot_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to look at"),
	TEXT("file", NULL, "where the picture goes (default: the guest's name and the time)"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "screen",
	 .most = 1000,
	 .help = "number of the screen, from 0"},
	FLAG("show", 0, "draw it on the terminal, and keep it only in a --file"),
	END,
};

static const struct field results[] = {
	FIELD("file", NULL, FIELD_TEXT, FIELD_NULL, "where the picture is"),
	FIELD("type", NULL, FIELD_TEXT, 0, "its MIME type"),
	FIELDS_END,
};

const struct command screenshot_command = {
	.name = "screenshot",
	.target = ONE_DOMAIN(BY_ANY),
	.options = screenshot_options,
	.results = results,
	.summary = "save what a guest's screen shows as a picture, or draw it",
	.description = "With --show it is drawn on the terminal: by chafa, where it is installed, "
		       "else in half blocks, two pixels a character.",
	.run = screenshot,
};
