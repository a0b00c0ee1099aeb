// SPDX-License-Identifier: GPL-3.0-or-later
// What keeps a module from being loaded: modprobe.d(5), and the kernel's command line.
#pragma once

#include "base/list.h"

struct host;

enum module_ban_kind {
	MODULE_BAN_NONE,
	MODULE_BAN_BLACKLIST, // "blacklist NAME": not loaded by itself, not at boot
	MODULE_BAN_INSTALL,   // "install NAME /bin/false": not by modprobe either
	MODULE_BAN_CMDLINE,   // "modprobe.blacklist=NAME": as a blacklist
	MODULE_BAN_KERNEL,    // "module_blacklist=NAME": the kernel refuses it, to everyone
};

struct module_ban {
	enum module_ban_kind kind;
	char *where; // the file, or the word of the command line
};

// The hardest ban on NAME, by what the files say that count: one hides those of the same name in
// directories of less weight, so an empty file or a link to /dev/null lifts what they say.
void module_ban_find(struct module_ban *ban, const struct host *host, const char *name);
void module_ban_clear(struct module_ban *ban);
#define auto_module_ban __attribute__((cleanup(module_ban_clear)))

// What a line of modprobe.d says about NAME.
enum module_ban_kind module_ban_line(const char *line, const char *name);

// The files of modprobe.d that count, in the order in which they are read.
struct list module_ban_files(const struct host *host);

// Whether a path is a file in one of the directories of modprobe.d.
bool module_ban_is_file(const char *path);
