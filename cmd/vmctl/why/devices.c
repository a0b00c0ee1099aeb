// SPDX-License-Identifier: GPL-3.0-or-later
// What else a guest that is to start needs: networks, host devices, ports, shared directories,
// helpers.
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/vmctl/why/why.h"
#include "host/qemu.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static void network(struct why *why, const char *name)
{
	auto_network virNetworkPtr network = virNetworkLookupByName(why->connection, name);

	if (!network) {
		if (!virt_failed_with(VIR_ERR_NO_NETWORK))
			return;
		why_say(why, WHY_CAUSE, "there is no network '%s'", name);
		why_seen(why, "$vmctl net-list --all");
		why_edit(why, "change <source network>, or define the network again");
	} else if (virNetworkIsActive(network) == 0) {
		why_say(why, WHY_CAUSE, "the network '%s' is not active", name);
		why_seen(why, "$vmctl net-list --all");
		why_mend(why, "$vmctl net-start -- '%s'; $vmctl net-autostart -- '%s'", name, name);
	}
}

static void host_interface(struct why *why, const char *name, const char *what)
{
	auto_free char *path = text_format("/sys/class/net/%s", name);

	if (!why->local || root_exists(&why->host.root, path))
		return;
	why_say(why, WHY_CAUSE, "its host has no %s %s", what, name);
	why_seen(why, "%s", path);
	why_mend(why,
		 "$vmctl edit -- '%s': change <source>; or make it: ip link add '%s' type bridge",
		 why->name, name);
}

static void networks(struct why *why)
{
	for (struct xml_element *i = xml_child(why->devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *named = path_get(i, "source/@network");
		auto_free char *bridge = path_get(i, "source/@bridge");
		auto_free char *device = path_get(i, "source/@dev");

		if (named)
			network(why, named);
		else if (bridge)
			host_interface(why, bridge, "bridge");
		else if (device)
			host_interface(why, device, "network card");
	}
}

static unsigned long part(const struct xml_element *device, const char *name)
{
	auto_free char *path = text_format("source/address/@%s", name);
	auto_free char *text = path_get(device, path);

	return text ? strtoul(text, NULL, 0) : 0;
}

static void pci_device(struct why *why, const struct xml_element *device)
{
	auto_free char *address =
		text_format("%04lx:%02lx:%02lx.%lx", part(device, "domain"), part(device, "bus"),
			    part(device, "slot"), part(device, "function"));
	auto_free char *path = text_format("/sys/bus/pci/devices/%s", address);
	auto_free char *group = text_format("%s/iommu_group", path);

	if (!root_exists(&why->host.root, path)) {
		why_say(why, WHY_CAUSE, "its host has no PCI device %s", address);
		why_seen(why, "%s", path);
		why_edit(why, "change the <address> of <hostdev>; $vmctl nodedev-list --cap pci "
			      "shows those there are");
	} else if (!root_exists(&why->host.root, group)) {
		why_say(why, WHY_CAUSE, "the PCI device %s is in no group of an IOMMU", address);
		why_seen(why, "%s", group);
		why_mend(why, "switch the IOMMU on in the firmware and with intel_iommu=on or "
			      "amd_iommu=on; kvm-check iommu tells more");
	}
}

static void host_devices(struct why *why)
{
	for (struct xml_element *d = xml_child(why->devices, "hostdev"); d;
	     d = xml_next(d, "hostdev")) {
		auto_free char *type = path_get(d, "@type");

		if (text_equal(type, "pci"))
			pci_device(why, d);
	}
}

// Whether a program listens on the TCP port: the kernel's table has ports in hexadecimal behind a
// colon, and state 0A for those who listen.
static bool is_listened_at(struct why *why, unsigned port)
{
	static const char *const tables[] = {"/proc/self/net/tcp", "/proc/self/net/tcp6"};
	auto_free char *wanted = text_format(":%04X", port);

	for (size_t t = 0; t < 2; t++) {
		auto_free char *text = root_read(&why->host.root, tables[t], ROOT_MOST);
		auto_list struct list lines = list_split(text ? text : "", "\n");

		for (size_t i = 1; i < lines.count; i++) {
			auto_list struct list parts = list_split(lines.items[i], " ");

			if (parts.count > 3 && text_ends(parts.items[1], wanted) &&
			    text_equal(parts.items[3], "0A"))
				return true;
		}
	}
	return false;
}

static void port(struct why *why, const char *text, const char *what)
{
	unsigned long number = text ? strtoul(text, NULL, 10) : 0;

	if (number == 0 || number > 65535 || !is_listened_at(why, (unsigned)number))
		return;
	why_say(why, WHY_CAUSE, "port %lu, which its %s wants, is taken", number, what);
	why_seen(why,
		 "the kernel's table of listening sockets; ss -ltnp 'sport = :%lu' names who "
		 "has it",
		 number);
	why_edit(why, "another port, or autoport='yes' for a screen");
}

static void ports(struct why *why)
{
	static const char *const kinds[] = {"serial", "console", "parallel", "channel"};

	for (struct xml_element *g = xml_child(why->devices, "graphics"); g;
	     g = xml_next(g, "graphics")) {
		auto_free char *number = path_get(g, "@port");
		auto_free char *automatic = path_get(g, "@autoport");

		if (!text_equal(automatic, "yes") && number && *number != '-')
			port(why, number, "screen");
	}
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		for (struct xml_element *d = xml_child(why->devices, kinds[k]); d;
		     d = xml_next(d, kinds[k])) {
			auto_free char *mode = path_get(d, "source/@mode");
			auto_free char *number = path_get(d, "source/@service");
			auto_free char *type = path_get(d, "@type");

			if (text_equal(type, "tcp") && text_equal(mode, "bind"))
				port(why, number, kinds[k]);
		}
	}
}

static void shared_directories(struct why *why)
{
	for (struct xml_element *f = xml_child(why->devices, "filesystem"); f;
	     f = xml_next(f, "filesystem")) {
		auto_free char *path = path_get(f, "source/@dir");

		if (!path || root_exists(&why->host.root, path))
			continue;
		why_say(why, WHY_CAUSE, "the directory %s, which it shares, does not exist", path);
		why_seen(why, "<filesystem> of its definition, and the file system");
		why_mend(why, "mkdir -p '%s'", path);
	}
}

static void helper(struct why *why, const char *program, const char *what, const char *package)
{
	auto_free char *path = qemu_find_tool(&why->host, program);

	if (path)
		return;
	why_say(why, WHY_CAUSE, "%s is not installed, which its %s needs", program, what);
	why_seen(why, "the system's directories of programs");
	why_mend(why, "apt install %s", package);
}

static void helpers(struct why *why)
{
	struct xml_element *tpm = xml_child(why->devices, "tpm");
	auto_free char *backend = tpm ? path_get(tpm, "backend/@type") : NULL;

	if (text_equal(backend, "emulator"))
		helper(why, "swtpm", "TPM", "swtpm swtpm-tools");
}

const struct why_check why_device_checks[] = {
	{"networks", WHY_START, false, networks},
	{"host_devices", WHY_START, true, host_devices},
	{"ports", WHY_START, true, ports},
	{"shared_directories", WHY_START, true, shared_directories},
	{"helpers", WHY_START, true, helpers},
	{NULL, 0, false, NULL},
};
