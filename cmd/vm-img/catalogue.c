// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/catalogue.h"

#include <string.h>

#include "base/text.h"

#define UBUNTU_SIGNATURE                                                                           \
	"SHA256SUMS.gpg", "/usr/share/keyrings/ubuntu-cloudimage-keyring.gpg",                     \
		"ubuntu-cloudimage-keyring"

#define UNSIGNED NULL, NULL, NULL

const struct catalogue_entry catalogue[] = {
	{"almalinux-9", "AlmaLinux 9", "https://repo.almalinux.org/almalinux/9/cloud/@r@/images/",
	 "AlmaLinux-9-GenericCloud-latest.@r@.qcow2", "CHECKSUM", "almalinux", UNSIGNED},
	{"arch", "Arch Linux", "https://geo.mirror.pkgbuild.com/images/latest/",
	 "Arch-Linux-@r@-cloudimg.qcow2", "Arch-Linux-@r@-cloudimg.qcow2.SHA256", "arch", UNSIGNED},
	{"centos-stream-9", "CentOS Stream 9",
	 "https://cloud.centos.org/centos/9-stream/@r@/images/",
	 "CentOS-Stream-GenericCloud-9-latest.@r@.qcow2",
	 "CentOS-Stream-GenericCloud-9-latest.@r@.qcow2.SHA256SUM", "cloud-user", UNSIGNED},
	{"debian-12", "Debian 12 (bookworm)",
	 "https://cloud.debian.org/images/cloud/bookworm/latest/",
	 "debian-12-genericcloud-@d@.qcow2", "SHA512SUMS", "debian", UNSIGNED},
	{"debian-13", "Debian 13 (trixie)", "https://cloud.debian.org/images/cloud/trixie/latest/",
	 "debian-13-genericcloud-@d@.qcow2", "SHA512SUMS", "debian", UNSIGNED},
	{"fedora-43", "Fedora Cloud 43",
	 "https://download.fedoraproject.org/pub/fedora/linux/releases/43/Cloud/@r@/images/",
	 "Fedora-Cloud-Base-Generic-43-1.6.@r@.qcow2", "Fedora-Cloud-43-1.6-@r@-CHECKSUM", "fedora",
	 UNSIGNED},
	{"opensuse-leap-15.6", "openSUSE Leap 15.6",
	 "https://download.opensuse.org/distribution/leap/15.6/appliances/",
	 "openSUSE-Leap-15.6-Minimal-VM.@r@-Cloud.qcow2",
	 "openSUSE-Leap-15.6-Minimal-VM.@r@-Cloud.qcow2.sha256", "opensuse", UNSIGNED},
	{"rocky-9", "Rocky Linux 9", "https://dl.rockylinux.org/pub/rocky/9/images/@r@/",
	 "Rocky-9-GenericCloud-Base.latest.@r@.qcow2",
	 "Rocky-9-GenericCloud-Base.latest.@r@.qcow2.CHECKSUM", "rocky", UNSIGNED},
	{"ubuntu-22.04", "Ubuntu 22.04 LTS (jammy)",
	 "https://cloud-images.ubuntu.com/releases/jammy/release/",
	 "ubuntu-22.04-server-cloudimg-@d@.img", "SHA256SUMS", "ubuntu", UBUNTU_SIGNATURE},
	{"ubuntu-24.04", "Ubuntu 24.04 LTS (noble)",
	 "https://cloud-images.ubuntu.com/releases/noble/release/",
	 "ubuntu-24.04-server-cloudimg-@d@.img", "SHA256SUMS", "ubuntu", UBUNTU_SIGNATURE},
	{0},
};

const struct catalogue_entry *catalogue_find(const char *name)
{
	for (const struct catalogue_entry *entry = catalogue; entry->name; entry++)
		if (text_equal(entry->name, name))
			return entry;
	return NULL;
}

static const char *debian_name(const char *architecture)
{
	static const char *const names[][2] = {
		{"x86_64", "amd64"}, {"aarch64", "arm64"}, {"ppc64le", "ppc64el"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (text_equal(names[i][0], architecture))
			return names[i][1];
	return architecture;
}

char *catalogue_fill(const char *pattern, const char *architecture)
{
	struct text filled = {0};

	for (; *pattern; pattern++) {
		if (text_begins(pattern, "@r@") || text_begins(pattern, "@d@")) {
			text_append(&filled,
				    pattern[1] == 'r' ? architecture : debian_name(architecture));
			pattern += 2;
		} else {
			text_append_char(&filled, *pattern);
		}
	}
	return text_take(&filled);
}
