// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and sizes from text, strictly, and sizes for people to read.
#pragma once

#include <stdbool.h>

struct error;

// A decimal whole number from LEAST to MOST: blanks, an optional sign, digits, nothing else.
int number_parse(const char *string, long long least, long long most, long long *number,
		 struct error *err);

// How a size may be written.
struct size_format {
	unsigned long long unit; // bytes that a number without a suffix counts, at least 1
	unsigned long long most; // the largest size allowed, in bytes
	bool fraction;           // "1.5G" is allowed
	bool hexadecimal;        // "0x10000" is allowed, without a suffix
};

// A size in bytes: blanks, a plus, digits and a suffix: b or byte(s); k, K, KiB, M, MiB ... E, EiB
// for powers of 1024; kB, MB ... EB for powers of 1000. Case does not matter (libvirt's
// virScaleInteger).
int size_parse(const char *string, struct size_format format, unsigned long long *bytes,
	       struct error *err);

// BYTES for people, three digits of a binary unit: "1.5 GiB"; the caller's. qemu-img writes sizes
// so.
char *size_text(unsigned long long bytes);

// BYTES in the largest binary unit that leaves at least 1, and that unit's name ("B", "KiB", ...).
double size_scale(unsigned long long bytes, const char **unit);
