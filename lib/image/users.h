// SPDX-License-Identifier: GPL-3.0-or-later
// Who uses an image now: processes that have it open, guests among them (told by what
// libvirt has recorded, without asking it), loop devices on it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;

struct user {
	size_t file;   // which of the files that were asked about
	pid_t process; // 0: the kernel, for a loop device
	char *program; // "qemu-system-x86_64", "loop0"
	char *guest;   // its name, where libvirt says that this process runs it; else NULL
	uid_t uid;     // who runs the process
	bool writes;   // has it open to write
};

struct users {
	struct user *all; // by process, each one once a file
	size_t count;
	bool partial; // there are processes that we may not look into
};

// Finds the users of all PATHS in one pass; a path that does not exist has none, and this process
// itself is left out. Of QEMU processes that may not be looked into the arguments tell.
void users_find(const char *const *paths, size_t count, struct users *users);
void users_clear(struct users *users);
#define auto_users __attribute__((cleanup(users_clear)))

// "guest 'web' (process 4711 of user alice)"; the caller's.
char *users_name(const struct user *user);

// Whether the user keeps others from changing or replacing the file: a guest or another program of
// QEMU, a loop device, whoever writes to it. Those who only read do not.
bool users_blocks(const struct user *user);

// Whether anybody else has PATH open, without telling who: microseconds. True where it cannot be
// told.
bool users_any(const char *path);

// Fails, naming the first user that blocks one of PATHS. The second form asks users_any() before:
// it takes no time where nobody has PATH open.
int users_check_all(const char *const *paths, size_t count, struct error *err);
int users_check(const char *path, struct error *err);

// Fails, naming who it is, where somebody writes to PATH: what is read meanwhile is neither the old
// content nor the new.
int users_check_writers(const char *path, struct error *err);
