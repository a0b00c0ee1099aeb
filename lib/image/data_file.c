// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/data_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/directory.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "image/users.h"

static int open_old(struct data_file *data, bool replace, struct error *err)
{
	struct stat status;

	if (!replace) {
		error_set(err, STATUS_CONFLICT, "the data file '%s' exists already", data->path);
		return error_hint(err, "--force overwrites it");
	}
	data->fd = openat(data->directory, file_name(data->path),
			  O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (data->fd < 0 || fstat(data->fd, &status) < 0)
		return error_set_errno(err, errno, "cannot open the data file '%s'", data->path);
	if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
		return error_set(err, STATUS_CONFLICT, "the data file '%s' is not a regular file",
				 data->path);
	return users_check(data->path, err);
}

int data_file_begin(const char *path, bool replace, struct data_file *data, struct error *err)
{
	auto_free char *directory = file_directory(path);
	int failed = 0;

	*data = (struct data_file)DATA_FILE_NONE;
	data->path = text_copy(path);
	data->directory = directory_open(directory, err);
	if (data->directory < 0) {
		data_file_clear(data);
		return -1;
	}
	data->fd = openat(data->directory, file_name(data->path),
			  O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	data->made = data->fd >= 0;
	if (!data->made)
		failed = errno == EEXIST ? open_old(data, replace, err)
					 : error_set_errno(err, errno,
							   "cannot make the data file '%s'", path);
	if (failed)
		data_file_clear(data);
	return failed;
}

void data_file_keep(struct data_file *data)
{
	data->made = false;
}

void data_file_clear(struct data_file *data)
{
	// The name may mean another file by now.
	if (data->made && file_is_at(data->fd, data->directory, file_name(data->path)))
		unlinkat(data->directory, file_name(data->path), 0);
	if (data->fd >= 0)
		close(data->fd);
	if (data->directory >= 0)
		close(data->directory);
	free(data->path);
	*data = (struct data_file)DATA_FILE_NONE;
}
