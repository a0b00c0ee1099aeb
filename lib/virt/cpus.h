// SPDX-License-Identifier: GPL-3.0-or-later
// Sets of CPUs: as people type them ("0-3,^2"), and as libvirt has them: bit N%8 of byte N/8.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct error;

// The CPUs that the host has, or -1 with the error set.
int cpus_count(virConnectPtr connection, struct error *err);

// TEXT as a map of VIR_CPU_MAPLEN(COUNT) bytes, the caller's: numbers, ranges and what is taken out
// again, separated by commas; "r" is all of COUNT. NULL on wrong usage, or where no CPU is left.
unsigned char *cpus_parse(const char *text, int count, struct error *err);

// The last CPU that TEXT leaves, whatever the host has; -1 on wrong usage.
int cpus_last(const char *text, struct error *err);

// The map of LENGTH bytes as text, "0-3,5"; the caller's.
char *cpus_text(const unsigned char *map, int length);

// For each of COUNT CPUs "y" or "-"; the caller's.
char *cpus_letters(const unsigned char *map, int count);
