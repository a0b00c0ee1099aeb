// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that the tables of the snapshot commands share.
#pragma once

#include "cmd/vmctl/options.h"

// clang-format off
#define ANOTHER_SNAPSHOT(name_, help_) \
	{ .kind = OPTION_TEXT, .traits = POSITIONAL, .name = (name_), .object = &kind_snapshot, \
	  .help = (help_) }
#define SNAPSHOT(help_) ANOTHER_SNAPSHOT("snapshotname", help_)
// clang-format on
