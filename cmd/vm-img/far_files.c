// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/far_files.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vm-img/options.h"
#include "image/chain.h"
#include "image/parts.h"
#include "output/json.h"

static int refuse(struct call *call, const char *image, const char *file, struct error *err)
{
	error_set(err, STATUS_CONFIRM,
		  "the header of '%s' names the file '%s', which is not in a directory of images: "
		  "the author of the image may want it read or overwritten",
		  image, file);
	if (options_declared(call, "yes"))
		return error_hint(err, "--yes continues, if you trust the author");
	return error_hint(err, "move it beside the image if it belongs to it, and see vm-img info");
}

// The first of the files, itself and those named by IMAGE, that is far from it.
static int check_files(struct call *call, const char *image, const struct list *files,
		       struct error *err)
{
	for (size_t i = 0; i < files->count; i++)
		if (!text_equal(files->items[i], image) && file_exists(files->items[i]) &&
		    !parts_is_near(image, files->items[i]))
			return refuse(call, image, files->items[i], err);
	return 0;
}

static int check_link(struct call *call, const struct chain_link *link, struct error *err)
{
	auto_list struct list files = {0};

	parts_of_image(link->path, &link->image, &files);
	if (link->image.backing_file)
		parts_of_name(link->image.backing_file, &files);
	return check_files(call, link->path, &files, err);
}

bool far_files_are_meant(const struct call *call)
{
	return options_declared(call, "yes") && argument_flag(call, "yes");
}

int far_files_check(struct call *call, const char *path, const struct image *image,
		    struct error *err)
{
	auto_error struct error ignored = {0};
	auto_chain struct chain chain = {0};

	if (far_files_are_meant(call))
		return 0;
	if ((!image->backing_file && !json_get(image->details, "data-file") &&
	     !json_get(image->details, "extents")) ||
	    chain_walk(path, image->format, &chain, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < chain.count; i++) {
		const struct chain_link *link = &chain.links[i];

		if (check_link(call, link, err) < 0)
			return -1;
		if (i > 0 && parts_is_of_system(link->path))
			return refuse(call, chain.links[i - 1].path, link->path, err);
	}
	return 0;
}
