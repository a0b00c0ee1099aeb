// SPDX-License-Identifier: GPL-3.0-or-later
// What a libvirt stream carries, to and from files.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct call;
struct error;
struct progress;

// Writes all that STREAM gives to FD and finishes the stream; on failure it is aborted.
int stream_receive(virStreamPtr stream, int fd, struct error *err);

// The stream and the bar are taken over: a thread may still use them when the call has ended.
struct transfer {
	virStreamPtr stream;       // opened for it
	int fd;                    // a file of ours, from where it stands
	bool send;                 // from the file; else into it
	bool lent;                 // the stream stays the caller's, open after what was sent
	unsigned long long most;   // receiving ends after so many bytes; 0: at the stream's end
	bool sparse;               // the stream carries holes, which are holes of the file too
	struct progress *progress; // shows how far it is; NULL for none
};

// Carries it out and finishes the stream. ^C, SIGTERM and whatever else ends the call end it at
// once, even where the other side does not answer; what is in the file then is a part.
int stream_transfer(struct call *call, const struct transfer *transfer, struct error *err);
