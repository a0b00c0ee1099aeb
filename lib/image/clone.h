// SPDX-License-Identifier: GPL-3.0-or-later
// A second image with the content of a first: complete under its name, or nothing at all.
#pragma once

#include <stdbool.h>

#include "image/sparse.h"

struct error;

enum clone_method {
	CLONE_ANY,     // the first of those below that can be done here
	CLONE_REFLINK, // the file system shares the blocks until one of the two writes
	CLONE_OVERLAY, // a qcow2 image that stands on the first, which must not change from now on
	CLONE_COPY,    // takes as long as there is data
	CLONE_ALONE,   // CLONE_REFLINK, or else CLONE_COPY: both may change and go
};

struct cloning {
	const char *source;
	const char *format; // of the source; NULL: its first bytes tell
	const char *target;
	enum clone_method method;
	bool replace;  // an image of the target's name may be replaced
	bool allocate; // a copy takes all of its room on the disk at once
	struct sparse_listener listener;
};

// Makes the clone; *USED is how. Fails with STATUS_CONFLICT where somebody writes to the source.
int clone_image(const struct cloning *cloning, enum clone_method *used, struct error *err);

// FD, an empty file in the same directory as PATH, becomes the same as that, by the first or the
// last method. NAME is for messages.
int clone_content(const char *path, int fd, const char *name, struct sparse_listener listener,
		  struct error *err);
