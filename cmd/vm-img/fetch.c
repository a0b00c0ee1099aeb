// SPDX-License-Identifier: GPL-3.0-or-later
// Images from the network, into a cache that all guests share.
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/private_directory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/catalogue.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/image_cache.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/waiting.h"
#include "cmd/vm-img/wanted.h"
#include "download/checksum.h"
#include "download/curl.h"
#include "image/image.h"
#include "image/space.h"
#include "image/users.h"
#include "output/report.h"

static bool is_url(const char *name)
{
	return text_begins(name, "http://") || text_begins(name, "https://") ||
	       text_begins(name, "file://");
}

static int take_entry(struct call *call, const char *name, struct wanted *wanted, struct error *err)
{
	const struct catalogue_entry *entry = catalogue_find(name);
	const char *architecture = argument_text(call, "arch");
	const char *mirror = argument_text(call, "mirror");
	auto_free char *directory = NULL, *file = NULL, *sums = NULL;
	struct utsname host;

	if (!entry) {
		error_set(err, STATUS_NOT_FOUND, "'%s' is neither a URL nor in the catalogue",
			  name);
		return error_hint(err, "vm-img fetch --list shows the catalogue");
	}
	if (!architecture && uname(&host) == 0)
		architecture = host.machine;
	directory = mirror ? text_format("%s%s", mirror, text_ends(mirror, "/") ? "" : "/")
			   : catalogue_fill(entry->directory, architecture);
	file = catalogue_fill(entry->file, architecture);
	sums = catalogue_fill(entry->sums, architecture);
	wanted->entry = entry;
	wanted->url = text_format("%s%s", directory, file);
	wanted->sums_url = text_format("%s%s", directory, sums);
	return 0;
}

static int refuse_url(const char *url, struct error *err)
{
	auto_free char *masked = curl_masked(url);

	return error_set(err, STATUS_USAGE, "'%s' does not end in the name of a file", masked);
}

static int take_url(struct call *call, const char *url, struct wanted *wanted, struct error *err)
{
	const char *sums = argument_text(call, "sums"), *slash = strrchr(url, '/');

	if (!slash[1] || strpbrk(slash, "?#"))
		return refuse_url(url, err);
	wanted->url = text_copy(url);
	if (sums && is_url(sums))
		wanted->sums_url = text_copy(sums);
	else if (sums)
		wanted->sums_url = text_format("%.*s/%s", (int)(slash - url), url, sums);
	return 0;
}

// Only one at a time; the others wait and find it in the cache.
static int lock(int fd, const char *path, struct error *err)
{
	while (flock(fd, LOCK_EX) < 0)
		if (errno != EINTR || interrupt_signal())
			return error_set_errno(err, errno, "cannot lock '%s'", path);
	return 0;
}

// SIZE is 0 where the server does not tell.
static int check_room(const struct wanted *wanted, int fd, unsigned long long size,
		      struct error *err)
{
	unsigned long long there = (unsigned long long)lseek(fd, 0, SEEK_END);

	return size > there ? space_check(wanted->path, size - there, err) : 0;
}

// The content of FD has the checksum, which is recorded, so that it is computed once.
static int verify(const struct wanted *wanted, const char *name, int fd, struct error *err)
{
	auto_free char *path = private_directory_path(fd);

	if (!wanted->checksum ||
	    image_cache_is_recorded(wanted->directory, name, fd, wanted->checksum))
		return 0;
	return checksum_verify(path ? path : "", wanted->checksum, wanted->file, err);
}

// What is there is whole and the right one, or it goes.
static int check_content(const struct wanted *wanted, const char *part, int fd, struct error *err)
{
	if (verify(wanted, part, fd, err) < 0) {
		if (err->status == STATUS_CHECK)
			unlinkat(wanted->directory, part, 0);
		return -1;
	}
	if (fchmod(fd, 0644) < 0 || fdatasync(fd) < 0)
		return error_set_errno(err, errno, "cannot write '%s'", wanted->path);
	return 0;
}

// Whether the file is in the cache; a failure where it is not what it was when it was fetched.
static int look_for_cached(struct wanted *wanted, struct error *err)
{
	auto_error struct error ignored = {0};
	auto_close int fd = image_cache_file(wanted->directory, wanted->name, false, &ignored);

	if (fd < 0 && ignored.status == STATUS_NOT_FOUND)
		return 0;
	if (fd < 0) {
		*err = ignored;
		ignored = (struct error){0};
		return -1;
	}
	if (verify(wanted, wanted->name, fd, err) < 0) {
		error_wrap(err, "'%s' has changed since it was fetched", wanted->path);
		return error_hint(err, "--force fetches it again");
	}
	if (wanted->checksum)
		image_cache_record(wanted->directory, wanted->name, fd, wanted->checksum);
	wanted->cached = true;
	return 0;
}

static int receive(struct call *call, struct wanted *wanted, const char *part, int fd,
		   struct error *err)
{
	auto_progress struct progress *progress = waiting_bar(call);
	struct curl_job job = {wanted->url, curl_size(wanted->url),
			       argument_text(call, "limit-rate"), progress};

