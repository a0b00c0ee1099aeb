// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as a hypervisor makes them of a guest's screen: PNG and PPM.
#pragma once

#include <stddef.h>

struct error;

struct picture {
	unsigned width, height;
	unsigned char *pixels; // red, green, blue; row by row from the top
};

// Reads PNG of 8 bits a channel without interlacing, or PPM of type P6; whatever else it is fails.
int picture_read(const void *bytes, size_t length, struct picture *picture, struct error *err);

void picture_clear(struct picture *picture);
#define auto_picture __attribute__((cleanup(picture_clear)))
