// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/record_filter.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "host/account.h"
#include "host/host.h"
#include "host/module.h"
#include "host/module_ban.h"

enum {
	FIRST_PERSON = 1000,    // the number from which on accounts and groups are people's
	MOST = 8 * 1024 * 1024, // bytes of a file
};

// Each gives the line as it may be written, NULL to leave it out; the caller's.
typedef char *line_filter(const struct host *host, const char *line);

static char *whole(const struct host *host, const char *line)
{
	(void)host;
	return text_copy(line);
}

static bool begins_with_one(const char *line, const char *const *beginnings)
{
	for (; *beginnings; beginnings++)
		if (text_begins(line, *beginnings))
			return true;
	return false;
}

// Arm has a serial number there, IBM Z one in "identification".
static char *cpuinfo(const struct host *host, const char *line)
{
	static const char *const private[] = {"Serial", "identification", NULL};
	const char *number = strstr(line, "identification");

	(void)host;
	if (begins_with_one(line, private))
		return NULL;
	return text_copy_bytes(line, number ? (size_t)(number - line) : strlen(line));
}

// Mount points and servers are nobody's business.
static char *mounts(const struct host *host, const char *line)
{
	(void)host;
	return strstr(line, " cgroup") ? text_copy(line) : NULL;
}

static bool is_system_account(const char *name)
{
	return text_equal(name, "root") || text_equal(name, "qemu") ||
	       text_equal(name, "libvirt-qemu");
}

// The account as it may be called: a system's, or "user" for who records; NULL for others.
static const char *called(const struct host *host, const char *name)
{
	auto_free char *self = account_user_name(host, geteuid());

	if (is_system_account(name))
		return name;
	return text_equal(name, self) ? "user" : NULL;
}

static char *first_word(const char *line, const char *end)
{
	return text_copy_bytes(line, strcspn(line, end));
}

// NAME:x:UID:GID:PERSON:HOME:SHELL
static char *passwd(const struct host *host, const char *line)
{
	auto_free char *name = first_word(line, ":");
	const char *shown = called(host, name);
	auto_list struct list parts = list_split(line, ":");

	if (!shown || parts.count < 4)
		return NULL;
	return text_format("%s:x:%s:%s::/:", shown, parts.items[2], parts.items[3]);
}

// Those that KVM and libvirt have to do with, and the one of /dev/kvm unless it is a person's.
static bool is_wanted_group(const struct host *host, const char *name, const char *number)
{
	static const char *const wanted[] = {"kvm", "libvirt", NULL};
	long id = strtol(number, NULL, 10);
	struct stat status;

	if (is_system_account(name) || begins_with_one(name, wanted))
		return true;
	return id < FIRST_PERSON && root_stat(&host->root, "/dev/kvm", &status) == 0 &&
	       (long)status.st_gid == id;
}

// NAME:x:GID:MEMBER,...
static char *group(const struct host *host, const char *line)
{
	auto_list struct list parts = list_split(line, ":"), kept = {0};
	auto_list struct list members = list_split(parts.count > 3 ? parts.items[3] : "", ",");
	auto_free char *joined = NULL;

	if (parts.count < 3 || !is_wanted_group(host, parts.items[0], parts.items[2]))
		return NULL;
	for (size_t i = 0; i < members.count; i++)
		if (called(host, members.items[i]))
			list_add(&kept, called(host, members.items[i]));
	joined = list_join(&kept, ",");
	return text_format("%s:x:%s:%s", parts.items[0], parts.items[2], joined);
}

static char *qemu_conf(const struct host *host, const char *line)
{
	auto_list struct list words = list_split(line, " \t=\"");

	(void)host;
	if (words.count != 2)
		return NULL;
	if (text_equal(words.items[0], "group"))
		return text_copy(line);
	return text_equal(words.items[0], "user") && is_system_account(words.items[1])
		       ? text_copy(line)
		       : NULL;
}

// The modules that checks ask about.
static const char *const modules[] = {"kvm",      "kvm_intel", "kvm_amd",   "kvm_hv",
				      "kvm_pvm",  "tun",       "vhost_net", "vhost_vsock",
				      "vfio_pci", "bridge",    "fuse",      NULL};

// The words that ban one of these modules and no others: what else stands there was written by
// people for themselves.
static char *modprobe(const struct host *host, const char *line)
{
	(void)host;
	for (const char *const *name = modules; *name; name++)
		switch (module_ban_line(line, *name)) {
		case MODULE_BAN_BLACKLIST:
			return text_format("blacklist %s", *name);
		case MODULE_BAN_INSTALL:
			return text_format("install %s /bin/false", *name);
		default:
			break;
		}
	return NULL;
}

