// SPDX-License-Identifier: GPL-3.0-or-later
// `--check`, and the look at other guests.
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/rows.h"
#include "guest/suboption.h"
#include "storage/storage.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static int set_all(const struct suboption_call *call, struct error *err)
{
	struct storage_checks *checks = call->data;
	bool all;

	if (suboption_boolean(call->name, call->value, &all, err) < 0)
		return -1;
	*checks = (struct storage_checks){all, all, all, all};
	return 0;
}

static const struct suboption check_rows[] = {
	CALL("all", NULL, TEXT, set_all),
	KEEP_BOOL("path_in_use", NULL, struct storage_checks, path_in_use),
	KEEP_BOOL("disk_size", NULL, struct storage_checks, disk_size),
	KEEP_BOOL("path_exists", NULL, struct storage_checks, path_exists),
	KEEP_BOOL("mac_in_use", NULL, struct storage_checks, mac_in_use),
	ROWS_END,
};

const struct suboption_table storage_check_table = {
	.option = "--check", .leading = AKA(NULL), .groups = GROUPS(check_rows)};

int storage_checks_read(const struct list *values, struct storage_checks *checks, struct error *err)
{
	struct suboption_target target = {.data = checks};

	*checks = (struct storage_checks){true, true, true, true};
	for (size_t i = 0; i < values->count; i++)
		if (suboptions_apply(&storage_check_table, values->items[i], &target, err) < 0)
			return -1;
	return 0;
}

int storage_check_others(struct storage *storage, storage_check_other check, struct error *err)
{
	auto_domains virDomainPtr *domains = NULL;

	if (virConnectListAllDomains(storage->connection, &domains, 0) < 0)
		return virt_failure(err, "cannot list the guests");
	for (virDomainPtr *domain = domains; *domain; domain++) {
		auto_free char *text = virDomainGetXMLDesc(*domain, 0);
		auto_error struct error ignored = {0};
		auto_xml struct xml *xml = text ? xml_parse(text, "a guest's XML", &ignored) : NULL;
		const char *owner = virDomainGetName(*domain);

		if (!xml || text_equal(owner, storage->name)) // gone, or the guest itself
			continue;
		if (check(storage, xml_child(xml_root(xml), "devices"), owner, err) < 0)
			return -1;
	}
	return 0;
}

static int check_mac(struct storage *storage, const struct xml_element *other, const char *owner,
		     struct error *err)
{
	auto_free char *mac = path_get(other, "mac/@address");
	struct xml_element *devices = storage->guest->devices;

	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *own = path_get(i, "mac/@address");

		if (!mac || !own || strcasecmp(mac, own) != 0)
			continue;
		error_set(err, STATUS_CONFLICT,
			  "The MAC address '%s' is in use by another virtual machine: '%s'", mac,
			  owner);
		if (storage_object(storage, storage->checks.mac_in_use, "mac_in_use", err) < 0)
			return -1;
	}
	return 0;
}

static int check_cards(struct storage *storage, const struct xml_element *devices,
		       const char *owner, struct error *err)
{
	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface"))
		if (check_mac(storage, i, owner, err) < 0)
			return -1;
	return 0;
}

int storage_check_macs(struct storage *storage, struct error *err)
{
	return xml_child(storage->guest->devices, "interface")
		       ? storage_check_others(storage, check_cards, err)
		       : 0;
}
