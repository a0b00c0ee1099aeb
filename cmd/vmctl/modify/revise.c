// SPDX-License-Identifier: GPL-3.0-or-later
// The change, made in XML alone.
#include <stddef.h>

#include "base/cleanup.h"
#include "base/difference.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/modify/modification.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/os.h"
#include "xml/document.h"
#include "xml/insert.h"
#include "xml/path.h"

// What the host offers, asked once.
static int ask_host(struct modification *modification, struct guest *guest, struct error *err)
{
	if (!modification->host && change_needs_host(&modification->change)) {
		modification->planned = offer_is_planned(&modification->files);
		modification->local =
			offer_is_local(modification->connection, &modification->files);
		modification->host = offer_ask(modification->connection, &modification->files, err);
		if (!modification->host ||
		    offer_ask_domain(modification->connection, &modification->files,
				     modification->host, guest->domain, err) < 0)
			return -1;
	}
	guest->host = modification->host;
	return 0;
}

// Defaults follow the system that the options name, or the one that the guest says it has.
static int find_system(struct modification *modification, struct guest *guest, struct error *err)
{
	const char *place = "metadata/libosinfo:libosinfo/libosinfo:os/@id";
	auto_free char *id = path_get(guest->domain, place);
	auto_error struct error unknown = {0};

	if (modification->os && os_id(modification->os))
		path_set(guest->domain, place, os_id(modification->os));
	if (!modification->os && id && guest->host)
		modification->os = os_find(id, &unknown);
	if (!modification->os && guest->host)
		modification->os = os_find("generic", err);
	guest->os = modification->os;
	return guest->host && !guest->os ? -1 : 0;
}

static int resolve_disks(struct modification *modification, struct guest *guest, struct error *err)
{
	struct storage *storage = &modification->storage;

	if (!guest->wish_count)
		return 0;
	storage->connection = modification->connection;
	storage->guest = guest;
	storage->name = modification->name ? modification->name : "disk";
	storage->local = modification->local;
	storage->real = !modification->planned && !text_equal(guest->host->scheme, "test") &&
			modification->change.verb != CHANGE_BUILD;
	return storage_resolve(storage, err);
}

static int change(struct modification *modification, struct revision *revision, struct error *err)
{
	struct guest *guest = revision->guest;

	if (change_apply(&modification->change, guest, &revision->changed, err) < 0 ||
	    resolve_disks(modification, guest, err) < 0)
		return -1;
	return change_complete(&modification->change, guest, &revision->changed, err);
}

static void add_like(struct revision *revision, const struct revision *like)
{
	for (size_t i = 0; i < like->changed.count; i++)
		xml_insert_copy(revision->guest->devices, like->changed.items[i]);
}

int revise(struct modification *modification, struct revision *revision,
	   const struct revision *like, struct error *err)
{
	auto_xml struct xml *xml = xml_parse_laid_out(revision->given, "the domain XML", err);

	if (!xml)
		return -1;
	if (!text_equal(xml_name(xml_root(xml)), "domain"))
		return error_set(err, STATUS_USAGE, "not domain XML: its root is <%s>",
				 xml_name(xml_root(xml)));
	revision->before = xml_string(xml);
	revision->guest = guest_of(xml, NULL);
	revision->guest->look_up = offer_look_up(modification->connection);
	if (ask_host(modification, revision->guest, err) < 0 ||
	    find_system(modification, revision->guest, err) < 0)
		return -1;
	if (like)
		add_like(revision, like);
	else if (change(modification, revision, err) < 0)
		return -1;
	for (size_t i = 0; i < revision->guest->warnings.count; i++)
		call_warning(modification->call, "%s", revision->guest->warnings.items[i]);
	// The engine makes a place for devices, which is of no use without any.
	if (!path_has(xml_root(xml), "devices") && xml_is_empty(revision->guest->devices))
		xml_remove(revision->guest->devices);
	revision->after = xml_string(revision->guest->xml);
	revision->difference = difference_unified(revision->before, revision->after, "Original XML",
						  "Altered XML");
	return 0;
}
