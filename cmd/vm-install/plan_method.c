// SPDX-License-Identifier: GPL-3.0-or-later
// How the guest is installed: --cdrom, --location, --pxe, --import, --install, ...
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/cloud_init.h"
#include "cmd/vm-install/install_option.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/media.h"
#include "cmd/vm-install/plan.h"
#include "cmd/vm-install/unattended.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "xml/path.h"

static int none_given(struct error *err)
{
	error_set(err, STATUS_USAGE, "An install method must be specified");
	return error_hint(err,
			  "--location URL, --cdrom CD/ISO, --pxe, --import for a disk that has "
			  "a system, or --boot hd|cdrom|...");
}

static bool is_container(const struct installation *installation)
{
	auto_free char *type = path_get(installation->guest->domain, "os/type");

	return text_equal(type, "exe") || (!type && text_equal(installation->host->scheme, "lxc"));
}

static bool any_given(struct installation *installation)
{
	static const char *const options[] = {"cdrom",     "location", "pxe",        "import",
					      "boot",      "install",  "cloud-init", "unattended",
					      "reinstall", "livecd"};
	struct guest *guest = installation->guest;

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (argument_given(installation->call, options[i]))
			return true;
	if (is_container(installation))
		return true;
	// A drive with a medium, or a disk that has something on it, may be booted from.
	return guest->wish_count > 0 || !guest_declines(guest, "disk");
}

// Arguments of the kernel, and files for its initrd, need a kernel that is installed from.
int plan_kernel_options(struct installation *installation, struct error *err)
{
	const struct list *arguments = argument_list(installation->call, "extra-args");
	const struct list *injected = argument_list(installation->call, "initrd-inject");
	struct guest *guest = installation->guest;

	for (size_t i = 0; i < injected->count; i++)
		list_add(&installation->injected, injected->items[i]);
	if (injected->count && guest->install != INSTALL_TREE)
		return error_set(
			err, STATUS_USAGE,
			"Install method does not support initrd inject: it needs --location");
	if (arguments->count && guest->install != INSTALL_TREE) {
		error_set(err, STATUS_USAGE, "Kernel arguments are only supported with --location");
		return error_hint(err, "--boot cmdline=... is for a kernel of --boot");
	}
	if (arguments->count) {
		auto_free char *joined = list_join(arguments, " ");

		install_add_arguments(guest, joined);
	}
	return 0;
}

// A live system is not installed: it is there at every boot, before what is on the disk.
static void use_live_cd(struct installation *installation)
{
	struct guest *guest = installation->guest;

	if (!argument_flag(installation->call, "livecd") || guest->install != INSTALL_MEDIA)
		return;
	guest->install = INSTALL_NONE;
	if (guest->boot_devices.count)
		return;
	list_add(&guest->boot_devices, "cdrom");
	list_add(&guest->boot_devices, "hd");
}

int plan_method(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	struct guest *guest = installation->guest;

	if (cloud_init_read(installation, err) < 0 || unattended_read(installation, err) < 0)
		return -1;
	if (installation->cloud_init.wanted && installation->unattended.wanted)
		return error_set(err, STATUS_USAGE,
				 "Cannot use --unattended and --cloud-init at the same time");
	if (!any_given(installation))
		return none_given(err);
	if (argument_given(call, "cdrom") &&
	    media_add_cdrom(installation, argument_text(call, "cdrom"), err) < 0)
		return -1;
	use_live_cd(installation);
	if (argument_given(call, "location") &&
	    media_find_tree(installation, argument_text(call, "location"), err) < 0)
		return -1;
	if (argument_flag(call, "pxe"))
		guest->install = INSTALL_NETWORK;
	if (argument_given(call, "install") &&
	    install_read(installation, argument_text(call, "install"), err) < 0)
		return -1;
	if (installation->cloud_init.wanted && guest->install == INSTALL_NONE)
		guest->install = INSTALL_DISK;
	return plan_kernel_options(installation, err);
}
