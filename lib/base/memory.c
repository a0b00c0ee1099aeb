// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static void *checked(void *memory)
{
	if (!memory) {
		fputs("error: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *memory_new(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size));
}

void *memory_resize(void *memory, size_t count, size_t size)
{
	return checked(reallocarray(memory, count ? count : 1, size));
}
