// SPDX-License-Identifier: GPL-3.0-or-later
// The addresses of a guest, from all who may know them.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

struct call;

// Bit N is source N of enum virDomainInterfaceAddressesSource.
enum {
	ADDRESSES_LEASE = 1 << VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
	ADDRESSES_AGENT = 1 << VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
	ADDRESSES_ARP = 1 << VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP,
	ADDRESSES_SOURCES = 3,
};

struct address {
	char *text;
	char *mac; // may be NULL
	bool ipv6;
	unsigned prefix;
	unsigned sources; // that know it
};

struct addresses {
	struct address *items; // IPv4 first
	size_t count;
	unsigned answered; // sources that could tell
	unsigned late;     // and those that did not answer in time
};

// Asks leases, agent and ARP table side by side, for MILLISECONDS at most; a source that does not
// answer is left behind. Addresses of the loopback and of the link alone are left out.
void addresses_find(struct call *call, virDomainPtr domain, int milliseconds,
		    struct addresses *addresses);

void addresses_clear(struct addresses *addresses);
#define auto_addresses __attribute__((cleanup(addresses_clear)))
