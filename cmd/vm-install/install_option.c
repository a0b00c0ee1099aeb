// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/install_option.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/media.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/os.h"
#include "guest/rows.h"
#include "xml/path.h"

struct install_wish {
	char *boot_devices, *kernel, *initrd, *arguments, *os;
	bool overwrite, no_install;
};

static void wish_clear(struct install_wish *wish)
{
	free(wish->boot_devices);
	free(wish->kernel);
	free(wish->initrd);
	free(wish->arguments);
	free(wish->os);
}
#define auto_wish __attribute__((cleanup(wish_clear)))

static const struct suboption install_rows[] = {
	KEEP("bootdev", NULL, COMMAS, struct install_wish, boot_devices),
	KEEP("kernel", NULL, COMMAS, struct install_wish, kernel),
	KEEP("initrd", NULL, COMMAS, struct install_wish, initrd),
	KEEP("kernel_args", NULL, COMMAS, struct install_wish, arguments),
	KEEP_BOOL("kernel_args_overwrite", NULL, struct install_wish, overwrite),
	KEEP("os", NULL, TEXT, struct install_wish, os),
	KEEP_BOOL("no_install", NULL, struct install_wish, no_install),
	ROWS_END,
};

const struct suboption_table install_table = {
	.option = "--install", .leading = AKA("os"), .groups = GROUPS(install_rows)};

void install_add_arguments(struct guest *guest, const char *arguments)
{
	char *joined = guest->install_arguments
			       ? text_format("%s %s", guest->install_arguments, arguments)
			       : text_copy(arguments);

	free(guest->install_arguments);
	guest->install_arguments = joined;
}

// The tree that the database knows for a system, of the architecture of the guest.
static int use_tree_of_os(struct installation *installation, const char *name, struct error *err)
{
	auto_os struct os *os = os_find(name, err);
	auto_free char *given = path_get(installation->guest->domain, "os/type/@arch");
	auto_free char *host = hypervisor_architecture(installation->host);
	const char *arch = given ? given : host;
	auto_free char *url = os ? os_tree_url(os, arch) : NULL;

	if (!os)
		return -1;
	if (!url)
		return error_set(err, STATUS_NOT_FOUND,
				 "'%s' does not have a URL location for the architecture '%s'",
				 name, arch);
	installation->install_os = text_copy(name);
	return media_find_tree(installation, url, err);
}

int install_read(struct installation *installation, const char *text, struct error *err)
{
	auto_wish struct install_wish wish = {0};
	struct suboption_target target = {.data = &wish};
	struct guest *guest = installation->guest;

	if (suboptions_apply(&install_table, text, &target, err) < 0)
		return -1;
	installation->no_install = wish.no_install;
	if (wish.boot_devices) {
		auto_list struct list words = list_split(wish.boot_devices, ",");

		for (size_t i = 0; i < words.count; i++)
			list_add(&guest->install_devices, words.items[i]);
		guest->install = INSTALL_DEVICES;
	}
	if (wish.kernel && media_use_kernel(installation, wish.kernel, wish.initrd, err) < 0)
		return -1;
	if (wish.os && !wish.no_install && use_tree_of_os(installation, wish.os, err) < 0)
		return -1;
	if (wish.os && wish.no_install)
		installation->install_os = text_copy(wish.os);
	if (wish.arguments && wish.overwrite)
		free(take(&guest->install_arguments));
	if (wish.arguments)
		install_add_arguments(guest, wish.arguments);
	return 0;
}
