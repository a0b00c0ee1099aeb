// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/resolve.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/confinement.h"
#include "base/error.h"
#include "base/staged_file.h"
#include "base/text.h"
#include "image/chain.h"
#include "image/parts.h"
#include "image/settings.h"

// Bounds that nothing honest comes near to: zeroes are skipped, compressing takes a minute for a
// GiB on one slow processor.
enum { SECONDS = 600, SECONDS_PER_GIB = 60, EMPTY_SECONDS_PER_GIB = 2, EMPTY_MOST = 1024 };
static const unsigned long long memory_most = 8ULL << 30;

void resolve_begin(struct confinement *confinement)
{
	*confinement =
		(struct confinement){.files = true, .memory = memory_most, .seconds = SECONDS};
}

static unsigned long long seconds_for(const struct image *image)
{
	unsigned long long empty = image->virtual_size >> 30;

	return (image->allocated >> 30) * SECONDS_PER_GIB +
	       (empty < EMPTY_MOST ? empty : EMPTY_MOST) * EMPTY_SECONDS_PER_GIB;
}

// Where a host finds others, for a chain that ends elsewhere.
static void allow_network(struct confinement *confinement)
{
	static const char *const files[] = {"/etc/resolv.conf",   "/etc/hosts",
					    "/etc/nsswitch.conf", "/etc/gai.conf",
					    "/etc/services",      "/etc/ssl",
					    "/etc/pki",           "/etc/ca-certificates",
					    "/etc/ceph",          "/run/systemd/resolve"};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		list_add(&confinement->read, files[i]);
}

// Of what the header of IMAGE names only what is near, unless the other is meant.
static void allow_parts(const char *image, const struct list *parts, bool far, struct list *allowed)
{
	for (size_t i = 0; i < parts->count; i++)
		if (far || text_equal(parts->items[i], image) ||
		    parts_is_near(image, parts->items[i]))
			list_add(allowed, parts->items[i]);
}

static void allow_link(const struct chain_link *link, unsigned access, bool changed,
		       struct confinement *confinement)
{
	auto_list struct list parts = {0};

	parts_of_image(link->path, &link->image, &parts);
	allow_parts(link->path, &parts, access & RESOLVE_FAR,
		    changed ? &confinement->write : &confinement->read);
	confinement->seconds += seconds_for(&link->image);
}

static void allow_remote(const struct chain *chain, unsigned access,
			 struct confinement *confinement)
{
	auto_list struct list parts = {0};

	if (!text_begins(chain->remote, "json:")) {
		allow_network(confinement);
		return;
	}
	parts_of_chain(chain, &parts);
	allow_parts(chain->links[chain->count - 1].path, &parts, access & RESOLVE_FAR,
		    access & RESOLVE_WHOLE ? &confinement->write : &confinement->read);
}

void resolve_image(const char *path, const char *format, unsigned access,
		   struct confinement *confinement)
{
	bool change = access & (RESOLVE_CHANGE | RESOLVE_WHOLE);
	auto_error struct error ignored = {0};
	auto_chain struct chain chain = {0};

	// One whose header is not understood here may at least be opened itself.
	list_add(change ? &confinement->write : &confinement->read, path);
	if (chain_walk(path, format, &chain, &ignored) < 0 &&
	    chain_walk_outline(path, format, &chain, &ignored) < 0)
		return;
	for (size_t i = 0; i < chain.count; i++)
		if (i == 0 || access & RESOLVE_FAR || !parts_is_of_system(chain.links[i].path))
			allow_link(&chain.links[i], access,
				   access & RESOLVE_WHOLE || (change && i == 0), confinement);
	if (chain.remote)
		allow_remote(&chain, access, confinement);
}

void resolve_staged(const struct staged_file *file, struct confinement *confinement)
{
	list_add_format(&confinement->write, "/proc/self/fd/%d", file->level);
	confinement_inherit(confinement, file->level);
	confinement_inherit(confinement, file->directory);
}

void resolve_object(const char *definition, struct confinement *confinement)
{
	static const char *const names[] = {"file", "dir"};
	auto_settings struct settings settings = {0};
	auto_error struct error ignored = {0};

	if (settings_add(&settings, definition, &ignored) < 0)
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *path = settings_get(&settings, names[i]);

		if (path)
			list_add(&confinement->read, path);
	}
}
