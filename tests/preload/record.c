// SPDX-License-Identifier: GPL-3.0-or-later
// Loaded before a program of vmkit: keeps, below $RECORD, its command line and a copy of what it
// writes to standard output, for tests/schema.py. The program itself runs as it would without it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int copy = -1;
static size_t (*real_fwrite)(const void *, size_t, size_t, FILE *);

static int open_beside(const char *directory, const char *what)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%d.%s", directory, (int)getpid(), what);
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
}

static __attribute__((constructor)) void begin(void)
{
	const char *directory = getenv("RECORD");
	char buffer[65536];
	int from = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC), to;
	ssize_t got;

	real_fwrite = (size_t(*)(const void *, size_t, size_t, FILE *))dlsym(RTLD_NEXT, "fwrite");
	// Its children are none of ours.
	unsetenv("LD_PRELOAD");
	if (!directory || from < 0 || (to = open_beside(directory, "args")) < 0)
		return;
	while ((got = read(from, buffer, sizeof(buffer))) > 0)
		if (write(to, buffer, (size_t)got) != got)
			break;
	close(from);
	close(to);
	copy = open_beside(directory, "out");
}

size_t fwrite(const void *data, size_t size, size_t count, FILE *file)
{
	size_t written = real_fwrite(data, size, count, file);

	if (copy >= 0 && file == stdout && write(copy, data, size * count) < 0)
		_exit(125);
	return written;
}
