// SPDX-License-Identifier: GPL-3.0-or-later
// Sub-options of every kind, the first byte choosing the option.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/option.h"
#include "xml/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Whether TEXT may stand in XML at all: control characters and broken UTF-8 may not, and arguments
// of a command line that has them are told so by libvirt.
static bool text_is_xml(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hypervisor host = {0};
	auto_guest struct guest *guest = guest_new(&host);
	auto_error struct error err = {0};
	auto_free char *text = NULL, *xml = NULL;
	auto_xml struct xml *again = NULL;
	const struct guest_option *option;
	unsigned count = 0;

	if (size < 2)
		return 0;
	while (option_at(count))
		count++;
	option = option_at(data[0] % count);
	text = text_copy_bytes((const char *)data + 1, size - 1);
	option_apply(option, OPTION_ADD, guest, NULL, text, &err);
	xml = guest_xml(guest, PHASE_LASTING);
	// Whatever was typed, what comes out is well-formed.
	if (text_is_xml(text)) {
		auto_error struct error malformed = {0};

		again = xml_parse(xml, "the guest's XML", &malformed);
		if (!again)
			abort();
	}
	return 0;
}
