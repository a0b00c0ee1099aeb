// SPDX-License-Identifier: GPL-3.0-or-later
// Candidates that the host has, and words that libvirt knows whatever the host is.
#include <libvirt/libvirt.h>
#include <limits.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/vmctl/candidates.h"
#include "virt/cpus.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

static struct xml *capabilities(struct call *call)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virConnectGetCapabilities(session_connection(call));

	return text ? xml_parse(text, "capabilities", &ignored) : NULL;
}

void cell_numbers(struct call *call, struct list *found)
{
	auto_xml struct xml *xml = capabilities(call);
	const struct xml_element *cells =
		xml ? path_find(xml_root(xml), "host/topology/cells") : NULL;

	for (struct xml_element *c = xml_child(cells, "cell"); c; c = xml_next(c, "cell")) {
		char *number = path_get(c, "@id");

		if (number)
			list_add_owned(found, number);
	}
}

// "2MiB" for 2048.
static char *page_size(long long kib)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
	unsigned unit = 0;

	while (kib % 1024 == 0 && unit + 1 < sizeof(units) / sizeof(*units)) {
		kib /= 1024;
		unit++;
	}
	return text_format("%lld%s", kib, units[unit]);
}

void page_sizes(struct call *call, struct list *found)
{
	auto_xml struct xml *xml = capabilities(call);
	const struct xml_element *cpu = xml ? path_find(xml_root(xml), "host/cpu") : NULL;

	for (struct xml_element *p = xml_child(cpu, "pages"); p; p = xml_next(p, "pages")) {
		auto_error struct error ignored = {0};
		auto_free char *size = path_get(p, "@size");
		long long kib;

		if (size && number_parse(size, 1, LLONG_MAX, &kib, &ignored) == 0)
			list_add_owned(found, page_size(kib));
	}
}

void cpu_numbers(struct call *call, struct list *found)
{
	auto_error struct error ignored = {0};
	int count = cpus_count(session_connection(call), &ignored);

	for (int i = 0; i < count; i++)
		list_add_format(found, "%d", i);
}

void cpus_online(struct call *call, struct list *found)
{
	auto_free unsigned char *map = NULL;
	int count = virNodeGetCPUMap(session_connection(call), &map, NULL, 0);

	for (int i = 0; i < count; i++)
		if (map[i / 8] & 1 << i % 8)
			list_add_format(found, "%d", i);
}

const char *const architectures[] = {
	"aarch64",  "alpha",    "armv6l", "armv7b",     "armv7l",       "cris",      "i686",
	"ia64",     "lm32",     "m68k",   "microblaze", "microblazeel", "mips",      "mips64",
	"mips64el", "mipsel",   "none",   "openrisc",   "parisc",       "parisc64",  "ppc",
	"ppc64",    "ppc64le",  "ppcemb", "ppcle",      "riscv32",      "riscv64",   "s390",
	"s390x",    "sh4",      "sh4eb",  "sparc",      "sparc64",      "unicore32", "x86_64",
	"xtensa",   "xtensaeb", NULL};
const char *const domain_types[] = {"bhyve", "hvf",    "hyperv",    "kqemu", "kvm",  "lxc",
				    "none",  "openvz", "parallels", "phyp",  "qemu", "test",
				    "uml",   "vbox",   "vmware",    "vz",    "xen",  NULL};
const char *const image_formats[] = {"bochs", "cloop", "cow",   "dir",  "dmg",   "fat",
				     "iso",   "none",  "ploop", "qcow", "qcow2", "qed",
				     "raw",   "vdi",   "vhd",   "vmdk", "vpc",   NULL};
const char *const device_drivers[] = {"default", "kvm", "vfio", "xen", NULL};
const char *const compression_methods[] = {"mt", "xbzrle", NULL};
const char *const socket_modes[] = {"client", "server", NULL};
