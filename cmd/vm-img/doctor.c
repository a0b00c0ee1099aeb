// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with the images of a directory or pool, each with the command that puts it right.
#include <stdlib.h>
#include <sys/stat.h>

#include "base/advice.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/collection.h"
#include "cmd/vm-img/collection_json.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/room.h"
#include "host/host.h"
#include "host/qemu_user.h"
#include "host/reach.h"
#include "image/chain.h"
#include "output/report.h"

struct doctor {
	struct call *call;
	const struct collection *collection;
	struct qemu_user user;
	size_t findings, unchecked;
	bool failed; // one of them keeps a guest from its disk
};

enum severity { WARN, FAIL };

// WHAT and FIX, a command or NULL, are handed over.
static void report_finding(struct doctor *doctor, const char *path, enum severity severity,
			   const char *check, char *texts[2])
{
	doctor->findings++;
	doctor->failed |= severity == FAIL;
	report_row(doctor->call->report,
		   (struct value[]){value_text(severity == FAIL ? "fail" : "warn"),
				    value_text(path), value_text(check), value_text(texts[0]),
				    value_text(texts[1])});
	free(texts[0]);
	free(texts[1]);
}
#define FINDING(doctor_, path_, severity_, check_, what_, fix_)                                    \
	report_finding(doctor_, path_, severity_, check_, (char *[]){what_, fix_})

// A command of its words: those in capitals are for people to fill in, the others quoted.
static char *rebase_command(const char *image, const char *backing, const char *format)
{
	struct text command = {0};

	text_append(&command, "vm-img rebase -u -b ");
	if (backing)
		advice_append_word(&command, backing);
	else
		text_append(&command, "FILE");
	advice_append(&command, " -F %s -- '%s'", format ? format : "FORMAT", image);
	return text_take(&command);
}

static char *command_for(const char *command, const char *path)
{
	return advice("%s -- '%s'", command, path);
}

// A missing file may have been moved: one of the same name is likely to be it.
static const struct member *find_moved(const struct collection *collection, size_t index)
{
	const char *name = file_name(collection->all[index].missing);

	for (size_t i = 0; i < collection->count; i++)
		if (i != index && text_equal(file_name(collection->all[i].path), name) &&
		    !collection->all[i].failure)
			return &collection->all[i];
	return NULL;
}

static void look_below(struct doctor *doctor, size_t index)
{
	const struct member *member = &doctor->collection->all[index];
	const char *path = member->path;
	const struct image *image = &member->image;
	const char *damaged = collection_damage(doctor->collection, index);

	if (member->missing) {
		const struct member *moved = find_moved(doctor->collection, index);
		auto_free char *there = moved ? file_absolute(moved->path) : NULL;

		FINDING(doctor, path, FAIL, "backing file",
			text_format("its backing file '%s' is not there", member->missing),
			rebase_command(path, there, moved ? moved->image.format : NULL));
	}
	if (member->loops)
		FINDING(doctor, path, FAIL, "loop", text_copy("its backing chain is a loop"),
			rebase_command(path, NULL, NULL));
	if (damaged)
		FINDING(doctor, path, FAIL, "backing file",
			text_format("'%s' below it cannot be read", damaged),
			command_for("vm-img check", damaged));
	if (image->backing_file && !image->backing_format && member->below != MEMBER_NONE)
		FINDING(doctor, path, WARN, "guessed format",
			text_format("the format of its backing file '%s' is not recorded: a guest "
				    "could forge it",
				    image->backing_file),
			rebase_command(path, image->backing_file,
				       doctor->collection->all[member->below].image.format));
}

