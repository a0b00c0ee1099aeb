// SPDX-License-Identifier: GPL-3.0-or-later
// Files and directories to and from a guest, by its agent or by ssh. What is copied has its name
// only when it is complete and its SHA-256 is the same on both sides.
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "virt/agent.h"

struct call;
struct error;
struct keeper;
struct list;
struct progress;

struct copy {
	struct agent agent;
	const struct copy_way *way;
	const struct login *login; // of the way by ssh
	const char *path;          // in the guest
	bool pieces;               // only by the agent, piece for piece: no channel of its own
	bool hurries;              // and not many of them: rather it fails, and is slow then
	// What became of it.
	unsigned long long bytes; // of a directory: of its archive
	char sum[SHA256_HEX];
	bool by_channel;
	bool slow;
};

struct copy_source {
	int fd;                   // where the content comes from
	const char *name;         // that it gets where `path` is a directory; "": it must not be
	bool tree;                // the content is a tar archive of what is in a directory
	const struct stat *facts; // mode and time that it gets; NULL: as new files have them
};

// What is there in the guest.
struct copy_found {
	bool tree;
	mode_t mode;
	long long time;
	unsigned long long size; // 0 also where nobody knows it, as in /proc
	char *content;           // the file that the content is in; the owner's
};

// How the steps of a copy, sh scripts, run in the guest, and how its content goes. TAG is random,
// and the copy's own.
struct copy_way {
	const char *name;
	// As agent_script().
	int (*step)(struct copy *copy, const char *script, const char *const *arguments,
		    int milliseconds, char **output, struct error *err);
	// Sends the content to the guest, whose directory TMP is there for it, and completes it.
	int (*send)(struct copy *copy, const struct copy_source *source, const char *tag,
		    const char *tmp, struct error *err);
	// Writes the content to FD, a new file, or where that is -1 to standard output; it is the
	// same on both sides, or changes all the time.
	int (*receive)(struct copy *copy, const struct copy_found *found, const char *tag, int fd,
		       struct error *err);
};
extern const struct copy_way copy_by_agent, copy_by_ssh;

int copy_to_guest(struct copy *copy, const struct copy_source *source, struct error *err);

// Into the file or directory TARGET, or, where that is NULL, to standard output.
int copy_from_guest(struct copy *copy, const char *target, struct error *err);

// Candidates for completion: the guests that run, and behind "GUEST:" what its agent finds there.
void copy_places(struct call *call, struct list *found);

// What both need.
enum {
	COPY_PATIENCE = 1800000, // milliseconds that a guest may work on a large file
	COPY_BEGINS = 20000,
	COPY_CLEARING = 15000,   // the agent itself is given less time (virt/agent.c)
	COPY_LITTLE = 256 << 10, // bytes that are not worth a channel
	COPY_MUCH = 8 << 20, // that take longer in pieces than ssh takes to log in and send them
};

// In a script whose $tmp is a private directory: the guest removes it by itself when nothing has
// come for two minutes.
#define COPY_GUARD                                                                                 \
	"(while sleep 30; do [ -d \"$tmp\" ] || exit\n"                                            \
	"  [ -n \"$(find \"$tmp\" -mmin -2)\" ] || { rm -rf \"$tmp\"; exit; }\n"                   \
	"done) </dev/null >/dev/null 2>&1 &\n"

// The step that completes what was sent: $tmp, where "data" is the content, or PORT from where that
// comes ("" for none).
struct copy_ending {
	const char *script;
	const char *arguments[10];
	char mode[16], time[32], bytes[32];
};
void copy_ending(const struct copy *copy, const struct copy_source *source, const char *tmp,
		 const char *port, struct copy_ending *ending);

int copy_agent_send(struct copy *copy, const struct copy_source *source, const char *tag,
		    const char *tmp, struct error *err);
int copy_agent_receive(struct copy *copy, const struct copy_found *found, const char *tag, int fd,
		       struct error *err);
// Asks for the sum of what was found; an error where it is another. PID tells it already, or is -1.
int copy_check(struct copy *copy, const struct copy_found *found, long long pid, struct error *err);

// Before what has BYTES goes in pieces: an error where the copy hurries and that takes long.
int copy_refuse_slow(struct copy *copy, unsigned long long bytes, struct error *err);

// Runs SCRIPT in the guest, whatever became of the copy.
void copy_undo(const struct copy *copy, const char *script, const char *const *arguments);
// Has the device ALIAS taken out of the guest and SCRIPT run there if we are killed before
// keeper_end(); ARGUMENTS as those of a step.
void copy_keep(const struct copy *copy, struct keeper *keeper, const char *alias,
	       const char *script, const char *const *arguments);
// The last part of PATH, "" for none; the caller's.
char *copy_name(const char *path);
// A bar where somebody sees it; the caller's.
struct progress *copy_bar(const struct copy *copy, unsigned long long total);
// Reads until BUFFER is full or the end is there; the number of bytes, or -1.
long long copy_read(int fd, char *buffer, size_t most, struct error *err);
// The sum of the file FD, whose beginning it is set to.
int copy_sum(int fd, char sum[SHA256_HEX], struct error *err);
