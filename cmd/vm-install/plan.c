// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/plan.h"

#include <libvirt/libvirt.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/media.h"
#include "cmd/vm-install/storage.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "guest/identity.h"
#include "guest/os.h"
#include "virt/cleanup.h"
#include "xml/path.h"

static int each(struct installation *installation, const char *option,
		int (*add)(struct guest *, const char *, struct error *), struct error *err)
{
	const struct list *values = argument_list(installation->call, option);

	for (size_t i = 0; i < values->count; i++)
		if (add(installation->guest, values->items[i], err) < 0)
			return -1;
	return 0;
}

static int add_serial(struct guest *guest, const char *text, struct error *err)
{
	return guest_add_character(guest, "serial", text, err);
}

static int add_console(struct guest *guest, const char *text, struct error *err)
{
	return guest_add_character(guest, "console", text, err);
}

static int read_options(struct installation *installation, struct error *err)
{
	static const struct {
		const char *option;
		int (*add)(struct guest *guest, const char *text, struct error *err);
	} parts[] = {
		{"memory", guest_set_memory},     {"vcpus", guest_set_vcpus},
		{"cpu", guest_set_cpu},           {"boot", guest_set_boot},
		{"disk", guest_add_disk},         {"network", guest_add_network},
		{"graphics", guest_add_graphics}, {"serial", add_serial},
		{"console", add_console},
	};
	struct guest *guest = installation->guest;
	const char *arch = argument_text(installation->call, "arch");

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (each(installation, parts[i].option, parts[i].add, err) < 0)
			return -1;

	if (arch)
		path_set(guest->domain, "os/type/@arch", arch);
	return 0;
}

static int read_install_method(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	struct guest *guest = installation->guest;
	const char *arguments = argument_text(call, "extra-args");
	bool given = argument_given(call, "cdrom") || argument_given(call, "location") ||
		     argument_flag(call, "pxe") || argument_flag(call, "import") ||
		     argument_given(call, "boot");

	if (!given) {
		error_set(err, STATUS_USAGE, "how the guest is installed is not said");
		return error_hint(err, "--cdrom ISO, --location DIR, --pxe, --import for a disk "
				       "that has a system, or --boot kernel=...");
	}
	if (argument_given(call, "cdrom") &&
	    media_add_cdrom(installation, argument_text(call, "cdrom"), err) < 0)
		return -1;
	if (argument_given(call, "location") &&
	    media_find_tree(installation, argument_text(call, "location"), err) < 0)
		return -1;
	if (argument_flag(call, "pxe"))
		guest->install = INSTALL_NETWORK;
	if (arguments && guest->install != INSTALL_TREE)
		return error_set(err, STATUS_USAGE,
				 "--extra-args goes with --location only; "
				 "--boot cmdline=... is for a kernel of --boot");
	guest->install_arguments = text_copy(arguments);
	return 0;
}

static int resolve_disks(struct installation *installation, struct error *err)
{
	struct guest *guest = installation->guest;
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	unsigned long long storage = os_resource(guest->os, arch, OS_STORAGE);

	if (!guest->disk_count && !guest->no_disks && guest->install != INSTALL_NONE && storage) {
		auto_free char *size = text_format("size=%llu", storage >> 30);

		if (guest_add_disk(guest, size, err) < 0)
			return -1;
	} else if (!guest->disk_count && !guest->no_disks && guest->install != INSTALL_NONE) {
		error_set(err, STATUS_USAGE, "the guest has no disk to be installed on");
		return error_hint(err, "--disk size=10 makes one of 10 GiB, --disk none goes "
				       "without");
	}
	for (size_t i = 0; i < guest->disk_count; i++)
		if (storage_resolve(installation, &guest->disks[i], err) < 0) {
			if (err->status != STATUS_NOT_FOUND ||
			    installation_object(installation, installation->checks.path_exists,
						"path_exists", err) < 0)
				return -1;
		}
	return 0;
}

// BASE, with a number where a guest is called so already; NUMBERED begins with 1 at once.
static char *free_name(const struct installation *installation, const char *base, bool numbered)
{
	for (int i = 1;; i++) {
		auto_free char *name = numbered ? text_format("%s%d", base, i)
				       : i == 1 ? text_copy(base)
						: text_format("%s-%d", base, i);
		auto_domain virDomainPtr domain =
			virDomainLookupByName(installation->connection, name);

		if (!domain)
			return take(&name);
	}
}

// After the operating system, and the architecture where it is not the host's: "debian12",
// "debian12-arm".
static char *default_name(const struct installation *installation)
{
	auto_free char *host = host_architecture(installation->host);
	auto_free char *arch = path_get(installation->guest->domain, "os/type/@arch");
	const char *system = os_short_id(installation->os);
	auto_free char *base = NULL;
	size_t length;

	if (text_equal(system, "generic"))
		return free_name(installation, "vm", true);
	length = strlen(system) - (text_ends(system, "-unknown") ? strlen("-unknown") : 0);
	if (text_equal(arch, host))
		base = text_copy_bytes(system, length);
	else
		base = text_format("%.*s-%s", (int)length, system,
				   text_equal(arch, "armv7l") ? "arm" : arch);
	return free_name(installation, base, false);
}

static int choose_name(struct installation *installation, struct error *err)
{
	const char *wanted = argument_text(installation->call, "name");

	if (wanted && !identity_is_name(wanted))
		return error_set(err, STATUS_USAGE, "a guest cannot be called '%s'", wanted);
	installation->name = wanted ? text_copy(wanted) : default_name(installation);
	path_set(installation->guest->domain, "name", installation->name);
	return 0;
}

int plan_guest(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;

	installation->guest = guest_new(NULL);
	if (read_options(installation, err) < 0 || plan_os(installation, err) < 0 ||
	    read_install_method(installation, err) < 0 || plan_host(installation, err) < 0)
		return -1;
	installation->guest->host = installation->host;
	if (guest_choose_machine(installation->guest, argument_text(call, "virt-type"),
				 argument_text(call, "machine"), err) < 0 ||
	    plan_domain_capabilities(installation, err) < 0 || choose_name(installation, err) < 0 ||
	    resolve_disks(installation, err) < 0)
		return -1;
	return guest_complete(installation->guest, err);
}
