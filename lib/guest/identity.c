// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/identity.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"

static void fill_random(unsigned char *bytes, size_t length)
{
	// Up to 256 bytes getrandom() gives all at once, whatever interrupts it.
	while (getrandom(bytes, length, 0) != (ssize_t)length)
		continue;
}

char *identity_uuid(void)
{
	unsigned char b[16];

	fill_random(b, sizeof(b));
	b[6] = (b[6] & 0x0f) | 0x40; // the version
	b[8] = (b[8] & 0x3f) | 0x80; // the variant
	return text_format("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
			   b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
			   b[12], b[13], b[14], b[15]);
}

char *identity_mac(const char *scheme)
{
	bool xen = !text_equal(scheme, "qemu") && !text_equal(scheme, "test");
	unsigned char b[3];

	fill_random(b, sizeof(b));
	return text_format("%s:%02x:%02x:%02x", xen ? "00:16:3e" : "52:54:00", b[0], b[1], b[2]);
}

char *identity_tag(void)
{
	unsigned char random[16];
	struct text tag = {0};

	fill_random(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		text_append_format(&tag, "%02x", random[i]);
	return text_take(&tag);
}

bool identity_is_mac(const char *string)
{
	for (int i = 0; i < 17; i++)
		if (i % 3 == 2 ? string[i] != ':' : !isxdigit((unsigned char)string[i]))
			return false;
	return string[17] == '\0';
}

bool identity_is_name(const char *string)
{
	return *string && *string != '.' && !strpbrk(string, "/\n");
}

bool identity_is_uuid(const char *string)
{
	for (int i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? string[i] != '-'
							    : !isxdigit((unsigned char)string[i]))
			return false;
	return string[36] == '\0';
}
