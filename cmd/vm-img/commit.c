// SPDX-License-Identifier: GPL-3.0-or-later
// Writing what an image has changed into its backing file.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/facts.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/subject.h"
#include "image/path.h"
#include "image/users.h"

static int confirm_commit(struct call *call, struct subject *subject, struct error *err)
{
	const char *base = argument_text(call, "base"), *backing = subject->image.backing_file;
	auto_free char *path = backing ? path_beside(subject->name, backing) : NULL;
	auto_free char *size = size_text(subject->image.allocated), *what = NULL;
	bool kept = argument_flag(call, "drop") || base;

	if (!subject->known)
		return confirm(call, "what the backing file holds now would be overwritten", err);
	if (!backing)
		return error_set(err, STATUS_CONFLICT, "'%s' has no backing file", subject->name);
	if (!base && users_check(path, err) < 0)
		return -1;
	what = text_format("'%s' would be changed for good by what is in '%s' (%s)%s; other images "
			   "that stand on it become useless",
			   base ? base : path, subject->name, size,
			   kept ? "" : ", which is emptied");
	return confirm(call, what, err);
}

static int commit_subject(struct call *call, struct subject *subject, struct error *err)
{
	auto_engine struct engine engine = {0};

	if (confirm_commit(call, subject, err) < 0)
		return -1;
	engine_begin(call, NULL, &engine);
	engine.total = subject->image.virtual_size;
	subject_add(call, &engine, subject);
	if (engine_run(call, &engine, err) < 0)
		return -1;
	return subject_report(call, subject, "Image committed.", err);
}

static int commit(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	auto_subject struct subject subject = SUBJECT_NONE;

	if (subject_open_to_change(call, name, argument_text(call, "format"), &subject, err) < 0 ||
	    commit_subject(call, &subject, err) < 0)
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
	.description = "Writes what an image holds into the file that it stands on, which loses "
		       "what it was, and asks before. The images of a running guest are committed "
		       "through libvirt (blockcommit).",
	.run = commit,
};
