// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/qemu_process.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

enum { ARGUMENTS_MOST = 4 << 20 }; // bytes

struct list qemu_process_arguments(const char *process)
{
	auto_free char *path = text_format("/proc/%s/cmdline", process);
	auto_error struct error ignored = {0};
	size_t length = 0;
	auto_free char *content = file_read(path, ARGUMENTS_MOST, &length, &ignored);
	struct list arguments = {0};

	for (const char *at = content; at && at < content + length; at += strlen(at) + 1)
		list_add(&arguments, at);
	return arguments;
}

const char *qemu_process_program(const struct list *arguments)
{
	const char *slash = arguments->count ? strrchr(arguments->items[0], '/') : NULL;

	return slash ? slash + 1 : arguments->count ? arguments->items[0] : "";
}

bool qemu_process_is(const char *program)
{
	return text_begins(program, "qemu-") || text_equal(program, "kvm");
}

// The value of `-name`: "guest=web,debug-threads=on" or "web,process=x"; a comma in it is doubled.
char *qemu_process_guest(const struct list *arguments)
{
	struct text name = {0};
	const char *at = NULL, *named;

	if (!qemu_process_is(qemu_process_program(arguments)))
		return NULL;
	for (size_t i = 1; i + 1 < arguments->count && !at; i++)
		if (text_equal(arguments->items[i], "-name") ||
		    text_equal(arguments->items[i], "--name"))
			at = arguments->items[i + 1];
	if (!at)
		return NULL;
	named = strstr(at, "guest=");
	for (at = named ? named + strlen("guest=") : at; *at; at++) {
		if (*at == ',' && *++at != ',')
			break;
		text_append_char(&name, *at);
	}
	return text_take(&name);
}

// Whether PATH stands in ARGUMENT between characters that end a file name in QEMU's options.
static bool names(const char *argument, const char *path)
{
	static const char ends[] = "\",=:";
	size_t length = strlen(path);

	for (const char *at = strstr(argument, path); at; at = strstr(at + 1, path))
		if ((at == argument || strchr(ends, at[-1])) && strchr(ends, at[length]))
			return true;
	return false;
}

bool qemu_process_names(const struct list *arguments, const char *path, bool *writes)
{
	bool found = false;

	*writes = false;
	for (size_t i = 1; i < arguments->count; i++) {
		const char *argument = arguments->items[i];

		if (!names(argument, path))
			continue;
		found = true;
		*writes = *writes || !(strstr(argument, "\"read-only\":true") ||
				       strstr(argument, "readonly=on"));
	}
	return found;
}
