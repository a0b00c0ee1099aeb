// SPDX-License-Identifier: GPL-3.0-or-later
// Typed parameters with dotted names such as "block.0.rd.bytes", of statistics and guest
// information. Whatever names a newer libvirt brings pass through.
#pragma once

#include <libvirt/libvirt.h>
#include <stddef.h>

struct report;

struct statistics {
	const virTypedParameter *items;
	size_t count;
};

// Reports them as members of the open object: a dot leads into an object, a number into the list
// "items" of objects with an "index", and names are made lower_snake. Groups that the command does
// not declare come into its member "other". Text shows nothing of it.
void statistics_report(struct report *report, struct statistics statistics);
