// SPDX-License-Identifier: GPL-3.0-or-later
// Whether QEMU can get to a file: it runs as a user of its own, who must be able to go through
// every directory of the path. (The file itself libvirt hands over to that user at the start.)
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "host/account.h"
#include "host/host.h"
#include "host/qemu_user.h"
#include "storage/storage.h"

static bool may_enter(const struct account *account, const struct stat *status)
{
	if (account->uid == 0)
		return true;
	if (status->st_uid == account->uid)
		return status->st_mode & S_IXUSR;
	if (account_in(account, status->st_gid))
		return status->st_mode & S_IXGRP;
	return status->st_mode & S_IXOTH;
}

// The directories above PATH that the user cannot go through, as words of a shell.
static void find_closed(const struct account *account, const char *path, struct text *closed)
{
	auto_free char *directory = text_copy(path);

	for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		struct stat status;

		*slash = '\0';
		if (stat(directory, &status) == 0 && !may_enter(account, &status)) {
			text_append_char(closed, ' ');
			text_append_quoted(closed, directory);
		}
		*slash = '/';
	}
}

void storage_warn_of_reach(struct storage *storage, const char *path)
{
	struct host host = {0};
	auto_error struct error ignored = {0};
	auto_text struct text closed = {0};
	struct qemu_user user;

	if (host_open(&host, NULL, &ignored) < 0)
		return;
	qemu_user_find(&user, &host);
	if (user.name && user.account.known)
		find_closed(&user.account, path, &closed);
	if (closed.length)
		list_add_format(&storage->guest->warnings,
				"'%s' is out of reach for QEMU, whose user (%s) cannot enter%s: "
				"setfacl -m u:%s:x%s",
				path, user.name, text_string(&closed), user.name,
				text_string(&closed));
	qemu_user_clear(&user);
	host_close(&host);
}
