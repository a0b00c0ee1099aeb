// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of many guests by one question, without waiting for guests that hang.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

struct call;
struct error;

struct figures_wish {
	unsigned groups;  // VIR_DOMAIN_STATS_..., 0 for all
	unsigned flags;   // which guests: VIR_CONNECT_GET_ALL_DOMAINS_STATS_..., 0 for all
	int milliseconds; // that each question may take
};

struct figures {
	virDomainStatsRecordPtr *records; // by name
	size_t count;
	unsigned questions; // that it took: more than one where a guest hangs
};

// Asks all guests of the call's host. A guest that is busy tells only what is known without its
// QEMU. One whose QEMU does not answer holds up the question that meets it first; that is left
// behind, and while it waits the guest counts as busy for the next question. STATUS_TIMEOUT where
// not even the states come in time.
int figures_ask(struct call *call, const struct figures_wish *wish, struct figures *figures,
		struct error *err);

void figures_clear(struct figures *figures);
#define auto_figures __attribute__((cleanup(figures_clear)))

// The figure "PREFIX.FIELD", or NULL; with INDEX >= 0 "PREFIX.INDEX.FIELD".
const virTypedParameter *figure_find(const virDomainStatsRecord *record, const char *prefix,
				     long index, const char *field);
// As a number, 0 where it is NULL, negative or none.
unsigned long long figure_value(const virTypedParameter *figure);
// Both in one.
unsigned long long figure_number(const virDomainStatsRecord *record, const char *prefix, long index,
				 const char *field);

// Whether the guest's QEMU has told what it was asked, of one that runs and was asked for its
// balloon; true for drivers that know no balloon.
bool figures_answered(const virDomainStatsRecord *record);
