// SPDX-License-Identifier: GPL-3.0-or-later
// What only libvirt knows, asked of vmctl as a child: vm-img itself does not load libvirt, which
// takes longer than most of its work.
#pragma once

#include "base/list.h"

struct call;
struct error;
struct json;

// Runs the vmctl beside this program (else the one in PATH) with WORDS, on the connection that
// --connect names where the command has that option, and gives what it answers in JSON; the
// caller's. NULL on failure: vmctl's own error, or that it took longer than TIMEOUT milliseconds (0
// for as long as it takes).
struct json *vmctl_ask(struct call *call, const struct list *words, long long timeout,
		       struct error *err);

enum { VMCTL_TIMEOUT = 20000 }; // milliseconds, for questions that take one or two
