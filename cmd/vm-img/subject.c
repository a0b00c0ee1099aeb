// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/subject.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/options.h"
#include "image/chain.h"
#include "image/path.h"
#include "image/users.h"
#include "output/json.h"
#include "output/report.h"

static bool is_settings(struct call *call)
{
	return options_declared(call, "image-opts") && argument_flag(call, "image-opts");
}

// Whether the name ends as those of the format do: then somebody meant it to be of that format.
static bool name_tells(const char *name, const char *format)
{
	auto_free char *ending = text_format(".%s", format);

	return text_ends(name, ending) || (text_equal(format, "vpc") && text_ends(name, ".vhd"));
}

// A guest that was given the image as raw can have written the header of a format whose images
// name other files: qemu-img would read those.
static void warn_of_content(struct call *call, const struct subject *subject)
{
	const struct image *image = &subject->image;
	const char *file = image->backing_file ? image->backing_file
					       : json_get_text(image->details, "data-file");

	if (!image->probed || (!file && !text_equal(image->format, "vmdk")) ||
	    name_tells(subject->name, image->format))
		return;
	call_warning(call,
		     "the format of '%s' was not given; its content looks like %s%s%s: if a guest "
		     "can have written that, give the format (raw)",
		     subject->name, image->format, file ? " and names the file " : "",
		     file ? file : "");
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
static void warn_of_chain(struct call *call, const struct subject *subject)
{
	auto_chain struct chain chain = {0};
	auto_error struct error ignored = {0};

	if (!subject->image.backing_file ||
	    chain_read(subject->name, subject->image.format, &chain, &ignored) < 0)
		return;
	subject_warn_of_guesses(call, &chain);
	if (chain.remote)
		call_warning(call, "'%s' stands on '%s', which is not a local file", subject->name,
			     chain.remote);
}

int subject_open(struct call *call, const char *name, const char *format, struct subject *subject,
		 struct error *err)
{
	*subject = (struct subject){.name = name, .told = format};
	if (is_settings(call) || (path_is_remote(name) && !file_exists(name)))
		return 0;
	if (image_read(name, format, &subject->image, err) < 0)
		return -1;
	subject->known = true;
	warn_of_content(call, subject);
	warn_of_chain(call, subject);
	return 0;
}

int subject_open_to_change(struct call *call, const char *name, const char *format,
			   struct subject *subject, struct error *err)
{
	if (subject_open(call, name, format, subject, err) < 0)
		return -1;
	return subject->known ? users_check(name, err) : 0;
}

int subject_read_chain(struct call *call, struct chain *chain, struct error *err)
{
	const char *name = argument_text(call, "file");
	const char *format = argument_text(call, "format");
	auto_free char *path = realpath(name, NULL);
	auto_subject struct subject subject = {0};

	if (subject_open(call, name, format, &subject, err) < 0)
		return -1;
	// Names of backing files are relative to where the image is, not to a link to it.
	return chain_read(path ? path : name, format, chain, err);
}

void subject_add_format(struct engine *engine, const struct subject *subject, const char *letter)
{
	if (subject->known && !subject->told)
		engine_add_option(engine, letter, subject->image.format);
}

void subject_add(struct call *call, struct engine *engine, const struct subject *subject)
{
	subject_add_format(engine, subject, "-f");
	engine_add_file(call, engine, subject->name);
}

int subject_report(struct call *call, const struct subject *subject, const char *message,
		   struct error *err)
{
	auto_image struct image now = {0};
	auto_json struct json *facts = NULL;

	if (message)
		report_message(call->report, "%s\n", message);
	if (!subject->known || !report_is_json(call->report))
		return 0;
	if (image_read(subject->name, subject->image.format, &now, err) < 0)
		return -1;
	facts = facts_of(subject->name, &now);
	report_json(call->report, NULL, facts);
	return 0;
}

void subject_close(struct subject *subject)
{
	image_clear(&subject->image);
}
