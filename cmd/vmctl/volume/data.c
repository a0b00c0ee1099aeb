// SPDX-License-Identifier: GPL-3.0-or-later
// The content of volumes, to and from local files.
#include <errno.h>
#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "virt/stream.h"

// Which bytes of the volume.
struct range {
	unsigned long long offset, length; // a length of 0: all there is
};

static struct range asked_range(struct call *call)
{
	return (struct range){(unsigned long long)argument_integer(call, "offset"),
			      (unsigned long long)argument_integer(call, "length")};
}

static int vol_upload(struct call *call, struct error *err)
{
	virStorageVolPtr volume = call_volume(call);
	const char *path = argument_text(call, "file");
	struct range range = asked_range(call);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	auto_stream virStreamPtr stream = NULL;

	if (fd < 0)
		return error_set_errno(err, errno, "cannot read %s", path);
	stream = virStreamNew(session_connection(call), 0);
	if (!stream)
		return virt_failure(err, "cannot create a new stream");
	if (virStorageVolUpload(volume, stream, range.offset, range.length, argument_bits(call)) <
	    0)
		return virt_failure(err, "cannot upload to volume %s",
				    virStorageVolGetName(volume));
	if (stream_send(stream, fd, argument_flag(call, "sparse"), err) < 0)
		return error_wrap(err, "cannot send data to volume %s",
				  virStorageVolGetName(volume));
	return 0;
}

static const struct option vol_upload_options[] = {
	VOLUME,
	NEEDED("file", NULL, "file with the content"),
	IN_POOL,
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "offset",
	 .most = LLONG_MAX,
	 .help = "where in the volume it is put, in bytes"},
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "length",
	 .most = LLONG_MAX,
	 .help = "how much of it at most, in bytes"},
	FLAG("sparse", VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM, "send holes as holes"),
	END,
};

const struct command vol_upload_command = {
	.name = "vol-upload",
	.target = VOLUME_TARGET,
	.options = vol_upload_options,
	.summary = "copy the content of a file into a volume",
	.run = vol_upload,
};

// A file of that name is overwritten, as virsh does it; *MADE: there was none.
static int open_output(const char *path, bool *made)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	*made = fd >= 0;
	return fd < 0 && errno == EEXIST ? open(path, O_WRONLY | O_TRUNC | O_CLOEXEC) : fd;
}

static int receive(struct call *call, int fd, struct error *err)
{
	virStorageVolPtr volume = call_volume(call);
	struct range range = asked_range(call);
	auto_stream virStreamPtr stream = virStreamNew(session_connection(call), 0);
	bool sparse = argument_flag(call, "sparse");

	if (!stream)
		return virt_failure(err, "cannot create a new stream");
	if (virStorageVolDownload(volume, stream, range.offset, range.length, argument_bits(call)) <
	    0)
		return virt_failure(err, "cannot download from volume %s",
				    virStorageVolGetName(volume));
	if ((sparse ? stream_receive_sparse : stream_receive)(stream, fd, err) < 0)
		return error_wrap(err, "cannot receive data from volume %s",
				  virStorageVolGetName(volume));
	return 0;
}

static int vol_download(struct call *call, struct error *err)
{
	const char *path = argument_text(call, "file");
	bool made;
	auto_close int fd = open_output(path, &made);

	if (fd < 0)
		return error_set_errno(err, errno, "cannot create %s", path);
	if (receive(call, fd, err) == 0)
		return 0;
	if (made)
		unlink(path);
	return -1;
}

static const struct option vol_download_options[] = {
	VOLUME,
	NEEDED("file", NULL, "file that gets the content"),
	IN_POOL,
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "offset",
	 .most = LLONG_MAX,
	 .help = "where in the volume it begins, in bytes"},
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "length",
	 .most = LLONG_MAX,
	 .help = "how much of it at most, in bytes"},
	FLAG("sparse", VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM, "leave holes in the file"),
	END,
};

const struct command vol_download_command = {
	.name = "vol-download",
	.target = VOLUME_TARGET,
	.options = vol_download_options,
	.summary = "copy the content of a volume into a file",
	.run = vol_download,
};
