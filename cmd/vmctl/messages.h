// SPDX-License-Identifier: GPL-3.0-or-later
// What several commands say in the same words.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct call;
struct error;

// "Domain 'NAME' WHAT", and in JSON the name as a field of its own.
void message_domain(struct call *call, virDomainPtr domain, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// The same for the domain that is the command's target. As in virsh it is called here as it was
// typed, which may be its id or UUID.
void message_target(struct call *call, const char *what);

// "Updated NOUN NAME persistent config and live state", or one of the two, as in virsh without a
// newline; in JSON `name`, `live` and `config`. What was changed follows from the options --live
// and --config, and where neither is given from whether the object is ACTIVE.
void message_updated(struct call *call, const char *noun, bool active);
// clang-format off
#define UPDATED_FIELDS \
	NAME_FIELD, \
	FIELD("live", NULL, FIELD_BOOLEAN, 0, "whether what runs was changed"), \
	FIELD("config", NULL, FIELD_BOOLEAN, 0, "whether its definition was changed")
// clang-format on
