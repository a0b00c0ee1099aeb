// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/hypervisor.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/path.h"

// "qemu+ssh://host/system" is scheme qemu, remote, not a session.
static void read_uri(struct hypervisor *host, const char *uri)
{
	const char *colon = strstr(uri, "://"), *authority = colon ? colon + 3 : uri + strlen(uri);
	auto_free char *transport =
		text_copy_bytes(uri, colon ? (size_t)(colon - uri) : strlen(uri));

	host->session = text_equal(strchr(authority, '/'), "/session") ||
			text_begins(strchr(authority, '/'), "/session?");
	host->remote = *authority != '/' && *authority != '\0';
	transport[strcspn(transport, "+")] = '\0';
	host->scheme = take(&transport);
}

struct hypervisor *hypervisor_new(const char *uri, const char *capabilities, struct error *err)
{
	struct xml *xml = xml_parse(capabilities, "the host's capabilities", err);
	struct hypervisor *host;

	if (!xml)
		return NULL;
	host = memory_new(1, sizeof(*host));
	host->xml = xml;
	read_uri(host, uri);
	return host;
}

void hypervisor_free(struct hypervisor *host)
{
	if (!host)
		return;
	free(host->scheme);
	free(host->kvm_refused);
	free(host->bridge);
	free(host->render_node);
	xml_free(host->xml);
	xml_free(host->domain);
	free(host);
}

int hypervisor_set_domain(struct hypervisor *host, const char *domain_capabilities,
			  struct error *err)
{
	struct xml *xml = xml_parse(domain_capabilities, "the domain capabilities", err);

	if (!xml)
		return -1;
	xml_free(host->domain);
	host->domain = xml;
	return 0;
}

char *hypervisor_architecture(const struct hypervisor *host)
{
	char *architecture = path_get(xml_root(host->xml), "host/cpu/arch");

	return architecture ? architecture : text_copy("x86_64");
}

// The type of domain that is better comes first; what is not listed is worse than all that are.
static int rank(const char *type)
{
	static const char *const types[] = {"kvm", "xen", "hvf", "qemu"};
	int count = sizeof(types) / sizeof(*types);

	for (int i = 0; i < count; i++)
		if (text_equal(types[i], type))
			return i;
	return count;
}

static void add_machines(const struct xml_element *parent, struct list *machines)
{
	for (struct xml_element *m = xml_child(parent, "machine"); m; m = xml_next(m, "machine")) {
		auto_free char *name = path_get(m, "."), *canonical = path_get(m, "@canonical");

		list_add(machines, name);
		if (canonical)
			list_add(machines, canonical);
	}
}

void hypervisor_machines(const struct hypervisor_offer *offer, struct list *machines)
{
	add_machines(offer->domain, machines);
	// The machines of <arch> are those of every domain type that lists none of its own.
	if (!machines->count)
		add_machines(xml_child(offer->guest, "arch"), machines);
}

// Considers each <domain> of GUEST; the later of equals wins where nothing else decides.
static void consider(const struct hypervisor *host, const struct xml_element *guest,
		     const struct hypervisor_wish *wish, struct hypervisor_offer *offer, int *best)
{
	const struct xml_element *arch = xml_child(guest, "arch");

	for (struct xml_element *d = xml_child(arch, "domain"); d; d = xml_next(d, "domain")) {
		struct hypervisor_offer offered_here = {guest, d};
		auto_free char *offered = path_get(d, "@type");
		auto_list struct list machines = {0};
		bool refused = host->kvm_refused && text_equal(offered, "kvm") && !wish->type;

		hypervisor_machines(&offered_here, &machines);
		if ((wish->type && !text_equal(wish->type, offered)) || refused ||
		    rank(offered) > *best ||
		    (wish->machine && machines.count && !list_has(&machines, wish->machine)))
			continue;
		*best = rank(offered);
		*offer = offered_here;
	}
}

static bool guest_fits(const struct xml_element *guest, const char *os_type, const char *arch)
{
	auto_free char *os = path_get(guest, "os_type"), *own = path_get(guest, "arch/@name");

	return (!os_type || text_equal(os, os_type)) && (!arch || text_equal(own, arch));
}

bool hypervisor_runs(const struct hypervisor *host, const char *os_type, const char *arch)
{
	for (struct xml_element *g = xml_child(xml_root(host->xml), "guest"); g;
	     g = xml_next(g, "guest"))
		if (guest_fits(g, os_type, arch))
			return true;
	return false;
}

// What is tried in turn where the wish leaves it open.
bool hypervisor_find_offer(const struct hypervisor *host, const struct hypervisor_wish *wish,
			   struct hypervisor_offer *offer)
{
	auto_free char *own = hypervisor_architecture(host);
	const char *const archs[] = {wish->arch ? wish->arch : own, wish->arch};

	*offer = (struct hypervisor_offer){0};
	for (int pass = 0; pass < 2 && !offer->domain; pass++) {
		int best = rank(NULL);

		for (struct xml_element *g = xml_child(xml_root(host->xml), "guest");
		     g && !offer->domain; g = xml_next(g, "guest"))
			if (guest_fits(g, wish->os_type, archs[pass]))
				consider(host, g, wish, offer, &best);
	}
	return offer->domain;
}

bool hypervisor_has_x86(const struct hypervisor *host)
{
	auto_free char *architecture = hypervisor_architecture(host);

	return text_equal(architecture, "x86_64") || text_equal(architecture, "i686");
}

bool hypervisor_allows(const struct hypervisor *host, const char *path, const char *word)
{
	const struct xml_element *list =
		host->domain ? path_find(xml_root(host->domain), path) : NULL;

	for (struct xml_element *v = xml_child(list, "value"); v; v = xml_next(v, "value")) {
		auto_free char *value = path_get(v, ".");

		if (text_equal(value, word))
			return true;
	}
	return false;
}
