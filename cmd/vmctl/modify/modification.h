// SPDX-License-Identifier: GPL-3.0-or-later
// One run of `modify`: what is to be changed, and what it works with.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

#include "guest/change.h"
#include "output/field.h"
#include "plan/offer.h"
#include "storage/storage.h"

struct call;
struct error;
struct guest;
struct hypervisor;
struct os;

// A definition, and what becomes of it.
struct revision {
	char *given; // as libvirt told it
	struct guest *guest;
	char *before, *after; // laid out alike
	char *difference;     // "" for none
	struct changed changed;
};

struct modification {
	struct call *call;
	virConnectPtr connection; // lent
	virDomainPtr domain;      // lent; NULL: XML comes from standard input, or there is none
	const char *name;         // of the guest, lent
	struct change change;
	struct list texts; // of the change's option
	bool shows_difference, shows_xml, defines, starts, updates, confirms, dry;
	struct offer_files files;
	bool planned, local;     // for a host that files describe; paths are this machine's
	struct hypervisor *host; // NULL: nobody needs to know it
	struct os *os;
	struct storage storage;
	struct revision lasting, running; // the definition, and the guest as it runs
	bool made;                        // the disks that are new
	bool updated, defined, started;
};

void modification_clear(struct modification *modification);
#define auto_modification __attribute__((cleanup(modification_clear)))

// What the words ask for.
int words_read(struct modification *modification, struct error *err);

// Reads the definitions that are to be changed.
int look_at_guest(struct modification *modification, struct error *err);

// Whether the definition is still what was read; an error where it is not.
int look_again(struct modification *modification, struct error *err);

// Makes the change in the XML of REVISION. What LIKE (NULL: nothing) has got is added as it is.
int revise(struct modification *modification, struct revision *revision,
	   const struct revision *like, struct error *err);

// Makes what was planned count: the running guest, the definition, the start.
int apply_update(struct modification *modification, struct error *err);
int apply_lasting(struct modification *modification, struct error *err);

// What there is to say of it.
extern const struct field modify_results[];
int result_built(struct modification *modification);
void result_difference(struct modification *modification, const struct revision *revision);
void result_end(struct modification *modification);
