// SPDX-License-Identifier: GPL-3.0-or-later
// Allocation that cannot fail: out of memory ends the program, so no caller tests for it.
#pragma once

#include <stddef.h>

// Zeroed memory for COUNT elements of SIZE bytes; freed with free().
void *memory_new(size_t count, size_t size) __attribute__((malloc, alloc_size(1, 2)));

// Like realloc() for COUNT elements of SIZE bytes; what is new is not zeroed.
void *memory_resize(void *memory, size_t count, size_t size) __attribute__((alloc_size(2, 3)));
