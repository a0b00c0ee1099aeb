// SPDX-License-Identifier: GPL-3.0-or-later
// What jobs on the disks of a running guest have in common.
#pragma once

#include "cmd/vmctl/options.h"

struct call;
struct error;

// A job that is begun, and waited for where an option asks for that.
struct operation {
	const char *label;     // of the bar
	const char *name;      // "Commit": of what failed or was aborted
	const char *started;   // virsh's sentences
	const char *completed; // NULL: a mirror, which ends when the user says so:
	const char *kept;      // with the option --pivot or this one, of which
	const char *kept_done; // this is said;
	const char *in_step;   // else it goes on
	const char *waits[5];  // options that mean waiting
	int (*begin)(struct call *call, const char *disk, unsigned long bandwidth,
		     struct error *err);
};

// Begins it on the disk --path, waits as the options say, and reports block_results.
int block_operate(struct call *call, const struct operation *operation, struct error *err);
extern const struct field block_results[];

// The value of --bandwidth: in MiB a second, or with --bytes in bytes; 0 where it is not given.
int block_bandwidth(const struct call *call, unsigned long *bandwidth, struct error *err);

// Rows of their options.
// clang-format off
#define BLOCK_WAIT(help_) FLAG("wait", 0, help_)
#define BLOCK_VERBOSE FLAG("verbose", 0, "show a bar while waiting")
#define BLOCK_ASYNC(bit_) FLAG("async", bit_, "do not wait for the end of a job that is aborted")
#define BLOCK_TIMEOUT(help_) \
	{ .kind = OPTION_INTEGER, .traits = POSITIONAL, .name = "timeout", \
	  .least = 1, .most = 2147483, .help = help_ }
#define BLOCK_DISK NEEDED("path", domain_disks, "the disk: its target such as vda, or its file")
#define BLOCK_BANDWIDTH \
	{ .kind = OPTION_TEXT, .traits = POSITIONAL, .name = "bandwidth", .value = "number", \
	  .help = "most that is copied a second, in MiB; 0: no limit" }
#define BLOCK_BYTES(bit_) FLAG("bytes", bit_, "the bandwidth is in bytes, or with a suffix")
#define BLOCK_WAITED(...) \
	REQUIRES_ANY("verbose", __VA_ARGS__), REQUIRES_ANY("async", __VA_ARGS__)
// clang-format on
