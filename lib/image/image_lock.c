// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/image_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/staged_file.h"
#include "base/text.h"
#include "image/qemu_img.h"
#include "image/source.h"
#include "image/users.h"

enum {
	USED = 100,
	REFUSED = 200,
	PERMISSIONS = 4,
	READ = 1 << 0,
	WRITE = 1 << 1,
	RESIZE = 1 << 3,
	PATIENCE = 1000, // milliseconds for a QEMU that finds the lock to go away again
	PAUSE = 2,
};

// The permissions that each use takes, and those that it lets nobody else have.
static const struct {
	int open, used, refused;
} uses[] = {
	[IMAGE_LOCK_SOURCE] = {O_RDONLY, READ, WRITE | RESIZE},
	[IMAGE_LOCK_WRITE] = {O_RDONLY, READ, WRITE | RESIZE},
	[IMAGE_LOCK_OLD] = {O_RDONLY, READ, WRITE | RESIZE},
	[IMAGE_LOCK_CHANGE] = {O_RDWR, READ | WRITE, WRITE | RESIZE},
};

static struct flock at(int base, int permission, short type)
{
	return (struct flock){
		.l_type = type, .l_whence = SEEK_SET, .l_start = base + permission, .l_len = 1};
}

static bool is_unsupported(int number)
{
	return number == ENOLCK || number == EOPNOTSUPP || number == EINVAL || number == ENOSYS ||
	       number == EBADF;
}

// 1: another one holds a lock that rules this out.
static int lock_bytes(int fd, int base, int permissions)
{
	for (int i = 0; i < PERMISSIONS; i++) {
		struct flock lock = at(base, i, F_RDLCK);

		if (permissions & 1 << i && fcntl(fd, F_OFD_SETLK, &lock) < 0)
			return errno == EAGAIN || errno == EACCES ? 1 : -1;
	}
	return 0;
}

// Locks of others on the bytes, which ours do not show.
static int find_bytes(int fd, int base, int permissions)
{
	for (int i = 0; i < PERMISSIONS; i++) {
		struct flock lock = at(base, i, F_WRLCK);

		if (!(permissions & 1 << i))
			continue;
		if (fcntl(fd, F_OFD_GETLK, &lock) < 0)
			return -1;
		if (lock.l_type != F_UNLCK)
			return 1;
	}
	return 0;
}

// First taken and then looked: of two that do so at the same time, none overlooks the other.
static int lock_all(int fd, int used, int refused)
{
	int result = lock_bytes(fd, USED, used);

	if (!result)
		result = lock_bytes(fd, REFUSED, refused);
	if (!result)
		result = find_bytes(fd, REFUSED, used);
	if (!result)
		result = find_bytes(fd, USED, refused);
	return result;
}

// Whether nobody else has it open; true too only where that is known.
static bool is_alone(int fd)
{
	fcntl(fd, F_SETSIG, SIGURG);
	if (fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		return false;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return true;
}

static int say(const char *path, enum image_lock_use use, struct error *err)
{
	return qemu_img_say(err,
			    "Could not open '%s': Failed to get %s\"write\" lock\n"
			    "Is another process using the image [%s]?",
			    path, use == IMAGE_LOCK_SOURCE ? "shared " : "", path);
}

static int refuse(const char *path, enum image_lock_use use, struct error *err)
{
	if (users_check_all(&path, 1, err) == 0) {
		error_set(err, STATUS_CONFLICT, "'%s' is in use: somebody holds QEMU's lock on it",
			  path);
		error_hint(err, "who it is cannot be seen from here: another user's process, one "
				"in a container, or one on another host");
	}
	return say(path, use, err);
}

// Not everybody heeds locks, and who only reads does not rule out that we do too.
static int check_users(const struct image_lock *lock, enum image_lock_use use, struct error *err)
{
	if (use == IMAGE_LOCK_SOURCE || use == IMAGE_LOCK_WRITE)
		return users_check_writers(lock->path, err);
	if (users_check_all((const char *const *)&lock->path, 1, err) == 0)
		return 0;
	return find_bytes(lock->fd, REFUSED, WRITE) == 1 ? say(lock->path, use, err) : -1;
}

static int take_lock(struct image_lock *lock, enum image_lock_use use, struct error *err)
{
	int result = lock_all(lock->fd, uses[use].used, uses[use].refused);
	struct stat status;

	if (result == 1)
		return refuse(lock->path, use, err);
	if ((result < 0 && !is_unsupported(errno)) || fstat(lock->fd, &status) < 0)
		return error_set_errno(err, errno, "cannot lock '%s'", lock->path);
	lock->size = status.st_size;
	lock->modified = status.st_mtim;
	return is_alone(lock->fd) ? 0 : check_users(lock, use, err);
}

static int open_and_lock(const char *opened, const char *path, enum image_lock_use use,
			 struct image_lock *lock, struct error *err)
{
	struct stat status;
	int failed = 0;

	*lock = (struct image_lock)IMAGE_LOCK_NONE;
	lock->fd = open(opened, uses[use].open | O_CLOEXEC | O_NONBLOCK);
	lock->path = text_copy(path);
	if (lock->fd < 0 || fstat(lock->fd, &status) < 0)
		failed = source_refuse(path, errno, err);
	else if (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode))
		failed = take_lock(lock, use, err);
	if (failed)
		image_lock_release(lock);
	return failed;
}

