// SPDX-License-Identifier: GPL-3.0-or-later
// kvm-check compare HOST|FILE...: what guests may use to be able to move between hosts.
#pragma once

#include "cli/command.h"
#include "cmd/kvm-check/profile.h"

// What some hosts have in common.
struct common {
	const struct profile *hosts;
	size_t count;
	bool possible;     // guests can move at all
	char *cpu;         // the best CPU model, or host-passthrough; NULL where none is known
	struct list types; // the newest machine type of each kind that all have
	struct list hindering, obstacles; // as many: the host, and what it stands in the way of
};

void common_find(struct common *common, const struct profile *hosts, size_t count);
void common_clear(struct common *common);
#define auto_common __attribute__((cleanup(common_clear)))

extern const struct command compare_command;
