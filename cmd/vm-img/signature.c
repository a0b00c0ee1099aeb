// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/signature.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/private_directory.h"
#include "base/process.h"

enum { TIMEOUT = 20000 }; // milliseconds

bool signature_can_be_verified(const char *keyring)
{
	return access(keyring, R_OK) == 0 && process_find("gpgv", NULL);
}

// BYTES as a file without a place; its name for others, the caller's.
static char *hold(const char *bytes, size_t length, int *fd, struct error *err)
{
	*fd = memfd_create("vm-img", MFD_CLOEXEC);
	if (*fd >= 0 && file_write_all(*fd, bytes, length) == 0)
		return private_directory_path(*fd);
	error_set_errno(err, errno, "cannot keep a signature in memory");
	return NULL;
}

int signature_verify(const char *keyring, const char *text, const char *signature, size_t length,
		     struct error *err)
{
	auto_close int text_fd = -1, signature_fd = -1;
	auto_free char *text_path = hold(text, strlen(text), &text_fd, err);
	auto_free char *signature_path =
		text_path ? hold(signature, length, &signature_fd, err) : NULL;
	const char *argv[] = {"gpgv", "-q", "--keyring", keyring, signature_path, text_path, NULL};
	struct process process = {.argv = argv, .timeout = TIMEOUT, .bound = true};
	auto_process_result struct process_result result = {0};

	if (!signature_path || process_run(&process, &result, err) < 0)
		return -1;
	if (result.exit_status == 0)
		return 0;
	error_set(err, STATUS_CHECK, "the checksums are not signed by a key of '%s'", keyring);
	return error_hint(err, "the mirror is not to be trusted, or the keys are too old");
}
