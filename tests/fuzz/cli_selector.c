// SPDX-License-Identifier: GPL-3.0-or-later
// A word that selects guests, and guests of any name, state and label.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/selector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *string = text_copy_bytes((const char *)data, size);
	auto_list struct list lines = list_split(string, "\n");
	auto_list struct list labels = {0};
	auto_selector struct selector selector = {0};
	auto_error struct error err = {0};
	struct selected object = {.labels = &labels};

	if (!lines.count || selector_parse(lines.items[0], &selector, &err) < 0)
		return 0;
	for (size_t i = 1; i < lines.count; i++)
		list_add(&labels, lines.items[i]);
	selector_wants_labels(&selector);
	for (size_t i = 0; i < selector.terms.count; i++) {
		const char *term = selector.terms.items[i];

		object.name = lines.items[lines.count - 1];
		object.state = lines.items[lines.count / 2];
		selector_takes(term, &object);
		object.state = NULL;
		object.active = !object.active;
		object.name = term;
		// A name takes the object of that name, and "@all" takes any.
		if ((selector_is_name(term) || text_equal(term, "@all")) &&
		    !selector_takes(term, &object))
			abort();
	}
	return 0;
}
