// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/stream.h"

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "virt/failure.h"

// The file at our end.
struct end {
	int fd;
	int failure; // an errno value
};

// For the callbacks: -1, with the cause kept. A signal counts as one.
static int fail(struct end *end)
{
	end->failure = interrupt_signal() ? EINTR : errno;
	return -1;
}

static int write_to_sink(virStreamPtr stream, const char *data, size_t length, void *opaque)
{
	struct end *end = opaque;

	(void)stream;
	if (interrupt_signal() || file_write_all(end->fd, data, length) < 0)
		return fail(end);
	return (int)length;
}

// A hole at the end of the file leaves it too short without the truncation.
static int skip_in_sink(virStreamPtr stream, long long length, void *opaque)
{
	struct end *end = opaque;
	off_t offset = lseek(end->fd, length, SEEK_CUR);

	(void)stream;
	return offset < 0 || ftruncate(end->fd, offset) < 0 ? fail(end) : 0;
}

static int read_from_source(virStreamPtr stream, char *data, size_t length, void *opaque)
{
	struct end *end = opaque;
	ssize_t got;

	(void)stream;
	do {
		got = interrupt_signal() ? -1 : read(end->fd, data, length);
	} while (got < 0 && errno == EINTR && !interrupt_signal());
	return got < 0 ? fail(end) : (int)got;
}

static int skip_in_source(virStreamPtr stream, long long length, void *opaque)
{
	struct end *end = opaque;

	(void)stream;
	return lseek(end->fd, length, SEEK_CUR) < 0 ? fail(end) : 0;
}

// Whether the file goes on with data or with a hole, and for how many bytes: 0 at its end.
static int look_in_source(virStreamPtr stream, int *in_data, long long *length, void *opaque)
{
	struct end *end = opaque;
	off_t here = lseek(end->fd, 0, SEEK_CUR), data, last, next;

	(void)stream;
	data = lseek(end->fd, here, SEEK_DATA);
	last = lseek(end->fd, 0, SEEK_END);
	if (here < 0 || last < 0 || (data < 0 && errno != ENXIO))
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
	if (result < 0 && interrupt_check(err) < 0)
		return -1;
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

int stream_receive_sparse(virStreamPtr stream, int fd, struct error *err)
{
	struct end end = {.fd = fd};
	int result = virStreamSparseRecvAll(stream, write_to_sink, skip_in_sink, &end);

	return finish(stream, result, &end, err);
}

int stream_send(virStreamPtr stream, int fd, bool sparse, struct error *err)
{
	struct end end = {.fd = fd};
	int result = sparse ? virStreamSparseSendAll(stream, read_from_source, look_in_source,
						     skip_in_source, &end)
			    : virStreamSendAll(stream, read_from_source, &end);

	return finish(stream, result, &end, err);
}
