// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/call.h"
#include "cmd/vmctl/guest/errand.h"

static bool is_null(const struct stat *facts)
{
	return S_ISCHR(facts->st_mode) && facts->st_rdev == makedev(1, 3);
}

// Whether what writes into the pipe or socket has gone, and left nothing.
static bool is_over(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	int waiting = 0;

	return poll(&ready, 1, 0) > 0 && ready.revents & (POLLHUP | POLLERR | POLLNVAL) &&
	       (ioctl(fd, FIONREAD, &waiting) < 0 || waiting == 0);
}

static bool has_bytes(int fd)
{
	int waiting = 0;

	return ioctl(fd, FIONREAD, &waiting) == 0 && waiting > 0;
}

int errand_input_begin(struct call *call, struct errand_input *input, struct error *err)
{
	struct stat facts;

	*input = (struct errand_input){.fd = -1};
	if (fstat(STDIN_FILENO, &facts) < 0 || is_null(&facts) || isatty(STDIN_FILENO))
		return 0;
	input->regular = S_ISREG(facts.st_mode);
	if (input->regular) {
		input->offset = lseek(STDIN_FILENO, 0, SEEK_CUR);
		if (input->offset < facts.st_size)
			input->fd = STDIN_FILENO;
		return 0;
	}
	if (is_over(STDIN_FILENO))
		return 0;
	if (!call->selected) {
		input->fd = STDIN_FILENO;
		return 0;
	}
	if (!has_bytes(STDIN_FILENO))
		return 0;
	error_set(err, STATUS_USAGE, "many guests cannot read one pipe");
	return error_hint(err, "give them a file, as in: < FILE");
}

ssize_t errand_input_read(struct errand_input *input, char *buffer, size_t most, struct error *err)
{
	ssize_t got;

	do
		got = input->regular ? pread(input->fd, buffer, most, input->offset)
				     : read(input->fd, buffer, most);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return 0;
	if (got < 0)
		return error_set_errno(err, errno, "cannot read the standard input");
	if (got == 0)
		input->fd = -1;
	input->offset += got;
	return got;
}
