// SPDX-License-Identifier: GPL-3.0-or-later
// Holds QEMU's lock of a writer on the file that it is given, until its standard input ends.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int count, char **words)
{
	static const int bytes[] = {100, 101, 201, 203};
	int fd = count > 1 ? open(words[1], O_RDONLY) : -1;
	char byte;

	for (unsigned i = 0; i < 4; i++) {
		struct flock lock = {.l_type = F_RDLCK, .l_start = bytes[i], .l_len = 1};

		if (fcntl(fd, F_OFD_SETLK, &lock) < 0)
			return 1;
	}
	puts("held");
	fflush(stdout);
	return read(0, &byte, 1) != 0;
}
