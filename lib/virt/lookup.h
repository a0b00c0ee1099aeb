// SPDX-License-Identifier: GPL-3.0-or-later
// Objects by what a person calls them.
#pragma once

#include <libvirt/libvirt.h>

struct error;

enum lookup_by {
	LOOKUP_ID = 1,
	LOOKUP_UUID = 2,
	LOOKUP_NAME = 4,
	LOOKUP_ANY = 7,
};

// The domain called NAME, tried in the order id, UUID, name among the ways BY allows; the caller's.
virDomainPtr lookup_domain(virConnectPtr connection, const char *name, unsigned by,
			   struct error *err);

// The network of this UUID or name, whichever BY allows; the caller's.
virNetworkPtr lookup_network(virConnectPtr connection, const char *name, unsigned by,
			     struct error *err);

// The pool of this UUID or name, whichever BY allows; the caller's.
virStoragePoolPtr lookup_pool(virConnectPtr connection, const char *name, unsigned by,
			      struct error *err);

// The volume of this name, in POOL (NULL: in no known one), key or path; the caller's.
virStorageVolPtr lookup_volume(virConnectPtr connection, const char *name, virStoragePoolPtr pool,
			       struct error *err);
