// SPDX-License-Identifier: GPL-3.0-or-later
// One run of `clone`: what it works with, and what it must take away again if it fails.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

#include "base/list.h"
#include "output/field.h"
#include "storage/copy.h"
#include "storage/storage.h"

struct call;
struct error;
struct guest;
struct hypervisor;
struct xml;

struct cloner {
	struct call *call;
	virConnectPtr connection; // lent
	virDomainPtr domain;      // the original, lent; NULL: its XML comes from a file
	bool running;             // the original runs, and its present is meant
	bool planned;             // for a host that options describe: nothing can be made there
	struct hypervisor *host;
	struct guest *guest; // the clone
	char *original;      // names
	char *name;
	char *snapshot; // an internal one that the disks are taken from
	struct storage storage;
	struct copying copying;
	struct list notes;
	struct list reset;    // what --reset makes the clone's own,
	const char *reset_by; // and by what: "agent" or "cloud-init"
	char *seed;           // the image that tells the clone
	virDomainPtr made;    // the clone
	char *replaced;       // XML of the guest that was in its place
	long long frozen; // milliseconds that the original's file systems stood still; -1: never
};

void cloner_clear(struct cloner *cloner);
#define auto_cloner __attribute__((cleanup(cloner_clear)))

// Finds the original and makes the clone's XML of it.
int original_read(struct cloner *cloner, struct error *err);

// Decides names, addresses and disks, and checks that all of them can be had.
int plan_clone(struct cloner *cloner, struct error *err);

// Copies and defines; on a failure all that was made is taken away.
int make_clone(struct cloner *cloner, struct error *err);

// Fills the disks of a clone with what those of the running original hold, at one moment.
int live_copy(struct cloner *cloner, struct error *err);

// What --reset may name, for completion.
void reset_candidates(struct call *call, struct list *found);
// Reads --reset, which needs the clone's XML; and what that needs in it.
int reset_plan(struct cloner *cloner, struct error *err);
// What is to be done once the disks are there, and once the clone is defined.
int reset_make_seed(struct cloner *cloner, struct error *err);
int reset_by_agent(struct cloner *cloner, struct error *err);

// Results.
extern const struct field clone_results[];
void result_plan(struct cloner *cloner);
