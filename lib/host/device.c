// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/device.h"

#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "host/account.h"
#include "host/host.h"
#include "host/recording.h"

// An entry of the attribute "system.posix_acl_access", little endian: linux/posix_acl_xattr.h.
struct acl_entry {
	uint16_t tag, permissions;
	uint32_t id;
};

enum {
	ACL_USER = 0x02,
	ACL_OWNING_GROUP = 0x04,
	ACL_GROUP = 0x08,
	ACL_MASK = 0x10,
	READ_WRITE = 6,
};

static unsigned permissions(const struct acl_entry *entry)
{
	return le16toh(entry->permissions);
}

// Adds who may both read and write. With a list the group's bits of the mode are the mask: what the
// owning group may do stands in the list.
static void apply_acl(struct device *device, const struct acl_entry *entries, size_t count)
{
	struct text text = {0};
	unsigned mask = READ_WRITE;

	for (size_t i = 0; i < count; i++)
		if (le16toh(entries[i].tag) == ACL_MASK)
			mask = permissions(&entries[i]);
	for (size_t i = 0; i < count; i++) {
		unsigned tag = le16toh(entries[i].tag), granted = permissions(&entries[i]) & mask;

		if (tag == ACL_OWNING_GROUP)
			device->mode = (device->mode & ~070U) | granted << 3;
		if ((tag == ACL_USER || tag == ACL_GROUP) && (granted & READ_WRITE) == READ_WRITE)
			text_append_format(&text, "%s%s:%u", text.length ? "," : "",
					   tag == ACL_USER ? "user" : "group",
					   le32toh(entries[i].id));
	}
	device->acl = text.length ? text_take(&text) : NULL;
}

static void read_acl(struct device *device, const struct root *root, const char *path)
{
	enum { HEADER = 4 };
	_Alignas(4) unsigned char list[1024];
	ssize_t length = root_attribute(root, path, "system.posix_acl_access", list, sizeof(list));

	if (length > HEADER)
		apply_acl(device, (const struct acl_entry *)(list + HEADER),
			  ((size_t)length - HEADER) / sizeof(struct acl_entry));
}

static char kind_of(mode_t mode)
{
	return S_ISCHR(mode)    ? 'c'
	       : S_ISBLK(mode)  ? 'b'
	       : S_ISSOCK(mode) ? 's'
	       : S_ISDIR(mode)  ? 'd'
				: '-';
}

static void look_here(struct device *device, const struct root *root, const char *path)
{
	struct stat status;

	device->known = true;
	if (root_stat(root, path, &status) < 0)
		return;
	device->present = true;
	device->kind = kind_of(status.st_mode);
	device->major = major(status.st_rdev);
	device->minor = minor(status.st_rdev);
	device->mode = status.st_mode & 07777;
	device->uid = status.st_uid;
	device->gid = status.st_gid;
	read_acl(device, root, path);
}

static void parse(struct device *device, const char *recorded)
{
	char acl[1024] = "";

	device->known = true;
	device->present =
		sscanf(recorded, "%c %u:%u %o %u %u %1023s", &device->kind, &device->major,
		       &device->minor, &device->mode, &device->uid, &device->gid, acl) >= 6;
	if (*acl)
		device->acl = text_copy(acl);
}

void device_look(struct device *device, const struct host *host, const char *path)
{
	auto_free char *key = text_format("node %s", path);
	const char *recorded = facts_get(&host->facts, key);

	*device = (struct device){0};
	if (host->root.live) {
		auto_free char *found = NULL;

		look_here(device, &host->root, path);
		found = device_string(device);
		recording_note(host, key, "%s", found);
	} else if (recorded) {
		parse(device, recorded);
	} else {
		device->known = host->facts.recorded;
	}
	// A tree of somebody else: a file there shows that the node was, but not for whom.
	if (!device->known && root_exists(&host->root, path)) {
		device->present = true;
		device->kind = '?';
	}
}

// Whether the list names the account as KIND ("user", "group") with this number.
static bool acl_names(const char *acl, const char *kind, unsigned id)
{
	auto_list struct list entries = list_split(acl ? acl : "", ",");
	auto_free char *wanted = text_format("%s:%u", kind, id);

	return list_has(&entries, wanted);
}

bool device_allows(const struct device *device, const struct account *account)
{
	unsigned mode = device->mode;

	if (account->uid == 0)
		return true;
	if (account->uid == device->uid)
		return (mode >> 6 & READ_WRITE) == READ_WRITE;
	if (acl_names(device->acl, "user", account->uid))
		return true;
	for (size_t i = 0; i < account->count; i++)
		if (acl_names(device->acl, "group", account->groups[i]))
			return true;
	if (account_in(account, device->gid))
		return (mode >> 3 & READ_WRITE) == READ_WRITE;
	return (mode & READ_WRITE) == READ_WRITE;
}

char *device_string(const struct device *device)
{
	if (!device->present)
		return text_copy("absent");
	return text_format("%c %u:%u %o %u %u%s%s", device->kind, device->major, device->minor,
			   device->mode, device->uid, device->gid, device->acl ? " " : "",
			   device->acl ? device->acl : "");
}

void device_clear(struct device *device)
{
	free(device->acl);
	*device = (struct device){0};
}
