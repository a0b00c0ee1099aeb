// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/groups.h"

#include <stddef.h>

#define GROUP_MEMBER(name_) &name_##_command,

static const struct command *const domain[] = {GROUP_DOMAIN(GROUP_MEMBER) NULL};
static const struct command *const monitor[] = {GROUP_MONITOR(GROUP_MEMBER) NULL};
static const struct command *const event[] = {GROUP_EVENT(GROUP_MEMBER) NULL};
static const struct command *const guest[] = {GROUP_GUEST(GROUP_MEMBER) NULL};
static const struct command *const host[] = {GROUP_HOST(GROUP_MEMBER) NULL};
static const struct command *const interface[] = {GROUP_INTERFACE(GROUP_MEMBER) NULL};
static const struct command *const filter[] = {GROUP_FILTER(GROUP_MEMBER) NULL};
static const struct command *const network[] = {GROUP_NETWORK(GROUP_MEMBER) NULL};
static const struct command *const device[] = {GROUP_DEVICE(GROUP_MEMBER) NULL};
static const struct command *const secret[] = {GROUP_SECRET(GROUP_MEMBER) NULL};
static const struct command *const snapshot[] = {GROUP_SNAPSHOT(GROUP_MEMBER) NULL};
static const struct command *const checkpoint[] = {GROUP_CHECKPOINT(GROUP_MEMBER) NULL};
static const struct command *const backup[] = {GROUP_BACKUP(GROUP_MEMBER) NULL};
static const struct command *const pool[] = {GROUP_POOL(GROUP_MEMBER) NULL};
static const struct command *const volume[] = {GROUP_VOLUME(GROUP_MEMBER) NULL};
static const struct command *const shell[] = {GROUP_SHELL(GROUP_MEMBER) NULL};

// Names and keywords are those of virsh: scripts ask `help KEYWORD`.
const struct group vmctl_groups[] = {
	{"Domain Management", "domain", domain},
	{"Domain Monitoring", "monitor", monitor},
	{"Domain Events", "events", event},
	{"Host and Hypervisor", "host", host},
	{"Checkpoint", "checkpoint", checkpoint},
	{"Interface", "interface", interface},
	{"Network Filter", "filter", filter},
	{"Networking", "network", network},
	{"Node Device", "nodedev", device},
	{"Secret", "secret", secret},
	{"Snapshot", "snapshot", snapshot},
	{"Backup", "backup", backup},
	{"Storage Pool", "pool", pool},
	{"Storage Volume", "volume", volume},
	{"Guest", "guest", guest},
	{"Virsh itself", "virsh", shell},
	{NULL, NULL, NULL},
};
