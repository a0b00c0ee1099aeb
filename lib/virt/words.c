// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/words.h"

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

const char *word_at(const char *const *words, size_t count, int number, const char *other)
{
	bool known = number >= 0 && (size_t)number < count && words[number];

	return known ? words[number] : other;
}

const char *word_block_job(int type)
{
	static const char *const types[] = {"Unknown job",  "Block Pull",          "Block Copy",
					    "Block Commit", "Active Block Commit", "Backup"};

	return WORD(types, type, types[0]);
}

const char *word_job_operation(int operation)
{
	static const char *const operations[] = {"Unknown",
						 "Start",
						 "Save",
						 "Restore",
						 "Incoming migration",
						 "Outgoing migration",
						 "Snapshot",
						 "Snapshot revert",
						 "Dump",
						 "Backup",
						 "Snapshot delete"};

	return WORD(operations, operation, "unknown");
}

const char *const words_address_sources[] = {"lease", "agent", "arp", NULL};

const char *word_domain_state(int state)
{
	static const char *const states[] = {
		[VIR_DOMAIN_NOSTATE] = "no state",     [VIR_DOMAIN_RUNNING] = "running",
		[VIR_DOMAIN_BLOCKED] = "idle",         [VIR_DOMAIN_PAUSED] = "paused",
		[VIR_DOMAIN_SHUTDOWN] = "in shutdown", [VIR_DOMAIN_SHUTOFF] = "shut off",
		[VIR_DOMAIN_CRASHED] = "crashed",      [VIR_DOMAIN_PMSUSPENDED] = "pmsuspended",
	};

	return WORD(states, state, states[VIR_DOMAIN_NOSTATE]);
}

enum { REASONS_MOST = 16 };

static const char *const reasons[][REASONS_MOST] = {
	[VIR_DOMAIN_RUNNING] =
		{
			[VIR_DOMAIN_RUNNING_BOOTED] = "booted",
			[VIR_DOMAIN_RUNNING_MIGRATED] = "migrated",
			[VIR_DOMAIN_RUNNING_RESTORED] = "restored",
			[VIR_DOMAIN_RUNNING_FROM_SNAPSHOT] = "from snapshot",
			[VIR_DOMAIN_RUNNING_UNPAUSED] = "unpaused",
			[VIR_DOMAIN_RUNNING_MIGRATION_CANCELED] = "migration canceled",
			[VIR_DOMAIN_RUNNING_SAVE_CANCELED] = "save canceled",
			[VIR_DOMAIN_RUNNING_WAKEUP] = "event wakeup",
			[VIR_DOMAIN_RUNNING_CRASHED] = "crashed",
			[VIR_DOMAIN_RUNNING_POSTCOPY] = "post-copy",
			[VIR_DOMAIN_RUNNING_POSTCOPY_FAILED] = "post-copy failed",
		},
	[VIR_DOMAIN_PAUSED] =
		{
			[VIR_DOMAIN_PAUSED_USER] = "user",
			[VIR_DOMAIN_PAUSED_MIGRATION] = "migrating",
			[VIR_DOMAIN_PAUSED_SAVE] = "saving",
			[VIR_DOMAIN_PAUSED_DUMP] = "dumping",
			[VIR_DOMAIN_PAUSED_IOERROR] = "I/O error",
			[VIR_DOMAIN_PAUSED_WATCHDOG] = "watchdog",
			[VIR_DOMAIN_PAUSED_FROM_SNAPSHOT] = "from snapshot",
			[VIR_DOMAIN_PAUSED_SHUTTING_DOWN] = "shutting down",
			[VIR_DOMAIN_PAUSED_SNAPSHOT] = "creating snapshot",
			[VIR_DOMAIN_PAUSED_CRASHED] = "crashed",
			[VIR_DOMAIN_PAUSED_STARTING_UP] = "starting up",
			[VIR_DOMAIN_PAUSED_POSTCOPY] = "post-copy",
			[VIR_DOMAIN_PAUSED_POSTCOPY_FAILED] = "post-copy failed",
			[VIR_DOMAIN_PAUSED_POSTCOPY_FAILED + 1] = "api error", // since 9.2
		},
	[VIR_DOMAIN_SHUTDOWN] = {[VIR_DOMAIN_SHUTDOWN_USER] = "user"},
	[VIR_DOMAIN_SHUTOFF] =
		{
			[VIR_DOMAIN_SHUTOFF_SHUTDOWN] = "shutdown",
			[VIR_DOMAIN_SHUTOFF_DESTROYED] = "destroyed",
			[VIR_DOMAIN_SHUTOFF_CRASHED] = "crashed",
			[VIR_DOMAIN_SHUTOFF_MIGRATED] = "migrated",
			[VIR_DOMAIN_SHUTOFF_SAVED] = "saved",
			[VIR_DOMAIN_SHUTOFF_FAILED] = "failed",
			[VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT] = "from snapshot",
			[VIR_DOMAIN_SHUTOFF_DAEMON] = "daemon",
		},
	[VIR_DOMAIN_CRASHED] = {[VIR_DOMAIN_CRASHED_PANICKED] = "panicked"},
};

const char *word_domain_reason(int state, int reason)
{
	bool known = state >= 0 && (size_t)state < sizeof(reasons) / sizeof(*reasons);

	return known ? WORD(reasons[state], reason, "unknown") : "unknown";
}

const char *word_disk_error(int error)
{
	static const char *const errors[] = {
		[VIR_DOMAIN_DISK_ERROR_NONE] = "no error",
		[VIR_DOMAIN_DISK_ERROR_UNSPEC] = "unspecified error",
		[VIR_DOMAIN_DISK_ERROR_NO_SPACE] = "no space",
	};

	return WORD(errors, error, "unknown error");
}
