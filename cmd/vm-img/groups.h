// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of vm-img by group: one line here makes a command known.
#pragma once

#include "cli/command.h"

// clang-format off
#define GROUP_IMAGES(X) \
	X(create) \
	X(info) \
	X(convert) \
	X(dd) \
	X(resize) \
	X(check) \
	X(commit) \
	X(rebase) \
	X(snapshot) \
	X(compare) \
	X(map) \
	X(measure) \
	X(amend) \
	X(bitmap) \
	X(bench)

#define GROUP_STORE(X) \
	X(clone) \
	X(df) \
	X(diff) \
	X(doctor) \
	X(download) \
	X(fetch) \
	X(flatten) \
	X(gc) \
	X(list) \
	X(lock) \
	X(seed) \
	X(sparsify) \
	X(tree) \
	X(upload) \
	X(who)
// clang-format on

#define GROUP_DECLARE(name_) extern const struct command img_##name_##_command;
GROUP_IMAGES(GROUP_DECLARE)
GROUP_STORE(GROUP_DECLARE)
#undef GROUP_DECLARE

extern const struct group vm_img_groups[];
