// SPDX-License-Identifier: GPL-3.0-or-later
// What a libvirt stream carries, to and from files.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct error;

// Writes all that STREAM gives to FD and finishes the stream; on failure it is aborted.
int stream_receive(virStreamPtr stream, int fd, struct error *err);

// The same for a stream that was opened to carry holes: they become holes of FD, a file.
int stream_receive_sparse(virStreamPtr stream, int fd, struct error *err);

// Sends all of FD from where it stands and finishes the stream; on failure, or when a signal comes
// (see interrupt.h), it is aborted. With SPARSE the holes of FD go as holes.
int stream_send(virStreamPtr stream, int fd, bool sparse, struct error *err);
