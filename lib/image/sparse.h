// SPDX-License-Identifier: GPL-3.0-or-later
// Files with holes: copied so that zeroes take no room, and zeroes turned into holes in place.
#pragma once

struct error;
struct image_lock;

// Who hears how far it is: DONE bytes of those that the files take. NULL: nobody.
struct sparse_listener {
	void (*hear)(void *data, unsigned long long done);
	void *data;
};

// Takes room for the first block of FD, a new raw image of SIZE bytes: QEMU finds out what direct
// I/O needs by reading it, which tells nothing in a hole. The disk may be full, and the image is
// none the worse.
void sparse_keep_first(int fd, unsigned long long size);

// Makes TO, an empty file, the same SIZE bytes as FROM, a file or block device. PATH is that of the
// file written, for messages. A signal (see interrupt.h) ends it with an error.
int sparse_copy(int from, int to, unsigned long long size, const char *path,
		struct sparse_listener listener, struct error *err);

// Gives back the room that zeroes take in the file that LOCK, a guarded one, is on, but for its
// first block. Whenever it is stopped, the content is the same: a hole reads as the zeroes that
// were there. Gives way, with STATUS_CONFLICT, to whoever opens the file.
int sparse_punch(const struct image_lock *lock, unsigned long long size,
		 struct sparse_listener listener, struct error *err);
