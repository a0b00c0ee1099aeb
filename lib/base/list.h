// SPDX-License-Identifier: GPL-3.0-or-later
// A list of strings that it owns; `struct list l = {0}` is an empty one.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// `items` is NULL or ends with a NULL after `count` strings, so it serves as an argv.
struct list {
	char **items;
	size_t count;
	size_t capacity;
};

void list_add(struct list *list, const char *item); // a copy of it
void list_add_owned(struct list *list, char *item); // itself: the list frees it
void list_add_format(struct list *list, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool list_has(const struct list *list, const char *item);
void list_sort(struct list *list);
void list_clear(struct list *list);
#define auto_list __attribute__((cleanup(list_clear)))

// The pieces of STRING between any of the SEPARATORS, empty pieces left out.
struct list list_split(const char *string, const char *separators);

// All items with SEPARATOR in between; the caller's.
char *list_join(const struct list *list, const char *separator);