	if (check_room(wanted, fd, job.size, err) < 0 || curl_download(&job, fd, err) < 0 ||
	    check_content(wanted, part, fd, err) < 0) {
		if (lseek(fd, 0, SEEK_END) == 0)
			unlinkat(wanted->directory, part, 0);
		return -1;
	}
	if (renameat(wanted->directory, part, wanted->directory, wanted->name) < 0)
		return error_set_errno(err, errno, "cannot create '%s'", wanted->path);
	if (wanted->checksum)
		image_cache_record(wanted->directory, wanted->name, fd, wanted->checksum);
	return 0;
}

// A download that broke off is gone on with: the name of the part has the checksum in it, so it is
// never mixed with another version. Without a checksum it is begun anew.
static int download(struct call *call, struct wanted *wanted, struct error *err)
{
	auto_free char *part = text_format(".%s.part", wanted->name);
	auto_close int fd = image_cache_file(wanted->directory, part, true, err);

	if (fd < 0 || lock(fd, part, err) < 0)
		return -1;
	if (!argument_flag(call, "force") && look_for_cached(wanted, err) < 0)
		return -1;
	if (wanted->cached)
		return 0;
	if (!wanted->checksum && ftruncate(fd, 0) < 0)
		return error_set_errno(err, errno, "cannot write '%s'", part);
	return receive(call, wanted, part, fd, err);
}

static void take_name(struct wanted *wanted, char *name)
{
	wanted->name = name;
	wanted->path = text_format("%s/%s", wanted->cache, name);
}

// Without the network, or where it fails: what is in the cache will do.
static int use_cached(struct call *call, struct wanted *wanted, struct error *err)
{
	auto_error struct error ignored = {0};
	char *name;

	if (wanted->directory < 0)
		wanted->directory = image_cache_open(wanted->cache, false, &ignored);
	name = wanted->directory < 0
		       ? NULL
		       : image_cache_find(wanted->directory, wanted->file, &wanted->checksum);
	if (!name)
		return error_set(err, STATUS_NOT_FOUND, "'%s' is not in the cache '%s'",
				 wanted->file, wanted->cache);
	take_name(wanted, name);
	if (!wanted->checksum)
		call_warning(call, "nothing is recorded of '%s': it may be anything", wanted->path);
	return look_for_cached(wanted, err);
}

static int fetch_wanted(struct call *call, struct wanted *wanted, struct error *err)
{
	auto_error struct error ignored = {0};
	bool offline = argument_flag(call, "offline"), force = argument_flag(call, "force");

	if (offline && !argument_given(call, "checksum"))
		return use_cached(call, wanted, err);
	if (wanted_find_checksum(call, wanted, err) < 0) {
		// A signature that is wrong is no failure of the network.
		if (err->status == STATUS_USAGE || err->status == STATUS_CHECK ||
		    err->status >= STATUS_SIGNAL || use_cached(call, wanted, &ignored) < 0)
			return -1;
		call_warning(call, "%s: what is in the cache is used", err->message);
		error_clear(err);
		return 0;
	}
	wanted->directory = image_cache_open(wanted->cache, !offline, err);
	if (wanted->directory < 0)
		return -1;
	take_name(wanted, image_cache_name(wanted->file, wanted->checksum));
	if (!force && look_for_cached(wanted, err) < 0)
		return -1;
	if (wanted->cached)
		return 0;
	if (offline)
		return error_set(err, STATUS_NOT_FOUND, "'%s' is not in the cache '%s'",
				 wanted->name, wanted->cache);
	if (file_exists(wanted->path) && users_check(wanted->path, err) < 0)
		return -1;
	if (!wanted->checksum)
		call_warning(call, "there is no checksum of '%s': it may be anything",
			     wanted->file);
	return download(call, wanted, err);
}

static int report_fetched(struct call *call, const struct wanted *wanted, struct error *err)
{
	auto_image struct image image = {0};
	auto_free char *url = curl_masked(wanted->url);

	if (image_read(wanted->path, NULL, &image, err) < 0)
		return -1;
	report_value(call->report, "path", value_text(wanted->path));
	report_value(call->report, "url", value_text(url));
	report_value(call->report, "format", value_text(image.format));
	report_value(call->report, "virtual_size", value_unsigned(image.virtual_size));
	report_value(call->report, "checksum", value_text(wanted->checksum));
	report_value(call->report, "signed", value_boolean(wanted->is_signed));
	report_value(call->report, "cached", value_boolean(wanted->cached));
	// Whoever made it decides what a guest that is made of it would read.
	if (image.backing_file)
		call_warning(call, "its backing file is '%s': do not use it unless you know why",
			     image.backing_file);
	return 0;
}

