// SPDX-License-Identifier: GPL-3.0-or-later
// Which control groups a machine has mounted, and what they can control.
#pragma once

#include <stdbool.h>

struct host;

struct cgroup {
	bool known;              // whether anything tells
	bool version1, version2; // both: the mixed layout
	bool untold;             // somebody else's tree that leaves out what they can control
	char *controllers;       // " cpu memory ", of both versions; never NULL
};

void cgroup_look(struct cgroup *cgroup, struct host *host);

// Whether CONTROLLER, by its name of version 1, can be controlled: version 2 calls blkio "io", has
// cpuacct in cpu, freezer everywhere and devices as BPF programs.
bool cgroup_has(const struct cgroup *cgroup, const char *controller);

void cgroup_clear(struct cgroup *cgroup);
#define auto_cgroup __attribute__((cleanup(cgroup_clear)))
