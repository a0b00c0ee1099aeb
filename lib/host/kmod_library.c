// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/kmod_library.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "host/guard.h"
#include "host/host.h"

static int find_calls(struct kmod_library *library, struct error *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} calls[] = {
#define KMOD_LIBRARY_ROW(name_) {"kmod_" #name_, offsetof(struct kmod_library, name_)},
		KMOD_LIBRARY_CALLS(KMOD_LIBRARY_ROW)};

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		void *address = dlsym(library->handle, calls[i].name);

		if (!address)
			return error_set(err, STATUS_FAILED, "libkmod has no %s()", calls[i].name);
		memcpy((char *)library + calls[i].offset, &address, sizeof(address));
	}
	return 0;
}

// By its descriptor, so that links in a recorded tree lead nowhere out of it.
static void open_context(struct kmod_library *library, const struct host *host)
{
	static const char *const no_configuration[] = {NULL};
	auto_free char *path =
		text_format("/lib/modules/%s", host->release ? host->release : "unknown");
	auto_free char *directory = NULL;

	if (host->root.live) {
		guard_begin(host->root.guard, "/etc/modprobe.d");
		library->context = library->new (NULL, NULL);
		guard_end(host->root.guard);
		return;
	}
	library->directory = root_descriptor(&host->root, path, O_PATH | O_DIRECTORY);
	directory = text_format("/proc/self/fd/%d", library->directory);
	library->context = library->new (directory, no_configuration);
}

int kmod_library_open(struct kmod_library *library, const struct host *host, struct error *err)
{
	*library = (struct kmod_library){.directory = -1};
	library->handle = dlopen("libkmod.so.2", RTLD_NOW | RTLD_LOCAL);
	if (!library->handle) {
		error_set(err, STATUS_NOT_FOUND, "cannot inspect modules: libkmod is missing");
		return error_hint(err, "install it: Debian calls it libkmod2, others kmod-libs");
	}
	if (find_calls(library, err) < 0)
		return -1;
	open_context(library, host);
	if (!library->context)
		return error_set(err, STATUS_FAILED, "cannot initialise libkmod");
	// What it would write to standard error is said in our words.
	library->set_log_priority(library->context, 0);
	return 0;
}

void kmod_library_close(struct kmod_library *library)
{
	if (library->context)
		library->unref(library->context);
	if (library->directory >= 0)
		close(library->directory);
	if (library->handle)
		dlclose(library->handle);
	*library = (struct kmod_library){.directory = -1};
}
