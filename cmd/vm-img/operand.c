// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/operand.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/far_files.h"
#include "cmd/vm-img/options.h"
#include "image/chain.h"
#include "image/users.h"
#include "output/json.h"
#include "output/report.h"

static bool is_settings(struct call *call)
{
	return options_declared(call, "image-opts") && argument_flag(call, "image-opts");
}

// The other file that the header makes QEMU open: lent; NULL for none.
static const char *named_file(const struct image *image)
{
	return image->backing_file ? image->backing_file
				   : json_get_text(image->details, "data-file");
}

// A guest that was given its disk as raw can have written the header of a format whose images name
// other files: qemu-img would read, or even write, those.
static int refuse_guess(struct call *call, const char *path, const struct image *image,
			struct error *err)
{
	const char *file = named_file(image);
	auto_free char *what = NULL;

	if (!image->probed || !file || image_format_fits(image->format, path))
		return 0;
	what = text_format("the format of '%s' was not given: its content looks like %s and names "
			   "the file '%s', which a guest could have written",
			   path, image->format, file);
	if (options_declared(call, "yes") ? confirm(call, what, err) == 0 : false)
		return 0;
	if (!options_declared(call, "yes"))
		error_set(err, STATUS_CONFIRM, "%s", what);
	return error_hint(err,
			  "give the format: -f raw for a guest's raw disk, -f %s if the image "
			  "was made as that",
			  image->format);
}

void operand_warn_of_guesses(struct call *call, const struct chain *chain)
{
	for (size_t i = 1; i < chain->count && !call->context->peer; i++)
		if (chain->links[i].image.probed)
			call_warning(call,
				     "'%s' does not record the format of its backing file '%s', "
				     "which looks like %s",
				     chain->links[i - 1].path, chain->links[i].path,
				     chain->links[i].image.format);
}

// What is below the image: qemu-img goes there, wherever the headers lead it.
static int check_below(struct call *call, const struct operand *operand, struct error *err)
{
	auto_chain struct chain chain = {0};
	auto_error struct error ignored = {0};

	if (!operand->image.backing_file ||
	    chain_walk_outline(operand->location.path, operand->image.format, &chain, &ignored) < 0)
		return 0;
	if (chain_check_end(&chain, err) < 0)
		return -1;
	for (size_t i = 1; i < chain.count; i++)
		if (refuse_guess(call, chain.links[i].path, &chain.links[i].image, err) < 0)
			return -1;
	operand_warn_of_guesses(call, &chain);
	if (chain.remote && !call->context->peer)
		call_warning(call, "'%s' has the backing file '%s', which is not a local file",
			     operand->name, chain.remote);
	return 0;
}

static void find_location(struct call *call, const char *name, const char *format,
			  struct operand *operand)
{
	*operand = (struct operand){.name = name, .told = format, .lock = IMAGE_LOCK_NONE};
	location_find(name, is_settings(call), &operand->location);
}

static int check_header(struct call *call, struct operand *operand, struct error *err)
{
	operand->known = true;
	if (refuse_guess(call, operand->location.path, &operand->image, err) < 0 ||
	    far_files_check(call, operand->location.path, &operand->image, err) < 0)
		return -1;
	return check_below(call, operand, err);
}

int operand_open(struct call *call, const char *name, const char *format, struct operand *operand,
		 struct error *err)
{
	find_location(call, name, format, operand);
	if (!location_is_local(&operand->location))
		return 0;
	if (image_read(operand->location.path, format, &operand->image, err) < 0)
		return -1;
	return check_header(call, operand, err);
}

int operand_open_alone(struct call *call, const char *name, const char *format,
		       struct operand *operand, struct error *err)
{
	find_location(call, name, format, operand);
	if (!location_is_local(&operand->location))
		return 0;
	if (image_read(operand->location.path, format, &operand->image, err) < 0)
		return -1;
	operand->known = true;
	return image_lock_take(operand->location.path, IMAGE_LOCK_OLD, &operand->lock, err);
}

static bool is_shared(struct call *call)
{
	return options_declared(call, "force-share") && argument_flag(call, "force-share");
}

int operand_check_lock(struct call *call, const char *path, struct error *err)
{
	return call->context->peer && !is_shared(call) ? image_lock_test(path, err) : 0;
}

