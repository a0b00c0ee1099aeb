// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/domain/rate.h"

#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

int rate_parse(const char *text, const char *option, struct rate *rate, struct error *err)
{
	static const char *const names[] = {"average", "peak", "burst", "floor"};
	unsigned *const fields[] = {&rate->average, &rate->peak, &rate->burst, &rate->floor};
	const char *piece = text;

	*rate = (struct rate){0};
	for (size_t i = 0; piece; i++) {
		const char *end = strchr(piece, ',');
		size_t length = end ? (size_t)(end - piece) : strlen(piece);
		auto_free char *word = text_copy_bytes(piece, length);
		long long number = 0;

		if (i == sizeof(fields) / sizeof(*fields))
			return error_set(err, STATUS_USAGE,
					 "--%s takes at most %zu numbers, not '%s'", option, i,
					 text);
		if (*word && number_parse(word, 0, UINT_MAX, &number, err) < 0)
			return error_wrap(err, "the %s of --%s is malformed", names[i], option);
		*fields[i] = (unsigned)number;
		piece = end ? end + 1 : NULL;
	}
	if (text_equal(option, "outbound") && rate->floor)
		return error_set(err, STATUS_USAGE, "--outbound has no floor");
	return 0;
}
