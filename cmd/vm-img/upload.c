// SPDX-License-Identifier: GPL-3.0-or-later
// A local image as a volume of a pool.
#include <stdlib.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/vmctl.h"
#include "image/image.h"
#include "image/image_lock.h"
#include "image/location.h"
#include "output/json.h"
#include "output/report.h"

// The volume that is made.
struct volume {
	const char *pool, *name;
};

// FILE is what an upload sends, however long that takes; NULL for other commands.
static int ask(struct call *call, const struct volume *volume, const char *command,
	       const char *file, struct error *err)
{
	auto_list struct list words = {0};
	auto_json struct json *answer = NULL;

	list_add(&words, command);
	list_add_format(&words, "--pool=%s", volume->pool);
	list_add_format(&words, "--vol=%s", volume->name);
	if (file) {
		list_add_format(&words, "--file=%s", file);
		list_add(&words, "--sparse");
	}
	answer = vmctl_ask(call, &words, file ? 0 : VMCTL_TIMEOUT, err);
	return answer ? 0 : -1;
}

// As many bytes as the file has, whatever is in them: libvirt finds out the format afterwards.
static int make_volume(struct call *call, const struct volume *volume, unsigned long long size,
		       struct error *err)
{
	auto_list struct list words = {0};
	auto_json struct json *answer = NULL;

	list_add(&words, "vol-create-as");
	list_add_format(&words, "--pool=%s", volume->pool);
	list_add_format(&words, "--name=%s", volume->name);
	list_add_format(&words, "--capacity=%llu", size);
	list_add(&words, "--allocation=0");
	list_add(&words, "--format=raw");
	answer = vmctl_ask(call, &words, VMCTL_TIMEOUT, err);
	return answer ? 0 : -1;
}

// libvirt needs a moment to see that an upload was given up. With IN_FLIGHT it may yet be about to
// create the volume.
static void remove_volume(struct call *call, const struct volume *volume, bool in_flight)
{
	static const struct timespec moment = {.tv_nsec = 100000000};
	int signal = interrupt_signal(), failed = -1;

	// What was interrupted has to be cleared away all the same.
	interrupt_set(0);
	for (int i = 0; i < 20 && failed; i++) {
		auto_error struct error ignored = {0};

		failed = ask(call, volume, "vol-delete", NULL, &ignored);
		if (failed && ignored.status == STATUS_NOT_FOUND && (!in_flight || i >= 5))
			break;
		if (failed)
			nanosleep(&moment, NULL);
	}
	interrupt_set(signal);
}

// Whether there is a volume of that name; with --force it is removed.
static int make_way(struct call *call, const struct volume *volume, struct error *err)
{
	auto_error struct error missing = {0};

	if (ask(call, volume, "vol-path", NULL, &missing) < 0) {
		if (missing.status == STATUS_NOT_FOUND)
			return 0;
		*err = missing;
		missing = (struct error){0};
		return -1;
	}
	if (argument_flag(call, "force"))
		return ask(call, volume, "vol-delete", NULL, err);
	error_set(err, STATUS_CONFLICT, "pool '%s' has a volume '%s' already", volume->pool,
		  volume->name);
	return error_hint(err, "--force replaces it");
}

static int upload_image(struct call *call, const struct volume *volume, const char *path,
			unsigned long long size, struct error *err)
{
	auto_image_lock struct image_lock lock = IMAGE_LOCK_NONE;

	if (image_lock_take(path, IMAGE_LOCK_SOURCE, &lock, err) < 0 ||
	    make_way(call, volume, err) < 0)
		return -1;
	if (make_volume(call, volume, size, err) < 0) {
		// Given up by us, not refused by libvirt: nobody tells whether it was made.
		if (err->status >= STATUS_SIGNAL || err->status == STATUS_TIMEOUT)
			remove_volume(call, volume, true);
		return -1;
	}
	if (ask(call, volume, "vol-upload", path, err) == 0 && image_lock_check(&lock, err) == 0)
		return 0;
	remove_volume(call, volume, false);
	return -1;
}

static void report_volume(struct call *call, const struct volume *volume, const struct image *image)
{
	auto_free char *size = size_text(image->virtual_size);

	report_value(call->report, "pool", value_text(volume->pool));
	report_value(call->report, "name", value_text(volume->name));
	report_value(call->report, "format", value_text(image->format));
	report_value(call->report, "virtual_size", value_unsigned(image->virtual_size));
	if (!report_is_json(call->report))
		report_message(call->report, "'%s' is in pool '%s': %s, %s\n", volume->name,
			       volume->pool, image->format, size);
	if (image->backing_file)
		call_warning(call, "its backing file '%s' was not uploaded", image->backing_file);
}

static int upload(struct call *call, struct error *err)
{
	struct volume volume = {argument_text(call, "pool"), argument_text(call, "name")};
	auto_location struct location location = {0};
	auto_image struct image image = {0};
	const char *path;

	if (location_find_local(argument_text(call, "file"), &location, err) < 0 ||
	    image_read(location.path, NULL, &image, err) < 0)
		return -1;
	path = location.path;
	if (!volume.name)
		volume.name = file_name(path);
	if (upload_image(call, &volume, path, image.file_size, err) < 0)
		return error_wrap(err, "cannot upload '%s'", path);
	report_volume(call, &volume, &image);
	return 0;
}

static const struct option upload_options[] = {
	FORCE("replace a volume of that name"),
	CONNECT,
	QUIET,
	IMAGE_FILE("image to upload"),
	IN_POOL,
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "name",
	 .help = "what the volume is called (default: as the file)"},
	END,
};

// clang-format off
static const struct field upload_results[] = {
	FIELD("pool", NULL, FIELD_TEXT, 0, "the pool"),
	FIELD("name", NULL, FIELD_TEXT, 0, "the volume that was made in it"),
	FIELD("format", NULL, FIELD_TEXT, 0, "its format"),
	FIELD("virtual_size", NULL, FIELD_BYTES, 0, "size of the disk, as a guest sees it"),
	FIELDS_END,
};
// clang-format on

const struct command img_upload_command = {
	.name = "upload",
	.options = upload_options,
	.results = upload_results,
	.summary = "make a volume of a libvirt pool, here or on another host, from an image",
	.description =
		"Creates a volume and fills it with the image as it is; holes are not sent. An "
		"upload that fails or is interrupted leaves no volume. With --force the volume "
		"that "
		"there is goes first: libvirt cannot rename one.",
	.run = upload,
};
