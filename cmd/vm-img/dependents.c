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
#include "cmd/vm-img/collection.h"

// One that stands on the image at WANTED, directly or not.
static const struct member *find_above(const struct collection *collection, long wanted)
{
	for (size_t i = 0; i < collection->count; i++)
		for (long at = collection->all[i].below; at != MEMBER_NONE;
		     at = collection->all[at].below)
			if (at == wanted)
				return &collection->all[i];
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

static int refuse(const char *path, const struct member *above, struct error *err)
{
	const char *name = above->path + (text_begins(above->path, "./") ? 2 : 0);

	error_set(err, STATUS_CONFLICT, "'%s' is needed: it is the backing file of '%s'", path,
		  name);
	return error_hint(err, "vm-img flatten -- '%s' makes that independent", name);
}

int dependents_check(struct call *call, const char *path, struct error *err)
{
	auto_error struct error ignored = {0};
	auto_collection struct collection collection = {.quiet = true};
	auto_list struct list here = {0};
	const struct member *above;
	struct stat status;

	if (!argument_flag(call, "force") || stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
	    status.st_size == 0)
		return 0;
	list_add_owned(&here, file_directory(path));
	// A directory that cannot be read keeps nobody from what may be done in it.
	if (collection_find_places(call, &here, &collection, &ignored) < 0 ||
	    collection_read(&collection, &ignored) < 0)
		return interrupt_check(err);
	above = find_above(&collection, collection_find(&collection, path));
	if (above)
		return refuse(path, above, err);
	if (!libvirt_is_there())
		return 0;
	collection_find_users(call, true, &collection);
	above = find_above(&collection, collection_find(&collection, path));
	return above ? refuse(path, above, err) : 0;
}
