// SPDX-License-Identifier: GPL-3.0-or-later
// How a guest ended: what libvirt remembers, the end of QEMU's log, the kernel's record of who was
// killed for memory.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/vmctl/why/why.h"

enum {
	RECORD_MOST = 8192,   // bytes of one record of the kernel's log
	TAIL = 256 * 1024,    // bytes of QEMU's log: a run takes a few KiB
	TAIL_MOST = 2 * TAIL, // it may grow meanwhile
	NEAR = 5,             // seconds between the kernel's record and libvirt's
};

// Seconds since 1970 of "2026-11-25 22:33:01.123+0000: shutting down, ..."; 0: there is none.
static long long time_of(const char *line)
{
	struct tm utc = {0};

	return strptime(line, "%Y-%m-%d %H:%M:%S", &utc) ? (long long)timegm(&utc) : 0;
}

// The lines of the last run in LOG.
static struct list last_run(const char *log)
{
	struct list all = list_split(log, "\n"), run = {0};
	size_t begun = 0;

	for (size_t i = 0; i < all.count; i++)
		if (strstr(all.items[i], ": starting up libvirt version"))
			begun = i;
	for (size_t i = begun; i < all.count; i++)
		list_add(&run, all.items[i]);
	list_clear(&all);
	return run;
}

static const char *find_line(const struct list *lines, const char *word)
{
	for (size_t i = lines->count; i > 0; i--)
		if (strstr(lines->items[i - 1], word))
			return lines->items[i - 1];
	return NULL;
}

// The end of the file, the caller's; NULL where it cannot be read.
static char *read_tail(struct why *why, const char *path)
{
	auto_close int fd = root_descriptor(&why->host.root, path, O_RDONLY);
	auto_error struct error ignored = {0};

	if (fd < 0)
		return NULL;
	if (lseek(fd, -TAIL, SEEK_END) < 0) // it is shorter
		lseek(fd, 0, SEEK_SET);
	return file_read_fd(fd, path, TAIL_MOST, NULL, &ignored);
}

// Looked for once.
static bool read_log(struct why *why)
{
	auto_free char *log = NULL;

	if (!why->log_path) {
		why->log_path = text_format("/var/log/libvirt/qemu/%s.log", why->name);
		log = read_tail(why, why->log_path);
		why->log = last_run(log ? log : "");
	}
	return why->log.count > 0;
}

// What QEMU itself said last: behind its name and a colon.
static const char *complaint(const struct list *lines)
{
	for (size_t i = lines->count; i > 0; i--) {
		const char *line = lines->items[i - 1];

		if (text_begins(line, "qemu") && strstr(line, ": "))
			return strstr(line, ": ") + 2;
	}
	return NULL;
}

// --- The kernel's record -------------------------------------------------------------------------

// Seconds since 1970 of a record, whose time counts from the boot in microseconds.
static long long time_of_record(const char *record)
{
	struct timespec now, up;
	const char *time = strchr(record, ',');

	time = time ? strchr(time + 1, ',') : NULL;
	if (!time)
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_MONOTONIC, &up);
	return now.tv_sec - up.tv_sec + strtoll(time + 1, NULL, 10) / 1000000;
}

// The record, near WHEN, of a QEMU that was killed for memory; the caller's or NULL.
static char *find_kill(long long when, bool *denied)
{
	auto_close int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[RECORD_MOST];
	auto_free char *found = NULL;
	ssize_t got;

	*denied = fd < 0;
	while (fd >= 0 && ((got = read(fd, record, sizeof(record) - 1)) > 0 || errno == EPIPE)) {
		const char *text;
		long long difference;

		if (got <= 0)
			continue; // it was overwritten meanwhile
		record[got] = '\0';
		record[strcspn(record, "\n")] = '\0';
		text = strchr(record, ';');
		difference = time_of_record(record) - when;
		if (!text || difference > NEAR || difference < -NEAR ||
		    !strstr(text, "Killed process") || !strstr(text, "(qemu"))
			continue;
		free(found);
		found = text_copy(text + 1);
	}
	return take(&found);
}

static void out_of_memory(struct why *why)
{
	auto_free char *kill = NULL;
	const char *ended;
	bool denied;

	if (!read_log(why))
		return;
	ended = find_line(&why->log, ": shutting down, reason=");
	if (!ended || !strstr(ended, "reason=crashed"))
		return;
	kill = find_kill(time_of(ended), &denied);
	if (denied) {
		why_say(why, WHY_UNKNOWN, "whether the kernel killed it for memory cannot be told");
		why_mend(why, "run it as root");
	}
	if (!kill)
		return;
	why_say(why, WHY_CAUSE, "the kernel was out of memory and killed its QEMU");
	why_seen(why, "the kernel's log: %s", kill);
	why_mend(why,
		 "less memory for it or for others, or more for its control group ($vmctl "
		 "memtune '%s'); $vmctl start -- '%s'",
		 why->name, why->name);
}

