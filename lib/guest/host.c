// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/host.h"

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
static void read_uri(struct host *host, const char *uri)
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

struct host *host_new(const char *uri, const char *capabilities, struct error *err)
{
	struct xml *xml = xml_parse(capabilities, "the host's capabilities", err);
	struct host *host;

	if (!xml)
		return NULL;
	host = memory_new(1, sizeof(*host));
	host->xml = xml;
	read_uri(host, uri);
	return host;
}

void host_free(struct host *host)
{
	if (!host)
		return;
	free(host->scheme);
	free(host->kvm_refused);
	xml_free(host->xml);
	xml_free(host->domain);
	free(host);
}

void host_cleanup(struct host **host)
{
	host_free(*host);
}

int host_set_domain(struct host *host, const char *domain_capabilities, struct error *err)
{
	struct xml *xml = xml_parse(domain_capabilities, "the domain capabilities", err);

	if (!xml)
		return -1;
	xml_free(host->domain);
	host->domain = xml;
	return 0;
}

char *host_architecture(const struct host *host)
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

// Considers each <domain> of GUEST; the later of equals wins where nothing else decides.
static void consider(const struct host *host, const struct xml_element *guest, const char *type,
		     struct host_offer *offer, int *best)
{
	const struct xml_element *arch = xml_child(guest, "arch");

	for (struct xml_element *d = xml_child(arch, "domain"); d; d = xml_next(d, "domain")) {
		auto_free char *offered = path_get(d, "@type");
		bool refused = host->kvm_refused && text_equal(offered, "kvm") && !type;

		if ((type && !text_equal(type, offered)) || refused || rank(offered) > *best)
			continue;
		*best = rank(offered);
		*offer = (struct host_offer){guest, d};
	}
}

bool host_find_offer(const struct host *host, const char *architecture, const char *type,
		     struct host_offer *offer)
{
	auto_free char *own = host_architecture(host);
	const struct xml_element *root = xml_root(host->xml);
	int best = rank(NULL);

	*offer = (struct host_offer){0};
	// The architecture that was asked for; else that of the host, else any.
	for (int pass = 0; pass < (architecture ? 1 : 2) && !offer->domain; pass++)
		for (struct xml_element *g = xml_child(root, "guest"); g;
		     g = xml_next(g, "guest")) {
			auto_free char *os = path_get(g, "os_type");
			auto_free char *arch = path_get(g, "arch/@name");

			if (!text_equal(os, "hvm") ||
			    (architecture && !text_equal(architecture, arch)) ||
			    (!architecture && pass == 0 && !text_equal(own, arch)))
				continue;
			consider(host, g, type, offer, &best);
		}
	return offer->domain;
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

void host_machines(const struct host_offer *offer, struct list *machines)
{
	add_machines(offer->domain, machines);
	// The machines of <arch> are those of every domain type that lists none of its own.
	if (!machines->count)
		add_machines(xml_child(offer->guest, "arch"), machines);
}

bool host_allows(const struct host *host, const char *path, const char *word)
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
