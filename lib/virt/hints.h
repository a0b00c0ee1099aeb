// SPDX-License-Identifier: GPL-3.0-or-later
// Hints that depend on more than libvirt's error code: what the object itself tells.
#pragma once

#include <libvirt/libvirt.h>

#include "virt/failure.h"

// Where the state of DOMAIN is what made ERR, the hint becomes the command that brings it into the
// right one. Returns -1.
int domain_hint(struct error *err, virDomainPtr domain);

// The same of a start that failed: what its definition asks for in vain, else the command that
// looks for the cause.
int domain_hint_start(struct error *err, virDomainPtr domain);

// Fails where DOMAIN is known not to run.
int domain_refuse_off(virDomainPtr domain, struct error *err);

// virt_failure() for something that was done to DOMAIN.
#define domain_failure(err, domain, ...)                                                           \
	(virt_failure_plain(err), domain_hint((err), (domain)), error_wrap((err), __VA_ARGS__))

// The same for POOL and what is within it.
int pool_hint(struct error *err, virStoragePoolPtr pool);
#define pool_failure(err, pool, ...)                                                               \
	(virt_failure_plain(err), pool_hint((err), (pool)), error_wrap((err), __VA_ARGS__))
