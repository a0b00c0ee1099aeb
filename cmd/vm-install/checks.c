// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/checks.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "guest/rows.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static int set_all(const struct suboption_call *call, struct error *err)
{
	struct installation *installation = call->data;
	bool all;

	if (suboption_boolean(call->name, call->value, &all, err) < 0)
		return -1;
	installation->storage.checks = (struct storage_checks){all, all, all};
	installation->check_mac = all;
	return 0;
}

static const struct suboption check_rows[] = {
	CALL("all", NULL, TEXT, set_all),
	KEEP_BOOL("path_in_use", NULL, struct installation, storage.checks.path_in_use),
	KEEP_BOOL("disk_size", NULL, struct installation, storage.checks.disk_size),
	KEEP_BOOL("path_exists", NULL, struct installation, storage.checks.path_exists),
	KEEP_BOOL("mac_in_use", NULL, struct installation, check_mac),
	ROWS_END,
};

const struct suboption_table check_table = {
	.option = "--check", .leading = AKA(NULL), .groups = GROUPS(check_rows)};

int checks_read(struct installation *installation, struct error *err)
{
	const struct list *values = argument_list(installation->call, "check");
	struct suboption_target target = {.data = installation};

	installation->storage.checks = (struct storage_checks){true, true, true};
	installation->check_mac = true;
	for (size_t i = 0; i < values->count; i++)
		if (suboptions_apply(&check_table, values->items[i], &target, err) < 0)
			return -1;
	return 0;
}

static int check_name(struct installation *installation, struct error *err)
{
	auto_domain virDomainPtr domain =
		virDomainLookupByName(installation->connection, installation->name);

	if (!domain || installation->defined || argument_flag(installation->call, "replace"))
		return 0;
	error_set(err, STATUS_CONFLICT, "Guest name '%s' is already in use", installation->name);
	return error_hint(err,
			  "choose another --name, remove it (vmctl undefine '%s'), or give "
			  "--if-not-exists or --replace",
			  installation->name);
}

static int check_mac(struct installation *installation, const struct xml_element *other,
		     const char *owner, struct error *err)
{
	auto_free char *mac = path_get(other, "mac/@address");
	struct xml_element *devices = installation->guest->devices;

	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *own = path_get(i, "mac/@address");

		if (!mac || !own || strcasecmp(mac, own) != 0)
			continue;
		error_set(err, STATUS_CONFLICT,
			  "The MAC address '%s' is in use by another virtual machine: '%s'", mac,
			  owner);
		if (storage_object(&installation->storage, installation->check_mac, "mac_in_use",
				   err) < 0)
			return -1;
	}
	return 0;
}

static int check_macs(struct installation *installation, struct error *err)
{
	auto_domains virDomainPtr *domains = NULL;

	// The addresses of a guest that is installed again are its own.
	if (installation->defined || !xml_child(installation->guest->devices, "interface"))
		return 0;
	if (virConnectListAllDomains(installation->connection, &domains, 0) < 0)
		return virt_failure(err, "cannot list the guests");
	for (virDomainPtr *domain = domains; *domain; domain++) {
		auto_free char *text = virDomainGetXMLDesc(*domain, 0);
		auto_error struct error ignored = {0};
		auto_xml struct xml *xml = text ? xml_parse(text, "a guest's XML", &ignored) : NULL;
		const char *owner = virDomainGetName(*domain);
		const struct xml_element *devices =
			xml ? xml_child(xml_root(xml), "devices") : NULL;

		if (!xml || text_equal(owner, installation->name))
			continue;
		for (struct xml_element *i = xml_child(devices, "interface"); i;
		     i = xml_next(i, "interface"))
			if (check_mac(installation, i, owner, err) < 0)
				return -1;
	}
	return 0;
}

// A network that is off would let the guest be made and then not start.
static int check_networks(struct installation *installation, struct error *err)
{
	struct xml_element *devices = installation->guest->devices;

	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *name = path_get(i, "source/@network");
		auto_network virNetworkPtr network = NULL;

		if (!name)
			continue;
		network = virNetworkLookupByName(installation->connection, name);
		if (!network && virt_failed_with(VIR_ERR_NO_NETWORK)) {
			virt_failure(err, "there is no network '%s'", name);
			return error_hint(err, "--network user needs none; --network none goes "
					       "without");
		}
		if (!network || virNetworkIsActive(network) != 0)
			continue;
		error_set(err, STATUS_CONFLICT, "the network '%s' is not active", name);
		return error_hint(err, "vmctl net-start '%s'", name);
	}
	return 0;
}

// More memory than the host has is found by QEMU only when it starts, or by nobody until the host
// swaps.
static void check_memory(struct installation *installation)
{
	auto_free char *text = path_get(installation->guest->domain, "memory");
	unsigned long long wanted = text ? strtoull(text, NULL, 10) : 0;
	virNodeInfo node;

	if (!installation->planned && virNodeGetInfo(installation->connection, &node) == 0 &&
	    wanted > node.memory)
		list_add_format(&installation->guest->warnings,
				"the guest is to have %llu MiB of memory, but the host has %lu MiB",
				wanted / 1024, node.memory / 1024);
}

int checks_run(struct installation *installation, struct error *err)
{
	bool shown = argument_given(installation->call, "print-xml");

	check_memory(installation);
	if (check_name(installation, err) < 0 || check_macs(installation, err) < 0)
		return -1;
	// XML can be looked at before the network is there.
	if (!shown && !installation->planned && check_networks(installation, err) < 0)
		return -1;
	return storage_check(&installation->storage, err);
}
