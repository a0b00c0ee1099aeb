// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/checks.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/storage.h"
#include "guest/guest.h"
#include "guest/suboption.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static int set_path_in_use(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value,
				 &((struct checks *)call->data)->path_in_use, err);
}

static int set_disk_size(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value, &((struct checks *)call->data)->disk_size,
				 err);
}

static int set_path_exists(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value,
				 &((struct checks *)call->data)->path_exists, err);
}

static int set_mac_in_use(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value,
				 &((struct checks *)call->data)->mac_in_use, err);
}

static int set_all(const struct suboption_call *call, struct error *err)
{
	struct checks *checks = call->data;
	bool all;

	if (suboption_boolean(call->name, call->value, &all, err) < 0)
		return -1;
	*checks = (struct checks){all, all, all, all};
	return 0;
}

static const struct suboption check_rows[] = {
	CALL("all", NULL, TEXT, set_all),
	CALL("path_in_use", NULL, TEXT, set_path_in_use),
	CALL("disk_size", NULL, TEXT, set_disk_size),
	CALL("path_exists", NULL, TEXT, set_path_exists),
	CALL("mac_in_use", NULL, TEXT, set_mac_in_use),
	ROWS_END,
};

static const char *const leading[] = {NULL};
static const struct suboption *const groups[] = {check_rows, NULL};
static const struct suboption_table check_table = {
	.option = "--check", .leading = leading, .groups = groups};

int checks_parse(const char *text, struct checks *checks, struct error *err)
{
	return suboptions_apply(&check_table, text, NULL, checks, err);
}

static int check_name(struct installation *installation, struct error *err)
{
	auto_domain virDomainPtr domain =
		virDomainLookupByName(installation->connection, installation->name);

	if (!domain)
		return 0;
	error_set(err, STATUS_CONFLICT, "there is a guest '%s' already", installation->name);
	return error_hint(err, "choose another --name, or remove it: vmctl undefine '%s'",
			  installation->name);
}

static int check_disk(struct installation *installation, const struct xml_element *other,
		      const char *owner, struct error *err)
{
	static const char *const paths[] = {"source/@file", "source/@dev"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		auto_free char *source = path_get(other, paths[i]);

		for (size_t d = 0; source && d < installation->guest->disk_count; d++) {
			const struct guest_disk *disk = &installation->guest->disks[d];

			if (!text_equal(disk->path, source) ||
			    path_has(disk->element, "readonly") ||
			    path_has(disk->element, "shareable") || path_has(other, "readonly"))
				continue;
			error_set(err, STATUS_CONFLICT, "the guest '%s' uses '%s' already", owner,
				  source);
			if (installation_object(installation, installation->checks.path_in_use,
						"path_in_use", err) < 0)
				return -1;
		}
	}
	return 0;
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
		error_set(err, STATUS_CONFLICT, "the guest '%s' has the MAC address %s already",
			  owner, mac);
		if (installation_object(installation, installation->checks.mac_in_use, "mac_in_use",
					err) < 0)
			return -1;
	}
	return 0;
}

static int check_against(struct installation *installation, virDomainPtr domain, struct error *err)
{
	auto_free char *text = virDomainGetXMLDesc(domain, 0);
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = text ? xml_parse(text, "a guest's XML", &ignored) : NULL;
	const char *owner = virDomainGetName(domain);
	const struct xml_element *devices;

	if (!xml) // it has gone in the meantime
		return 0;
	devices = xml_child(xml_root(xml), "devices");
	for (struct xml_element *d = xml_child(devices, "disk"); d; d = xml_next(d, "disk"))
		if (check_disk(installation, d, owner, err) < 0)
			return -1;
	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface"))
		if (check_mac(installation, i, owner, err) < 0)
			return -1;
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

int checks_run(struct installation *installation, struct error *err)
{
	auto_domains virDomainPtr *domains = NULL;

	if (check_name(installation, err) < 0 || check_networks(installation, err) < 0)
		return -1;
	for (size_t i = 0; i < installation->guest->disk_count; i++)
		if (storage_check_size(installation, &installation->guest->disks[i], err) < 0)
			return -1;
	if (virConnectListAllDomains(installation->connection, &domains, 0) < 0)
		return virt_failure(err, "cannot list the guests");
	for (virDomainPtr *domain = domains; *domain; domain++)
		if (check_against(installation, *domain, err) < 0)
			return -1;
	return 0;
}
