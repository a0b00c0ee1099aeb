// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/reach.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/account.h"

// RIGHT is that of others (S_IXOTH, S_IROTH).
static bool modes_allow(const struct account *account, const struct stat *status, mode_t right)
{
	if (account->uid == 0)
		return true;
	if (status->st_uid == account->uid)
		return status->st_mode & (right << 6);
	if (account_in(account, status->st_gid))
		return status->st_mode & (right << 3);
	return status->st_mode & right;
}

__attribute__((noreturn)) static void try_as(const struct account *account, const char *path,
					     int right)
{
	if (setgroups(account->count, account->groups) < 0 ||
	    (account->count && setgid(account->groups[0]) < 0) || setuid(account->uid) < 0)
		_exit(2);
	// Only this right is asked about: the way there may be closed.
	_exit(faccessat(AT_FDCWD, path, right, AT_EACCESS) == 0 ? 0 : 1);
}

// What the modes deny an ACL may grant.
static bool acl_allows(const struct account *account, const char *path, mode_t right)
{
	int status = 0;
	pid_t child;

	if (geteuid() != 0)
		return getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
	child = fork();
	if (child == 0)
		try_as(account, path, right == S_IXOTH ? X_OK : R_OK);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool may(const struct account *account, const char *path, mode_t right)
{
	struct stat status;

	return stat(path, &status) < 0 || modes_allow(account, &status, right) ||
	       acl_allows(account, path, right);
}

void reach_closed(const struct account *account, const char *path, struct text *closed)
{
	auto_free char *directory = text_copy(path);

	for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (!may(account, directory, S_IXOTH)) {
			text_append_char(closed, ' ');
			text_append_quoted(closed, directory);
		}
		*slash = '/';
	}
}

bool reach_may_read(const struct account *account, const char *path)
{
	return may(account, path, S_IROTH);
}
