// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/call.h"
#include "output/progress.h"
#include "virt/failure.h"

enum { GRACE = 500 }; // milliseconds that a transfer has to end when the call is ended

// The file at our end.
struct end {
	int fd;
	const struct cancel *cancel;
	struct progress *progress;
	unsigned long long done; // bytes, holes too
	unsigned long long most; // that are wanted; 0: all
	int failure;             // an errno value
};

// For the callbacks: -1, with the cause kept.
static int fail(struct end *end)
{
	end->failure = errno;
	return -1;
}

static bool is_ended(const struct end *end)
{
	auto_error struct error ignored = {0};

	return end->cancel && cancel_check(end->cancel, &ignored) < 0;
}

static void advance(struct end *end, long long length)
{
	end->done += (unsigned long long)length;
	progress_bytes(end->progress, end->done);
}

static int write_to_sink(virStreamPtr stream, const char *data, size_t length, void *opaque)
{
	struct end *end = opaque;

	(void)stream;
	errno = EINTR;
	if (is_ended(end) || file_write_all(end->fd, data, length) < 0)
		return fail(end);
	advance(end, (long long)length);
	// There is no other way to leave off.
	return end->most && end->done >= end->most ? -1 : (int)length;
}

// A hole at the end of the file leaves it too short without the truncation.
static int skip_in_sink(virStreamPtr stream, long long length, void *opaque)
{
	struct end *end = opaque;
	off_t offset = lseek(end->fd, length, SEEK_CUR);

	(void)stream;
	if (offset < 0 || ftruncate(end->fd, offset) < 0)
		return fail(end);
	advance(end, length);
	return 0;
}

static int read_from_source(virStreamPtr stream, char *data, size_t length, void *opaque)
{
	struct end *end = opaque;
	ssize_t got;

	(void)stream;
	do {
		errno = EINTR;
		got = is_ended(end) ? -1 : read(end->fd, data, length);
	} while (got < 0 && errno == EINTR && !is_ended(end));
	if (got < 0)
		return fail(end);
	advance(end, got);
	return (int)got;
}

static int skip_in_source(virStreamPtr stream, long long length, void *opaque)
{
	struct end *end = opaque;

	(void)stream;
	if (lseek(end->fd, length, SEEK_CUR) < 0)
		return fail(end);
	advance(end, length);
	return 0;
}

// Whether the file goes on with data or with a hole, and for how many bytes: 0 at its end.
static int look_in_source(virStreamPtr stream, int *in_data, long long *length, void *opaque)
{
	struct end *end = opaque;
	off_t here = lseek(end->fd, 0, SEEK_CUR), data, last, next;

	(void)stream;
	data = lseek(end->fd, here, SEEK_DATA);
	if (data < 0 && errno != ENXIO)
		return fail(end);
	last = lseek(end->fd, 0, SEEK_END);
	if (here < 0 || last < 0)
		return fail(end);
	*in_data = data == here;
	next = *in_data ? lseek(end->fd, here, SEEK_HOLE) : data < 0 ? last : data;
	if (next < 0 || lseek(end->fd, here, SEEK_SET) < 0)
		return fail(end);
	*length = next - here;
	return 0;
}

// After a transfer that gave RESULT; on failure libvirt has aborted the stream itself.
static int finish(virStreamPtr stream, int result, const struct end *end, struct error *err)
{
	if (result < 0 && end->cancel && cancel_check(end->cancel, err) < 0)
		return -1;
	if (end->most && end->done >= end->most)
		return 0;
	if (result < 0 && end->failure)
		return error_set_errno(err, end->failure, "cannot read or write the file");
	if (result < 0 || virStreamFinish(stream) < 0)
		return virt_failure(err, "cannot transfer the data");
	return 0;
}

int stream_receive(virStreamPtr stream, int fd, struct error *err)
{
	struct end end = {.fd = fd};

	return finish(stream, virStreamRecvAll(stream, write_to_sink, &end), &end, err);
}

// What the thread of a transfer works on. It may outlive the call, so it owns all of it.
struct working {
	virStreamPtr stream;
	bool send, sparse, lent;
	struct end end;
	struct error err;
};

static void transfer_data(void *data, size_t index)
{
	struct working *work = data;
	virStreamPtr stream = work->stream;
	struct end *end = &work->end;
	int result;

	(void)index;
	if (work->send && work->sparse)
		result = virStreamSparseSendAll(stream, read_from_source, look_in_source,
						skip_in_source, end);
	else if (work->send)
		result = virStreamSendAll(stream, read_from_source, end);
	else if (work->sparse)
		result = virStreamSparseRecvAll(stream, write_to_sink, skip_in_sink, end);
	else
		result = virStreamRecvAll(stream, write_to_sink, end);
	if (!work->lent || result < 0)
		finish(stream, result, end, &work->err);
}

int stream_transfer(struct call *call, const struct transfer *transfer, struct error *err)
{
	struct working *work = memory_new(1, sizeof(*work));

	*work = (struct working){
		.stream = transfer->stream,
		.send = transfer->send,
		.sparse = transfer->sparse,
		.lent = transfer->lent,
		.end = {.fd = fcntl(transfer->fd, F_DUPFD_CLOEXEC, 0),
			.cancel = call->cancel,
			.progress = transfer->progress,
			.most = transfer->most},
	};
	if (!workers_run(&(struct work){.count = 1, .run = transfer_data, .data = work, .width = 1},
			 call->cancel, GRACE)) {
		call->context->left_behind = true;
		return cancel_check(call->cancel, err);
	}
	close(work->end.fd);
	if (!work->lent)
		virStreamFree(work->stream);
	progress_free(work->end.progress);
	if (work->err.status) {
		*err = work->err;
		free(work);
		return -1;
	}
	free(work);
	// It may have been ended before it began.
	return cancel_check(call->cancel, err);
}
