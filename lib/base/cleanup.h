// SPDX-License-Identifier: GPL-3.0-or-later
// Owners that free themselves at the end of their scope: declare with auto_*, initialise at once,
// hand over with take(). The types of other headers bring an auto_* of their own.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// Moves the value out of *VARIABLE, leaving NULL: `return take(&name);`
#define take(variable)                                                                             \
	({                                                                                         \
		__typeof__(variable) taken_from = (variable);                                      \
		__typeof__(*(variable)) taken = *taken_from;                                       \
		*taken_from = NULL;                                                                \
		taken;                                                                             \
	})

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

#define auto_free __attribute__((cleanup(cleanup_free)))
#define auto_close __attribute__((cleanup(cleanup_close)))
#define auto_fclose __attribute__((cleanup(cleanup_fclose)))
