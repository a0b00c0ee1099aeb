// SPDX-License-Identifier: GPL-3.0-or-later
// File descriptors that the caller has opened for a guest: "N,M,...".
#pragma once

struct error;

struct descriptors {
	int *numbers;
	unsigned count;
};

// STRING may be NULL: none.
int descriptors_parse(const char *string, struct descriptors *descriptors, struct error *err);
void descriptors_clear(struct descriptors *descriptors);
#define auto_descriptors __attribute__((cleanup(descriptors_clear)))
