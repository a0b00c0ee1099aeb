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
	char *bridge;       // that the default route goes through; NULL: none
	char *render_node;  // a graphics card that can draw for guests; NULL: none
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

// What a guest has to be; NULL for what does not matter.
struct host_wish {
	const char *os_type; // "hvm", "xen", "exe", "linux"
	const char *arch;
	const char *type; // of the domain: "kvm"
	const char *machine;
};

// The best offer that fits: full virtualisation before others, the host's own architecture before
// others. False where nothing fits.
bool host_find_offer(const struct host *host, const struct host_wish *wish,
		     struct host_offer *offer);

// Whether any guest of this kind and architecture runs there; NULL for any.
bool host_runs(const struct host *host, const char *os_type, const char *arch);

// The host itself has processors of x86.
bool host_has_x86(const struct host *host);

// Adds the machine types of an offer, the canonical names too.
void host_machines(const struct host_offer *offer, struct list *machines);

// Whether the domain capabilities list WORD under the enum at PATH, such as
// "devices/graphics/enum[@name='type']".
bool host_allows(const struct host *host, const char *path, const char *word);
