// SPDX-License-Identifier: GPL-3.0-or-later
// A guest is asked to end, by its agent, then by its power button.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct call;
struct error;

struct stop {
	struct call *call; // whose cancel ends the waiting
	virDomainPtr domain;
	const char *name;
	long long grace; // seconds
	bool force;      // its power is cut when they are over
};

// *HOW is the word for what has ended it: agent, acpi, force; or off.
int stop_guest(const struct stop *stop, const char **how, struct error *err);
