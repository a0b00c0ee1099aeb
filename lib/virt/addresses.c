// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/addresses.h"

#include <libvirt/virterror.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/call.h"

// What the threads share; it stays when one of them does not end.
struct asked {
	virDomainPtr domain;
	struct {
		virDomainInterfacePtr *interfaces;
		int count; // -1: this source cannot tell
		atomic_bool done;
	} sources[ADDRESSES_SOURCES];
};

static void ask(void *data, size_t index)
{
	struct asked *asked = data;

	asked->sources[index].count = virDomainInterfaceAddresses(
		asked->domain, &asked->sources[index].interfaces, (unsigned)index, 0);
	virResetLastError();
	asked->sources[index].done = true;
}

// Such an address says nothing about where the guest can be reached.
static bool is_local(const virDomainIPAddress *address)
{
	return strncasecmp(address->addr, "127.", 4) == 0 ||
	       strncasecmp(address->addr, "fe80:", 5) == 0 || text_equal(address->addr, "::1");
}

static void add(struct addresses *addresses, const virDomainInterface *interface,
		const virDomainIPAddress *found, size_t source)
{
	size_t at = 0;
	bool ipv6 = found->type == VIR_IP_ADDR_TYPE_IPV6;

	for (size_t i = 0; i < addresses->count; i++) {
		if (text_equal(addresses->items[i].text, found->addr)) {
			addresses->items[i].sources |= 1U << source;
			return;
		}
	}
	addresses->items =
		memory_resize(addresses->items, addresses->count + 1, sizeof(*addresses->items));
	at = addresses->count++;
	for (; !ipv6 && at > 0 && addresses->items[at - 1].ipv6; at--)
		addresses->items[at] = addresses->items[at - 1];
	addresses->items[at] =
		(struct address){.text = text_copy(found->addr),
				 .mac = interface->hwaddr ? text_copy(interface->hwaddr) : NULL,
				 .ipv6 = ipv6,
				 .prefix = found->prefix,
				 .sources = 1U << source};
}

static void take(struct addresses *addresses, struct asked *asked, size_t source)
{
	for (int i = 0; i < asked->sources[source].count; i++) {
		virDomainInterfacePtr interface = asked->sources[source].interfaces[i];

		for (unsigned j = 0; j < interface->naddrs; j++)
			if (!is_local(&interface->addrs[j]))
				add(addresses, interface, &interface->addrs[j], source);
		virDomainInterfaceFree(interface);
	}
	free(asked->sources[source].interfaces);
}

void addresses_find(struct call *call, virDomainPtr domain, int milliseconds,
		    struct addresses *addresses)
{
	struct asked *asked = memory_new(1, sizeof(*asked));
	struct cancel bound = {0};
	bool ended;

	*addresses = (struct addresses){0};
	asked->domain = domain;
	virDomainRef(domain);
	cancel_begin(&bound, call->cancel);
	cancel_after(&bound, milliseconds);
	ended = workers_run(&(struct work){.count = ADDRESSES_SOURCES,
					   .run = ask,
					   .data = asked,
					   .width = ADDRESSES_SOURCES},
			    &bound, 0);
	for (size_t i = 0; i < ADDRESSES_SOURCES; i++) {
		if (!asked->sources[i].done) {
			addresses->late |= 1U << i;
			continue;
		}
		if (asked->sources[i].count >= 0)
			addresses->answered |= 1U << i;
		take(addresses, asked, i);
	}
	if (!ended) {
		call->context->left_behind = true;
		return;
	}
	virDomainFree(domain);
	free(asked);
}

void addresses_clear(struct addresses *addresses)
{
	for (size_t i = 0; i < addresses->count; i++) {
		free(addresses->items[i].text);
		free(addresses->items[i].mac);
	}
	free(addresses->items);
	*addresses = (struct addresses){0};
}
