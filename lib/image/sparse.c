// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/sparse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "image/image_lock.h"

// Zeroes are looked for in pieces of PIECE bytes: what file systems and qcow2 allocate at once is
// this or less. BUFFER is a multiple of it.
enum { PIECE = 4096, BUFFER = 1 << 20 };

// One walk over the parts of a file that are not holes.
struct walk {
	int from, to;                  // to: -1 to punch holes into `from`
	const struct image_lock *lock; // on `from`, where holes are punched
	unsigned long long size;
	const char *path;
	char *buffer;
};

static bool is_zero(const char *bytes, size_t length)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0;
}

void sparse_keep_first(int fd, unsigned long long size)
{
	static const char zeroes[PIECE];
	size_t length = size < PIECE ? 512 : PIECE;

	if (size && lseek(fd, 0, SEEK_DATA) != 0 && pwrite(fd, zeroes, length, 0) < 0)
		errno = 0;
}

static int fail(const struct walk *walk, const char *what, struct error *err)
{
	return error_set_errno(err, errno, "cannot %s '%s'", what, walk->path);
}

static int give_way(const struct walk *walk, struct error *err)
{
	return error_set(err, STATUS_CONFLICT,
			 "'%s' was opened by somebody else: its content is what it was, some of "
			 "the room is given back",
			 walk->path);
}

// The bytes at OFFSET, LENGTH of them that are all zeroes or all to be written.
static int place(const struct walk *walk, const char *bytes, size_t length,
		 unsigned long long offset, bool zero)
{
	if (walk->to < 0 && image_lock_is_wanted(walk->lock)) {
		errno = EBUSY;
		return -1;
	}
	if (walk->to < 0)
		return zero ? fallocate(walk->from, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
					(off_t)offset, (off_t)length)
			    : 0;
	while (!zero && length > 0) {
		ssize_t done = pwrite(walk->to, bytes, length, (off_t)offset);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			bytes += done;
			offset += (unsigned long long)done;
			length -= (size_t)done;
		}
	}
	return 0;
}

// Parts LENGTH bytes into runs of zeroes and of others. The first block of all stays, whatever is
// in it: see sparse_keep_first().
static int place_runs(const struct walk *walk, size_t length, unsigned long long offset)
{
	size_t begin = walk->to < 0 && offset == 0 ? PIECE : 0;

	while (begin < length) {
		size_t end = begin;
		bool zero = false;

		while (end < length) {
			size_t piece = length - end < PIECE ? length - end : PIECE;
			bool this_zero = is_zero(walk->buffer + end, piece);

			if (end > begin && this_zero != zero)
				break;
			zero = this_zero;
			end += piece;
		}
		if (place(walk, walk->buffer + begin, end - begin, offset + begin, zero) < 0)
			return -1;
		begin = end;
	}
	return 0;
}

// The next part with data from OFFSET on; false when there is none. Where holes cannot be asked
// for, as on block devices, all is data.
static bool next_data(const struct walk *walk, unsigned long long *offset, unsigned long long *end)
{
	off_t data = lseek(walk->from, (off_t)*offset, SEEK_DATA), hole;

	if (data < 0 && errno == ENXIO)
		return false;
	if (data >= 0)
		*offset = (unsigned long long)data / PIECE * PIECE > *offset
				  ? (unsigned long long)data / PIECE * PIECE
				  : *offset;
	hole = data < 0 ? -1 : lseek(walk->from, data, SEEK_HOLE);
	*end = hole > 0 && (unsigned long long)hole < walk->size ? (unsigned long long)hole
								 : walk->size;
	return *offset < walk->size;
}

static int walk_data(const struct walk *walk, struct sparse_listener listener, struct error *err)
{
	unsigned long long offset = 0, end = 0, done = 0;

	while (offset < walk->size && (offset < end || next_data(walk, &offset, &end))) {
		size_t wanted = end - offset < BUFFER ? (size_t)(end - offset) : BUFFER;
		ssize_t got = pread(walk->from, walk->buffer, wanted, (off_t)offset);

		if (interrupt_check(err) < 0)
			return -1;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(walk, "read for", err);
		if (got == 0)
			return error_set(err, STATUS_FAILED, "'%s': the file became shorter",
					 walk->path);
		if (place_runs(walk, (size_t)got, offset) < 0)
			return errno == EBUSY && walk->lock ? give_way(walk, err)
							    : fail(walk, "write", err);
		offset += (unsigned long long)got;
		done += (unsigned long long)got;
		if (listener.hear)
			listener.hear(listener.data, done);
	}
	return 0;
}

int sparse_copy(int from, int to, unsigned long long size, const char *path,
		struct sparse_listener listener, struct error *err)
{
	auto_free char *buffer = memory_new(BUFFER, 1);
	struct walk walk = {.from = from, .to = to, .size = size, .path = path, .buffer = buffer};

	if (ftruncate(to, (off_t)size) < 0)
		return fail(&walk, "write", err);
	if (walk_data(&walk, listener, err) < 0)
		return -1;
	sparse_keep_first(to, size);
	return 0;
}

int sparse_punch(const struct image_lock *lock, unsigned long long size,
		 struct sparse_listener listener, struct error *err)
{
	auto_free char *buffer = memory_new(BUFFER, 1);
	struct walk walk = {.from = lock->fd,
			    .to = -1,
			    .lock = lock,
			    .size = size,
			    .path = lock->path,
			    .buffer = buffer};

	return walk_data(&walk, listener, err);
}
