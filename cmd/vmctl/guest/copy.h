// SPDX-License-Identifier: GPL-3.0-or-later
// Files and directories to and from a guest by its agent. What is copied has its name only when it
// is complete and its SHA-256 is the same on both sides.
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "virt/agent.h"

struct call;
struct error;
struct list;
struct progress;

struct copy {
	struct agent agent;
	const char *path; // in the guest
	bool pieces;      // only by the agent, piece for piece: no channel of its own
	// What became of it.
	unsigned long long bytes; // of a directory: of its archive
	char sum[SHA256_HEX];
	bool by_channel;
};

struct copy_source {
	int fd;                   // where the content comes from
	const char *name;         // that it gets where `path` is a directory; "": it must not be
	bool tree;                // the content is a tar archive of what is in a directory
	const struct stat *facts; // mode and time that it gets; NULL: as new files have them
};

int copy_to_guest(struct copy *copy, const struct copy_source *source, struct error *err);

// Into the file or directory TARGET, or, where that is NULL, to standard output.
int copy_from_guest(struct copy *copy, const char *target, struct error *err);

// Candidates for completion: the guests that run, and behind "GUEST:" what its agent finds there.
void copy_places(struct call *call, struct list *found);

// What both need.
enum {
	COPY_PATIENCE = 1800000, // milliseconds that a guest may work on a large file
	COPY_BEGINS = 20000,
	COPY_CLEARING = 3000,
	COPY_LITTLE = 256 << 10, // bytes that are not worth a channel
};

// In a script whose $tmp is a private directory: the guest removes it by itself when nothing has
// come for two minutes.
#define COPY_GUARD                                                                                 \
	"(while sleep 30; do [ -d \"$tmp\" ] || exit\n"                                            \
	"  [ -n \"$(find \"$tmp\" -mmin -2)\" ] || { rm -rf \"$tmp\"; exit; }\n"                   \
	"done) </dev/null >/dev/null 2>&1 &\n"

// Runs SCRIPT in the guest, whatever became of the copy.
void copy_undo(const struct copy *copy, const char *script, const char *const *arguments);
// The last part of PATH, "" for none; the caller's.
char *copy_name(const char *path);
// A bar where somebody sees it; the caller's.
struct progress *copy_bar(const struct copy *copy, unsigned long long total);
// Reads until BUFFER is full or the end is there; the number of bytes, or -1.
long long copy_read(int fd, char *buffer, size_t most, struct error *err);
// The sum of the file FD, whose beginning it is set to.
int copy_sum(int fd, char sum[SHA256_HEX], struct error *err);