static void look_at_rights(struct doctor *doctor, const struct member *member)
{
	auto_free char *path = file_absolute(member->path);
	auto_text struct text closed = {0};
	const char *user = doctor->user.name;
	struct stat status;

	if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_mode & S_IWOTH)
		FINDING(doctor, member->path, WARN, "mode", text_copy("anybody may write to it"),
			command_for("chmod o-w", path));
	if (!user || !doctor->user.account.known)
		return;
	reach_closed(&doctor->user.account, path, &closed);
	if (closed.length)
		FINDING(doctor, member->path, FAIL, "reach",
			text_format("QEMU's user (%s) cannot enter%s", user, text_string(&closed)),
			text_format("setfacl -m u:%s:x%s", user, text_string(&closed)));
	if (doctor->user.keeps_owners && !reach_may_read(&doctor->user.account, path)) {
		auto_free char *command = text_format("chown %s", user);

		FINDING(doctor, member->path, FAIL, "owner",
			text_format("QEMU's user (%s) cannot read it, and libvirt is told not to "
				    "hand it over (dynamic_ownership)",
				    user),
			command_for(command, path));
	}
}

// QEMU would never get to the end of some chains.
static bool has_end(const struct member *member)
{
	auto_error struct error broken = {0};
	auto_chain struct chain chain = {0};

	return chain_walk_outline(member->path, member->image.format, &chain, &broken) == 0 &&
	       chain.end == CHAIN_WHOLE;
}

// Only of what nobody uses; of formats that cannot be checked there is nothing to tell.
static int check_content(struct doctor *doctor, const struct member *member, struct error *err)
{
	enum { UNCHECKED = 1, CORRUPT = 2, LEAKS = 3 };
	auto_engine struct engine engine = {0};
	auto_qemu_img_answer struct qemu_img_answer answer = {0};
	bool running = list_has(&member->states, "running") || member->users.count;

	if (running) {
		doctor->unchecked++;
		return 0;
	}
	engine_begin_as(doctor->call, "check", NULL, &engine);
	engine_add_option(&engine, "-f", member->image.format);
	engine_add_file(doctor->call, &engine, member->path);
	if (engine_ask(doctor->call, &engine, &answer, err) < 0)
		return -1;
	if (answer.exit_status == UNCHECKED)
		FINDING(doctor, member->path, FAIL, "check",
			text_copy(answer.failure ? answer.failure : "it cannot be checked"),
			command_for("vm-img check", member->path));
	if (answer.exit_status == CORRUPT)
		FINDING(doctor, member->path, FAIL, "check", text_copy("it is corrupt"),
			command_for("vm-img check -r all", member->path));
	if (answer.exit_status == LEAKS)
		FINDING(doctor, member->path, WARN, "check",
			text_copy("it takes room that nothing in it uses"),
			command_for("vm-img check -r leaks", member->path));
	return 0;
}

static int look_at_image(struct doctor *doctor, size_t index, struct error *err)
{
	const struct member *member = &doctor->collection->all[index];
	bool raw = text_equal(member->image.format, IMAGE_RAW);

	if (member->failure) {
		FINDING(doctor, member->path, FAIL, "header", text_copy(member->failure),
			command_for("vm-img check", member->path));
		return 0;
	}
	if (member->image.plain && !member->overlays && !member->needed)
		return 0;
	look_below(doctor, index);
	look_at_rights(doctor, member);
	if (raw || member->missing || member->loops ||
	    collection_damage(doctor->collection, index) || argument_flag(doctor->call, "quick") ||
	    !has_end(member))
		return 0;
	return check_content(doctor, member, err);
}

static int forecast(struct doctor *doctor, size_t place, struct error *err)
{
	const char *path = doctor->collection->places[place].path;
	struct room room = {0};
	auto_free char *growth = NULL, *free_room = NULL;

	if (room_find(doctor->collection, place, &room, err) < 0)
		return -1;
	if (!room.lacking)
		return 0;
	growth = size_text(room.growth);
	free_room = size_text(room.free);
	FINDING(doctor, path, WARN, "room",
		text_format("its guests could write %s more, and %s is free", growth, free_room),
		command_for("vm-img gc", path));
	return 0;
}

