// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of libvirt's objects as rows: how one is found, listed, named, described and released.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

#include "cli/call.h"
#include "cli/command.h"

enum kind_by {
	BY_ID = 1,
	BY_UUID = 2,
	BY_NAME = 4,
	BY_OTHER = 8, // a volume's key or path, an interface's MAC address, ...
	BY_ANY = 15,
};

struct kind {
	const char *noun;          // in messages: "failed to get network 'x'"
	const char *title;         // at the start of a sentence: "Network x started"
	const char *command;       // that lists them all, for a hint
	int missing;               // libvirt's error code for one that is not there
	bool quoted;               // sentences put its name in quotes
	const struct kind *within; // its objects are in one of this kind
	const char *within_option; // which this option names,
	bool within_optional;      // or need not name
	// All take the connection or the object that it is in; what is NULL does not exist for it.
	// Objects that they give are the caller's.
	void *(*by_id)(virConnectPtr connection, int id);
	void *(*by_uuid)(virConnectPtr connection, const char *uuid);
	void *(*by_name)(virConnectPtr connection, void *within, const char *name);
	void *(*by_other)(virConnectPtr connection, void *within, const char *name);
	const char *other; // what that takes, in a hint
	// Where NAME is not found: makes libvirt look at the host again, once. 1: it did, so that
	// another look is worth it; 0: nothing to be done; -1 with an error that tells why NAME
	// cannot be found. Wants a connection that may write.
	int (*renew)(virConnectPtr connection, void *within, const char *name, struct error *err);
	int (*list)(virConnectPtr connection, void *within, void ***objects, unsigned flags);
	// Of kinds whose objects descend from each other.
	void *(*parent)(void *object);
	int (*children)(void *object, void ***objects, unsigned flags);
	void *(*current)(void *within); // the one that is in force; NULL: there is no such
	unsigned active, inactive;      // flags of `list`; both 0: its objects have no such state
	const char *(*name)(void *object);          // lent
	int (*uuid)(void *object, char *uuid);      // VIR_UUID_STRING_BUFLEN bytes
	char *(*xml)(void *object, unsigned flags); // the caller's
	void *(*define)(virConnectPtr connection, void *within, const char *xml, unsigned flags);
	int (*get_autostart)(void *object, int *autostart);
	int (*set_autostart)(void *object, int autostart);
	// Its description, title or XML of a program's own (VIR_DOMAIN_METADATA_...).
	char *(*get_metadata)(void *object, int type, const char *uri, unsigned flags);
	int (*set_metadata)(void *object, int type, const char *text, const char *key,
			    const char *uri, unsigned flags);
	int no_metadata; // libvirt's error code where there is none
	void (*release)(void *object);
};

extern const struct kind kind_domain, kind_network, kind_port, kind_pool, kind_volume,
	kind_snapshot, kind_checkpoint, kind_interface, kind_nodedev, kind_nwfilter, kind_binding,
	kind_secret;

// The object called NAME, by the ways BY allows, in the order id, UUID, name, other; the caller's.
// NULL with an error that has STATUS_NOT_FOUND where it is not there.
void *kind_find(const struct kind *kind, virConnectPtr connection, void *within, const char *name,
		unsigned by, struct error *err);

// After libvirt has refused the definition XML: where that is because an object of its name or UUID
// is there, the error gets STATUS_CONFLICT. Returns -1.
int kind_refused(const struct kind *kind, virConnectPtr connection, const char *xml,
		 struct error *err);

// What it is called: its name, or its UUID where its kind has no names. UUID holds
// VIR_UUID_STRING_BUFLEN bytes. Lent.
const char *kind_label(const struct kind *kind, void *object, char *uuid);

// Sorts them by what they are called, case left out.
void kind_sort(const struct kind *kind, void **objects, size_t count);

// All of an array that `list` gave.
void kind_release_all(const struct kind *kind, void **objects);

// The object that the call acts on. Another kind is a fault of the program.
virDomainPtr call_domain(const struct call *call);
virNetworkPtr call_network(const struct call *call);
virStoragePoolPtr call_pool(const struct call *call);
virStorageVolPtr call_volume(const struct call *call);
virDomainSnapshotPtr call_snapshot(const struct call *call);
virInterfacePtr call_interface(const struct call *call);
virNodeDevicePtr call_nodedev(const struct call *call);
virSecretPtr call_secret(const struct call *call);
// Of any kind.
const char *call_name(const struct call *call);
// The domain that the call's object is in, or the object itself.
virDomainPtr call_within_domain(const struct call *call);
