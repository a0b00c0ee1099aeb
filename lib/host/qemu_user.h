// SPDX-License-Identifier: GPL-3.0-or-later
// The user that libvirt runs QEMU as.
#pragma once

#include <stdbool.h>

#include "host/account.h"

struct host;

struct qemu_user {
	char *name;        // NULL where libvirt is not installed
	char *group;       // of qemu.conf, NULL where that does not say
	bool keeps_owners; // libvirt does not hand files over to it (dynamic_ownership = 0)
	struct account account;
};

void qemu_user_find(struct qemu_user *user, const struct host *host);
void qemu_user_clear(struct qemu_user *user);
#define auto_qemu_user __attribute__((cleanup(qemu_user_clear)))
