// SPDX-License-Identifier: GPL-3.0-or-later
// Whole command lines to XML: each line is an option of a guest and its sub-options, "cpu host";
// the first byte of the input chooses the operating system. No crash, and what comes out is
// well-formed in both phases.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/option.h"
#include "guest/os.h"
#include "xml/document.h"

enum { MOST = 1 << 20, SYSTEMS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The recorded host that the tests of vm-install plan for, read once.
static const struct hypervisor *the_host(void)
{
	static struct hypervisor *host;
	struct error err = {0};
	auto_free char *capabilities = NULL, *domain = NULL;

	if (host)
		return host;
	capabilities = file_read("tests/install/host.xml", MOST, NULL, &err);
	domain = file_read("tests/install/domain.xml", MOST, NULL, &err);
	if (!capabilities || !domain ||
	    !(host = hypervisor_new("qemu:///system", capabilities, &err)) ||
	    hypervisor_set_domain(host, domain, &err) < 0)
		abort();
	return host;
}

static const struct os *system_of(uint8_t byte)
{
	static const char *const names[SYSTEMS] = {"generic", "linux2022", "win11"};
	static struct os *systems[SYSTEMS];
	struct error err = {0};
	struct os **system = &systems[byte % SYSTEMS];

	if (!*system && !(*system = os_find(names[byte % SYSTEMS], &err)))
		abort();
	return *system;
}

// Whether TEXT may stand in XML at all.
static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\n') || (unsigned char)*text > '~')
			return false;
	return true;
}

static void apply(struct guest *guest, const char *line)
{
	size_t length = strcspn(line, " ");
	auto_free char *name = text_copy_bytes(line, length);
	const struct guest_option *option = option_named(name);
	auto_error struct error ignored = {0};

	if (option && line[length])
		option_apply(option, OPTION_ADD, guest, NULL, line + length + 1, &ignored);
}

static void check(const struct guest *guest, enum guest_phase phase)
{
	auto_free char *xml = guest_xml(guest, phase);
	auto_error struct error malformed = {0};
	auto_xml struct xml *again = xml_parse(xml, "the guest's XML", &malformed);

	if (!again)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_guest struct guest *guest = NULL;
	auto_error struct error ignored = {0};
	auto_free char *text = NULL;
	auto_list struct list lines = {0};

	if (size < 2)
		return 0;
	text = text_copy_bytes((const char *)data + 1, size - 1);
	lines = list_split(text, "\n");
	guest = guest_new(the_host());
	guest->os = system_of(data[0]);
	for (size_t i = 0; i < lines.count; i++)
		apply(guest, lines.items[i]);
	if (guest_choose_offer(guest, NULL, NULL, &ignored) == 0 &&
	    guest_choose_machine(guest, NULL, &ignored) == 0 &&
	    guest_complete_platform(guest, &ignored) == 0)
		guest_complete(guest, &ignored);
	if (is_printable(text)) {
		check(guest, PHASE_INSTALL);
		check(guest, PHASE_LASTING);
	}
	return 0;
}
