// SPDX-License-Identifier: GPL-3.0-or-later
// Names that exist now, for completion, of what is no object by itself: parts of the guest that the
// command line names.
#pragma once

struct call;
struct list;

void domain_disks(struct call *call, struct list *found);
void domain_interfaces(struct call *call, struct list *found);
void device_aliases(struct call *call, struct list *found);