static int show_catalogue(struct call *call)
{
	static const struct field columns[] = {
		{.title = "Name", .key = "name"},
		{.title = "Title", .key = "title"},
		{.title = "User", .key = "user"},
		{.title = "URL", .key = "url"},
		{0},
	};
	const char *architecture = argument_text(call, "arch");
	struct utsname host;

	if (!architecture && uname(&host) == 0)
		architecture = host.machine;
	report_table(call->report, TABLE_RULED, columns, 0);
	if (report_is_json(call->report))
		report_open_list(call->report, NULL);
	for (const struct catalogue_entry *entry = catalogue; entry->name; entry++) {
		auto_free char *pattern = text_format("%s%s", entry->directory, entry->file);
		auto_free char *url = catalogue_fill(pattern, architecture);

		const struct value values[] = {value_text(entry->name), value_text(entry->title),
					       value_text(entry->user), value_text(url)};

		if (!report_is_json(call->report)) {
			report_row(call->report, values);
			continue;
		}
		report_open(call->report, NULL);
		for (size_t i = 0; i < field_count(columns); i++)
			report_value(call->report, columns[i].key, values[i]);
		report_close(call->report);
	}
	if (report_is_json(call->report))
		report_close(call->report);
	return 0;
}

static int fetch(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "name");
	auto_wanted struct wanted wanted = WANTED_NONE;

	if (argument_flag(call, "list"))
		return show_catalogue(call);
	if (!name) {
		error_set(err, STATUS_USAGE, "nothing to fetch: no URL and no name given");
		return error_hint(err, "vm-img fetch --list shows the catalogue");
	}
	if ((is_url(name) ? take_url : take_entry)(call, name, &wanted, err) < 0)
		return -1;
	assert(wanted.url);
	wanted.file = file_name(wanted.url);
	wanted.cache = image_cache_directory(argument_text(call, "cache"));
	if (fetch_wanted(call, &wanted, err) < 0)
		return -1;
	return report_fetched(call, &wanted, err);
}

static void names(struct call *call, struct list *found)
{
	(void)call;
	for (const struct catalogue_entry *entry = catalogue; entry->name; entry++)
		list_add(found, entry->name);
}

static const struct option fetch_options[] = {
	FLAG("list", 0, "show the catalogue"),
	NAMED("arch", NULL, "architecture, such as x86_64 or aarch64 (default: that of this host)"),
	NAMED("mirror", NULL, "URL of a directory with the image and its checksums"),
	{.kind = OPTION_TEXT,
	 .name = "sums",
	 .value = "file",
	 .help = "file of checksums, beside the image or a URL of its own"},
	NAMED("checksum", NULL, "the checksum it must have: sha256:HEX or sha512:HEX"),
	{.kind = OPTION_TEXT,
	 .name = "cache",
	 .value = "directory",
	 .help = "where images are kept (default: /var/cache/vmkit/images for root, else "
		 "~/.cache/vmkit/images)"},
	FLAG("offline", 0, "only what is in the cache"),
	{.kind = OPTION_TEXT,
	 .name = "limit-rate",
	 .value = "rate",
	 .help = "bytes a second at most, such as 500K or 2M"},
	FORCE("fetch it although it is in the cache"),
	QUIET,
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "name",
	 .candidates = names,
	 .help = "name in the catalogue, or a URL"},
	END,
};

static const struct rule fetch_rules[] = {EXCLUSIVE("sums", "checksum"), RULES_END};

// clang-format off
static const struct field fetch_results[] = {
	FIELD("path", "", FIELD_TEXT, FIELD_ASKED, "where the image is"),
	FIELD("url", NULL, FIELD_TEXT, 0, "where it comes from"),
	FIELD("format", NULL, FIELD_TEXT, FIELD_ASKED, "its format"),
	FIELD("virtual_size", NULL, FIELD_BYTES, FIELD_ASKED, "size of the disk, as a guest sees it"),
	FIELD("checksum", NULL, FIELD_TEXT, FIELD_ASKED | FIELD_NULL, "its SHA-256 or SHA-512"),
	FIELD("signed", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether the distribution's signature of it was verified"),
	FIELD("cached", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether it was in the cache"),
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "of the catalogue: what it is fetched by"),
	FIELD("title", NULL, FIELD_TEXT, FIELD_ASKED, "of the catalogue: what it is"),
	FIELD("user", NULL, FIELD_TEXT, FIELD_ASKED, "of the catalogue: its login"),
	FIELDS_END,
};
// clang-format on

const struct command img_fetch_command = {
	.name = "fetch",
	.options = fetch_options,
	.rules = fetch_rules,
	.results = fetch_results,
	.summary = "fetch a distribution's cloud image, verified, into a shared cache",
	.description =
		"Fetches an image and says where it is: vm-img clone \"$(vm-img fetch debian-12)\" "
		"web.qcow2. It is verified by the checksums that the distribution publishes beside "
		"it. A new version gets a name of its own, so that overlays of the old one stay "
		"whole. A download that broke off is gone on with. What is in the cache is used "
		"when "
		"the network cannot be reached. curl is needed.",
	.run = fetch,
};
