// SPDX-License-Identifier: GPL-3.0-or-later
// Another image with the same content.
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/output.h"
#include "image/create.h"
#include "image/location.h"
#include "image/space.h"
#include "image/users.h"
#include "output/report.h"

// What is read, and what is known of it.
struct inputs {
	struct list names;
	struct operand *all; // with their locks
	size_t count;
	const char *format;      // of all of them; NULL where they differ, or it was given
	unsigned long long size; // of their disks, bytes
	bool known;              // all of them could be looked at
};

static void inputs_clear(struct inputs *inputs)
{
	list_clear(&inputs->names);
	for (size_t i = 0; i < inputs->count; i++)
		operand_close(&inputs->all[i]);
	free(inputs->all);
}
#define auto_inputs __attribute__((cleanup(inputs_clear)))

static int look_at_inputs(struct call *call, const struct list *files, struct inputs *inputs,
			  struct error *err)
{
	const char *given = argument_text(call, "source-format");

	inputs->known = true;
	inputs->all = memory_new(files->count, sizeof(*inputs->all));
	for (size_t i = 0; i + 1 < files->count; i++) {
		struct operand *operand = &inputs->all[i];

		list_add(&inputs->names, files->items[i]);
		*operand = (struct operand)OPERAND_NONE;
		inputs->count++;
		if (operand_open_to_read(call, files->items[i], given, operand, err) < 0)
			return -1;
		inputs->known = inputs->known && operand->known && !operand->image.opaque;
		inputs->size += operand->image.virtual_size;
		if (i == 0)
			inputs->format = given || !operand->known ? NULL : operand->image.format;
		else if (!text_equal(inputs->format, operand->image.format))
			inputs->format = NULL;
	}
	return 0;
}

static void add_inputs(struct call *call, struct engine *engine, const struct inputs *inputs)
{
	if (inputs->format)
		engine_add_option(engine, "-f", inputs->format);
	for (size_t i = 0; i < inputs->names.count; i++)
		engine_add_file(call, engine, inputs->names.items[i]);
	engine->total = inputs->size;
}

// What a backing file holds can be left out of one image alone.
static int check_alone(const struct inputs *inputs, const char *backing, struct error *err)
{
	if (!backing || inputs->names.count < 2)
		return 0;
	error_set(err, STATUS_USAGE, "a backing file, and several images to read");
	return qemu_img_say(err, "Having a backing file for the target makes no sense when "
				 "concatenating multiple input images");
}

// What the content of a backing file looks like may have been written by a guest.
static int check_backing(struct call *call, const struct output *output, const char *backing,
			 struct error *err)
{
	if (!backing || argument_given(call, "backing-format") ||
	    settings_get(&output->settings, "backing_fmt"))
		return 0;
	create_refuse_format(output->location.word, backing, err);
	return qemu_img_say(err, "Use of backing file requires explicit backing format");
}

// Room is asked for only where it could be short, since that takes time. What compression will save
// cannot be known, nor what is the same in a backing file.
static int check_room(struct call *call, const struct output *output, const struct inputs *inputs,
		      bool backing, struct error *err)
{
	static const char *const kept[] = {"image-opts",    "force-share", "object",
					   "source-format", "snapshot",    NULL};
	unsigned long long most = inputs->size + inputs->size / 16 + (4 << 20);

	if (!inputs->known || backing || argument_flag(call, "compress") ||
	    space_free(output->location.word) > most)
		return 0;
	if (text_equal(argument_text(call, "sparse-size"), "0"))
		return space_check(output->location.word, inputs->size, err);
	for (size_t i = 0; i < inputs->names.count; i++) {
		auto_engine struct engine measure = {0};

		engine_begin_as(call, "measure", kept, &measure);
		if (inputs->format)
			engine_add_option(&measure, "-f", inputs->format);
		if (output_check_room(call, output, &measure, inputs->names.items[i], err) < 0)
			return -1;
	}
	return 0;
}

static int convert_to_new(struct call *call, const struct inputs *inputs, const char *name,
			  struct error *err)
{
	static const char *const ours[] = {"force", NULL};
	const char *format = argument_text(call, "target-format"), *backing;
	const struct list *settings = argument_list(call, "options");
	auto_output struct output output = {.name = name, .format = format ? format : IMAGE_RAW};
	auto_engine struct engine engine = {0};

	engine_begin(call, ours, &engine);
	backing = argument_text(call, "backing");
	if (output_begin(call, &output, settings, backing, err) < 0)
		return -1;
	if (!backing)
		backing = settings_get(&output.settings, "backing_file");
	if (check_alone(inputs, backing, err) < 0 ||
	    check_backing(call, &output, backing, err) < 0 ||
	    output_check_inputs(call, &output, &inputs->names, err) < 0 ||
	    check_room(call, &output, inputs, backing, err) < 0)
		return -1;
	add_inputs(call, &engine, inputs);
	// Once all is written it asks qcow for an end of compressed data, which that has not.
	engine.ends_falsely = text_equal(output.format, "qcow") && argument_flag(call, "compress");
	return output_make(call, &output, &engine, err);
}

