// SPDX-License-Identifier: GPL-3.0-or-later
// Finds out what an inventory holds: states by one question, leases by one for each network, and
// what only each guest's XML tells, five guests at a time.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/call.h"
#include "cmd/vmctl/observe/inventory.h"
#include "virt/addresses.h"
#include "virt/cleanup.h"
#include "virt/figures.h"
#include "virt/labels.h"
#include "virt/session.h"
#include "virt/words.h"
#include "xml/document.h"
#include "xml/path.h"

enum {
	WIDTH = 5,       // the daemon works on so many requests of one client at a time
	PATIENCE = 2000, // milliseconds for a guest's agent
	QUESTION = 5000, // and for all states
	GRACE = 60000,   // for what never waits for a guest
};

// Addresses that libvirt's networks have leased: MAC and address in turn.
static struct list find_leases(virConnectPtr connection)
{
	auto_networks virNetworkPtr *networks = NULL;
	struct list found = {0};

	if (virConnectListAllNetworks(connection, &networks, VIR_CONNECT_LIST_NETWORKS_ACTIVE) < 0)
		return found;
	for (virNetworkPtr *network = networks; *network; network++) {
		virNetworkDHCPLeasePtr *leases = NULL;
		int count = virNetworkGetDHCPLeases(*network, NULL, &leases, 0);

		for (int i = 0; i < count; i++) {
			list_add(&found, leases[i]->mac ? leases[i]->mac : "");
			list_add(&found, leases[i]->ipaddr);
			virNetworkDHCPLeaseFree(leases[i]);
		}
		free(leases);
	}
	return found;
}

struct finding {
	struct call *call;
	virDomainPtr *domains;
	struct inventory_guest *guests;
	struct list leases;
};

// "http://debian.org/debian/12" as "debian12".
static char *short_os(const char *id)
{
	const char *version = id ? strrchr(id, '/') : NULL;
	const char *name = version;

	while (name && name > id && name[-1] != '/')
		name--;
	if (!name || name == id)
		return NULL;
	return text_format("%.*s%s", (int)(version - name), name, version + 1);
}

static void add_leased(struct finding *finding, struct inventory_guest *guest,
		       const struct xml_element *devices)
{
	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *mac = path_get(i, "mac/@address");

		for (size_t k = 0; mac && k + 1 < finding->leases.count; k += 2)
			if (strcasecmp(finding->leases.items[k], mac) == 0)
				list_add(&guest->addresses, finding->leases.items[k + 1]);
	}
}

// Who else may know where a running guest is.
static void add_other_addresses(struct finding *finding, size_t index)
{
	auto_addresses struct addresses addresses = {0};

	addresses_find(finding->call, finding->domains[index], PATIENCE, &addresses);
	for (size_t i = 0; i < addresses.count; i++)
		list_add(&finding->guests[index].addresses, addresses.items[i].text);
}

static void find_one(void *data, size_t index)
{
	struct finding *finding = data;
	struct inventory_guest *guest = &finding->guests[index];
	auto_free char *text = virDomainGetXMLDesc(finding->domains[index], 0), *id = NULL;
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = text ? xml_parse(text, "a guest's XML", &ignored) : NULL;
	const struct xml_element *devices = xml ? xml_child(xml_root(xml), "devices") : NULL;

	if (!devices)
		return;
	id = path_get(xml_root(xml), "metadata/libosinfo:libosinfo/libosinfo:os/@id");
	guest->os = short_os(id);
	if (!text_equal(guest->state, "running"))
		return;
	add_leased(finding, guest, devices);
	if (!guest->addresses.count && xml_child(devices, "interface"))
		add_other_addresses(finding, index);
}

static void find_all(struct call *call, const struct figures *figures,
		     struct inventory_guest *guests)
{
	struct finding finding = {.call = call, .guests = guests};
	struct list *labels = memory_new(figures->count + 1, sizeof(*labels));

