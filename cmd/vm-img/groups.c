// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/groups.h"

#include <stddef.h>

#include "cli/complete.h"
#include "cli/help.h"

#define GROUP_MEMBER(name_) &img_##name_##_command,

static const struct command *const images[] = {GROUP_IMAGES(GROUP_MEMBER) NULL};
static const struct command *const store[] = {GROUP_STORE(GROUP_MEMBER) NULL};
static const struct command *const program[] = {&help_command, &complete_command, NULL};

const struct group vm_img_groups[] = {
	{"Images", "images", images},
	{"Clones, stores and seeds", "store", store},
	{"The program itself", "program", program},
	{NULL, NULL, NULL},
};
