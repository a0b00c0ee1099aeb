// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a copy by ssh: what a file holds is the standard input or output of one of them.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/guest/copy.h"
#include "cmd/vmctl/guest/copy_tree.h"
#include "cmd/vmctl/guest/login.h"
#include "output/progress.h"
#include "output/report.h"
#include "virt/agent_process.h"

enum { BUFFER = 256 << 10 };

// The script and its arguments as the shell at the other end takes them for what they are.
static char *script_line(const char *script, const char *const *arguments)
{
	struct text line = {0};

	text_append(&line, "exec /bin/sh -c ");
	text_append_quoted(&line, script);
	text_append(&line, " sh");
	for (size_t i = 0; arguments[i]; i++) {
		text_append_char(&line, ' ');
		text_append_quoted(&line, arguments[i]);
	}
	return text_take(&line);
}

// Runs PROCESS, all but whose words is set, as such a script in the guest.
static int run(struct copy *copy, struct process process, const char *script,
	       const char *const *arguments, char **output, struct error *err)
{
	auto_free char *line = script_line(script, arguments);
	auto_list struct list words = {0};
	auto_process_result struct process_result result = {0};

	if (login_words(copy->login, line, &words, err) < 0)
		return -1;
	process.argv = (const char *const *)words.items;
	process.bound = true;
	process.heedless = copy->agent.clearing;
	if (process_run(&process, &result, err) < 0 ||
	    agent_script_judge(result.exit_status, result.errors, err) < 0)
		return -1;
	if (output)
		*output = text_strip(take(&result.output));
	return 0;
}

static int step(struct copy *copy, const char *script, const char *const *arguments,
		int milliseconds, char **output, struct error *err)
{
	return run(copy, (struct process){.timeout = milliseconds}, script, arguments, output, err);
}

// What can be read only once is read into a file first, which this gives: its sum is told before it
// is sent.
static int spool(int from, struct error *err)
{
	auto_free char *buffer = memory_new(BUFFER, 1);
	int fd = copy_spool(err);
	long long got = fd < 0 ? -1 : 1;

	while (got > 0) {
		got = copy_read(from, buffer, BUFFER, err);
		if (got > 0 && file_write_all(fd, buffer, (size_t)got) < 0)
			got = error_set_errno(err, errno, "cannot write the copy");
	}
	if (got == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

struct passing {
	struct copy *copy;
	struct progress *progress;
	int fd; // that is sent, or written
	int failed;
};

static void show(void *data)
{
	const struct passing *passing = data;
	off_t place = lseek(passing->fd, 0, SEEK_CUR);

	// Ours stands where the child's does: they are one open file.
	progress_bytes(passing->progress, place < 0 ? 0 : (unsigned long long)place);
}

static int send_file(struct copy *copy, const struct copy_source *source, const char *tmp, int fd,
		     struct error *err)
{
	struct copy_ending ending;
	struct passing passing = {.copy = copy, .fd = fd};
	off_t size = lseek(fd, 0, SEEK_END);
	auto_progress struct progress *progress = NULL;

	if (size < 0 || copy_sum(fd, copy->sum, err) < 0)
		return size < 0 ? error_set_errno(err, errno, "cannot read it again") : -1;
	copy->bytes = (unsigned long long)size;
	passing.progress = progress = copy_bar(copy, copy->bytes);
	copy_ending(copy, source, tmp, "/dev/stdin", &ending);
	return run(copy, (struct process){.reads = fd, .tick = show, .data = &passing},
		   ending.script, ending.arguments, NULL, err);
}

static int send(struct copy *copy, const struct copy_source *source, const char *tag,
		const char *tmp, struct error *err)
{
	bool twice = lseek(source->fd, 0, SEEK_CUR) >= 0;
	auto_close int own = twice ? -1 : spool(source->fd, err);

	(void)tag;
	return !twice && own < 0 ? -1 : send_file(copy, source, tmp, twice ? source->fd : own, err);
}

static void keep(void *data, const char *bytes, size_t length)
{
	struct passing *passing = data;

	if (!passing->failed && file_write_all(passing->fd, bytes, length) < 0)
		passing->failed = errno;
	passing->copy->bytes += length;
	progress_bytes(passing->progress, passing->copy->bytes);
}

static int pass_on(struct copy *copy, int fd, struct error *err)
{
	auto_free char *buffer = memory_new(BUFFER, 1);
	long long got;

	while ((got = copy_read(fd, buffer, BUFFER, err)) > 0)
		if (report_passage(copy->agent.call->report, buffer, (size_t)got, err) < 0)
			return -1;
	return got < 0 ? -1 : 0;
}

static int receive(struct copy *copy, const struct copy_found *found, const char *tag, int fd,
		   struct error *err)
{
	auto_close int own = fd < 0 ? copy_spool(err) : -1;
	auto_progress struct progress *progress = copy_bar(copy, found->size);
	struct passing passing = {.copy = copy, .progress = progress, .fd = fd < 0 ? own : fd};

	(void)tag;
	if (passing.fd < 0 ||
	    run(copy, (struct process){.output = keep, .data = &passing}, "exec cat -- \"$1\"",
		(const char *const[]){found->content, NULL}, NULL, err) < 0)
		return -1;
	if (passing.failed)
		return error_set_errno(err, passing.failed, "cannot write the copy");
	if (copy_sum(passing.fd, copy->sum, err) < 0 || copy_check(copy, found, -1, err) < 0)
		return -1;
	return fd < 0 ? pass_on(copy, own, err) : 0;
}

const struct copy_way copy_by_ssh = {"ssh", step, send, receive};
