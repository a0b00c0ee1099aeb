// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/twins.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/call.h"
#include "virt/addresses.h"
#include "virt/kinds.h"
#include "virt/session.h"

enum { PATIENCE = 2000, WIDTH = 8 }; // milliseconds, guests asked at a time

// What the threads share; it stays when one of them does not end.
struct search {
	struct list addresses; // that are looked for
	char *itself;          // the name of the guest that has them
	virDomainPtr *domains;
	size_t count;
	_Atomic(char *) *found; // for each of the domains the address that it has too
};

static void tell(const struct call *call, const char *other, const char *address)
{
	call_warning(call, "'%s' and '%s' both have the address %s", call_name(call), other,
		     address);
}

// Those that no other guest of the host may have. QEMU's user network is one of each guest alone,
// in which all have the same address (-netdev user, dhcpstart).
static void add_unique(struct list *list, const struct addresses *addresses)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (!text_equal(addresses->items[i].text, "10.0.2.15"))
			list_add(list, addresses->items[i].text);
}

void twins_keep(struct call *call, const struct addresses *addresses)
{
	struct list *own = memory_new(1, sizeof(*own));

	add_unique(own, addresses);
	call->found = own;
}

static const char *in_both(const struct list *these, const struct list *those)
{
	for (size_t i = 0; i < these->count; i++)
		if (list_has(those, these->items[i]))
			return these->items[i];
	return NULL;
}

void twins_compare(struct call *const *done, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const char *twice = NULL;

		for (size_t j = 0; j < i && !twice; j++) {
			if (done[j]->session == done[i]->session && done[j]->found &&
			    done[i]->found)
				twice = in_both(done[j]->found, done[i]->found);
			if (twice)
				tell(done[j], call_name(done[i]), twice);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (done[i]->found)
			list_clear(done[i]->found);
		free(take(&done[i]->found));
	}
}

static char *common(const struct search *search, virDomainPtr domain, unsigned source)
{
	virDomainInterfacePtr *interfaces = NULL;
	int count = virDomainInterfaceAddresses(domain, &interfaces, source, 0);
	char *found = NULL;

	for (int i = 0; i < count; i++) {
		for (unsigned j = 0; j < interfaces[i]->naddrs && !found; j++)
			if (list_has(&search->addresses, interfaces[i]->addrs[j].addr))
				found = text_copy(interfaces[i]->addrs[j].addr);
		virDomainInterfaceFree(interfaces[i]);
	}
	free(interfaces);
	virResetLastError();
	return found;
}

static void ask(void *data, size_t index)
{
	struct search *search = data;
	virDomainPtr domain = search->domains[index];
	char *found = NULL;

	if (text_equal(virDomainGetName(domain), search->itself))
		return;
	found = common(search, domain, VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE);
	if (!found)
		found = common(search, domain, VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT);
	atomic_store(&search->found[index], found);
}

static struct search *search_new(struct call *call, const struct addresses *addresses)
{
	struct search *search = memory_new(1, sizeof(*search));
	int count = virConnectListAllDomains(session_connection(call), &search->domains,
					     VIR_CONNECT_LIST_DOMAINS_ACTIVE);

	virResetLastError();
	search->count = count > 0 ? (size_t)count : 0;
	search->found = memory_new(search->count + 1, sizeof(*search->found));
	search->itself = text_copy(call_name(call));
	add_unique(&search->addresses, addresses);
	return search;
}

static void search_free(struct search *search)
{
	for (size_t i = 0; i < search->count; i++) {
		free(atomic_load(&search->found[i]));
		virDomainFree(search->domains[i]);
	}
	free(search->domains);
	free((void *)search->found);
	free(search->itself);
	list_clear(&search->addresses);
	free(search);
}

void twins_warn(struct call *call, const struct addresses *addresses)
{
	struct search *search = search_new(call, addresses);
	struct cancel bound = {0};
	bool ended;

	cancel_begin(&bound, call->cancel);
	cancel_after(&bound, PATIENCE);
	ended = workers_run(
		&(struct work){.count = search->count, .run = ask, .data = search, .width = WIDTH},
		&bound, 0);
	for (size_t i = 0; i < search->count; i++) {
		const char *found = atomic_load(&search->found[i]);

		if (found)
			tell(call, virDomainGetName(search->domains[i]), found);
	}
	if (ended)
		search_free(search);
	else
		call->context->left_behind = true;
}
