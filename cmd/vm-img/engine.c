// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/engine.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cmd/vm-img/far_files.h"
#include "cmd/vm-img/options.h"
#include "image/location.h"
#include "image/path.h"
#include "image/settings.h"
#include "output/report.h"

static bool among(const char *const *names, const char *name)
{
	while (names && *names && !text_equal(*names, name))
		names++;
	return names && *names;
}

// What is handled here, for every command.
static bool is_ours(const struct option *option)
{
	static const char *const ours[] = {"output", "progress", "quiet", "yes",
					   "live",   "connect",  NULL};

	return option->traits & POSITIONAL || option->kind == OPTION_REST ||
	       among(ours, option->name);
}

static void add_given(struct engine *engine, const struct option *option, const char *value)
{
	if (option->letter)
		list_add_format(&engine->qemu_img.arguments, "-%c", option->letter);
	else
		list_add_format(&engine->qemu_img.arguments, "--%s", option->name);
	if (option_takes_value(option))
		list_add(&engine->qemu_img.arguments, value ? value : "");
}

// How often NAME stands among the first COUNT entries.
static size_t occurrences(const struct list *order, size_t count, const char *name)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += text_equal(order->items[i], name);
	return found;
}

static void begin(struct call *call, const char *command, struct engine *engine)
{
	const char *trace = argument_global(call, "trace");

	*engine = (struct engine){.command = command};
	qemu_img_begin(&engine->qemu_img, NULL);
	engine->far = far_files_are_meant(call) ? RESOLVE_FAR : 0;
	if (trace) {
		engine_add_option(engine, "-T", trace);
		// Its files are the user's to choose.
		engine->qemu_img.confinement.files = false;
	}
	qemu_img_word(&engine->qemu_img, command);
}

// The option with the value that it was given NTH.
static void add_nth(struct call *call, struct engine *engine, const struct option *option,
		    size_t nth)
{
	const struct list *values = argument_list(call, option->name);

	add_given(engine, option, nth < values->count ? values->items[nth] : NULL);
}

void engine_begin(struct call *call, const char *const *skip, struct engine *engine)
{
	const struct arguments *arguments = call->arguments;
	const struct list *order = argument_order(call);
	const char *ignored;

	begin(call, call->command->name, engine);
	for (size_t i = 0; i < order->count; i++) {
		const struct option *option =
			option_find(arguments->options, order->items[i], &ignored);

		if (!is_ours(option) && !among(skip, option->name))
			add_nth(call, engine, option, occurrences(order, i, option->name));
	}
	// On a terminal without being asked, elsewhere for whoever reads qemu-img's own figures.
	if (options_declared(call, "progress") && !arguments->quiet &&
	    (isatty(fileno(call->context->errors)) ||
	     (argument_flag(call, "progress") && !report_is_json(call->report)))) {
		engine->progress = true;
		qemu_img_word(&engine->qemu_img, "-p");
	}
}

void engine_begin_as(struct call *call, const char *command, const char *const *kept,
		     struct engine *engine)
{
	const struct list *order = argument_order(call);

	begin(call, command, engine);
	for (size_t i = 0; i < order->count; i++)
		if (among(kept, order->items[i]))
			add_nth(call, engine,
				option_find(call->arguments->options, order->items[i],
					    &(const char *){NULL}),
				occurrences(order, i, order->items[i]));
}

void engine_add(struct engine *engine, const char *word)
{
	list_add_format(&engine->qemu_img.arguments, "%s%s", engine->prefix ? engine->prefix : "",
			word);
	engine->prefix = NULL;
}

void engine_prefix(struct engine *engine, const char *prefix)
{
	engine->prefix = prefix;
}

void engine_add_option(struct engine *engine, const char *option, const char *value)
{
	qemu_img_option(&engine->qemu_img, option, value);
}

// How the running command of qemu-img opens the images that it is given.
static unsigned access_of(const struct engine *engine)
{
	static const char *const readers[] = {"info", "map",     "measure", "compare",
					      "dd",   "convert", NULL};

	if (text_equal(engine->command, "commit"))
		return RESOLVE_WHOLE;
	return among(readers, engine->command) ? RESOLVE_READ : RESOLVE_CHANGE;
}

static void allow(struct engine *engine, const struct location *location, unsigned access)
{
	// What the user says in QEMU's own language is for QEMU to open.
	if (!location_is_local(location)) {
		engine->qemu_img.confinement.files = false;
		return;
	}
	list_add(&engine->files, location->path);
	resolve_image(location->path, NULL, access | engine->far, &engine->qemu_img.confinement);
}

static void add_located(struct engine *engine, const char *name, bool settings, unsigned access)
{
	auto_location struct location location = {0};

	location_find(name, settings, &location);
	engine_add(engine, location.word);
	allow(engine, &location, access);
}

void engine_add_file(struct call *call, struct engine *engine, const char *name)
{
	bool settings = options_declared(call, "image-opts") && argument_flag(call, "image-opts");

	add_located(engine, name, settings, access_of(engine));
}

void engine_add_file_as(struct engine *engine, const char *name, const char *format)
{
	auto_location struct location location = {0};
	auto_settings struct settings settings = {0};
	auto_free char *text = NULL;

	location_find(name, false, &location);
	settings_set(&settings, "driver", format);
	settings_set(&settings, "file.filename", location.word);
	text = settings_text(&settings);
	engine_add(engine, "--image-opts");
	engine_add(engine, text);
	allow(engine, &location, access_of(engine));
}

void engine_add_output(struct call *call, struct engine *engine, const char *name)
{
	add_located(engine, name, argument_flag(call, "target-image-opts"), RESOLVE_CHANGE);
}

void engine_allow(struct engine *engine, const char *name)
{
	if (path_is_remote(name))
		engine->qemu_img.confinement.files = false;
	else
		resolve_image(name, NULL, RESOLVE_READ | engine->far,
			      &engine->qemu_img.confinement);
}

void engine_clear(struct engine *engine)
{
	qemu_img_clear(&engine->qemu_img);
	list_clear(&engine->files);
}
