// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/kvm_user.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/host.h"

static bool has_kvm_open(const struct host *host, const char *process)
{
	auto_free char *directory = text_format("/proc/%s/fd", process);
	auto_list struct list numbers = root_names(&host->root, directory);

	for (size_t i = 0; i < numbers.count; i++) {
		auto_free char *path = text_format("%s/%s", directory, numbers.items[i]);
		auto_free char *target = root_link(&host->root, path);

		// The last part of "/dev/kvm", or "anon_inode:kvm-vm".
		if (text_equal(target, "kvm") || text_begins(target, "anon_inode:kvm-"))
			return true;
	}
	return false;
}

// What stands behind "-name" of QEMU: "NAME" or "guest=NAME,debug-threads=on"; the caller's or
// NULL.
static char *guest_name(const struct host *host, const char *process)
{
	enum { NAME_OPTION = 6 }; // bytes of "-name" and its end
	auto_free char *path = text_format("/proc/%s/cmdline", process);
	auto_close int fd = root_descriptor(&host->root, path, O_RDONLY);
	char line[ROOT_LINE];
	ssize_t length = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
	const char *found;

	if (length <= 0)
		return NULL;
	line[length] = '\0';
	found = memmem(line, (size_t)length, "\0-name", NAME_OPTION + 1);
	if (!found || found + NAME_OPTION + 1 >= line + length)
		return NULL;
	found += NAME_OPTION + 1;
	found += text_begins(found, "guest=") ? strlen("guest=") : 0;
	return text_copy_bytes(found, strcspn(found, ","));
}

struct list kvm_user_find(const struct host *host)
{
	auto_list struct list processes = {0};
	struct list found = {0};

	if (!host->root.live)
		return found;
	processes = root_names(&host->root, "/proc");
	for (size_t i = 0; i < processes.count; i++) {
		const char *process = processes.items[i];
		auto_free char *path = text_format("/proc/%s/comm", process);
		auto_free char *guest = NULL, *command = NULL;

		if (strspn(process, "0123456789") != strlen(process) ||
		    !has_kvm_open(host, process))
			continue;
		guest = guest_name(host, process);
		command = root_line(&host->root, path);
		list_add_format(&found, "%s%s (process %s)", guest ? "guest " : "",
				guest     ? guest
				: command ? command
					  : "unknown",
				process);
	}
	return found;
}
