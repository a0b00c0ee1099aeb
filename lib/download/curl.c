// SPDX-License-Identifier: GPL-3.0-or-later
#include "download/curl.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/number.h"
#include "base/process.h"
#include "base/text.h"
#include "output/progress.h"

enum {
	TEXT_MOST = 4 << 20,
	TEXT_TIMEOUT = 60000, // milliseconds
	CANNOT_RESUME = 33,   // curl's exit status
	CANNOT_RESUME_FILE = 36,
	NOT_FOUND = 22, // with --fail: the server said 400 or more
	FILE_NOT_FOUND = 37,
};

// What curl reads: the URL, which may hold a password, is no argument for everybody to see.
static char *config_of(const char *url)
{
	struct text config = {0};

	text_append(&config, "url = \"");
	for (; *url; url++) {
		// The end of a line would begin another option.
		if ((unsigned char)*url <= ' ' || *url == '"' || *url == '\\' || *url == 0x7f)
			text_append_format(&config, "%%%02X", (unsigned char)*url);
		else
			text_append_char(&config, *url);
	}
	text_append(&config, "\"\n");
	return text_take(&config);
}

char *curl_masked(const char *url)
{
	const char *scheme = strstr(url, "://"), *host = scheme ? scheme + 3 : url;
	size_t authority = strcspn(host, "/?#");
	const char *at = memrchr(host, '@', authority);

	return at ? text_format("%.*s***%s", (int)(host - url), url, at) : text_copy(url);
}

// Without the user's .curlrc, which can switch off verification; from encrypted to plain there is
// no way.
static void begin(struct list *argv, const char *url)
{
	bool encrypted = strncasecmp(url, "https:", 6) == 0;
	static const char *const always[] = {"curl",      "-q",
					     "--fail",    "--location",
					     "--silent",  "--show-error",
					     "--globoff", "--config",
					     "-",         "--connect-timeout",
					     "20",        "--speed-limit",
					     "100",       "--speed-time",
					     "60",        NULL};

	for (const char *const *word = always; *word; word++)
		list_add(argv, *word);
	list_add(argv, "--proto");
	list_add(argv, encrypted ? "=https" : "=http,https,ftp,file");
	list_add(argv, "--proto-redir");
	list_add(argv, encrypted ? "=https" : "=http,https");
}

static int fail(const struct process_result *result, const char *url, struct error *err)
{
	auto_list struct list lines = list_split(result->errors, "\n");
	const char *said = lines.count ? lines.items[lines.count - 1] : "curl does not say why";
	const char *colon = text_begins(said, "curl: (") ? strchr(said, ')') : NULL;
	bool missing = result->exit_status == NOT_FOUND || result->exit_status == FILE_NOT_FOUND;
	auto_free char *masked = curl_masked(url);

	// It repeats what it cannot read of a URL.
	if (!text_equal(masked, url) && strchr(said, '@'))
		said = "the URL cannot be used", colon = NULL;
	error_set(err, missing ? STATUS_NOT_FOUND : STATUS_FAILED, "%s", colon ? colon + 2 : said);
	return error_wrap(err, "cannot fetch '%s'", masked);
}

static int run(struct process *process, struct process_result *result, struct error *err)
{
	if (process_run(process, result, err) == 0)
		return 0;
	if (err->status == STATUS_NOT_FOUND)
		error_hint(err, "curl is in the package curl");
	return -1;
}

static void append(void *data, const char *bytes, size_t length)
{
	struct text *text = data;

	if (text->length + length <= TEXT_MOST)
		text_append_bytes(text, bytes, length);
}

char *curl_bytes(const char *url, size_t *length, struct error *err)
{
	auto_process_result struct process_result result = {0};
	auto_list struct list argv = {0};
	auto_text struct text bytes = {0};
	auto_free char *config = config_of(url);
	struct process process = {.timeout = TEXT_TIMEOUT,
				  .output = append,
				  .data = &bytes,
				  .bound = true,
				  .input = config};

	begin(&argv, url);
	process.argv = (const char *const *)argv.items;
	if (run(&process, &result, err) < 0)
		return NULL;
	if (result.exit_status != 0) {
		fail(&result, url, err);
		return NULL;
	}
	if (length)
		*length = bytes.length;
	return text_take(&bytes);
}

