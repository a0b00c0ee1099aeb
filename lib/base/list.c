// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/list.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

void list_add_owned(struct list *list, char *item)
{
	if (list->count + 2 > list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 8;
		list->items = memory_resize(list->items, list->capacity, sizeof(*list->items));
	}
	list->items[list->count++] = item;
	list->items[list->count] = NULL;
}

void list_add(struct list *list, const char *item)
{
	list_add_owned(list, text_copy(item));
}

void list_add_format(struct list *list, const char *format, ...)
{
	struct text text = {0};
	va_list arguments;

	va_start(arguments, format);
	text_append_list(&text, format, arguments);
	va_end(arguments);
	list_add_owned(list, text_take(&text));
}

bool list_has(const struct list *list, const char *item)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->items[i], item))
			return true;
	return false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void list_sort(struct list *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), compare);
}

void list_clear(struct list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct list){0};
}

struct list list_split(const char *string, const char *separators)
{
	struct list list = {0};

	while (*(string += strspn(string, separators))) {
		size_t length = strcspn(string, separators);

		list_add_owned(&list, text_copy_bytes(string, length));
		string += length;
	}
	return list;
}

char *list_join(const struct list *list, const char *separator)
{
	struct text text = {0};

	for (size_t i = 0; i < list->count; i++)
		text_append_format(&text, "%s%s", i ? separator : "", list->items[i]);
	return text_take(&text);
}
