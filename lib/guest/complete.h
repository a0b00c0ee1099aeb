// SPDX-License-Identifier: GPL-3.0-or-later
// What guest_complete() is made of: each part fills in what the options left open.
#pragma once

#include <stdbool.h>

#include "guest/os.h"

struct error;
struct guest;

// Facts about the guest that many defaults depend on.
bool complete_is_qemu(const struct guest *guest);
bool complete_is_x86(const struct guest *guest);
bool complete_is_arm(const struct guest *guest);
bool complete_is_pcie(const struct guest *guest); // its machine has a PCIe root
bool complete_is_virt(const struct guest *guest); // one of the machines that QEMU made up: "virt"
bool complete_is_own_arch(const struct guest *guest); // of the host
bool complete_type_is(const struct guest *guest, const char *type);
// Whether its system drives this virtio device, on a hypervisor that has it.
bool complete_virtio(const struct guest *guest, enum os_device device);

void complete_firmware(struct guest *guest);
void complete_cpu(struct guest *guest);
void complete_clock(struct guest *guest);
int complete_disks(struct guest *guest, struct error *err);
void complete_networks(struct guest *guest);
void complete_display(struct guest *guest);
void complete_controllers(struct guest *guest);
void complete_extras(struct guest *guest); // console, agent, entropy, balloon, TPM

// The features of a CPU model that keep it safe, see cpu.c.
void cpu_add_security(struct guest *guest);
