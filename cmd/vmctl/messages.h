// SPDX-License-Identifier: GPL-3.0-or-later
// What several commands say in the same words.
#pragma once

#include <libvirt/libvirt.h>

struct call;
struct error;

// "Domain 'NAME' WHAT", and in JSON the name as a field of its own.
void message_domain(struct call *call, virDomainPtr domain, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// The same for the domain that is the command's target. As in virsh it is called here as it was
// typed, which may be its id or UUID.
void message_target(struct call *call, const char *what);

// "KIND NAME WHAT" of something else, and in JSON the name as a field.
void message_named(struct call *call, const char *kind, const char *name, const char *what);

// "1.50 GiB" as virsh writes sizes; the caller's.
char *message_size(unsigned long long bytes);
