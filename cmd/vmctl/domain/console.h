// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <libvirt/libvirt.h>

struct call;
struct error;

// Puts the guest's console on the caller's terminal, for `--console` of other commands.
int console_attach(struct call *call, virDomainPtr domain, struct error *err);
