// SPDX-License-Identifier: GPL-3.0-or-later
// A login to a guest by ssh, with a key that its user has as long as it lasts: the guest agent of
// many systems may not run programs, but may put in and take out keys. If we are killed, a child
// takes it out; where that is killed too, the key expires after a day or so, and the next login of
// its user removes it.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

#include "cmd/vmctl/guest/keeper.h"

struct call;
struct error;
struct list;

struct login {
	struct call *call;
	virDomainPtr domain;
	const char *user; // of the guest
	bool shares;      // what runs in turn goes through one connection
	char *directory;  // private, with the key; NULL: it has not begun
	char *public;     // the line that the guest has; NULL: none
	struct keeper keeper;
};

// Gives USER a key of ours. What was begun is ended by login_end() in any case.
int login_begin(struct login *login, struct error *err);

// The words of an ssh that runs LINE, for the user's shell, in the guest.
int login_words(const struct login *login, const char *line, struct list *words, struct error *err);

// Takes the key out again, and warns where that cannot be.
void login_end(struct login *login);
