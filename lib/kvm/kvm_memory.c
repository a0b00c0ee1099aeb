// SPDX-License-Identifier: GPL-3.0-or-later
#include "kvm/kvm_memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "kvm/kvm_verdict.h"

enum { FILE_MOST = 64 * 1024 };

// What the verdict depends on, on one line.
static char *circumstances(void)
{
	static const char *const files[] = {
		"/proc/sys/kernel/random/boot_id",
		"/sys/module/kvm/srcversion",
		"/sys/module/kvm_intel/parameters/nested",
		"/sys/module/kvm_amd/parameters/nested",
		"/sys/module/kvm_intel/initstate",
		"/sys/module/kvm_amd/initstate",
		"/sys/module/kvm_pvm/initstate",
		"/sys/devices/system/cpu/cpu0/microcode/version",
	};
	struct text line = {0};
	struct stat device;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		auto_error struct error ignored = {0};
		auto_free char *content = file_read(files[i], FILE_MOST, NULL, &ignored);

		text_append_format(&line, "%s;", content ? text_strip(content) : "");
	}
	if (stat("/dev/kvm", &device) == 0)
		text_append_format(&line, "%o:%u:%u:%d", device.st_mode, device.st_uid,
				   device.st_gid, access("/dev/kvm", R_OK | W_OK));
	return text_take(&line);
}

static char *memory_path(bool make)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	auto_free char *directory = cache && *cache
					    ? text_format("%s/vmkit", cache)
					    : text_format("%s/.cache/vmkit", home ? home : "");

	if (make)
		file_make_directories(directory, 0700);
	return text_format("%s/kvm-verdict", directory);
}

// The three lines of the file: circumstances, kind, reason.
static bool read_memory(const char *now, struct kvm_verdict *verdict)
{
	auto_error struct error ignored = {0};
	auto_free char *path = memory_path(false);
	auto_free char *content = file_read(path, FILE_MOST, NULL, &ignored);
	auto_list struct list lines = list_split(content ? content : "", "\n");

	if (lines.count != 3 || !text_equal(lines.items[0], now))
		return false;
	for (int kind = 0; kind <= KVM_VERDICT_ABSENT; kind++)
		if (text_equal(lines.items[1], kvm_verdict_word(kind))) {
			*verdict = (struct kvm_verdict){.kind = kind,
							.usable = kind == KVM_VERDICT_WORKS,
							.reason = text_copy(lines.items[2])};
			return true;
		}
	return false;
}

void kvm_verdict_recall(struct kvm_verdict *verdict)
{
	auto_free char *now = circumstances();
	auto_error struct error ignored = {0};
	auto_free char *path = NULL, *content = NULL;

	if (read_memory(now, verdict))
		return;
	kvm_verdict_get(verdict);
	// A reason of several lines could not be read again.
	if (!verdict->reason || strchr(verdict->reason, '\n'))
		return;
	path = memory_path(true);
	content =
		text_format("%s\n%s\n%s\n", now, kvm_verdict_word(verdict->kind), verdict->reason);
	file_replace(path, content, strlen(content), 0600, &ignored);
}