// --- QEMU's log ----------------------------------------------------------------------------------

static void killed(struct why *why)
{
	const char *line;

	if (!read_log(why))
		return;
	line = find_line(&why->log, "terminating on signal");
	// libvirt itself ends QEMU so when it is told to.
	if (!line || strstr(line, "(libvirtd)") || strstr(line, "(/usr/sbin/libvirtd)") ||
	    strstr(line, "virtqemud"))
		return;
	why_say(why, WHY_CAUSE, "somebody ended its QEMU: %s", strstr(line, "terminating"));
	why_seen(why, "%s", why->log_path);
	why_mend(why, "$vmctl start -- '%s'", why->name);
}

static void crashed(struct why *why)
{
	const char *said = NULL;

	if (why->state != VIR_DOMAIN_CRASHED &&
	    !(why->state == VIR_DOMAIN_SHUTOFF && why->reason == VIR_DOMAIN_SHUTOFF_CRASHED))
		return;
	if (read_log(why))
		said = complaint(&why->log);
	why_say(why, WHY_CAUSE, "its QEMU ended without a word to libvirt%s%s",
		said ? ": " : ", killed or crashed", said ? said : "");
	why_seen(why, "libvirt's state of it%s%s", said ? ", " : "", said ? why->log_path : "");
	why_mend(why, "$vmctl start -- '%s'; journalctl -k tells of a crash", why->name);
}

static void failed(struct why *why)
{
	const char *said, *ended;

	if (!read_log(why))
		return;
	ended = find_line(&why->log, ": shutting down, reason=");
	said = complaint(&why->log);
	if (!ended || !strstr(ended, "reason=failed") || !said)
		return;
	why_say(why, WHY_LIKELY, "its last start failed, and QEMU said: %s", said);
	why_seen(why, "%s", why->log_path);
	why_edit(why, "change what QEMU does not take");
}

// What ended it in good order: no fault.
static void ended(struct why *why)
{
	static const struct {
		int reason;
		const char *what;
	} ways[] = {
		{VIR_DOMAIN_SHUTOFF_SHUTDOWN, "it shut down by itself, or was asked to"},
		{VIR_DOMAIN_SHUTOFF_DESTROYED, "its power was cut (vmctl destroy)"},
		{VIR_DOMAIN_SHUTOFF_MIGRATED, "it has moved to another host"},
		{VIR_DOMAIN_SHUTOFF_SAVED, "its state was saved, and the next start goes on there"},
		{VIR_DOMAIN_SHUTOFF_FAILED, "its last start failed"},
		{VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT, "it was put back to a snapshot that was off"},
		{VIR_DOMAIN_SHUTOFF_DAEMON, "libvirt's daemon lost it"},
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (why->state != VIR_DOMAIN_SHUTOFF || why->reason != ways[i].reason)
			continue;
		why_say(why, WHY_NOTE, "%s", ways[i].what);
		why_seen(why, "libvirt's state of it");
		why_mend(why, "$vmctl start -- '%s'", why->name);
	}
}

// A saved state that cannot be read stands in the way of each start.
static void saved(struct why *why)
{
	auto_free char *path = text_format("/var/lib/libvirt/qemu/save/%s.save", why->name);
	auto_close int fd = -1;
	char magic[16] = "";

	if (virDomainHasManagedSaveImage(why->domain, 0) != 1)
		return;
	fd = root_descriptor(&why->host.root, path, O_RDONLY);
	// One that was never completed is dropped at the next start.
	if (fd < 0 || (read(fd, magic, sizeof(magic)) == sizeof(magic) &&
		       (memcmp(magic, "LibvirtQemudSave", sizeof(magic)) == 0 ||
			memcmp(magic, "LibvirtQemudPart", sizeof(magic)) == 0)))
		return;
	why_say(why, WHY_CAUSE, "its saved state is broken");
	why_seen(why, "the first bytes of %s", path);
	why_mend(why,
		 "$vmctl managedsave-remove -- '%s'; $vmctl start -- '%s' (what was saved is lost)",
		 why->name, why->name);
}

const struct why_check why_stopped_checks[] = {
	{"saved_state", WHY_START | WHY_STOPPED, true, saved},
	{"out_of_memory", WHY_STOPPED, true, out_of_memory},
	{"killed", WHY_STOPPED, true, killed},
	{"failed", WHY_STOPPED, true, failed},
	{"crashed", WHY_STOPPED, true, crashed},
	{"ended", WHY_STOPPED, false, ended},
	{NULL, 0, false, NULL},
};
