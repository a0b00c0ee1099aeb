// SPDX-License-Identifier: GPL-3.0-or-later
// `modify`: a guest changed by the options that made it. Its options are virt-xml's.
#include "cmd/vmctl/modify/modify.h"

#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/modify/modification.h"
#include "cmd/vmctl/options.h"
#include "guest/guest.h"
#include "output/report.h"
#include "plan/guest_options.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/insert.h"
#include "xml/path.h"

static bool has_target(const struct xml *xml, const char *target)
{
	for (struct xml_element *d = xml_child(device_list(xml), "disk"); d && target;
	     d = xml_next(d, "disk")) {
		auto_free char *own = path_get(d, "target/@dev");

		if (text_equal(own, target))
			return true;
	}
	return false;
}

// What a guest that runs has room for may be taken in its definition.
static int check_targets(struct modification *modification, struct error *err)
{
	const struct changed *added = &modification->running.changed;
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml =
		xml_parse(modification->lasting.given, "the domain XML", &ignored);

	for (size_t i = 0; xml && i < added->count; i++) {
		auto_free char *target = path_get(added->items[i], "target/@dev");

		if (!text_equal(xml_name(added->items[i]), "disk") || !has_target(xml, target))
			continue;
		error_set(err, STATUS_CONFLICT,
			  "guest '%s' runs without a disk '%s', but has one in its definition",
			  modification->name, target);
		return error_hint(err, "target= names another one");
	}
	return 0;
}

// The network cards that are new have addresses that no other guest has.
static int check_addresses(struct modification *modification, const struct revision *revision,
			   struct error *err)
{
	struct storage storage = modification->storage;
	auto_guest struct guest *cards = guest_new(modification->host);
	int failed;

	for (size_t i = 0; i < revision->changed.count; i++)
		if (text_equal(xml_name(revision->changed.items[i]), "interface"))
			xml_insert_copy(cards->devices, revision->changed.items[i]);
	storage.connection = modification->connection;
	storage.guest = cards;
	storage.name = modification->name ? modification->name : "";
	failed = storage_check_macs(&storage, err);
	for (size_t i = 0; i < cards->warnings.count; i++)
		call_warning(modification->call, "%s", cards->warnings.items[i]);
	return failed;
}

// Nothing that is new is in anybody's way.
static int check(struct modification *modification, struct error *err)
{
	struct storage *storage = &modification->storage;
	const struct revision *first =
		modification->updates ? &modification->running : &modification->lasting;

	if (modification->change.verb == CHANGE_ADD && !modification->shows_xml &&
	    check_addresses(modification, first, err) < 0)
		return -1;
	return storage->guest ? storage_check(storage, err) : 0;
}

// Of the guest as a whole nothing is attached or updated.
static int check_update(const struct modification *modification, struct error *err)
{
	const struct guest_option *option = modification->change.option;

	if (!modification->updates || text_begins(option->home, "devices/"))
		return 0;
	error_set(err, STATUS_USAGE, "Don't know how to --update for %s", option->table.option);
	return error_hint(err, "without --update it counts from the next boot on; $vmctl setmem, "
			       "setvcpus and others change what runs");
}

// What is planned for the guest as it runs comes first: the definition gets the same.
static int plan(struct modification *modification, struct error *err)
{
	bool runs = modification->running.given, adds = modification->change.verb == CHANGE_ADD;

	if (modification->updates && !runs)
		call_warning(modification->call,
			     "The VM is not running, --update is inapplicable.");
	modification->updates = modification->updates && runs;
	if (check_update(modification, err) < 0)
		return -1;
	if (modification->updates) {
		if (revise(modification, &modification->running, NULL, err) < 0)
			return -1;
		result_difference(modification, &modification->running);
		if (adds && check_targets(modification, err) < 0)
			return -1;
	}
	if (revise(modification, &modification->lasting,
		   modification->updates && adds ? &modification->running : NULL, err) < 0)
		return -1;
	return check(modification, err);
}

static int make(struct modification *modification, struct error *err)
{
	bool updates = modification->updates;

	if (updates && apply_update(modification, err) < 0)
		return -1;
	// Of a guest that runs there may be no more to do.
	if (updates && !modification->defines)
		return 0;
	result_difference(modification, &modification->lasting);
	return apply_lasting(modification, err);
}

static int run(struct modification *modification, struct error *err)
{
	if (words_read(modification, err) < 0 || look_at_guest(modification, err) < 0)
		return -1;
	if (modification->change.verb == CHANGE_BUILD) {
		if (revise(modification, &modification->lasting, NULL, err) < 0)
			return -1;
		return result_built(modification);
	}
	if (plan(modification, err) < 0)
		return -1;
	if (modification->dry) {
		result_difference(modification, &modification->lasting);
		report_message(modification->call->report, "Dry run: nothing was changed.\n");
		if (*modification->lasting.difference)
			modification->call->status = STATUS_CHANGES;
	} else if (make(modification, err) < 0) {
		// What the guest has got stays.
		if (!modification->updated && !modification->defined)
			storage_undo(&modification->storage);
		return -1;
	}
	result_end(modification);
	return 0;
}

static int modify(struct call *call, struct error *err)
{
	auto_modification struct modification modification = {
		.call = call,
		.connection = session_connection(call),
		.domain = call->object.kind ? call_domain(call) : NULL};
	int failed;

	if (guest_options_answer(call, modify_table))
		return 0;
	interrupt_hold();
	failed = run(&modification, err);
	interrupt_let();
	return failed;
}

const struct command modify_command = {
	.name = "modify",
	.traits = COMMAND_GNU | COMMAND_ALONE,
	.target = ONE_DOMAIN(BY_ANY),
	.options = modify_options,
	.rules = modify_rules,
	.results = modify_results,
	.summary = "change a guest by options, device by device",
	.description =
		"Changes the definition of a guest by the options that vm-install makes guests "
		"with: --edit changes what an option names and nothing else, --add-device adds "
		"what it describes, --remove-device takes it away. The change is shown first, "
		"nothing else of the XML is touched, and what takes effect now and what at the "
		"next boot is said: --update changes a guest that runs, too. Where somebody else "
		"has changed the definition meanwhile it stays as it is. WHICH is a number, "
		"from 1 or from -1 for the last, all, or what the device has: --edit target=vda "
		"--disk cache=none, --remove-device --disk target=vdb.",
	.run = modify,
};
