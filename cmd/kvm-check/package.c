// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/package.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/host.h"

struct family {
	const char *const *names; // as ID and ID_LIKE of os-release have them, ends with NULL
	const char *command;
	const char *packages[PACKAGES];
};

// clang-format off
static const struct family families[] = {
	{(const char *const[]){"debian", "ubuntu", NULL}, "apt-get install -y",
	 {"qemu-system", "qemu-utils", "libvirt-daemon-system", "ovmf", "swtpm-tools", "dnsmasq-base"}},
	{(const char *const[]){"fedora", "rhel", "centos", NULL}, "dnf install -y",
	 {"qemu-kvm", "qemu-img", "libvirt", "edk2-ovmf", "swtpm-tools", "dnsmasq"}},
	{(const char *const[]){"suse", "opensuse", "sles", NULL}, "zypper --non-interactive install",
	 {"qemu-kvm", "qemu-img", "libvirt", "qemu-ovmf-x86_64", "swtpm", "dnsmasq"}},
	{(const char *const[]){"arch", NULL}, "pacman -S --noconfirm",
	 {"qemu-base", "qemu-img", "libvirt", "edk2-ovmf", "swtpm", "dnsmasq"}},
	{(const char *const[]){"alpine", NULL}, "apk add",
	 {"qemu-system-x86_64", "qemu-img", "libvirt-daemon", "ovmf", "swtpm", "dnsmasq"}},
};
// clang-format on

// The words of ID and ID_LIKE.
static struct list distribution(const struct host *host)
{
	const char *text = root_kept(&host->root, "/etc/os-release", ROOT_LINE);
	auto_list struct list lines = list_split(text ? text : "", "\n");
	struct list names = {0};

	for (size_t i = 0; i < lines.count; i++) {
		const char *line = lines.items[i];
		auto_list struct list words = {0};

		if (!text_begins(line, "ID=") && !text_begins(line, "ID_LIKE="))
			continue;
		words = list_split(strchr(line, '=') + 1, "\"' ");
		for (size_t j = 0; j < words.count; j++)
			list_add(&names, words.items[j]);
	}
	return names;
}

static bool belongs(const struct family *family, const struct list *names)
{
	for (const char *const *name = family->names; *name; name++)
		if (list_has(names, *name))
			return true;
	return false;
}

const char *package_install(struct examination *x, enum package package)
{
	auto_list struct list names = distribution(x->host);

	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (belongs(&families[i], &names))
			return check_text(x, "%s %s", families[i].command,
					  families[i].packages[package]);
	return NULL;
}
