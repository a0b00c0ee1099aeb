// SPDX-License-Identifier: GPL-3.0-or-later
// What a hypervisor offers to guests, read from libvirt's capabilities and domain capabilities.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct error;
struct list;
struct xml;
struct xml_element;

struct hypervisor {
	char *scheme;       // of the connection: "qemu", "test", ...
	bool session;       // the user's own daemon
	bool remote;        // on another machine
	struct xml *xml;    // the capabilities
	struct xml *domain; // the domain capabilities of the guest's machine; NULL where not told
	char *bridge;       // that the default route goes through; NULL: none
	char *render_node;  // a graphics card that can draw for guests; NULL: none
	char *kvm_refused;  // why KVM must not be used although it is offered; NULL: it may
};

// CAPABILITIES and URI are libvirt's; DOMAIN_CAPABILITIES comes later, see hypervisor_set_domain().
struct hypervisor *hypervisor_new(const char *uri, const char *capabilities, struct error *err);
void hypervisor_free(struct hypervisor *host);

int hypervisor_set_domain(struct hypervisor *host, const char *domain_capabilities,
			  struct error *err);

// The architecture of the host itself; the caller's.
char *hypervisor_architecture(const struct hypervisor *host);

// One way to run a guest that the capabilities list; lent elements.
struct hypervisor_offer {
	const struct xml_element *guest;  // <guest>
	const struct xml_element *domain; // its <domain type=...>
};

// What a guest has to be; NULL for what does not matter.
struct hypervisor_wish {
	const char *os_type; // "hvm", "xen", "exe", "linux"
	const char *arch;
	const char *type; // of the domain: "kvm"
	const char *machine;
};

// The best offer that fits: full virtualisation before others, the host's own architecture before
// others. False where nothing fits.
bool hypervisor_find_offer(const struct hypervisor *host, const struct hypervisor_wish *wish,
			   struct hypervisor_offer *offer);

// Whether any guest of this kind and architecture runs there; NULL for any.
bool hypervisor_runs(const struct hypervisor *host, const char *os_type, const char *arch);

// The host itself has processors of x86.
bool hypervisor_has_x86(const struct hypervisor *host);

// Adds the machine types of an offer, the canonical names too.
void hypervisor_machines(const struct hypervisor_offer *offer, struct list *machines);

// Whether the domain capabilities list WORD under the enum at PATH, such as
// "devices/graphics/enum[@name='type']".
bool hypervisor_allows(const struct hypervisor *host, const char *path, const char *word);
