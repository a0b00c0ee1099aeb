// SPDX-License-Identifier: GPL-3.0-or-later
// What a hypervisor offers to guests, read from libvirt's capabilities and domain capabilities.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct error;
struct list;
struct xml;
struct xml_element;

struct host {
	char *scheme;       // of the connection: "qemu", "test", ...
	bool session;       // the user's own daemon
	bool remote;        // on another machine
	struct xml *xml;    // the capabilities
	struct xml *domain; // the domain capabilities of the guest's machine; NULL where not told
	char *kvm_refused;  // why KVM must not be used although it is offered; NULL: it may
};

// CAPABILITIES and URI are libvirt's; DOMAIN_CAPABILITIES comes later, see host_set_domain().
struct host *host_new(const char *uri, const char *capabilities, struct error *err);
void host_free(struct host *host);
void host_cleanup(struct host **host);
#define auto_host __attribute__((cleanup(host_cleanup)))

int host_set_domain(struct host *host, const char *domain_capabilities, struct error *err);

// The architecture of the host itself; the caller's.
char *host_architecture(const struct host *host);

// One way to run a guest that the capabilities list; lent elements.
struct host_offer {
	const struct xml_element *guest;  // <guest>
	const struct xml_element *domain; // its <domain type=...>
};

// The best offer for a fully virtualised guest: ARCHITECTURE and TYPE are asked for, or NULL. False
// where nothing fits.
bool host_find_offer(const struct host *host, const char *architecture, const char *type,
		     struct host_offer *offer);

// Adds the machine types of an offer, the canonical names too.
void host_machines(const struct host_offer *offer, struct list *machines);

// Whether the domain capabilities list WORD under the enum at PATH, such as
// "devices/graphics/enum[@name='type']".
bool host_allows(const struct host *host, const char *path, const char *word);