// Files that guests have, in the places that were named, and that are not there.
static void look_for_missing(struct doctor *doctor)
{
	const struct collection *collection = doctor->collection;

	for (size_t i = 0; i < collection->named.count; i++) {
		const char *path = collection->named.items[i];
		auto_free char *directory = file_directory(path);

		if (file_exists(path))
			continue;
		for (size_t k = 0; k < collection->listed; k++) {
			auto_free char *place = realpath(collection->places[k].path, NULL);

			if (text_equal(place, directory))
				FINDING(doctor, path, FAIL, "missing",
					text_copy(
						"a guest has it as its disk, and it is not there"),
					command_for("vm-img gc --undo", directory));
		}
	}
}

static int examine(struct doctor *doctor, struct error *err)
{
	const struct collection *collection = doctor->collection;

	report_list(doctor->call->report, NULL, TABLE_RULED, 0);
	for (size_t i = 0; i < collection->count; i++)
		if (collection_is_listed(collection, i) &&
		    (look_at_image(doctor, i, err) < 0 || interrupt_check(err) < 0))
			return -1;
	look_for_missing(doctor);
	for (size_t i = 0; i < collection->listed; i++)
		if (forecast(doctor, i, err) < 0)
			return -1;
	return 0;
}

static int doctor(struct call *call, struct error *err)
{
	auto_collection struct collection collection = {0};
	auto_host struct host host = {0};
	auto_free char *searched = NULL;
	struct doctor state = {.call = call, .collection = &collection};
	int failed;

	if (host_open(&host, NULL, err) < 0 ||
	    collection_find_places(call, argument_list(call, "where"), &collection, err) < 0 ||
	    collection_read(&collection, err) < 0)
		return -1;
	collection_find_users(call, !argument_flag(call, "local"), &collection);
	qemu_user_find(&state.user, &host);
	failed = examine(&state, err);
	qemu_user_clear(&state.user);
	if (failed)
		return -1;
	searched = collection_searched(&collection);
	report_heading(call->report, "\n%s. Searched: %s.\n",
		       state.findings ? "Each is followed by the command that puts it right"
				      : "Nothing is wrong",
		       searched);
	if (state.unchecked)
		report_heading(call->report, "%zu image%s in use: the content was not checked.\n",
			       state.unchecked, state.unchecked > 1 ? "s are" : " is");
	call->status = state.failed ? STATUS_CHECK : STATUS_OK;
	return 0;
}

static const struct option doctor_options[] = {
	FLAG("quick", 0, "leave out the check of the contents"),
	LOCAL,
	CONNECT,
	{.kind = OPTION_REST,
	 .name = "where",
	 .help = "directories, files or libvirt's pools (default: all active pools)"},
	END,
};

// clang-format off
static const struct field doctor_results[] = {
	FIELD("severity", "Severity", FIELD_TEXT, COLUMN_VERDICT,
	      "fail: a guest cannot use it as it is; warn: it should be put right"),
	FIELD("path", "Image", FIELD_TEXT, 0, "the image, or the directory"),
	FIELD("check", NULL, FIELD_TEXT, 0,
	      "header, backing file, loop, guessed format, mode, reach, owner, check, missing or room"),
	FIELD("finding", "Finding", FIELD_TEXT, 0, "what is wrong"),
	FIELD("fix", "", FIELD_TEXT, FIELD_NULL | COLUMN_DETAIL, "the command that puts it right"),
	FIELDS_END,
};
// clang-format on

const struct command img_doctor_command = {
	.name = "doctor",
	.options = doctor_options,
	.shape = SHAPE_LIST,
	.results = doctor_results,
	.summary = "show what is wrong with the images of directories or pools",
	.description =
		"Looks for images that cannot be read, are corrupt or leak, for backing files that "
		"are missing, damaged, in a loop or of a guessed format, for what QEMU's user "
		"cannot reach or anybody may write to, for disks of guests that are not there, and "
		"for room that will be short; each with the command that puts it right. Status 8 "
		"where a guest cannot use its image.",
	.run = doctor,
};
