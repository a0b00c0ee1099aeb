// SPDX-License-Identifier: GPL-3.0-or-later
// kvm-check can GUEST: whether a guest would start on this host, and what it lacks.
#pragma once

#include <stdbool.h>

#include "cli/command.h"
#include "host/qemu.h"
#include "xml/flat.h"

struct examination;

struct guest {
	struct flat xml;
	char *emulator;                 // that would run it; NULL for none
	struct qemu qemu;               // what that says of itself
	bool kvm;                       // it wants KVM
	const struct examination *host; // what the host can; lent
};

extern const struct check_group can_group;
extern const struct command can_command;
