// SPDX-License-Identifier: GPL-3.0-or-later
// What the clone is called and where its disks are, before anything is made.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/clone/cloner.h"
#include "guest/duplicate.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/identity.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/kinds.h"

static bool name_taken(void *data, const char *name)
{
	const struct cloner *cloner = data;
	auto_domain virDomainPtr domain = virDomainLookupByName(cloner->connection, name);

	return domain != NULL;
}

static bool chooses(const struct cloner *cloner)
{
	return argument_flag(cloner->call, "auto-clone") || argument_bare(cloner->call, "original");
}

static int choose_name(struct cloner *cloner, struct error *err)
{
	const char *name = argument_text(cloner->call, "name");

	if (!name && !chooses(cloner)) {
		error_set(err, STATUS_USAGE,
			  "A name is required for the new virtual machine, use '--name "
			  "NEW_VM_NAME' to specify one");
		return error_hint(err, "--auto-clone makes one up");
	}
	cloner->name =
		name ? text_copy(name) : duplicate_name(cloner->original, name_taken, cloner);
	cloner->storage.name = cloner->name;
	if (!identity_is_name(cloner->name))
		return error_set(err, STATUS_USAGE, "Invalid name for new guest: '%s'",
				 cloner->name);
	if (text_equal(cloner->name, cloner->original) && cloner->domain)
		return error_set(err, STATUS_CONFLICT,
				 "Invalid name for new guest: '%s' is the original itself",
				 cloner->name);
	if (argument_flag(cloner->call, "replace") || !name_taken(cloner, cloner->name))
		return 0;
	error_set(err, STATUS_CONFLICT,
		  "Invalid name for new guest: Guest name '%s' is already in use", cloner->name);
	return error_hint(err,
			  "choose another --name, or give --replace, which removes that guest");
}

static int check_identity(const struct list *macs, const char *uuid, struct error *err)
{
	for (size_t i = 0; i < macs->count; i++)
		if (!identity_is_mac(macs->items[i]))
			return error_set(err, STATUS_USAGE, "'%s' is not a MAC address",
					 macs->items[i]);
	if (uuid && !identity_is_uuid(uuid))
		return error_set(err, STATUS_USAGE, "'%s' is not a UUID", uuid);
	return 0;
}

static int set_identity(struct cloner *cloner, struct error *err)
{
	static const struct list random = {0};
	const struct list *macs = argument_list(cloner->call, "mac");
	struct duplicate duplicate = {
		.name = cloner->name,
		.uuid = argument_text(cloner->call, "uuid"),
		.scheme = cloner->host->scheme,
	};

	if (macs->count && text_equal(macs->items[0], "RANDOM"))
		macs = &random;
	duplicate.macs = macs;
	if (check_identity(macs, duplicate.uuid, err) < 0)
		return -1;
	duplicate_identity(cloner->guest->domain, &duplicate, &cloner->notes);
	return 0;
}

static struct copy *find_target(struct copying *copying, const char *target)
{
	for (size_t i = 0; i < copying->count; i++)
		if (text_equal(copying->copies[i].target, target))
			return &copying->copies[i];
	return NULL;
}

// What the options say of single disks.
static int set_actions(struct cloner *cloner, const char *option, enum copy_action action,
		       struct error *err)
{
	const struct list *targets = argument_list(cloner->call, option);

	for (size_t i = 0; i < targets->count; i++) {
		struct copy *copy = find_target(&cloner->copying, targets->items[i]);

		if (!copy) {
			error_set(err, STATUS_NOT_FOUND, "--%s: '%s' has no disk '%s'", option,
				  cloner->original, targets->items[i]);
			return error_hint(err, "$vmctl domblklist -- '%s' names them",
					  cloner->original);
		}
		copy->action = action;
	}
	return 0;
}

static bool is_empty(const struct copy *copy)
{
	return !copy->source && !copy->volume && copy->share_reason;
}

// Paths of --file are for the disks that are not shared, in their order; --auto-clone finds the
// rest.
static int place_disks(struct cloner *cloner, struct error *err)
{
	const struct list *paths = argument_list(cloner->call, "file");
	struct copying *copying = &cloner->copying;
	size_t next = 0;

	for (size_t i = 0; i < copying->count; i++) {
		struct copy *copy = &copying->copies[i];
		const char *path = next < paths->count ? paths->items[next] : NULL;

		if (copy->action == COPY_SHARE)
			continue;
		next++;
		// Nothing in a drive stays nothing.
		if (is_empty(copy)) {
			copy->action = COPY_SHARE;
			continue;
		}
		if (!path && !chooses(cloner)) {
			error_set(err, STATUS_USAGE, "the disk %s needs a --file too",
				  copy->target);
			return error_hint(err,
					  "--auto-clone finds paths for those without, "
					  "--skip-copy '%s' leaves both guests the same",
					  copy->target);
		}
		if (copy_place(copying, copy, path, err) < 0)
			return -1;
	}
	for (; next < paths->count; next++)
		list_add_format(&cloner->guest->warnings, "--file %s: there is no disk for it",
				paths->items[next]);
	return 0;
}

