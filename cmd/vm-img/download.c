// SPDX-License-Identifier: GPL-3.0-or-later
// A volume of a pool as a local image.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/staged_file.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/dependents.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/ownership.h"
#include "cmd/vm-img/vmctl.h"
#include "image/image.h"
#include "image/image_lock.h"
#include "image/location.h"
#include "output/json.h"
#include "output/report.h"

static int receive(struct call *call, const char *path, struct error *err)
{
	auto_list struct list words = {0};
	auto_json struct json *answer = NULL;

	list_add(&words, "vol-download");
	list_add_format(&words, "--pool=%s", argument_text(call, "pool"));
	list_add_format(&words, "--vol=%s", argument_text(call, "name"));
	list_add_format(&words, "--file=%s", path);
	list_add(&words, "--sparse");
	answer = vmctl_ask(call, &words, 0, err);
	return answer ? 0 : -1;
}

static int report_image(struct call *call, const char *path, struct error *err)
{
	auto_image struct image image = {0};
	auto_free char *size = NULL;

	if (image_read(path, NULL, &image, err) < 0)
		return -1;
	size = size_text(image.virtual_size);
	ownership_tell(call, path);
	report_value(call->report, "file", value_text(path));
	report_value(call->report, "format", value_text(image.format));
	report_value(call->report, "virtual_size", value_unsigned(image.virtual_size));
	report_value(call->report, "actual_size", value_unsigned(image.allocated));
	if (!report_is_json(call->report))
		report_message(call->report, "'%s' was downloaded: %s, %s\n", path, image.format,
			       size);
	if (image.backing_file)
		call_warning(call, "its backing file '%s' was not downloaded", image.backing_file);
	return 0;
}

static int download(struct call *call, struct error *err)
{
	struct staging staging = {.replace = argument_flag(call, "force")};
	auto_location struct location location = {0};
	auto_image_lock struct image_lock old = IMAGE_LOCK_NONE;
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;

	if (location_find_local(argument_text(call, "file"), &location, err) < 0 ||
	    dependents_check(call, location.path, err) < 0)
		return -1;
	staging.target = location.path;
	if (staged_file_begin(&staging, &file, err) < 0 ||
	    image_lock_take_old(&file, &old, err) < 0)
		return -1;
	if (receive(call, file.path, err) < 0 || image_lock_replace(&old, &file, true, err) < 0)
		return error_wrap(err, "cannot download '%s'", argument_text(call, "name"));
	return report_image(call, location.path, err);
}

static const struct option download_options[] = {
	FORCE("replace a file of that name"),
	CONNECT,
	QUIET,
	IN_POOL,
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "name",
	 .help = "volume in the pool"},
	IMAGE_FILE("image to make"),
	END,
};

// clang-format off
static const struct field download_results[] = {
	FIELD("file", NULL, FIELD_TEXT, 0, "the image that was made"),
	FIELD("format", NULL, FIELD_TEXT, 0, "its format"),
	FIELD("virtual_size", NULL, FIELD_BYTES, 0, "size of the disk, as a guest sees it"),
	FIELD("actual_size", NULL, FIELD_BYTES, 0, "room that it takes"),
	FIELDS_END,
};
// clang-format on

const struct command img_download_command = {
	.name = "download",
	.options = download_options,
	.results = download_results,
	.summary = "make an image from a volume of a libvirt pool, here or on another host",
	.description = "Receives a volume as it is; its holes are not sent and are holes in the "
		       "file. That gets its name when it is complete.",
	.run = download,
};
