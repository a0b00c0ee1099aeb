// SPDX-License-Identifier: GPL-3.0-or-later
// Users and groups of a machine, from its /etc/passwd and /etc/group.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct host;

struct account {
	bool known;
	uid_t uid;
	gid_t *groups; // the primary one first; the account's own
	size_t count;
};

// Who runs the program (or recorded the machine): the effective user and all groups.
void account_caller(struct account *account, const struct host *host);

// The user NAME ("root", or a number with or without a leading +), with GROUP as the primary group
// unless that is NULL, and the groups that name the user as a member.
void account_named(struct account *account, const struct host *host, const char *name,
		   const char *group);

bool account_in(const struct account *account, gid_t group);

// The number of a group, or -1.
long long account_group(const struct host *host, const char *name);
// The name of a group or a user, the caller's: its number where it has none.
char *account_group_name(const struct host *host, gid_t group);
char *account_user_name(const struct host *host, uid_t user);

void account_clear(struct account *account);
#define auto_account __attribute__((cleanup(account_clear)))