static int plan_disks(struct cloner *cloner, struct error *err)
{
	struct call *call = cloner->call;
	struct copying *copying = &cloner->copying;
	bool preserve = argument_flag(call, "preserve-data");
	unsigned reflink = REFLINK_AUTO;

	// virt-clone's has no value: wanted, where it can be done.
	if (argument_text(call, "reflink") && argument_choice(call, "reflink", &reflink, err) < 0)
		return -1;
	copying->reflink = (enum copy_reflink)reflink;
	copying->sparse = !argument_flag(call, "nonsparse");
	copying->overlay = argument_flag(call, "overlay");
	copying->snapshot = cloner->snapshot;
	copying->running = cloner->running;
	copying_read(copying);
	if (set_actions(cloner, "force-copy", COPY_CLONE, err) < 0 ||
	    set_actions(cloner, "skip-copy", COPY_SHARE, err) < 0)
		return -1;
	for (size_t i = 0; preserve && i < copying->count; i++)
		if (copying->copies[i].action == COPY_CLONE)
			copying->copies[i].action = COPY_PRESERVE;
	if (place_disks(cloner, err) < 0 ||
	    copying_place_nvram(copying, argument_text(call, "nvram"), preserve, err) < 0)
		return -1;
	return copying_choose(copying, err);
}

static bool copies_anything(const struct copying *copying)
{
	for (size_t i = 0; i < copying->count; i++)
		if (copying->copies[i].action == COPY_CLONE)
			return true;
	return false;
}

// What runs is copied by QEMU itself, as of one moment; no other hypervisor can do that.
static int check_state(struct cloner *cloner, struct error *err)
{
	const struct copying *copying = &cloner->copying;
	bool qemu = text_equal(cloner->host->scheme, "qemu");

	if (cloner->domain && !cloner->running &&
	    virDomainHasManagedSaveImage(cloner->domain, 0) == 1)
		list_add(&cloner->notes, "the original's memory is saved (managedsave): the clone "
					 "starts as after a power failure");
	if (!cloner->running)
		return 0;
	if (!qemu || (copies_anything(copying) &&
		      (copying->overlay || copying->reflink == REFLINK_ALWAYS))) {
		error_set(err, STATUS_CONFLICT,
			  "Domain to clone must be shutoff: '%s' is running%s", cloner->original,
			  qemu ? ", and what it writes to can be neither shared nor used as a "
				 "backing file"
			       : "");
		return error_hint(err, "$vmctl stop -- '%s'", cloner->original);
	}
	return 0;
}

// What both guests would write to.
static void note_shared_disks(struct cloner *cloner)
{
	for (size_t i = 0; i < cloner->copying.count; i++) {
		const struct copy *copy = &cloner->copying.copies[i];

		if (copy->action == COPY_SHARE && !copy->share_reason && copy->source)
			list_add_format(&cloner->notes,
					"it has the same disk %s: only one of both should run",
					copy->target);
		if (copy->backing &&
		    (copy->method == METHOD_LOCAL || copy->method == METHOD_REFLINK ||
		     copy->method == METHOD_COPY))
			list_add_format(&cloner->notes,
					"its disk %s has the backing file '%s', as that of the "
					"original has",
					copy->target, copy->backing);
		if (copy->method == METHOD_OVERLAY)
			list_add_format(
				&cloner->notes,
				"its disk %s has the backing file '%s', which must not change from "
				"now on: the original must not run any more",
				copy->target, copy->source);
	}
}

int plan_clone(struct cloner *cloner, struct error *err)
{
	if (!chooses(cloner) && !argument_given(cloner->call, "file"))
		return error_set(err, STATUS_USAGE,
				 "Either --auto-clone or --file is required, use '--auto-clone or "
				 "--file' and try again");
	if (storage_checks_read(argument_list(cloner->call, "check"), &cloner->storage.checks,
				err) < 0 ||
	    original_read(cloner, err) < 0 || choose_name(cloner, err) < 0)
		return -1;
	cloner->storage.real = !cloner->planned && !argument_flag(cloner->call, "print-xml");
	if (plan_disks(cloner, err) < 0 || check_state(cloner, err) < 0 ||
	    set_identity(cloner, err) < 0)
		return -1;
	note_shared_disks(cloner);
	if (storage_check_macs(&cloner->storage, err) < 0)
		return -1;
	return storage_check(&cloner->storage, err);
}
