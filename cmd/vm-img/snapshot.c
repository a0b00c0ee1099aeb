// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots inside an image.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "output/json.h"
#include "output/report.h"

static void report_snapshots(struct call *call, const struct json *snapshots)
{
	auto_json struct json *none = json_new_array();

	report_json(call->report, NULL, snapshots ? snapshots : none);
}

// What is handled here: not every version of its command has -f.
static const char *const ours[] = {"format", NULL};

static void add_file(struct call *call, struct engine *engine)
{
	const char *name = argument_text(call, "file"), *format = argument_text(call, "format");

	if (format)
		engine_add_file_as(engine, name, format);
	else
		engine_add_file(call, engine, name);
}

// Its own list has no JSON.
static int report_by_qemu_img(struct call *call, struct error *err)
{
	static const char *const kept[] = {"image-opts", "force-share", "object", NULL};
	auto_engine struct engine engine = {0};
	auto_json struct json *facts = NULL;

	engine_begin_as(call, "info", kept, &engine);
	engine_add(&engine, "--output=json");
	add_file(call, &engine);
	facts = engine_json(call, &engine, err);
	if (!facts)
		return -1;
	report_snapshots(call, json_get(facts, "snapshots"));
	return 0;
}

static int list_by_qemu_img(struct call *call, struct error *err)
{
	auto_engine struct engine engine = {0};
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	if (report_is_json(call->report))
		return report_by_qemu_img(call, err);
	engine_begin(call, ours, &engine);
	add_file(call, &engine);
	if (engine_ask(call, &engine, &answer, err) < 0)
		return -1;
	if (answer.exit_status != 0)
		return engine_failure(call, &engine, &answer, err);
	report_heading(call->report, "%s", answer.output);
	return 0;
}

// The header tells them: nothing is locked, no child runs.
static int list_snapshots(struct call *call, struct error *err)
{
	auto_operand struct operand operand = OPERAND_NONE;

	if (operand_open(call, argument_text(call, "file"), argument_text(call, "format"), &operand,
			 err) < 0)
		return -1;
	if (!operand.known || operand.image.opaque)
		return list_by_qemu_img(call, err);
	if (operand_check_lock(call, operand.location.path, err) < 0)
		return -1;
	report_snapshots(call, operand.image.snapshots);
	facts_show_snapshots(call->report, operand.image.snapshots);
	return 0;
}

static int confirm_loss(struct call *call, struct error *err)
{
	const char *apply = argument_text(call, "apply");
	const char *name = argument_text(call, "file");
	auto_free char *what = NULL;

	if (apply)
		what = text_format("what was written to '%s' since its snapshot '%s' would be lost",
				   name, apply);
	else if (argument_given(call, "delete"))
		what = text_format("the snapshot '%s' of '%s' would be lost",
				   argument_text(call, "delete"), name);
	return what ? confirm(call, what, err) : 0;
}

static int change_snapshots(struct call *call, struct error *err)
{
	auto_operand struct operand operand = OPERAND_NONE;
	auto_engine struct engine engine = {0};

	if (operand_open_to_change(call, argument_text(call, "file"), argument_text(call, "format"),
				   &operand, err) < 0 ||
	    confirm_loss(call, err) < 0)
		return -1;
	engine_begin(call, ours, &engine);
	image_lock_release(&operand.lock);
	add_file(call, &engine);
	if (engine_run(call, &engine, err) < 0)
		return -1;
	// JSON has what there is now.
	return report_is_json(call->report) ? list_snapshots(call, err) : 0;
}

static int snapshot(struct call *call, struct error *err)
{
	int actions = argument_given(call, "apply") + argument_given(call, "create") +
		      argument_given(call, "delete") + argument_flag(call, "list");
	int failed;

	if (actions > 1)
		return error_set(err, STATUS_USAGE,
				 "only one of --list, --apply, --create and --delete is done");
	failed = actions == 0 || argument_flag(call, "list") ? list_snapshots(call, err)
							     : change_snapshots(call, err);
	return failed ? error_wrap(err, "cannot do that to the snapshots of '%s'",
				   argument_text(call, "file"))
		      : 0;
}

static const struct option snapshot_options[] = {
	FORMAT,
	SWITCH('l', "list", "list the snapshots, which is also done without any option"),
	VALUE('a', "apply", "snapshot", "make the disk what it was then"),
	VALUE('c', "create", "snapshot", "make a snapshot of this name"),
	VALUE('d', "delete", "snapshot", "delete the snapshot of this name or number"),
	IMAGE_OPTS,
	FORCE_SHARE,
	YES,
	OBJECT,
	QUIET,
	IMAGE_FILE("image with the snapshots"),
	END,
};

static const struct rule snapshot_rules[] = {EXCLUSIVE("format", "image-opts"), RULES_END};

const struct command img_snapshot_command = {
	.name = "snapshot",
	.options = snapshot_options,
	.rules = snapshot_rules,
	.shape = SHAPE_LIST,
	.results = facts_snapshot,
	.summary = "list, make, apply and delete the snapshots inside an image",
	.description = "Works on snapshots inside an image. Applying and deleting one loses "
		       "something and asks before. The snapshots of a running guest are made by "
		       "libvirt.",
	.run = snapshot,
};
