// SPDX-License-Identifier: GPL-3.0-or-later
// One of libvirt's typed parameters as a value.
#pragma once

#include <libvirt/libvirt.h>
#include <stddef.h>

#include "output/json.h"

// What it holds; a text is lent.
struct value typed_value(const virTypedParameter *parameter);
// As virsh writes it in most places, and in its lines of events; the caller's.
char *typed_text(const virTypedParameter *parameter);
char *typed_event_text(const virTypedParameter *parameter);
// An object with libvirt's names as keys, the caller's.
struct json *typed_json(const virTypedParameter *parameters, size_t count);
