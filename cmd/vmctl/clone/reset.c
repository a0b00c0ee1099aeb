// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "cmd/vmctl/clone/cloner.h"

static const char *const names[] = {"machine-id", "ssh-host-keys", "hostname"};

void reset_candidates(struct call *call, struct list *found)
{
	(void)call;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		list_add(found, names[i]);
}

int reset_plan(struct cloner *cloner, struct error *err)
{
	(void)cloner;
	(void)err;
	return 0;
}

int reset_make_seed(struct cloner *cloner, struct error *err)
{
	(void)cloner;
	(void)err;
	return 0;
}

int reset_by_agent(struct cloner *cloner, struct error *err)
{
	(void)cloner;
	(void)err;
	return 0;
}
