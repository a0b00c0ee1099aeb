// SPDX-License-Identifier: GPL-3.0-or-later
// `why`: rows of checks, each of which looks at one thing that may be wrong with a guest and says
// what it found, where, and which command mends it.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "host/host.h"
#include "host/qemu_user.h"

struct call;
struct xml;
struct xml_element;

enum why_weight {
	WHY_NOTE,    // a fact, and no fault
	WHY_UNKNOWN, // what could not be looked at
	WHY_LIKELY,  // may be the cause
	WHY_CAUSE,
};

struct why_finding {
	const char *check;
	enum why_weight weight;
	char *what;
	char *seen; // where
	char *mend; // the command, or what else is to be done; NULL: nothing
};

// What a question is about: bits.
enum why_topic {
	WHY_START = 1,
	WHY_STOPPED = 2,
	WHY_PAUSED = 4,
	WHY_NETWORK = 8,
	WHY_SPEED = 16,
};

struct why {
	struct call *call;
	virDomainPtr domain;
	virConnectPtr connection;
	const char *name;
	int state, reason;
	unsigned topics;
	struct xml *xml; // as it runs, or as it would be started
	struct xml_element *root, *devices;
	bool local;               // its host is this machine
	struct host host;         // where it is
	struct qemu_user user;    // that QEMU runs as there; no name: the caller
	struct xml *capabilities; // of its machine and accelerator; NULL: there are none
	char *refusal;            // why there are none
	char *log_path;           // of QEMU's log, once it was looked for
	struct list log;          // the lines of its last run there; none: it cannot be read
	char *rules;              // of its host's firewall, once they were asked for
	const char *check;        // that runs
	struct why_finding *findings;
	size_t count;
};

struct why_check {
	const char *name;
	unsigned topics;
	bool local; // looks at the files and devices of the guest's host
	void (*run)(struct why *why);
};

// Each ends with a NULL name; the order is the order of equal findings.
extern const struct why_check why_start_checks[], why_disk_checks[], why_device_checks[],
	why_file_checks[], why_last_checks[], why_stopped_checks[], why_paused_checks[],
	why_network_checks[], why_speed_checks[];

// Begins a finding; the other two add to the last one.
void why_say(struct why *why, enum why_weight weight, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void why_seen(struct why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
void why_mend(struct why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

// How to change its definition: the mending of most causes.
void why_edit(struct why *why, const char *what);
