// SPDX-License-Identifier: GPL-3.0-or-later
// What people and programs write down about a network.
#include "cmd/vmctl/metadata.h"
#include "cmd/vmctl/groups.h"

enum { SINCE = 9007000 };

const struct command net_desc_command = {
	.name = "net-desc",
	.since = SINCE,
	.target = NETWORK_TARGET,
	.options = (const struct option[]){NETWORK(0), DESC_OPTIONS, END},
	.summary = "show or set the description or title of a network",
	DESCRIBES,
};

const struct command net_metadata_command = {
	.name = "net-metadata",
	.since = SINCE,
	.target = NETWORK_TARGET,
	.options = (const struct option[]){NETWORK(0), METADATA_OPTIONS, END},
	.summary = "show or set what a program keeps in the definition of a network",
	KEEPS_METADATA,
};