	finding.domains = memory_new(figures->count + 1, sizeof(virDomainPtr));
	for (size_t i = 0; i < figures->count; i++)
		finding.domains[i] = figures->records[i]->dom;
	finding.leases = find_leases(session_connection(call));
	labels_fetch(finding.domains, figures->count, labels, call->cancel);
	workers_run(
		&(struct work){
			.count = figures->count, .run = find_one, .data = &finding, .width = WIDTH},
		call->cancel, GRACE);
	for (size_t i = 0; i < figures->count; i++)
		guests[i].labels = labels[i];
	list_clear(&finding.leases);
	free(finding.domains);
	free(labels);
}

static char *state_word(int state)
{
	return text_copy(state == VIR_DOMAIN_SHUTOFF ? "off" : word_domain_state(state));
}

int inventory_add(struct call *call, struct inventory *inventory, struct error *err)
{
	auto_figures struct figures figures = {0};
	auto_free char *host = call->host ? text_copy(call->host)
					  : virConnectGetHostname(session_connection(call));
	struct inventory_guest *guests;

	if (figures_ask(call,
			&(struct figures_wish){.groups = VIR_DOMAIN_STATS_STATE,
					       .milliseconds = QUESTION},
			&figures, err) < 0)
		return -1;
	inventory->guests = memory_resize(inventory->guests, inventory->count + figures.count + 1,
					  sizeof(*guests));
	guests = &inventory->guests[inventory->count];
	for (size_t i = 0; i < figures.count; i++) {
		char uuid[VIR_UUID_STRING_BUFLEN] = "";
		virDomainPtr domain = figures.records[i]->dom;

		virDomainGetUUIDString(domain, uuid);
		guests[i] = (struct inventory_guest){
			.name = text_copy(virDomainGetName(domain)),
			.host = text_copy(host ? host : "unknown"),
			.uuid = text_copy(uuid),
			.state = state_word(
				(int)figure_number(figures.records[i], "state", -1, "state")),
		};
	}
	find_all(call, &figures, guests);
	inventory->count += figures.count;
	return 0;
}

// Ansible's names of groups are those of variables.
static void add_group(struct list *groups, const char *kind, const char *name)
{
	auto_free char *group = text_format("%s_%s", kind, name);

	for (char *c = group; *c; c++)
		*c = isalnum((unsigned char)*c) ? *c : '_';
	if (!list_has(groups, group))
		list_add(groups, group);
}

static bool is_twice(const struct inventory *inventory, size_t index)
{
	for (size_t i = 0; i < inventory->count; i++)
		if (i != index &&
		    text_equal(inventory->guests[i].name, inventory->guests[index].name))
			return true;
	return false;
}

void inventory_name_groups(struct inventory *inventory)
{
	bool *twice = memory_new(inventory->count + 1, sizeof(*twice));

	for (size_t i = 0; i < inventory->count; i++)
		twice[i] = is_twice(inventory, i);
	for (size_t i = 0; i < inventory->count; i++) {
		struct inventory_guest *guest = &inventory->guests[i];

		if (twice[i]) {
			auto_free char *name = take(&guest->name);

			guest->name = text_format("%s.%s", name, guest->host);
		}
		add_group(&guest->groups, "host", guest->host);
		add_group(&guest->groups, "state", guest->state);
		if (guest->os)
			add_group(&guest->groups, "os", guest->os);
		for (size_t k = 0; k < guest->labels.count; k++)
			add_group(&guest->groups, "label", guest->labels.items[k]);
	}
	free(twice);
}

void inventory_clear(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++) {
		struct inventory_guest *guest = &inventory->guests[i];

		free(guest->name);
		free(guest->host);
		free(guest->uuid);
		free(guest->state);
		free(guest->os);
		list_clear(&guest->labels);
		list_clear(&guest->addresses);
		list_clear(&guest->groups);
	}
	free(inventory->guests);
	*inventory = (struct inventory){0};
}
