// SPDX-License-Identifier: GPL-3.0-or-later
// Sub-options of every kind, the first byte choosing the option.
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const options[])(struct guest *, const char *, struct error *) = {
		guest_add_disk,  guest_add_network, guest_add_graphics, guest_set_memory,
		guest_set_vcpus, guest_set_cpu,     guest_set_boot,
	};
	struct host host = {0};
	auto_guest struct guest *guest = guest_new(&host);
	auto_error struct error err = {0};
	auto_free char *text = NULL, *xml = NULL;

	if (size < 2)
		return 0;
	text = text_copy_bytes((const char *)data + 1, size - 1);
	options[data[0] % (sizeof(options) / sizeof(*options))](guest, text, &err);
	xml = guest_xml(guest, false);
	return 0;
}