// "module_blacklist=NAME,..." with the known names only, NULL where there are none.
static char *banned_modules(const char *word)
{
	const char *equals = strchr(word, '=');
	auto_list struct list names = {0}, kept = {0};
	auto_free char *joined = NULL;

	if (!equals ||
	    !(text_begins(word, "module_blacklist=") || text_begins(word, "modprobe.blacklist=")))
		return NULL;
	names = list_split(equals + 1, ",");
	for (size_t i = 0; i < names.count; i++)
		for (const char *const *name = modules; *name; name++)
			if (module_same_name(names.items[i], *name))
				list_add(&kept, *name);
	joined = list_join(&kept, ",");
	return kept.count ? text_format("%.*s=%s", (int)(equals - word), word, joined) : NULL;
}

// Only the words that checks look for: others name disks and hosts.
static char *cmdline(const struct host *host, const char *line)
{
	static const char *const wanted[] = {"intel_iommu", "amd_iommu",   "iommu", "kvm",
					     "mem_encrypt", "prot_virt",   "nosmt", "mitigations",
					     "hugepage",    "transparent", NULL};
	auto_list struct list words = list_split(line, " "), kept = {0};

	(void)host;
	for (size_t i = 0; i < words.count; i++) {
		auto_free char *banned = banned_modules(words.items[i]);

		if (banned)
			list_add(&kept, banned);
		else if (begins_with_one(words.items[i], wanted))
			list_add(&kept, words.items[i]);
	}
	return list_join(&kept, " ");
}

// Whoever built the kernel has left a name there.
static char *version(const struct host *host, const char *line)
{
	bool windows = strstr(line, "icrosoft");

	return text_format("Linux version %s%s", host->release ? host->release : "",
			   windows ? " microsoft" : "");
}

// Address and vendor of each device; not which driver serves it.
static char *pci(const struct host *host, const char *line)
{
	auto_list struct list parts = list_split(line, "\t");

	(void)host;
	return parts.count > 1 ? text_format("%s\t%s", parts.items[0], parts.items[1]) : NULL;
}

static char *sysinfo(const struct host *host, const char *line)
{
	(void)host;
	return strstr(line, "Control Program") ? text_copy(line) : NULL;
}

static const struct {
	const char *path; // or what it begins with, if it ends with '/'
	line_filter *filter;
} filters[] = {
	{"/proc/cpuinfo", cpuinfo},
	{"/proc/self/mounts", mounts},
	{"/proc/mounts", mounts},
	{"/proc/cmdline", cmdline},
	{"/proc/version", version},
	{"/proc/sysinfo", sysinfo},
	{"/proc/meminfo", whole},
	{"/proc/xen/capabilities", whole},
	{"/proc/bus/pci/devices", pci},
	{"/proc/sys/", whole},
	{"/proc/device-tree/", whole},
	{"/etc/os-release", whole},
	{"/etc/passwd", passwd},
	{"/etc/group", group},
	{"/etc/libvirt/qemu.conf", qemu_conf},
	{"/etc/modprobe.d/", modprobe},
	{"/run/modprobe.d/", modprobe},
	{"/usr/local/lib/modprobe.d/", modprobe},
	{"/usr/lib/modprobe.d/", modprobe},
	{"/lib/modprobe.d/", modprobe},
	{"/lib/modules/", whole},
	{"/run/systemd/container", whole},
	{"/sys/", whole},
};

static line_filter *filter_of(const char *path)
{
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		if (text_ends(filters[i].path, "/") ? text_begins(path, filters[i].path)
						    : text_equal(path, filters[i].path))
			return filters[i].filter;
	return NULL;
}

char *record_filter(const struct host *host, const char *path)
{
	line_filter *filter = filter_of(path);
	auto_free char *content = filter ? root_read(&host->root, path, MOST) : NULL;
	struct text out = {0};
	const char *next = content ? content : "";

	while (*next) {
		size_t length = strcspn(next, "\n");
		auto_free char *line = text_copy_bytes(next, length);
		auto_free char *kept = filter(host, line);

		if (kept)
			text_append_format(&out, "%s\n", kept);
		next += length + (next[length] == '\n');
	}
	return text_take(&out);
}

char *record_name(const struct host *host, const char *path)
{
	auto_list struct list files = {0};

	if (!module_ban_is_file(path))
		return text_copy(path);
	files = module_ban_files(host);
	for (size_t i = 0; i < files.count; i++)
		if (text_equal(files.items[i], path)) {
			auto_free char *content = record_filter(host, path);

			return *content ? text_format("/etc/modprobe.d/%02zu.conf", i) : NULL;
		}
	return NULL;
}
