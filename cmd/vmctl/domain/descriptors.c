// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/domain/descriptors.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"

int descriptors_parse(const char *string, struct descriptors *descriptors, struct error *err)
{
	auto_list struct list words = list_split(string ? string : "", ",");
	auto_descriptors struct descriptors parsed = {0};

	parsed.numbers = memory_new(words.count, sizeof(*parsed.numbers));
	for (size_t i = 0; i < words.count; i++) {
		long long number;

		if (number_parse(words.items[i], 0, INT_MAX, &number, err) < 0)
			return error_wrap(err, "'%s' is not a file descriptor", words.items[i]);
		parsed.numbers[parsed.count++] = (int)number;
	}
	*descriptors = parsed;
	parsed = (struct descriptors){0};
	return 0;
}

void descriptors_clear(struct descriptors *descriptors)
{
	free(descriptors->numbers);
	*descriptors = (struct descriptors){0};
}
