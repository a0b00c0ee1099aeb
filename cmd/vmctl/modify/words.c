// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line asks for. The rules between its options are virt-xml's.
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/modify/modification.h"
#include "cmd/vmctl/modify/modify.h"
#include "guest/os.h"
#include "guest/rows.h"
#include "output/report.h"

static const struct {
	const char *option;
	enum change_verb verb;
} verbs[] = {{"edit", CHANGE_EDIT},
	     {"add-device", CHANGE_ADD},
	     {"remove-device", CHANGE_REMOVE},
	     {"build-xml", CHANGE_BUILD}};

static int read_verb(struct modification *modification, struct error *err)
{
	struct call *call = modification->call;
	auto_list struct list given = {0};
	auto_free char *all = NULL;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (!argument_given(call, verbs[i].option))
			continue;
		modification->change.verb = verbs[i].verb;
		list_add_format(&given, "--%s", verbs[i].option);
	}
	modification->change.selector = argument_text(call, "edit");
	if (given.count == 1)
		return 0;
	if (!given.count)
		return error_set(
			err, STATUS_USAGE,
			"One of --edit, --add-device, --remove-device, --build-xml must be "
			"specified.");
	all = list_join(&given, ", ");
	return error_set(err, STATUS_USAGE, "Conflicting options %s", all);
}

// An option that stands without a value means what is usual.
static void read_texts(struct modification *modification, const struct guest_option *option)
{
	const struct list *values = argument_list(modification->call, option_name(option));

	for (size_t i = 0; i < values->count; i++)
		list_add(&modification->texts, values->items[i]);
	if (!values->count)
		list_add(&modification->texts, text_equal(option->home, ".") ? "" : "default");
	modification->change.texts = &modification->texts;
}

static int read_option(struct modification *modification, struct error *err)
{
	const struct guest_option *option, *found = NULL;
	auto_list struct list given = {0};
	auto_free char *all = NULL;

	for (unsigned i = 0; (option = modify_option_at(i)); i++) {
		if (!argument_given(modification->call, option_name(option)))
			continue;
		found = option;
		list_add(&given, option->table.option);
	}
	if (!found) {
		error_set(err, STATUS_USAGE, "No change specified.");
		return error_hint(err, "$vmctl modify GUEST --edit --memory 2048 gives it 2 GiB");
	}
	if (given.count > 1) {
		all = list_join(&given, ", ");
		error_set(err, STATUS_USAGE,
			  "Only one change operation may be specified (conflicting options %s)",
			  all);
		return error_hint(err, "one after the other; one option may be given several "
				       "times");
	}
	modification->change.option = found;
	read_texts(modification, found);
	return 0;
}

static int check_fit(struct modification *modification, struct error *err)
{
	const struct change *change = &modification->change;
	bool system = argument_given(modification->call, "osinfo");

	if (system && change->verb != CHANGE_ADD)
		return error_set(err, STATUS_USAGE,
				 "--osinfo/--os-variant is not supported with "
				 "--%s",
				 verbs[change->verb].option);
	return change_check(change, err);
}

struct system_wish {
	char *name, *detect, *require;
};

static const struct suboption system_rows[] = {
	KEEP("name", AKA("short-id", "id"), TEXT, struct system_wish, name),
	KEEP("detect", NULL, TEXT, struct system_wish, detect),
	KEEP("require", NULL, TEXT, struct system_wish, require),
	ROWS_END,
};

static const struct suboption_table system_table = {
	.option = "--osinfo", .leading = AKA("name"), .groups = GROUPS(system_rows)};

static int read_system(struct modification *modification, struct error *err)
{
	const char *text = argument_text(modification->call, "osinfo");
	struct system_wish wish = {0};
	struct suboption_target target = {.data = &wish};
	int failed = text ? suboptions_apply(&system_table, text, &target, err) : 0;

	if (!failed && wish.name)
		modification->os = os_find(wish.name, err);
	failed = failed || (wish.name && !modification->os) ? -1 : 0;
	free(wish.name);
	free(wish.detect);
	free(wish.require);
	return failed;
}

// Showing is instead of doing, unless doing is asked for too.
static void read_steps(struct modification *modification)
{
	struct call *call = modification->call;
	bool from_input = !modification->domain;

	modification->shows_difference = argument_flag(call, "print-diff");
	modification->shows_xml = argument_flag(call, "print-xml");
	modification->updates = argument_flag(call, "update");
	modification->starts = argument_flag(call, "start");
	modification->confirms = argument_flag(call, "confirm");
	modification->dry = argument_flag(call, "dry-run");
	modification->defines = argument_flag(call, "define");
	if (!modification->shows_difference && !modification->shows_xml && !modification->dry) {
		if (!from_input)
			modification->defines = !argument_flag(call, "no-define");
		else if (!modification->defines)
			modification->shows_xml = true;
	}
	if ((modification->confirms || modification->dry) && !modification->shows_xml)
		modification->shows_difference = true;
}

int words_read(struct modification *modification, struct error *err)
{
	struct call *call = modification->call;
	bool builds = argument_flag(call, "build-xml");

	read_steps(modification);
	if (!modification->domain && !builds && isatty(STDIN_FILENO))
		return error_set(err, STATUS_USAGE, "A domain must be specified");
	if (!modification->domain && !builds && modification->confirms)
		return error_set(err, STATUS_USAGE, "Can't use --confirm with stdin input.");
	if (!modification->domain && !builds && modification->updates)
		return error_set(err, STATUS_USAGE, "Can't use --update with stdin input.");
	if (read_option(modification, err) < 0 || read_verb(modification, err) < 0 ||
	    check_fit(modification, err) < 0 || read_system(modification, err) < 0)
		return -1;
	modification->files = offer_files_of(call);
	if (storage_checks_read(argument_list(call, "check"), &modification->storage.checks, err) <
	    0)
		return -1;
	// An edit may say what comes later.
	if (modification->change.verb == CHANGE_EDIT && !argument_given(call, "check"))
		modification->storage.checks = (struct storage_checks){0};
	return 0;
}
