// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that the tables of many commands share.
#pragma once

#include "cli/command.h"
#include "cmd/vmctl/candidates.h"

// clang-format off
#define DOMAIN(candidates_, help_) NEEDED("domain", candidates_, help_)
#define NETWORK(candidates_) NEEDED("network", candidates_, "network, by its name or UUID")
#define POOL(candidates_) NEEDED("pool", candidates_, "pool, by its name or UUID")
#define VOLUME NEEDED("vol", pool_volumes, "volume, by its name, key or path")
#define IN_POOL TEXT("pool", any_pools, "pool that the volume is in, by its name or UUID")

// Which configuration of a guest is meant: the running one, the one it boots with next, or both.
#define CONFIG(help_) FLAG("config", VIR_DOMAIN_AFFECT_CONFIG, help_)
#define LIVE(help_) FLAG("live", VIR_DOMAIN_AFFECT_LIVE, help_)
#define CURRENT(help_) FLAG("current", VIR_DOMAIN_AFFECT_CURRENT, help_)

// What report_xml() heeds.
#define XPATH \
	NAMED("xpath", NULL, "show only what this XPath selects"), \
	FLAG("wrap", 0, "wrap what was selected in one root element")
// clang-format on
