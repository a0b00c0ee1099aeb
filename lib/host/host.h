// SPDX-License-Identifier: GPL-3.0-or-later
// A machine that is looked at: this one, or a recorded one.
#pragma once

#include "host/cpu.h"
#include "host/facts.h"
#include "host/root.h"

struct recording;

struct host {
	struct root root;
	struct facts facts;
	struct cpu cpu;
	const char *architecture;    // "x86_64", "aarch64", ...; "unknown" where nothing shows it
	char *release;               // of the kernel; NULL where nothing shows it
	char *named;                 // what `architecture` points to where a file names it
	struct recording *recording; // where it is noted what is found, NULL for nowhere; lent
};

// PATH NULL stands for this machine. HOST is empty but for its root's guard. A directory that holds
// nothing of a machine is an error.
int host_open(struct host *host, const char *path, struct error *err);
void host_close(struct host *host);
#define auto_host __attribute__((cleanup(host_close)))

bool host_is(const struct host *host, const char *architecture);
bool host_is_x86(const struct host *host);

// Whether what is not there below PATH may be on the machine all the same: a foreign tree without
// /dev does not mean a machine without devices, nor does a system where /sys is not mounted.
bool host_may_lack(const struct host *host, const char *path);
// The same of a PATH that is not there.
bool host_is_silent(const struct host *host, const char *path);

// Whether the tree is somebody else's and holds no installed system: the programs that are not
// there may be there on the machine.
bool host_is_fragment(const struct host *host);

// Whether its kernel is at least of this release; false where nothing tells, so that what an older
// kernel does not show is not taken for missing.
bool host_kernel_since(const struct host *host, int major, int minor);

// The number of CPUs that are online; 0 where nothing tells.
long host_cpus(const struct host *host);

// A value of /proc/meminfo ("MemAvailable:") in bytes; 0 where nothing tells.
unsigned long long host_memory(const struct host *host, const char *name);
