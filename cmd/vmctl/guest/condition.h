// SPDX-License-Identifier: GPL-3.0-or-later
// What can be waited for about a guest.
#pragma once

#include <libvirt/libvirt.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

struct call;
struct error;
struct list;

struct condition {
	const struct condition_kind *kind;
	const char *argument;        // behind the colon; NULL for none. Lent
	const char *typed;           // as the user wrote it; lent
	regex_t pattern;             // that is waited for on the console, where the argument is one
	const struct serial *serial; // where it is; lent
	long long due;               // of clock_milliseconds(): the next look
	bool met;
};

// CONDITIONS is an array of as many as there are NAMES, all zero; conditions_clear() it, also when
// this fails.
int conditions_parse(const struct list *names, struct condition *conditions, struct error *err);

void conditions_clear(struct condition *conditions, size_t count);

// Waits until one of them (ANY) or all have been met, or until MILLISECONDS are over (0: no end):
// STATUS_TIMEOUT, which names what is missing and has the last lines of the
// console as its reason, where they can be read. STATUS_CONFLICT where another has the console that
// is to be heard. Events come first; then the state is read again.
int conditions_wait(struct call *call, virDomainPtr domain, struct condition *conditions,
		    size_t count, bool any, long long milliseconds, struct error *err);

// Waits for the one called NAME.
int condition_wait(struct call *call, virDomainPtr domain, const char *name, long long milliseconds,
		   struct error *err);

// The names of all, for completion.
void conditions_add_names(struct list *found);
