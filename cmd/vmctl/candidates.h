// SPDX-License-Identifier: GPL-3.0-or-later
// Candidates for completion of what is no object by itself: parts of the guest that the command
// line names, what the host has, and words that libvirt knows.
#pragma once

struct call;
struct list;

void domain_disks(struct call *call, struct list *found);
void domain_interfaces(struct call *call, struct list *found);
void device_aliases(struct call *call, struct list *found);
void domain_interface_addresses(struct call *call, struct list *found);
void domain_vcpus(struct call *call, struct list *found);

void cell_numbers(struct call *call, struct list *found);
void page_sizes(struct call *call, struct list *found);
void cpu_numbers(struct call *call, struct list *found);
void cpus_online(struct call *call, struct list *found);

// Words that libvirt knows; each ends with NULL.
extern const char *const architectures[];
extern const char *const domain_types[];
extern const char *const image_formats[];
extern const char *const device_drivers[];
extern const char *const compression_methods[];
extern const char *const socket_modes[];
