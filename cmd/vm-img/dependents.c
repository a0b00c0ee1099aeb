// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/dependents.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/stock.h"

// One that stands on the image at WANTED, directly or not.
static const struct stocked *find_above(const struct stock *stock, long wanted)
{
	for (size_t i = 0; i < stock->count; i++)
		for (long at = stock->all[i].below; at != STOCK_NONE; at = stock->all[at].below)
			if (at == wanted)
				return &stock->all[i];
	return NULL;
}

static bool libvirt_is_there(void)
{
	static const char *const sockets[] = {"/run/libvirt/libvirt-sock",
					      "/run/libvirt/virtqemud-sock"};

	for (size_t i = 0; i < sizeof(sockets) / sizeof(*sockets); i++)
		if (file_exists(sockets[i]))
			return true;
	return getenv("VMCTL_URI") || getenv("LIBVIRT_DEFAULT_URI");
}

static int refuse(const char *path, const struct stocked *above, struct error *err)
{
	const char *name = above->path + (text_begins(above->path, "./") ? 2 : 0);

	error_set(err, STATUS_CONFLICT, "'%s' is needed: '%s' stands on it", path, name);
	return error_hint(err, "vm-img flatten '%s' makes that independent", name);
}

int dependents_check(struct call *call, const char *path, struct error *err)
{
	auto_error struct error ignored = {0};
	auto_stock struct stock stock = {.quiet = true};
	auto_list struct list here = {0};
	const struct stocked *above;
	struct stat status;

	if (!argument_flag(call, "force") || stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
	    status.st_size == 0)
		return 0;
	list_add_owned(&here, file_directory(path));
	// A directory that cannot be read keeps nobody from what may be done in it.
	if (stock_find_places(call, &here, &stock, &ignored) < 0 ||
	    stock_read(&stock, &ignored) < 0)
		return interrupt_check(err);
	above = find_above(&stock, stock_find(&stock, path));
	if (above)
		return refuse(path, above, err);
	if (!libvirt_is_there())
		return 0;
	stock_find_users(call, true, &stock);
	above = find_above(&stock, stock_find(&stock, path));
	return above ? refuse(path, above, err) : 0;
}
