// SPDX-License-Identifier: GPL-3.0-or-later
// Why a guest is paused: whoever did it, and of a disk that failed what is wrong with its space.
#include <stdlib.h>
#include <sys/statvfs.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/why/why.h"
#include "xml/document.h"
#include "xml/path.h"

// The room where the disk's file is, of a guest of this machine.
static void tell_room(struct why *why, const char *target, const char *path)
{
	auto_free char *directory = path ? file_directory(path) : NULL, *left = NULL;
	struct statvfs status;

	if (!directory || !why->local || statvfs(directory, &status) < 0) {
		why_say(why, WHY_CAUSE, "disk %s: there is no space left where it is", target);
		why_seen(why, "$vmctl domblkerror -- '%s'", why->name);
		why_mend(why, "make room there, then $vmctl resume -- '%s'", why->name);
		return;
	}
	left = size_text((unsigned long long)status.f_bavail * status.f_frsize);
	why_say(why, WHY_CAUSE, "disk %s: no space left for %s: %s are free in %s", target, path,
		left, directory);
	why_seen(why, "$vmctl domblkerror -- '%s', and df '%s'", why->name, directory);
	why_mend(why, "make room in '%s', then $vmctl resume -- '%s'", directory, why->name);
}

static void tell_error(struct why *why, const virDomainDiskError *error)
{
	struct xml_element *disk = device_disk(why->xml, error->disk);
	auto_free char *path = disk ? device_disk_source(disk) : NULL;
	auto_free char *protocol = disk ? path_get(disk, "source/@protocol") : NULL;

	if (error->error == VIR_DOMAIN_DISK_ERROR_NO_SPACE) {
		tell_room(why, error->disk, path);
		return;
	}
	if (protocol)
		why_say(why, WHY_CAUSE, "disk %s: the %s server that has it failed, or is gone",
			error->disk, protocol);
	else
		why_say(why, WHY_CAUSE, "disk %s: the host could not read or write %s", error->disk,
			path ? path : "it");
	why_seen(why, "$vmctl domblkerror -- '%s'", why->name);
	why_mend(why, "%s; then $vmctl resume -- '%s'",
		 protocol ? "look whether that server runs" : "dmesg names the device that fails",
		 why->name);
}

static void disks(struct why *why)
{
	int count = virDomainGetDiskErrors(why->domain, NULL, 0, 0);
	auto_free virDomainDiskErrorPtr errors = NULL;

	if (count <= 0)
		return;
	errors = memory_new((size_t)count, sizeof(*errors));
	count = virDomainGetDiskErrors(why->domain, errors, (unsigned)count, 0);
	for (int i = 0; i < count; i++) {
		tell_error(why, &errors[i]);
		free(errors[i].disk);
	}
}

static void reason(struct why *why)
{
	static const struct {
		int reason;
		const char *what, *mend;
	} ways[] = {
		{VIR_DOMAIN_PAUSED_USER, "somebody paused it", "resume"},
		{VIR_DOMAIN_PAUSED_MIGRATION, "it is moving to another host", "domjobinfo"},
		{VIR_DOMAIN_PAUSED_SAVE, "its state is being saved", "domjobinfo"},
		{VIR_DOMAIN_PAUSED_DUMP, "its memory is being dumped", "domjobinfo"},
		{VIR_DOMAIN_PAUSED_IOERROR, "a disk of it failed", "domblkerror"},
		{VIR_DOMAIN_PAUSED_WATCHDOG, "its watchdog found that it hangs", "reset"},
		{VIR_DOMAIN_PAUSED_FROM_SNAPSHOT, "it was put back to a paused snapshot", "resume"},
		{VIR_DOMAIN_PAUSED_SNAPSHOT, "a snapshot of it is being taken", "domjobinfo"},
		{VIR_DOMAIN_PAUSED_CRASHED, "its kernel panicked", "reset"},
		{VIR_DOMAIN_PAUSED_STARTING_UP, "it is being started", "domjobinfo"},
		{VIR_DOMAIN_PAUSED_POSTCOPY_FAILED, "its move to another host failed half way",
		 "domjobinfo"},
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (why->state != VIR_DOMAIN_PAUSED || why->reason != ways[i].reason)
			continue;
		why_say(why, WHY_CAUSE, "%s", ways[i].what);
		why_seen(why, "libvirt's state of it");
		why_mend(why, "$vmctl %s -- '%s'", ways[i].mend, why->name);
	}
}

const struct why_check why_paused_checks[] = {
	{"disk_errors", WHY_PAUSED, false, disks},
	{"reason", WHY_PAUSED, false, reason},
	{NULL, 0, false, NULL},
};