// A target that is there is written as what it is told to be: raw, where nothing was told.
static int check_existing(struct call *call, const char *name, struct error *err)
{
	const char *format = argument_text(call, "target-format");
	auto_error struct error ignored = {0};
	auto_image struct image image = {0};
	auto_location struct location location = {0};

	location_find(name, argument_flag(call, "target-image-opts"), &location);
	if (!location_is_local(&location))
		return 0;
	if (!format && !options_replace(call) &&
	    image_read(location.path, NULL, &image, &ignored) == 0 &&
	    !text_equal(image.format, IMAGE_RAW)) {
		error_set(err, STATUS_CONFLICT, "'%s' is a %s image, and would be written as raw",
			  name, image.format);
		return error_hint(err, "-O %s writes into it, -O raw over it", image.format);
	}
	return users_check(location.path, err);
}

static int convert_to_existing(struct call *call, const struct inputs *inputs, const char *name,
			       struct error *err)
{
	static const char *const ours[] = {"force", NULL};
	auto_engine struct engine engine = {0};

	if (check_existing(call, name, err) < 0)
		return -1;
	engine_begin(call, ours, &engine);
	add_inputs(call, &engine, inputs);
	engine_add_output(call, &engine, name);
	return engine_run(call, &engine, err);
}

static int convert(struct call *call, struct error *err)
{
	const struct list *files = argument_list(call, "file");
	auto_inputs struct inputs inputs = {0};
	const char *name;
	int failed;

	if (options_help(call))
		return engine_help(call, files, err);
	if (files->count < 2)
		return error_set(err, STATUS_USAGE,
				 "'convert' needs an image and the name of the new one");
	name = files->items[files->count - 1];
	failed = look_at_inputs(call, files, &inputs, err);
	if (!failed)
		failed = (argument_flag(call, "no-create") ? convert_to_existing : convert_to_new)(
			call, &inputs, name, err);
	return failed ? error_wrap(err, "cannot convert '%s' to '%s'", files->items[0], name) : 0;
}

static const struct option convert_options[] = {
	FORMAT_AS('f', "source-format",
		  "format of the images that are read (default: their first bytes tell)"),
	IMAGE_OPTS,
	CACHE_AS('T', "source-cache", "how they are read (default: writeback)"),
	VALUE('l', "snapshot", "snapshot",
	      "read this snapshot of the image: NAME, or snapshot.id=ID,snapshot.name=NAME"),
	FLAG("bitmaps", 0, "copy the bitmaps of the image too"),
	FLAG("skip-broken-bitmaps", 0, "leave out bitmaps that are not consistent"),
	FLAG("salvage", 0, "go on where something cannot be read: zeroes stand in for it"),
	FORMAT_AS('O', "target-format", "format of the new image (default: raw)"),
	FLAG("target-image-opts", 0, "the name of the target is a list of settings"),
	FORMAT_OPTIONS,
	CACHE_AS('t', "target-cache", "how the new image is written (default: unsafe)"),
	{.kind = OPTION_TEXT,
	 .letter = 'B',
	 .second = 'b',
	 .name = "backing",
	 .value = "file",
	 .help = "image that the new one begins as; only what differs from it is copied"},
	FORMAT_AS('F', "backing-format", "format of the backing file, which is recorded"),
	VALUE('S', "sparse-size", "size", "zeroes become holes from this size on (default: 4k)"),
	SWITCH('n', "no-create", "the target exists: write into it"),
	FLAG("target-is-zero", 0, "the target that exists holds nothing but zeroes"),
	SWITCH('c', "compress", "compress the new image"),
	SWITCH('C', "copy-range-offloading", "let the file system or the network copy"),
	VALUE('m', "parallel", "number", "parts that are copied at the same time (default: 8)"),
	SWITCH('W', "oob-writes", "write the parts in any order"),
	VALUE('r', "rate-limit", "rate", "bytes per second at most"),
	FORCE("replace the file that the new image is named as"),
	FORCE_SHARE,
	YES,
	OBJECT,
	PROGRESS,
	QUIET,
	{.kind = OPTION_REST,
	 .name = "file",
	 .help = "images to read, one after the other, and the name of the new one"},
	ALIAS("output-format", "target-format"),
	ALIAS("source-snapshot", "snapshot"),
	ALIAS("target-options", "options"),
	END,
};

static const struct rule convert_rules[] = {
	EXCLUSIVE("source-format", "image-opts"),   EXCLUSIVE("target-format", "target-image-opts"),
	REQUIRES("target-image-opts", "no-create"), REQUIRES("target-is-zero", "no-create"),
	REQUIRES("skip-broken-bitmaps", "bitmaps"), RULES_END,
};

const struct command img_convert_command = {
	.name = "convert",
	.options = convert_options,
	.rules = convert_rules,
	.results = facts_changed,
	.summary = "make an image of another format, or with other settings",
	.description =
		"Makes an image with the content of others. It gets its name when it is complete: "
		"a "
		"failure leaves nothing behind, and an image that is replaced is whole until then. "
		"What exists is replaced only with --force.",
	.run = convert,
};
