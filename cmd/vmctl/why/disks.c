// SPDX-License-Identifier: GPL-3.0-or-later
// The disks of a guest that is to start: are they there, may QEMU's user get to them along the
// whole path, are they what the definition says, and does nobody else hold them.
#include <libvirt/virterror.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/vmctl/why/why.h"
#include "guest/disk.h"
#include "host/reach.h"
#include "image/chain.h"
#include "image/users.h"
#include "output/json.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

// A disk and what is known of it.
struct disk {
	struct why *why;
	const struct xml_element *element;
	char *target;
	char *path; // of its file or device; NULL: it has none here
	bool reads_only, shared;
};

static void of_pool(struct disk *disk, const struct disk_source *source)
{
	struct why *why = disk->why;
	auto_pool virStoragePoolPtr pool =
		virStoragePoolLookupByName(why->connection, source->pool);
	auto_volume virStorageVolPtr volume = NULL;

	if (!pool) {
		why_say(why, WHY_CAUSE, "disk %s: there is no pool '%s'", disk->target,
			source->pool);
		why_seen(why, "$vmctl pool-list --all");
		why_edit(why, "change <source pool>, or define the pool again");
		return;
	}
	if (virStoragePoolIsActive(pool) == 0) {
		why_say(why, WHY_CAUSE, "disk %s: the pool '%s' is not active", disk->target,
			source->pool);
		why_seen(why, "$vmctl pool-list --all");
		why_mend(why, "$vmctl pool-start -- '%s'; $vmctl pool-autostart -- '%s'",
			 source->pool, source->pool);
		return;
	}
	volume = virStorageVolLookupByName(pool, source->volume);
	if (volume) {
		disk->path = virStorageVolGetPath(volume);
		return;
	}
	why_say(why, WHY_CAUSE, "disk %s: the pool '%s' has no volume '%s'", disk->target,
		source->pool, source->volume);
	why_seen(why, "$vmctl vol-list -- '%s'", source->pool);
	why_mend(why, "$vmctl pool-refresh -- '%s' if it is there; else $vmctl edit -- '%s'",
		 source->pool, why->name);
}

static bool read_disk(struct disk *disk)
{
	auto_disk_source struct disk_source source = {0};
	auto_free char *policy = path_get(disk->element, "source/@startupPolicy");
	auto_free char *target = path_get(disk->element, "target/@dev");

	disk_source_read(disk->element, &source);
	disk->target = text_copy(target ? target : "of no name");
	disk->reads_only = path_has(disk->element, "readonly");
	disk->shared = path_has(disk->element, "shareable") || disk->reads_only;
	if (text_equal(policy, "optional"))
		return false;
	if (source.pool && source.volume)
		of_pool(disk, &source);
	else
		disk->path = text_copy(source.path);
	return disk->path && *disk->path == '/';
}

static void clear_disk(struct disk *disk)
{
	free(disk->target);
	free(disk->path);
}

// libvirt gives files to QEMU's user, unless it was told to leave them.
static bool keeps_owner(struct disk *disk)
{
	auto_free char *source = path_get(disk->element, "source/seclabel/@relabel");
	auto_free char *own = path_get(disk->why->root, "seclabel[@model='dac']/@relabel");
	auto_free char *type = path_get(disk->why->root, "seclabel[@model='dac']/@type");

	return disk->why->user.keeps_owners || text_equal(source, "no") || text_equal(own, "no") ||
	       text_equal(type, "none");
}

static void tell_missing(struct disk *disk, const char *path, const char *at)
{
	struct why *why = disk->why;

	if (text_equal(path, disk->path))
		why_say(why, WHY_CAUSE, "disk %s: %s does not exist", disk->target, at);
	else
		why_say(why, WHY_CAUSE, "disk %s has the backing file %s, which does not exist",
			disk->target, at);
	why_seen(why, "the file system; <disk> of its definition");
	if (text_equal(path, disk->path))
		why_mend(why, "bring the image back, or $vmctl edit -- '%s': change <source>",
			 why->name);
	else
		why_mend(why,
			 "bring it back, or vm-img rebase -u -b NEW -- '%s' where it has moved",
			 disk->path);
}

static void tell_closed(struct disk *disk, const char *path, const char *at)
{
	struct why *why = disk->why;

	why_say(why, WHY_CAUSE, "disk %s: QEMU's user (%s) cannot enter %s, and so not get to %s",
		disk->target, why->user.name, at, path);
	why_seen(why, "owner, mode and access list of %s", at);
	why_mend(why, "setfacl -m u:%s:x '%s'", why->user.name, at);
}

static void tell_denied(struct disk *disk, const char *at, bool writes)
{
	struct why *why = disk->why;

	why_say(why, WHY_CAUSE,
		"disk %s: QEMU's user (%s) may not %s %s, and libvirt is told not "
		"to change that",
		disk->target, why->user.name, writes ? "write to" : "read", at);
	why_seen(why, "owner, mode and access list of %s; %s", at,
		 why->user.keeps_owners ? "dynamic_ownership = 0 in /etc/libvirt/qemu.conf"
					: "<seclabel relabel='no'>");
	why_mend(why, "chown %s '%s'", why->user.name, at);
}