// In its place QEMU is let at what it can open, whatever tables are broken.
static bool is_for_qemu_img(const struct call *call, struct operand *operand, struct error *err)
{
	auto_error struct error ignored = {0};

	if (!call->context->peer || image_read_outline(operand->location.path, operand->told,
						       &operand->image, &ignored) < 0)
		return false;
	error_clear(err);
	return true;
}

// What is looked at under the lock still holds when something is done about it.
static int open_held(struct call *call, enum image_lock_use use, struct operand *operand,
		     struct error *err)
{
	const struct location *location = &operand->location;

	if (!location_is_local(location))
		return 0;
	if (image_lock_take(location->path, use, &operand->lock, err) < 0) {
		if (use == IMAGE_LOCK_SOURCE && options_declared(call, "force-share"))
			error_hint(err, "-U reads it anyway, but may see half-written data");
		return -1;
	}
	if (image_read(location->path, operand->told, &operand->image, err) < 0 &&
	    !is_for_qemu_img(call, operand, err))
		return -1;
	return check_header(call, operand, err);
}

int operand_open_to_read(struct call *call, const char *name, const char *format,
			 struct operand *operand, struct error *err)
{
	if (is_shared(call))
		return operand_open(call, name, format, operand, err);
	find_location(call, name, format, operand);
	return open_held(call, IMAGE_LOCK_SOURCE, operand, err);
}

int operand_open_to_check(struct call *call, const char *name, const char *format,
			  struct operand *operand, struct error *err)
{
	find_location(call, name, format, operand);
	if (!location_is_local(&operand->location))
		return 0;
	if (image_read_outline(operand->location.path, format, &operand->image, err) == 0)
		return check_header(call, operand, err);
	// A file that can be read, but not as an image.
	if (err->status != STATUS_FAILED || !operand->location.exists)
		return -1;
	error_clear(err);
	return 0;
}

int operand_open_to_change(struct call *call, const char *name, const char *format,
			   struct operand *operand, struct error *err)
{
	find_location(call, name, format, operand);
	// Who reads without a lock, by force-share=on, is in nobody's way there.
	return open_held(call, call->context->peer ? IMAGE_LOCK_WRITE : IMAGE_LOCK_OLD, operand,
			 err);
}

int operand_read_chain(struct call *call, struct chain *chain, struct error *err)
{
	const char *name = argument_text(call, "file");
	const char *format = argument_text(call, "format");
	auto_operand struct operand operand = OPERAND_NONE;
	auto_free char *path = NULL;

	if (operand_open(call, name, format, &operand, err) < 0)
		return -1;
	if (!location_is_local(&operand.location))
		return error_set(err, STATUS_USAGE, "'%s' is not a local file", name);
	// Names of backing files are relative to where the image is, not to a link to it.
	path = realpath(operand.location.path, NULL);
	return chain_read(path ? path : operand.location.path, format, chain, err);
}

void operand_add_format(struct engine *engine, const struct operand *operand, const char *letter)
{
	if (operand->known && !operand->told)
		engine_add_option(engine, letter, operand->image.format);
}

void operand_add(struct call *call, struct engine *engine, struct operand *operand)
{
	operand_add_format(engine, operand, "-f");
	operand_add_file(call, engine, operand);
}

void operand_add_file(struct call *call, struct engine *engine, struct operand *operand)
{
	image_lock_release(&operand->lock);
	engine_add_file(call, engine, operand->name);
}

int operand_report(struct call *call, const struct operand *operand, const char *message,
		   struct error *err)
{
	auto_image struct image now = {0};

	if (message && !report_is_json(call->report))
		report_message(call->report, "%s\n", message);
	if (!operand->known)
		return facts_report_changed(call->report, operand->name, NULL, err);
	if (!report_is_json(call->report))
		return 0;
	if (image_read(operand->location.path, operand->image.format, &now, err) < 0)
		return -1;
	return facts_report_changed(call->report, operand->location.path, &now, err);
}

void operand_close(struct operand *operand)
{
	image_lock_release(&operand->lock);
	image_clear(&operand->image);
	location_clear(&operand->location);
}