int image_lock_take(const char *path, enum image_lock_use use, struct image_lock *lock,
		    struct error *err)
{
	struct stat status;

	// Opening a pipe or a character device can do things.
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode)) {
		*lock = (struct image_lock)IMAGE_LOCK_NONE;
		return 0;
	}
	return open_and_lock(path, path, use, lock, err);
}

int image_lock_take_old(const struct staged_file *file, struct image_lock *lock, struct error *err)
{
	auto_free char *opened = text_format("/proc/self/fd/%d", file->old);

	*lock = (struct image_lock)IMAGE_LOCK_NONE;
	if (file->old < 0 || open_and_lock(opened, file->target, IMAGE_LOCK_OLD, lock, err) == 0)
		return 0;
	if (!err->said)
		return -1;
	return qemu_img_say(err,
			    "%s: Failed to get \"write\" lock\n"
			    "Is another process using the image [%s]?",
			    file->target, file->target);
}

int image_lock_test(const char *path, struct error *err)
{
	const enum image_lock_use use = IMAGE_LOCK_SOURCE;
	int fd = open(path, uses[use].open | O_CLOEXEC | O_NONBLOCK);
	bool held = fd >= 0 && lock_all(fd, uses[use].used, uses[use].refused) == 1;

	if (fd >= 0)
		close(fd);
	return held ? refuse(path, use, err) : 0;
}

int image_lock_check(const struct image_lock *lock, struct error *err)
{
	struct stat now;

	if (lock->fd < 0)
		return 0;
	if (fstat(lock->fd, &now) < 0)
		return error_set_errno(err, errno, "cannot look at '%s'", lock->path);
	if (now.st_size == lock->size && now.st_mtim.tv_sec == lock->modified.tv_sec &&
	    now.st_mtim.tv_nsec == lock->modified.tv_nsec)
		return 0;
	return error_set(err, STATUS_CONFLICT, "'%s' was written meanwhile", lock->path);
}

void image_lock_guard(struct image_lock *lock)
{
	fcntl(lock->fd, F_SETSIG, SIGURG);
	lock->leased = fcntl(lock->fd, F_SETLEASE, F_WRLCK) == 0;
}

bool image_lock_is_wanted(const struct image_lock *lock)
{
	return lock->leased && fcntl(lock->fd, F_GETLEASE) != F_WRLCK;
}

// The name of somebody who is in the way of replacing the file, the caller's; NULL for nobody.
static char *find_blocking(int fd)
{
	auto_free char *path = text_format("/proc/self/fd/%d", fd);
	const char *paths[] = {path};
	auto_users struct users users = {0};

	users_find(paths, 1, &users);
	for (size_t i = 0; i < users.count; i++)
		if (users_blocks(&users.all[i]))
			return users_name(&users.all[i]);
	return NULL;
}

// The old file has no name any more, so nobody new can come to it; who opened it just before that
// either finds the lock and goes, or heeds none and stays.
static int agree(void *data, struct error *err)
{
	const struct image_lock *lock = data;
	long long until = clock_milliseconds() + PATIENCE;

	while (!is_alone(lock->fd)) {
		auto_free char *user = find_blocking(lock->fd);

		if (!user)
			break;
		if (clock_milliseconds() > until)
			return error_set(err, STATUS_CONFLICT, "'%s' was opened meanwhile by %s",
					 lock->path, user);
		usleep(PAUSE * 1000);
	}
	return image_lock_check(lock, err);
}

static int check_same(const struct image_lock *lock, const struct staged_file *file,
		      struct error *err)
{
	struct stat locked, old;

	if (file->old >= 0 && fstat(file->old, &old) == 0 && fstat(lock->fd, &locked) == 0 &&
	    old.st_dev == locked.st_dev && old.st_ino == locked.st_ino)
		return 0;
	return error_set(err, STATUS_CONFLICT, "'%s' was replaced by another file meanwhile",
			 lock->path);
}

int image_lock_replace(struct image_lock *lock, struct staged_file *file, bool sync,
		       struct error *err)
{
	const struct staged_commit commit = {
		.sync = sync, .agree = lock->fd < 0 ? NULL : agree, .data = lock};

	if ((lock->fd >= 0 && check_same(lock, file, err) < 0) ||
	    staged_file_commit(file, &commit, err) < 0)
		return -1;
	image_lock_release(lock);
	return 0;
}

void image_lock_release(struct image_lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	free(lock->path);
	*lock = (struct image_lock)IMAGE_LOCK_NONE;
}
