// SPDX-License-Identifier: GPL-3.0-or-later
// Which hosts and objects a call is for: struct program's `divide`, `release`, `objects` and
// `prepare`.
#pragma once

#include "virt/kinds.h"

struct calls;
struct error;
struct list;

// Connects the hosts of the call side by side and finds the object that it names on each; where the
// word is no name but a selector (cli/selector.h), all that it takes.
int targets_divide(struct call *call, struct calls *calls, struct error *err);
void targets_release(struct call *call);

// Of a command that is COMMAND_OFFLINE and makes one answer of what all hosts tell: connects them
// side by side and calls EACH for those that can be reached, in their order, with a call of that
// host's own (whose `host` is NULL where there is only one). A host that fails costs its own error;
// where others answered it is STATUS_PARTIAL.
int targets_each(struct call *call, int (*each)(struct call *own, void *data, struct error *err),
		 void *data, struct error *err);

// Connects the first host, for what needs no more, such as completion.
int targets_prepare(struct call *call, struct error *err);

// The names that the value of OPTION may have.
void targets_candidates(struct call *call, const struct option *option, struct list *found);

// The object of the kind of OPTION, one that is no target, that its value names; the caller's, by
// the kind's `release`. NULL with an error.
void *targets_find_other(struct call *call, const char *option, const struct kind *kind,
			 struct error *err);
