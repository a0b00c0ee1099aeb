// SPDX-License-Identifier: GPL-3.0-or-later
// From libvirt's error to ours: copied where the call failed, since freeing an object or closing a
// connection resets it.
#pragma once

#include "base/error.h"

// Sets ERR from the calling thread's last libvirt error; the exit status and the hint follow from
// its code. Returns -1.
int virt_failure_plain(struct error *err);

// The same below a sentence of ours that says what failed. A macro, because the sentence may need
// calls such as virDomainGetName(), which reset libvirt's error: it is copied before they are made.
#define virt_failure(err, ...) (virt_failure_plain(err), error_wrap((err), __VA_ARGS__))

// Whether the last libvirt error is CODE (VIR_ERR_...).
int virt_failed_with(int code);

// Keeps libvirt from writing errors to standard error by itself.
void virt_silence(void);