// Whether QEMU gets to PATH.
static bool reaches(struct disk *disk, const char *path)
{
	bool top = text_equal(path, disk->path), writes = top && !disk->reads_only;
	struct why *why = disk->why;
	struct reach_wish wish = {.path = path,
				  .opens = why->user.name && top && keeps_owner(disk),
				  .writes = writes};
	auto_free char *at = NULL;

	switch (reach_look(&why->user.account, &wish, &at)) {
	case REACH_MISSING:
		tell_missing(disk, path, at);
		break;
	case REACH_CLOSED:
		tell_closed(disk, path, at);
		break;
	case REACH_DENIED:
		tell_denied(disk, at, writes);
		break;
	case REACH_YES:
	case REACH_UNKNOWN:
		return true;
	}
	return false;
}

static void compare_format(struct disk *disk, const struct image *image)
{
	auto_free char *driver = path_get(disk->element, "driver/@type");
	struct why *why = disk->why;
	bool raw = text_equal(driver, IMAGE_RAW);

	if (!driver || text_equal(driver, image->format) || image->opaque || image->iso)
		return;
	why_say(why, raw ? WHY_LIKELY : WHY_CAUSE, "disk %s: %s is %s, its definition says %s",
		disk->target, disk->path, image->format, driver);
	why_seen(why, "the first bytes of the image; <driver type> of its definition");
	why_mend(why, "$vmctl edit -- '%s': <driver type='%s'>%s", why->name, image->format,
		 text_equal(image->format, IMAGE_RAW) ? " (if it is really an image)" : "");
}

static void tell_corrupt(struct disk *disk, const struct image *image)
{
	struct why *why = disk->why;

	if (!image->details || !json_get_boolean(image->details, "corrupt"))
		return;
	why_say(why, WHY_CAUSE, "disk %s: %s is marked as corrupt, so QEMU does not write to it",
		disk->target, disk->path);
	why_seen(why, "the header of the image");
	why_mend(why, "vm-img check --repair all -- '%s', on a copy at first", disk->path);
}

static void look_down_the_chain(struct disk *disk)
{
	auto_chain struct chain chain = {0};
	auto_error struct error err = {0};
	struct why *why = disk->why;

	if (chain_walk_outline(disk->path, NULL, &chain, &err) < 0)
		return;
	compare_format(disk, &chain.links[0].image);
	tell_corrupt(disk, &chain.links[0].image);
	for (size_t i = 1; i < chain.count; i++)
		if (!reaches(disk, chain.links[i].path))
			return;
	if (chain.end == CHAIN_MISSING && chain.next) {
		reaches(disk, chain.next);
	} else if (chain.end == CHAIN_UNSOUND || chain.end == CHAIN_LOOP ||
		   chain.end == CHAIN_SPECIAL || chain.end == CHAIN_LONG) {
		why_say(why, WHY_CAUSE, "disk %s: its chain of backing files is broken: %s",
			disk->target, chain.failure ? chain.failure : "it does not end");
		why_seen(why, "vm-img info --backing-chain -- '%s'", disk->path);
		why_mend(why, "vm-img check -- '%s'; vm-img rebase -u -b RIGHT -- '%s'", disk->path,
			 disk->path);
	}
}

static void find_holders(struct disk *disk)
{
	const char *const paths[] = {disk->path};
	auto_users struct users users = {0};
	struct why *why = disk->why;

	if (disk->shared || !users_any(disk->path))
		return;
	users_find(paths, 1, &users);
	for (size_t i = 0; i < users.count; i++) {
		auto_free char *name = users_name(&users.all[i]);

		if (!users_blocks(&users.all[i]))
			continue;
		why_say(why, WHY_CAUSE, "disk %s: %s is in use by %s", disk->target, disk->path,
			name);
		why_seen(why, "open files of processes, QEMU's locks");
		if (users.all[i].guest)
			why_mend(why,
				 "$vmctl stop -- '%s', or give this guest a disk of its own: "
				 "vm-img clone",
				 users.all[i].guest);
		else
			why_mend(why, "end process %d (%s)", (int)users.all[i].process,
				 users.all[i].program);
		return;
	}
}

static void each_disk(struct why *why)
{
	for (struct xml_element *d = xml_child(why->devices, "disk"); d; d = xml_next(d, "disk")) {
		struct disk disk = {.why = why, .element = d};

		if (read_disk(&disk) && why->local && reaches(&disk, disk.path)) {
			look_down_the_chain(&disk);
			find_holders(&disk);
		}
		clear_disk(&disk);
	}
}

static void secrets(struct why *why)
{
	for (struct xml_element *d = xml_child(why->devices, "disk"); d; d = xml_next(d, "disk")) {
		static const char *const places[] = {"source/encryption/secret/@uuid",
						     "encryption/secret/@uuid",
						     "source/auth/secret/@uuid"};

		for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
			auto_free char *uuid = path_get(d, places[i]);
			auto_free char *target = path_get(d, "target/@dev");
			virSecretPtr secret =
				uuid ? virSecretLookupByUUIDString(why->connection, uuid) : NULL;

			if (secret)
				virSecretFree(secret);
			if (!uuid || secret)
				continue;
			why_say(why, WHY_CAUSE, "disk %s needs the secret %s, which is not there",
				target ? target : "", uuid);
			why_seen(why, "$vmctl secret-list");
			why_mend(why,
				 "$vmctl secret-define FILE; $vmctl secret-set-value %s "
				 "--interactive",
				 uuid);
		}
	}
}

const struct why_check why_disk_checks[] = {
	{"disks", WHY_START, false, each_disk},
	{"secrets", WHY_START, false, secrets},
	{NULL, 0, false, NULL},
};
