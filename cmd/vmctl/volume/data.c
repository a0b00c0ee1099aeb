// SPDX-License-Identifier: GPL-3.0-or-later
// The content of volumes, to and from local files.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/staged_file.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/progress.h"
#include "output/report.h"
#include "virt/engine.h"
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

// So that a transfer ends by itself, and takes back what it has begun. The shell has its own way.
static void catch_signals(const struct call *call)
{
	if (!call->context->interactive)
		interrupt_catch();
}

// A bar where somebody sees it, of TOTAL bytes.
static struct progress *bar(struct call *call, unsigned long long total)
{
	return call->context->quiet ? NULL
				    : progress_new(call->context->errors, call_name(call), total);
}

static int vol_upload(struct call *call, struct error *err)
{
	virStorageVolPtr volume = call_volume(call);
	const char *path = argument_text(call, "file");
	struct range range = asked_range(call);
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	virStreamPtr stream;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return error_set_errno(err, errno, "cannot read %s", path);
	stream = virStreamNew(session_connection(call), 0);
	if (!stream)
		return virt_failure(err, "cannot create a new stream");
	if (virStorageVolUpload(volume, stream, range.offset, range.length, argument_bits(call)) <
	    0) {
		virt_failure(err, "cannot upload to volume %s", virStorageVolGetName(volume));
		virStreamFree(stream);
		return -1;
	}
	catch_signals(call);
	if (stream_transfer(
		    call,
		    &(struct transfer){
			    .stream = stream,
			    .fd = fd,
			    .send = true,
			    .sparse = argument_flag(call, "sparse"),
			    .progress = bar(call, S_ISREG(status.st_mode)
							  ? (unsigned long long)status.st_size
							  : 0)},
		    err) < 0)
		return error_wrap(err, "cannot send data to volume %s", call_name(call));
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

// clang-format off
#define RANGE(offset_help_) \
	{.kind = OPTION_INTEGER, .traits = POSITIONAL, .name = "offset", .most = LLONG_MAX, \
	 .help = (offset_help_)}, \
	{.kind = OPTION_INTEGER, .traits = POSITIONAL, .name = "length", .most = LLONG_MAX, \
	 .help = "how much of it at most, in bytes"}
// clang-format on

const struct command vol_upload_command = {
	.name = "vol-upload",
	.summary = "copy the content of a file into a volume",
	.target = VOLUME_TARGET,
	.options =
		(const struct option[]){
			VOLUME, NEEDED("file", NULL, "file with the content"), IN_POOL,
			RANGE("where in the volume it is put, in bytes"),
			FLAG("sparse", VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM, "send holes as holes"),
			END},
	.results = named_results,
	.run = vol_upload,
};

// How much a download will be; 0 where that is not known.
static unsigned long long size_of(virStorageVolPtr volume, struct range range)
{
	virStorageVolInfo info;

	if (range.length)
		return range.length;
	if (virStorageVolGetInfoFlags(volume, &info, VIR_STORAGE_VOL_GET_PHYSICAL) < 0 ||
	    info.allocation < range.offset)
		return 0;
	return info.allocation - range.offset;
}

static int receive(struct call *call, int fd, struct error *err)
{
	virStorageVolPtr volume = call_volume(call);
	struct range range = asked_range(call);
	struct progress *progress;
	virStreamPtr stream = virStreamNew(session_connection(call), 0);

	if (!stream)
		return virt_failure(err, "cannot create a new stream");
	if (virStorageVolDownload(volume, stream, range.offset, range.length, argument_bits(call)) <
	    0) {
		virt_failure(err, "cannot download from volume %s", virStorageVolGetName(volume));
		virStreamFree(stream);
		return -1;
	}
	progress = bar(call, 0);
	if (progress)
		progress_total(progress, size_of(volume, range));
	if (stream_transfer(call,
			    &(struct transfer){.stream = stream,
					       .fd = fd,
					       .sparse = argument_flag(call, "sparse"),
					       .progress = progress},
			    err) < 0)
		return error_wrap(err, "cannot receive data from volume %s", call_name(call));
	return 0;
}

// What is no file, such as a pipe, gets the content as it comes.
static int receive_directly(struct call *call, const char *path, struct error *err)
{
	auto_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return error_set_errno(err, errno, "cannot write %s", path);
	return receive(call, fd, err);
}

// A file has its name only when it is complete. As in virsh one that is there is replaced.
static int receive_aside(struct call *call, const char *path, struct error *err)
{
	const struct staging staging = {.target = path, .replace = true, .mode = 0666};
	const struct staged_commit commit = {.sync = false};
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;

	if (staged_file_begin(&staging, &file, err) < 0 || receive(call, file.fd, err) < 0)
		return -1;
	return staged_file_commit(&file, &commit, err);
}

static int vol_download(struct call *call, struct error *err)
{
	const char *path = argument_text(call, "file");
	struct stat status;
	int failed;

	catch_signals(call);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		failed = receive_directly(call, path, err);
	else
		failed = receive_aside(call, path, err);
	if (failed)
		return -1;
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

const struct command vol_download_command = {
	.name = "vol-download",
	.summary = "copy the content of a volume into a file",
	.target = VOLUME_TARGET,
	.options =
		(const struct option[]){VOLUME, NEEDED("file", NULL, "file that gets the content"),
					IN_POOL, RANGE("where in the volume it begins, in bytes"),
					FLAG("sparse", VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM,
					     "leave holes in the file"),
					END},
	.results = named_results,
	.run = vol_download,
};
