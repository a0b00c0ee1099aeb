// SPDX-License-Identifier: GPL-3.0-or-later
// The locks that QEMU takes on its images, taken by us: while we hold one no guest, qemu-img or
// qemu-nbd can begin to write to the image, here or on another host that shares the file system.
// QEMU's rule (block/file-posix.c, and docs/system/qemu-block-drivers, "Disk image file locking"):
// a permission that is in use is a shared lock on byte 100 + N, one that nobody else may have is
// one on byte 200 + N; N is 0 for reading, 1 for writing, 3 for resizing. They are open file
// description locks.
#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

struct error;
struct staged_file;

enum image_lock_use {
	IMAGE_LOCK_SOURCE, // it is read: nobody may write to it
	IMAGE_LOCK_WRITE,  // it is changed as QEMU does it: nobody else may write to it
	IMAGE_LOCK_OLD,    // it is replaced: nobody may write, no other program of QEMU may use it
	IMAGE_LOCK_CHANGE, // it is changed in place by us: the same, and nobody may begin to read
};

struct image_lock {
	int fd; // the only one of ours on the image; -1: there is no lock
	char *path;
	bool leased;              // see image_lock_guard()
	off_t size;               // as it was when the lock was taken
	struct timespec modified; // the same
};
#define IMAGE_LOCK_NONE                                                                            \
	{                                                                                          \
		.fd = -1                                                                           \
	}

// Takes the lock on the file or block device PATH; fails with STATUS_CONFLICT where somebody is in
// the way, whom it names. Where the file system has no locks, there are none for QEMU either.
int image_lock_take(const char *path, enum image_lock_use use, struct image_lock *lock,
		    struct error *err);

// The same for the file that FILE is to replace, if there is one.
int image_lock_take_old(const struct staged_file *file, struct image_lock *lock, struct error *err);

// Fails as the first does with IMAGE_LOCK_SOURCE where a lock keeps others from reading PATH; takes
// none, and heeds none who has no lock.
int image_lock_test(const char *path, struct error *err);

// Fails where the content has changed since the lock was taken, by one who heeds no locks.
int image_lock_check(const struct image_lock *lock, struct error *err);

// Keeps even those out who heed no locks: as far as the kernel grants a lease, whoever opens the
// file waits, until image_lock_is_wanted() says so and the lock is released.
void image_lock_guard(struct image_lock *lock);
bool image_lock_is_wanted(const struct image_lock *lock);

// Commits FILE in the place of the image that LOCK is on, if it is on any, and releases that.
// Whoever has come to write to the old one keeps it: then all is as it was, and it fails. With SYNC
// the new one is on the disk before.
int image_lock_replace(struct image_lock *lock, struct staged_file *file, bool sync,
		       struct error *err);

void image_lock_release(struct image_lock *lock);
#define auto_image_lock __attribute__((cleanup(image_lock_release)))
