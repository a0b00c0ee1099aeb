// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/output.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/dependents.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/ownership.h"
#include "image/chain.h"
#include "image/path.h"
#include "image/space.h"
#include "output/json.h"
#include "output/report.h"

// Fails where one of the files from FIRST on of the chain of PATH is what OUTPUT replaces.
static int check_chain(const struct output *output, const char *path, size_t first,
		       struct error *err)
{
	auto_chain struct chain chain = {0};
	auto_error struct error ignored = {0};
	struct stat status;

	if (stat(output->location.word, &status) < 0 ||
	    chain_read(path, NULL, &chain, &ignored) < 0)
		return 0;
	for (size_t i = first; i < chain.count; i++)
		if (chain.links[i].image.device == status.st_dev &&
		    chain.links[i].image.inode == status.st_ino)
			return error_set(err, STATUS_CONFLICT, "'%s' is needed: %s '%s'",
					 output->name,
					 i ? "it is the backing file of" : "it is read as", path);
	return 0;
}

int output_begin(struct call *call, struct output *output, const struct list *settings,
		 const char *backing, struct error *err)
{
	const struct location *location = &output->location;
	struct destination_wish wish = {.location = location,
					.format = output->format,
					.settings = &output->settings,
					.replace = options_replace(call),
					.backing = backing};
	auto_free char *below = NULL;

	location_find(output->name, false, &output->location);
	below = backing ? path_beside(location->word, backing) : NULL;
	for (size_t i = 0; settings && i < settings->count; i++)
		if (settings_add(&output->settings, settings->items[i], err) < 0)
			return -1;
	if ((below && check_chain(output, below, 0, err) < 0) ||
	    (location->exists && dependents_check(call, location->path, err) < 0))
		return -1;
	return destination_begin(&wish, &output->destination, err);
}

int output_check_inputs(struct call *call, const struct output *output, const struct list *inputs,
			struct error *err)
{
	// In the place of qemu-img not even an input itself is replaced.
	size_t first = call->context->peer ? 0 : 1;

	for (size_t i = 0; i < inputs->count; i++)
		if (check_chain(output, inputs->items[i], first, err) < 0)
			return -1;
	return 0;
}

// Only of some formats qemu-img knows how they grow; of the others the data alone is counted.
static const char *measured_format(const struct output *output)
{
	return image_format_has(output->format, IMAGE_MEASURED) ? output->format : IMAGE_RAW;
}

int output_check_room(struct call *call, const struct output *output, struct engine *measure,
		      const char *input, struct error *err)
{
	auto_free char *settings = settings_text(&output->settings);
	auto_json struct json *needed = NULL;
	auto_error struct error ignored = {0};

	if (output->destination.in_place)
		return 0;
	engine_add(measure, "--output=json");
	engine_add_option(measure, "-O", measured_format(output));
	if (*settings && text_equal(measured_format(output), output->format))
		engine_add_option(measure, "-o", settings);
	engine_add_file(call, measure, input);
	needed = engine_json(call, measure, &ignored);
	if (!needed)
		return 0;
	return space_check(output->location.word, json_get_unsigned(needed, "required"), err);
}

int output_make(struct call *call, struct output *output, struct engine *engine, struct error *err)
{
	auto_free char *path = output->destination.in_place
				       ? text_copy(output->location.word)
				       : path_for_qemu(output->destination.path);
	auto_image struct image made = {0};

	engine_add(engine, path);
	destination_allow(&output->destination, &engine->qemu_img.confinement);
	if (engine_run(call, engine, err) < 0) {
		destination_name_error(&output->destination, output->name, err);
		return -1;
	}
	if (!location_is_local(&output->location))
		return facts_report_changed(call->report, output->name, NULL, err);
	if (image_read(output->destination.path, output->format, &made, err) < 0 ||
	    destination_commit(&output->destination, output->destination.file.old >= 0, err) < 0)
		return -1;
	ownership_tell(call, output->location.path);
	return facts_report_changed(call->report, output->location.path, &made, err);
}

void output_close(struct output *output)
{
	location_clear(&output->location);
	settings_clear(&output->settings);
	destination_clear(&output->destination);
}
