// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/subject.h"

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

void subject_warn_of_guesses(struct call *call, const struct chain *chain)
{
	for (size_t i = 1; i < chain->count; i++)
		if (chain->links[i].image.probed)
			call_warning(call,
				     "'%s' does not record the format of its backing file '%s', "
				     "which looks like %s",
				     chain->links[i - 1].path, chain->links[i].path,
				     chain->links[i].image.format);
}

// What is below the image: qemu-img goes there, wherever the headers lead it.
static int check_below(struct call *call, const struct subject *subject, struct error *err)
{
	auto_chain struct chain chain = {0};
	auto_error struct error ignored = {0};

	if (!subject->image.backing_file ||
	    chain_walk_outline(subject->location.path, subject->image.format, &chain, &ignored) < 0)
		return 0;
	if (chain_check_end(&chain, err) < 0)
		return -1;
	for (size_t i = 1; i < chain.count; i++)
		if (refuse_guess(call, chain.links[i].path, &chain.links[i].image, err) < 0)
			return -1;
	subject_warn_of_guesses(call, &chain);
	if (chain.remote)
		call_warning(call, "'%s' has the backing file '%s', which is not a local file",
			     subject->name, chain.remote);
	return 0;
}

static void find_location(struct call *call, const char *name, const char *format,
			  struct subject *subject)
{
	*subject = (struct subject){.name = name, .told = format, .lock = IMAGE_LOCK_NONE};
	location_find(name, is_settings(call), &subject->location);
}

static int check_header(struct call *call, struct subject *subject, struct error *err)
{
	subject->known = true;
	if (refuse_guess(call, subject->location.path, &subject->image, err) < 0 ||
	    far_files_check(call, subject->location.path, &subject->image, err) < 0)
		return -1;
	return check_below(call, subject, err);
}

int subject_open(struct call *call, const char *name, const char *format, struct subject *subject,
		 struct error *err)
{
	find_location(call, name, format, subject);
	if (!location_is_local(&subject->location))
		return 0;
	if (image_read(subject->location.path, format, &subject->image, err) < 0)
		return -1;
	return check_header(call, subject, err);
}

int subject_open_alone(struct call *call, const char *name, const char *format,
		       struct subject *subject, struct error *err)
{
	find_location(call, name, format, subject);
	if (!location_is_local(&subject->location))
		return 0;
	if (image_read(subject->location.path, format, &subject->image, err) < 0)
		return -1;
	subject->known = true;
	return image_lock_take(subject->location.path, IMAGE_LOCK_OLD, &subject->lock, err);
}

static bool is_shared(struct call *call)
{
	return options_declared(call, "force-share") && argument_flag(call, "force-share");
}

// What is looked at under the lock still holds when something is done about it.
static int open_held(struct call *call, enum image_lock_use use, struct subject *subject,
		     struct error *err)
{
	const struct location *location = &subject->location;

	if (!location_is_local(location))
		return 0;
	if (image_lock_take(location->path, use, &subject->lock, err) < 0) {
		if (use == IMAGE_LOCK_SOURCE && options_declared(call, "force-share"))
			error_hint(err,
				   "-U reads it all the same; what it finds may be half written");
		return -1;
	}
	if (image_read(location->path, subject->told, &subject->image, err) < 0)
		return -1;
	return check_header(call, subject, err);
}

int subject_open_to_read(struct call *call, const char *name, const char *format,
			 struct subject *subject, struct error *err)
{
	if (is_shared(call))
		return subject_open(call, name, format, subject, err);
	find_location(call, name, format, subject);
	return open_held(call, IMAGE_LOCK_SOURCE, subject, err);
}

int subject_open_to_check(struct call *call, const char *name, const char *format,
			  struct subject *subject, struct error *err)
{
	find_location(call, name, format, subject);
	if (!location_is_local(&subject->location))
		return 0;
	if (image_read_outline(subject->location.path, format, &subject->image, err) == 0)
		return check_header(call, subject, err);
	// A file that can be read, but not as an image.
	if (err->status != STATUS_FAILED || !subject->location.exists)
		return -1;
	error_clear(err);
	return 0;
}

int subject_open_to_change(struct call *call, const char *name, const char *format,
			   struct subject *subject, struct error *err)
{
	find_location(call, name, format, subject);
	return open_held(call, IMAGE_LOCK_OLD, subject, err);
}

int subject_read_chain(struct call *call, struct chain *chain, struct error *err)
{
	const char *name = argument_text(call, "file");
	const char *format = argument_text(call, "format");
	auto_subject struct subject subject = SUBJECT_NONE;
	auto_free char *path = NULL;

	if (subject_open(call, name, format, &subject, err) < 0)
		return -1;
	if (!location_is_local(&subject.location))
		return error_set(err, STATUS_USAGE, "'%s' is not a local file", name);
	// Names of backing files are relative to where the image is, not to a link to it.
	path = realpath(subject.location.path, NULL);
	return chain_read(path ? path : subject.location.path, format, chain, err);
}

void subject_add_format(struct engine *engine, const struct subject *subject, const char *letter)
{
	if (subject->known && !subject->told)
		engine_add_option(engine, letter, subject->image.format);
}

void subject_add(struct call *call, struct engine *engine, struct subject *subject)
{
	subject_add_format(engine, subject, "-f");
	subject_add_file(call, engine, subject);
}

void subject_add_file(struct call *call, struct engine *engine, struct subject *subject)
{
	image_lock_release(&subject->lock);
	engine_add_file(call, engine, subject->name);
}

int subject_report(struct call *call, const struct subject *subject, const char *message,
		   struct error *err)
{
	auto_image struct image now = {0};

	if (message && !report_is_json(call->report))
		report_message(call->report, "%s\n", message);
	if (!subject->known)
		return facts_report_changed(call->report, subject->name, NULL, err);
	if (!report_is_json(call->report))
		return 0;
	if (image_read(subject->location.path, subject->image.format, &now, err) < 0)
		return -1;
	return facts_report_changed(call->report, subject->location.path, &now, err);
}

void subject_close(struct subject *subject)
{
	image_lock_release(&subject->lock);
	image_clear(&subject->image);
	location_clear(&subject->location);
}
