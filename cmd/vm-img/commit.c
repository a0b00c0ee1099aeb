// SPDX-License-Identifier: GPL-3.0-or-later
// Writing what an image has changed into its backing file.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/live.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "image/path.h"
#include "image/users.h"

static int confirm_commit(struct call *call, struct operand *operand, struct error *err)
{
	const char *base = argument_text(call, "base"), *backing = operand->image.backing_file;
	auto_free char *path = backing ? path_beside(operand->name, backing) : NULL;
	auto_free char *size = size_text(operand->image.allocated), *what = NULL;
	bool kept = argument_flag(call, "drop") || argument_flag(call, "live") || base;

	if (!operand->known)
		return confirm(call, "what the backing file holds now would be overwritten", err);
	if (!backing)
		return error_set(err, STATUS_CONFLICT, "'%s' has no backing file", operand->name);
	if (!base && !argument_flag(call, "live") &&
	    (call->context->peer ? users_check_writers : users_check)(path, err) < 0)
		return -1;
	what = text_format("'%s' would be changed for good by what is in '%s' (%s)%s; other images "
			   "whose backing file it is become useless",
			   base ? base : path, operand->name, size,
			   kept ? "" : ", which is emptied");
	return confirm(call, what, err);
}

static int commit_operand(struct call *call, struct operand *operand, struct error *err)
{
	auto_engine struct engine engine = {0};

	if (confirm_commit(call, operand, err) < 0)
		return -1;
	engine_begin(call, NULL, &engine);
	engine.total = operand->image.virtual_size;
	operand_add(call, &engine, operand);
	if (engine_run(call, &engine, err) < 0)
		return -1;
	return operand_report(call, operand, "Image committed.", err);
}

// The guest goes on with the backing file, and the image is left as it is.
static int commit_live(struct call *call, const char *name, struct error *err)
{
	auto_operand struct operand operand = OPERAND_NONE;
	auto_free char *guest = NULL, *message = NULL;

	if (operand_open(call, name, argument_text(call, "format"), &operand, err) < 0 ||
	    confirm_commit(call, &operand, err) < 0 ||
	    live_commit(call, operand.location.path, argument_text(call, "base"), &guest, err) < 0)
		return error_wrap(err, "cannot commit '%s'", name);
	message =
		text_format("Image committed. Guest '%s' does not use '%s' any more.", guest, name);
	return operand_report(call, &operand, message, err);
}

static int commit(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_operand struct operand operand = OPERAND_NONE;

	if (argument_flag(call, "live"))
		return commit_live(call, name, err);
	if (operand_open_to_change(call, name, argument_text(call, "format"), &operand, err) < 0 ||
	    commit_operand(call, &operand, err) < 0)
		return error_wrap(err, "cannot commit '%s'", name);
	return 0;
}

static const struct option commit_options[] = {
	FORMAT,
	IMAGE_OPTS,
	CACHE_AS('t', "cache", "how the backing file is written (default: writeback)"),
	VALUE('b', "base", "file", "the file of the chain to commit to (default: the next one)"),
	SWITCH('d', "drop", "do not empty the image: it will not be used any more"),
	VALUE('r', "rate-limit", "rate", "bytes per second at most"),
	LIVE,
	CONNECT,
	YES,
	OBJECT,
	PROGRESS,
	QUIET,
	IMAGE_FILE("image whose changes are written"),
	END,
};

const struct command img_commit_command = {
	.name = "commit",
	.options = commit_options,
	.results = facts_changed,
	.summary = "write the changes of an image into its backing file",
	.description = "Writes what an image holds into its backing file, which loses "
		       "what it was, and asks before. With --live the running guest that uses it "
		       "does it (block commit), and goes on with the file below.",
	.run = commit,
};
