// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/size.h"

#include <limits.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

int image_size_parse(const char *text, unsigned long long *bytes, struct error *err)
{
	static const struct size_format format = {
		.unit = 1, .most = LLONG_MAX, .fraction = true, .hexadecimal = true};

	const char *unit = text + strspn(text, "0123456789.");

	// Not everybody means the same by MB.
	if (unit[0] && text_equal(unit + 1, "B"))
		error_set(err, STATUS_USAGE, "'%s' is not a size", text);
	else if (size_parse(text, format, bytes, err) == 0)
		return 0;
	return error_hint(err, "a size is 0 or more: bytes (1048576, 0x100000), or a number with "
			       "k, M, G, T, P or E, powers of 1024 (10G, 1.5T)");
}
