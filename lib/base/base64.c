// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(const void *bytes, size_t length)
{
	const unsigned char *from = bytes;
	char *text = memory_new((length + 2) / 3 * 4 + 1, 1), *to = text;

	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		uint32_t group = (uint32_t)from[i] << 16;

		group |= left > 1 ? (uint32_t)from[i + 1] << 8 : 0;
		group |= left > 2 ? from[i + 2] : 0;
		*to++ = digits[group >> 18];
		*to++ = digits[group >> 12 & 63];
		*to++ = left > 1 ? digits[group >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[group & 63] : '=';
	}
	return text;
}

char *base64_decode(const char *text, size_t *length, struct error *err)
{
	auto_free char *bytes = memory_new(strlen(text) / 4 * 3 + 4, 1);
	size_t count = 0, padding = 0, made = 0;
	uint32_t group = 0;

	for (; *text; text++) {
		const char *digit = strchr(digits, *text);

		if (isspace((unsigned char)*text))
			continue;
		if (*text == '=' && padding < 2 && count % 4 + padding >= 2) {
			padding++;
			continue;
		}
		if (!digit || padding) {
			error_set(err, STATUS_USAGE, "invalid base64");
			return NULL;
		}
		group = group << 6 | (uint32_t)(digit - digits);
		count++;
		if (count % 4 == 0) {
			bytes[made++] = (char)(group >> 16);
			bytes[made++] = (char)(group >> 8);
			bytes[made++] = (char)group;
		}
	}
	if (count % 4 == 1 || (padding && (count + padding) % 4)) {
		error_set(err, STATUS_USAGE, "truncated base64");
		return NULL;
	}
	if (count % 4 == 2) {
		bytes[made++] = (char)(group >> 4);
	} else if (count % 4 == 3) {
		bytes[made++] = (char)(group >> 10);
		bytes[made++] = (char)(group >> 2);
	}
	*length = made;
	return take(&bytes);
}