// What a header of the answer says, or what curl writes for file://.
static unsigned long long length_of(const char *headers)
{
	auto_list struct list lines = list_split(headers, "\r\n");
	unsigned long long length = 0;

	for (size_t i = 0; i < lines.count; i++) {
		auto_error struct error ignored = {0};
		long long number;

		// Each redirection brings headers of its own: the last ones count.
		if (strncasecmp(lines.items[i], "content-length:", 15) == 0 &&
		    number_parse(text_strip(lines.items[i] + 15), 0, LLONG_MAX, &number,
				 &ignored) == 0)
			length = (unsigned long long)number;
	}
	return length;
}

static bool ask_head(const char *url, struct process_result *result)
{
	auto_error struct error ignored = {0};
	auto_list struct list argv = {0};
	auto_free char *config = config_of(url);
	struct process process = {.timeout = TEXT_TIMEOUT, .bound = true, .input = config};

	begin(&argv, url);
	list_add(&argv, "--head");
	process.argv = (const char *const *)argv.items;
	return run(&process, result, &ignored) == 0 && result->exit_status == 0;
}

bool curl_exists(const char *url)
{
	auto_process_result struct process_result result = {0};

	return ask_head(url, &result);
}

unsigned long long curl_size(const char *url)
{
	auto_process_result struct process_result result = {0};

	return ask_head(url, &result) ? length_of(result.output) : 0;
}

// Where the bytes go.
struct sink {
	int fd;
	int failure; // an errno value
	bool enough; // there is no use in going on
	unsigned long long done;
	struct progress *progress;
};

static void take_piece(void *data, const char *bytes, size_t length)
{
	struct sink *sink = data;

	if (sink->enough)
		return;
	if (file_write_all(sink->fd, bytes, length) < 0) {
		sink->failure = errno;
		sink->enough = true;
		return;
	}
	sink->done += length;
	progress_bytes(sink->progress, sink->done);
}

// One try from where the file ends. *RESUMABLE: it is not the server's fault that it failed.
static int receive(struct sink *sink, const struct curl_job *job, bool *resumable,
		   struct error *err)
{
	auto_process_result struct process_result result = {0};
	auto_list struct list argv = {0};
	auto_free char *config = config_of(job->url);
	struct process process = {.output = take_piece,
				  .data = sink,
				  .enough = &sink->enough,
				  .bound = true,
				  .input = config};

	*resumable = true;
	sink->done = (unsigned long long)lseek(sink->fd, 0, SEEK_END);
	begin(&argv, job->url);
	if (sink->done) {
		list_add(&argv, "--continue-at");
		list_add_format(&argv, "%llu", sink->done);
	}
	if (job->limit) {
		list_add(&argv, "--limit-rate");
		list_add(&argv, job->limit);
	}
	process.argv = (const char *const *)argv.items;
	if (run(&process, &result, err) < 0) {
		if (!sink->failure || ftruncate(sink->fd, 0) < 0)
			return -1;
		return error_set_errno(err, sink->failure, "cannot write the download");
	}
	*resumable =
		result.exit_status != CANNOT_RESUME && result.exit_status != CANNOT_RESUME_FILE;
	return result.exit_status ? fail(&result, job->url, err) : 0;
}

int curl_download(const struct curl_job *job, int fd, struct error *err)
{
	struct sink sink = {.fd = fd, .progress = job->progress};
	bool resumable;

	progress_total(job->progress, job->size);
	if (receive(&sink, job, &resumable, err) == 0)
		return 0;
	if (resumable)
		return -1;
	error_clear(err);
	if (ftruncate(fd, 0) < 0)
		return error_set_errno(err, errno, "cannot write the download");
	return receive(&sink, job, &resumable, err);
}
