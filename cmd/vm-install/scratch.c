// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "cmd/vm-install/installation.h"
#include "guest/host.h"

// Where the hypervisor's own scratch files are; the session's daemon runs as the user.
static char *scratch_directory(const struct installation *installation)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (!installation->host->session && !installation->planned &&
	    access("/var/lib/libvirt/boot", W_OK) == 0)
		return text_copy("/var/lib/libvirt/boot");
	if (cache && *cache)
		return text_format("%s/vmkit/boot", cache);
	return text_format("%s/.cache/vmkit/boot", home ? home : "");
}

char *scratch_new(struct installation *installation, const char *name, int *fd, struct error *err)
{
	auto_free char *directory = scratch_directory(installation);
	auto_free char *path = text_format("%s/vm-install-XXXXXX-%s", directory, name);

	if (file_make_directories(directory, 0755) < 0) {
		error_set_errno(err, errno, "cannot make the directory '%s'", directory);
		return NULL;
	}
	*fd = mkostemps(path, (int)strlen(name) + 1, O_CLOEXEC);
	if (*fd < 0) {
		error_set_errno(err, errno, "cannot make a file in '%s'", directory);
		return NULL;
	}
	list_add(&installation->scratch, path);
	return take(&path);
}

static int copy_content(int from, int to)
{
	char buffer[65536];
	ssize_t got;

	while ((got = read(from, buffer, sizeof(buffer))) > 0)
		if (file_write_all(to, buffer, (size_t)got) < 0)
			return -1;
	return got < 0 ? -1 : 0;
}

static int fetch(const char *url, const char *to, struct error *err)
{
	// Neither the user's .curlrc nor a redirection takes the encryption away.
	const char *const redirections = text_begins(url, "https:") ? "=https" : "=https,http,ftp";
	const char *const argv[] = {"curl",
				    "-q",
				    "--fail",
				    "--silent",
				    "--location",
				    "--show-error",
				    "--proto-redir",
				    redirections,
				    "--retry",
				    "2",
				    "--output",
				    to,
				    "--",
				    url,
				    NULL};
	struct process process = {.argv = argv, .bound = true};
	auto_free char *output = process_output(&process, err);

	if (output)
		return 0;
	return error_wrap(err, "cannot download '%s'", url);
}

char *scratch_get(struct installation *installation, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	auto_free char *short_name = text_copy_bytes(name, strcspn(name, "?#"));
	auto_close int to = -1;
	auto_free char *copy = scratch_new(installation, short_name, &to, err);
	auto_close int from = -1;

	if (!copy)
		return NULL;
	if (strstr(path, "://"))
		return fetch(path, copy, err) == 0 ? take(&copy) : NULL;
	from = open(path, O_RDONLY | O_CLOEXEC);
	if (from < 0) {
		error_set_errno(err, errno, "cannot read '%s'", path);
		return NULL;
	}
	if (copy_content(from, to) < 0) {
		error_set_errno(err, errno, "cannot copy '%s' to '%s'", path, copy);
		return NULL;
	}
	return take(&copy);
}
