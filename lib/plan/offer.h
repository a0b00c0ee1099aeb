// SPDX-License-Identifier: GPL-3.0-or-later
// What a connection offers to guests, for all that plans guests: vm-install, modify, clone.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

#include "guest/guest.h"

struct call;
struct error;
struct hypervisor;
struct xml_element;

// Files and a URI that stand for another host; all NULL: the connection tells.
struct offer_files {
	const char *capabilities, *domain, *uri;
};

// What --host-caps, --domain-caps and --host-uri of CALL say. Lent.
struct offer_files offer_files_of(const struct call *call);

// Whether another host is meant than the connection's: nothing can be made there.
bool offer_is_planned(const struct offer_files *files);

// The URI of the host that is meant; the caller's.
char *offer_uri(virConnectPtr connection, const struct offer_files *files);

// Whether its paths are those of this machine, and the connection's too.
bool offer_is_local(virConnectPtr connection, const struct offer_files *files);

// Asks what the host has. The caller's; NULL on failure.
struct hypervisor *offer_ask(virConnectPtr connection, const struct offer_files *files,
			     struct error *err);

// Asks what the host offers to just this guest; drivers that cannot tell are no failure.
int offer_ask_domain(virConnectPtr connection, const struct offer_files *files,
		     struct hypervisor *host, const struct xml_element *domain, struct error *err);

// How options find devices of the host. The connection is lent for as long as it is used.
struct guest_look_up offer_look_up(virConnectPtr connection);
