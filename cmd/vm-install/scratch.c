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
#include "base/interrupt.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "download/curl.h"
#include "guest/hypervisor.h"
#include "output/progress.h"

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

// What has arrived when the connection breaks is kept, and the rest asked for.
static int fetch(struct installation *installation, const char *url, const char *name, int to,
		 struct error *err)
{
	enum { TRIES = 3 };
	struct call *call = installation->call;
	auto_progress struct progress *progress =
		call->arguments->quiet ? NULL : progress_new(call->context->errors, name, 0);
	struct curl_job job = {.url = url, .progress = progress};

	if (progress)
		job.size = curl_size(url);
	for (int i = 1; curl_download(&job, to, err) < 0; i++) {
		if (i == TRIES || err->status == STATUS_NOT_FOUND || interrupt_signal())
			return -1;
		error_clear(err);
	}
	return 0;
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
		return fetch(installation, path, short_name, to, err) == 0 ? take(&copy) : NULL;
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
