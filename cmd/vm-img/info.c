// SPDX-License-Identifier: GPL-3.0-or-later
// Inspecting images. Headers are read here; qemu-img is asked only about what is not a local file
// of a format that is known here.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "image/chain.h"
#include "image/location.h"
#include "image/path.h"
#include "output/json.h"
#include "output/report.h"

static struct json *facts_by_qemu_img(struct call *call, const char *name, struct error *err)
{
	// What is read is the same in any cache mode.
	const char *const ours[] = {"follow-remote", argument_flag(call, "limits") ? NULL : "cache",
				    NULL};
	auto_engine struct engine engine = {0};

	engine_begin(call, ours, &engine);
	if (argument_flag(call, "follow-remote"))
		engine.qemu_img.confinement.files = false;
	engine_add(&engine, "--output=json");
	engine_add_file(call, &engine, name);
	return engine_json(call, &engine, err);
}

static void warn_of_chain(struct call *call, const struct chain *chain)
{
	operand_warn_of_guesses(call, chain);
	if (chain->remote)
		call_warning(call,
			     "the backing file '%s' is not a local file and was not followed; "
			     "--follow-remote asks QEMU to do it",
			     chain->remote);
}

static struct json *facts_of_chain(struct call *call, const char *name, const char *path,
				   struct error *err)
{
	auto_chain struct chain chain = {0};
	struct json *facts;

	if (chain_read(path, argument_text(call, "format"), &chain, err) < 0)
		return NULL;
	for (size_t i = 0; i < chain.count; i++)
		if (chain.links[i].image.opaque)
			return facts_by_qemu_img(call, name, err);
	warn_of_chain(call, &chain);
	facts = json_new_array();
	for (size_t i = 0; i < chain.count; i++)
		json_append_json(facts, facts_of(chain.links[i].path, &chain.links[i].image));
	return facts;
}

// A data file has to be there for qemu-img, which nothing is opened for here.
static bool is_for_qemu_img(const struct call *call, const struct image *image)
{
	return image->opaque || (call->context->peer && json_get(image->details, "data-file-raw"));
}

// An object, or with --backing-chain an array of them.
static struct json *read_facts(struct call *call, const char *name, struct error *err)
{
	auto_location struct location location = {0};
	auto_image struct image image = {0};
	const char *path;

	location_find(name, argument_flag(call, "image-opts"), &location);
	if (!location_is_local(&location) || argument_given(call, "object") ||
	    argument_flag(call, "follow-remote") || argument_flag(call, "limits"))
		return facts_by_qemu_img(call, name, err);
	// Never a name that QEMU would take for a protocol's.
	path = path_is_remote(location.path) ? location.word : location.path;
	if (operand_check_lock(call, location.path, err) < 0)
		return NULL;
	if (argument_flag(call, "backing-chain"))
		return facts_of_chain(call, name, path, err);
	if (image_read(path, argument_text(call, "format"), &image, err) < 0)
		return NULL;
	return is_for_qemu_img(call, &image) ? facts_by_qemu_img(call, name, err)
					     : facts_of(path, &image);
}

// In the place of qemu-img what cannot be read here is for that one to say.
static struct json *find_facts(struct call *call, const char *name, struct error *err)
{
	auto_error struct error own = {0};
	struct json *facts = read_facts(call, name, &own);

	if (facts)
		return facts;
	if (call->context->peer && !own.said)
		return facts_by_qemu_img(call, name, err);
	error_move(err, &own);
	return NULL;
}

static void show(struct call *call, const struct json *facts)
{
	if (!json_is_array(facts))
		facts_show(call->report, facts);
	for (size_t i = 0; i < json_count(facts) && json_is_array(facts); i++) {
		if (i > 0)
			report_heading(call->report, "\n");
		facts_show(call->report, json_at(facts, i));
	}
}

static int info_one(struct call *call, const char *name, struct error *err)
{
	auto_json struct json *facts = find_facts(call, name, err);

	if (!facts)
		return -1;
	show(call, facts);
	return facts_report_json(call->report, facts, err);
}

// One that cannot be read does not keep the others from being told of.
static int info_many(struct call *call, const struct list *names, struct error *err)
{
	auto_json struct json *all = json_new_array();
	size_t failed = 0;

	for (size_t i = 0; i < names->count; i++) {
		auto_error struct error one = {0};
		struct json *facts = find_facts(call, names->items[i], &one);

		if (!facts) {
			call_error(call, &one);
			failed++;
			continue;
		}
		if (json_count(all))
			report_heading(call->report, "\n");
		show(call, facts);
		json_append_json(all, facts);
	}
	if (facts_report_json(call->report, all, err) < 0)
		return -1;
	if (!failed)
		return 0;
	return error_set(err, failed < names->count ? STATUS_PARTIAL : STATUS_FAILED,
			 "%zu of %zu images could not be read", failed, names->count);
}

static int info(struct call *call, struct error *err)
{
	const struct list *names = argument_list(call, "file");

	if (names->count == 1)
		return info_one(call, names->items[0], err);
	if (call->context->peer)
		return error_set(err, STATUS_USAGE, "'info' is for one image here");
	return info_many(call, names, err);
}

static const struct option info_options[] = {
	FORMAT,
	IMAGE_OPTS,
	{.kind = OPTION_FLAG,
	 .second = 'b',
	 .name = "backing-chain",
	 .help = "the backing files too, from the top down"},
	FLAG("follow-remote", 0, "follow backing files that are not local, such as nbd: and json:"),
	FLAG("limits", 0,
	     "what QEMU finds of the limits of its requests too (needs a newer QEMU than 10.0)"),
	CACHE_AS('t', "cache", "how the image is opened for --limits (default: writeback)"),
	FORCE_SHARE,
	OUTPUT,
	OBJECT,
	{.kind = OPTION_REST, .traits = REQUIRED, .name = "file", .help = "images to look at"},
	END,
};

static const struct rule info_rules[] = {EXCLUSIVE("format", "image-opts"), RULES_END};

const struct command img_info_command = {
	.name = "info",
	.options = info_options,
	.rules = info_rules,
	.results = facts_results,
	.summary = "show what images are",
	.description =
		"Shows format, sizes, backing file and what else the header of an image tells. The "
		"lines, and the keys in JSON, are those of qemu-img; JSON of several images is an "
		"array. Images in use can be looked at.",
	.run = info,
};
