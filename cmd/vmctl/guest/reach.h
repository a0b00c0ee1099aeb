// SPDX-License-Identifier: GPL-3.0-or-later
// How a guest is reached by ssh, from here or from its host.
#pragma once

#include <libvirt/libvirt.h>

#include "base/list.h"

struct call;
struct error;

// The host of the connection, where ssh is the way to it: "[USER@]HOST[:PORT]", the caller's; NULL
// for a host that is this one or is reached otherwise.
char *reach_jump(virDomainPtr domain);

// A socket that is connected to PORT of the guest, by vsock where it has one, else by one of its
// addresses; -1 with an error.
int reach_connect(struct call *call, virDomainPtr domain, unsigned port, struct error *err);

// Any address of it, the caller's; NULL with an error.
char *reach_address(struct call *call, virDomainPtr domain, struct error *err);

struct reach_option {
	const char *name;
	char *value;
};
enum { REACH_OPTIONS = 5 };

// The options of ssh that lead it to the guest, whatever address that has, and keep the guest's key
// in a file of ours. The values are the caller's.
int reach_options(virDomainPtr domain, struct reach_option options[REACH_OPTIONS],
		  struct error *err);

// Adds them as words of ssh: -o NAME=VALUE.
int reach_words(virDomainPtr domain, struct list *words, struct error *err);
