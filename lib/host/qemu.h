// SPDX-License-Identifier: GPL-3.0-or-later
// The QEMU of a machine: where it is, and what it says about itself.
#pragma once

#include <stdbool.h>

struct host;

// Where the system emulator for the machine's own architecture is; the caller's, NULL for nowhere.
char *qemu_find(const struct host *host);

// Where a tool is: in the usual directories of the machine; the caller's, NULL for nowhere.
char *qemu_find_tool(const struct host *host, const char *name);

struct qemu {
	char *version;      // "7.2.22"
	char *accelerators; // "tcg kvm"
	char *machines;     // the machine types it names as aliases or default, "pc q35"
	char *types;        // all machine types, "pc pc-i440fx-7.2 q35 ..."
};

// Asks the program at PATH; it is given a second and a half for each answer. Members that it does
// not tell stay NULL. A recorded machine answers with what was recorded.
void qemu_ask(struct qemu *qemu, const struct host *host, const char *path);
// The CPU models that it knows, " a b c "; the caller's, NULL where it does not tell.
char *qemu_ask_models(const char *path);

// The version of libvirt's daemon, or NULL; the caller's.
char *qemu_ask_libvirt(const struct host *host);
void qemu_clear(struct qemu *qemu);
#define auto_qemu __attribute__((cleanup(qemu_clear)))
