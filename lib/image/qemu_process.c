// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/qemu_process.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

enum { ARGUMENTS_MOST = 4 << 20, NUMBER_MOST = 32 }; // bytes

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
	return arguments->count ? file_name(arguments->items[0]) : "";
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

// Whether the file PATH, which only root or we can have written, holds the number of PROCESS, as
// one of the namespaces that it is in counts it.
static bool records(const char *path, const char *process)
{
	auto_free char *status_path = text_format("/proc/%s/status", process);
	auto_error struct error ignored = {0};
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	auto_free char *recorded = NULL, *status = NULL, *all = NULL;
	auto_list struct list numbers = {0};
	const char *line;
	struct stat file;

	if (fd < 0 || fstat(fd, &file) < 0 || !S_ISREG(file.st_mode) ||
	    (file.st_uid != 0 && file.st_uid != geteuid()))
		return false;
	recorded = file_read_fd(fd, path, NUMBER_MOST, NULL, &ignored);
	status = recorded ? file_read(status_path, ARGUMENTS_MOST, NULL, &ignored) : NULL;
	line = status ? strstr(status, "\nNSpid:") : NULL;
	if (!line)
		return false;
	line += strlen("\nNSpid:");
	all = text_copy_bytes(line, strcspn(line, "\n"));
	numbers = list_split(all, " \t");
	return list_has(&numbers, text_strip(recorded));
}

bool qemu_process_is_guest(const char *process, const char *name)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	auto_free char *system = text_format("/run/libvirt/qemu/%s.pid", name);
	// Where the daemon runs in a container, /run is another one.
	auto_free char *contained = text_format("/proc/%s/root%s", process, system);
	auto_free char *session =
		text_format("%s/libvirt/qemu/run/%s.pid", runtime ? runtime : "", name);

	return !strchr(name, '/') && (records(system, process) || records(contained, process) ||
				      (runtime && records(session, process)));
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
