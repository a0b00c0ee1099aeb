// SPDX-License-Identifier: GPL-3.0-or-later
// Names that exist now, for completion.
#pragma once

struct call;
struct list;

void any_domains(struct call *call, struct list *found);
void active_domains(struct call *call, struct list *found);
void inactive_domains(struct call *call, struct list *found);
void running_domains(struct call *call, struct list *found);
void paused_domains(struct call *call, struct list *found);
void persistent_domains(struct call *call, struct list *found);

// Of the guest that the command line names.
void domain_disks(struct call *call, struct list *found);
void domain_interfaces(struct call *call, struct list *found);

void any_networks(struct call *call, struct list *found);
void active_networks(struct call *call, struct list *found);
void inactive_networks(struct call *call, struct list *found);
void inactive_pools(struct call *call, struct list *found);
void any_pools(struct call *call, struct list *found);
void active_pools(struct call *call, struct list *found);
// Of the pool that the command line names, else of all active ones.
void pool_volumes(struct call *call, struct list *found);
