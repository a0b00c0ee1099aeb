// SPDX-License-Identifier: GPL-3.0-or-later
// A command that runs while nobody can begin to write to some images.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "image/image_lock.h"
#include "image/parts.h"

enum {
	CANNOT_RUN = 126, // as env(1) and others who run a command
	NO_PROGRAM = 127,
	PAUSE = 100, // milliseconds between two tries
};

struct locks {
	struct image_lock *all;
	size_t count;
};

static void locks_release(struct locks *locks)
{
	for (size_t i = 0; i < locks->count; i++)
		image_lock_release(&locks->all[i]);
	free(locks->all);
}
#define auto_locks __attribute__((cleanup(locks_release)))

// Waits for who is in the way as long as --wait says.
static int take_lock(struct call *call, const char *path, enum image_lock_use use,
		     struct image_lock *lock, struct error *err)
{
	long long deadline = clock_milliseconds() + argument_integer(call, "wait") * 1000;

	for (;;) {
		auto_error struct error refusal = {0};

		if (image_lock_take(path, use, lock, &refusal) == 0)
			return 0;
		if (refusal.status != STATUS_CONFLICT || clock_milliseconds() >= deadline)
			return error_move(err, &refusal);
		if (cancel_poll(call->cancel, NULL, 0, PAUSE) < 0)
			return cancel_check(call->cancel, err);
	}
}

static bool is_held(const struct locks *locks, const char *path)
{
	struct stat wanted, held;

	for (size_t i = 0; i < locks->count && stat(path, &wanted) == 0; i++)
		if (fstat(locks->all[i].fd, &held) == 0 && held.st_dev == wanted.st_dev &&
		    held.st_ino == wanted.st_ino)
			return true;
	return false;
}

// Who runs the command has the lock too: should this program be killed, it goes on under it.
static int add_lock(struct call *call, const char *path, enum image_lock_use use,
		    struct locks *locks, struct error *err)
{
	struct image_lock lock = IMAGE_LOCK_NONE;

	if (is_held(locks, path))
		return 0;
	if (take_lock(call, path, use, &lock, err) < 0)
		return -1;
	if (lock.fd >= 0)
		fcntl(lock.fd, F_SETFD, 0);
	locks->all = memory_resize(locks->all, locks->count + 1, sizeof(*locks->all));
	locks->all[locks->count++] = lock;
	return 0;
}

// What is below an image is read through it, whatever is done to the image itself.
static int add_image(struct call *call, const char *path, struct locks *locks, struct error *err)
{
	bool exclusive = argument_flag(call, "exclusive");
	auto_list struct list parts = {0};

	if (add_lock(call, path, exclusive ? IMAGE_LOCK_CHANGE : IMAGE_LOCK_SOURCE, locks, err) < 0)
		return -1;
	parts_find(path, NULL, &parts);
	for (size_t i = 0; i < parts.count; i++)
		if (add_lock(call, parts.items[i], IMAGE_LOCK_SOURCE, locks, err) < 0)
			return error_wrap(err, "'%s' has it as its backing or data file", path);
	return 0;
}

static int run_command(struct call *call, struct error *err)
{
	const struct list *command = argument_list(call, "command");
	int status = process_run_interactive((const char *const *)command->items, err);

	if (status < 0 && err->status < STATUS_SIGNAL)
		err->status = (enum status)(err->status == STATUS_NOT_FOUND ? (int)NO_PROGRAM
									    : (int)CANNOT_RUN);
	if (status > 0)
		call->status = status;
	return status < 0 ? -1 : 0;
}

static void tell_changes(struct call *call, const struct locks *locks)
{
	for (size_t i = 0; i < locks->count && !argument_flag(call, "exclusive"); i++) {
		auto_error struct error changed = {0};

		if (image_lock_check(&locks->all[i], &changed) < 0)
			call_warning(call, "%s", changed.message);
	}
}

static int lock(struct call *call, struct error *err)
{
	const struct list *files = argument_list(call, "file");
	auto_locks struct locks locks = {0};

	for (size_t i = 0; i < files->count; i++)
		if (add_image(call, files->items[i], &locks, err) < 0) {
			if (err->status < STATUS_SIGNAL)
				err->status = STATUS_PROGRAM;
			return error_wrap(err, "cannot lock '%s'", files->items[i]);
		}
	if (run_command(call, err) < 0)
		return -1;
	tell_changes(call, &locks);
	return 0;
}

static const struct option lock_options[] = {
	FLAG("exclusive", 0,
	     "nobody else may read it either: for a command that changes it, and is none of "
	     "QEMU's"),
	{.kind = OPTION_INTEGER,
	 .letter = 'w',
	 .name = "wait",
	 .value = "seconds",
	 .least = 0,
	 .most = 86400,
	 .help = "how long to wait for who is in the way (default: not at all)"},
	{.kind = OPTION_REST, .traits = REQUIRED, .name = "file", .help = "images to be locked"},
	{.kind = OPTION_REST,
	 .traits = REQUIRED | BEHIND,
	 .name = "command",
	 .help = "what is run meanwhile: a program and its arguments"},
	END,
};

const struct command img_lock_command = {
	.name = "lock",
	.traits = COMMAND_TERMINAL,
	.options = lock_options,
	.summary = "run a command while no guest can begin to write to images",
	.description =
		"Takes QEMU's locks on images and their backing files, runs a command, and "
		"ends with its exit status; 125 where the locks cannot be had (who is in the way "
		"is "
		"named), 126 where the command cannot be run, 127 where there is none. Meanwhile "
		"no guest that writes to one of them can be started, here or on another host that "
		"shares the file system, and no program of QEMU changes it; all can read it. The "
		"locks last until the command and all that it has started have ended.",
	.run = lock,
};
