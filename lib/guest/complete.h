// SPDX-License-Identifier: GPL-3.0-or-later
// What guest_complete() is made of: each part fills in what the options left open. The conditions
// are virt-install's.
#pragma once

#include <stdbool.h>

#include "guest/os.h"

struct error;
struct guest;
struct xml_element;

// Facts about the guest that many defaults depend on.
bool complete_is_qemu(const struct guest *guest); // of the connection
bool complete_is_test(const struct guest *guest);
bool complete_is_x86(const struct guest *guest);
bool complete_is_arm(const struct guest *guest);
bool complete_is_pcie(const struct guest *guest); // its machine has a PCIe root
bool complete_is_virt(const struct guest *guest); // one of the machines that QEMU made up: "virt"
bool complete_is_own_arch(const struct guest *guest); // of the host
bool complete_is_hvm(const struct guest *guest);
bool complete_is_container(const struct guest *guest);
bool complete_arch_is(const struct guest *guest, const char *arch); // or begins so
bool complete_machine_is(const struct guest *guest, const char *machine);
bool complete_type_is(const struct guest *guest, const char *type);
// Whether its system drives this virtio device, on a hypervisor that has it.
bool complete_virtio(const struct guest *guest, enum os_device device);
// It has a firmware of its own, UEFI.
bool complete_has_uefi(const struct guest *guest);

// Sets what is not set yet.
void complete_default(struct xml_element *element, const char *path, const char *value);
// A new device of this name at the end of its kind; behind all others in a guest that exists.
struct xml_element *complete_add(struct guest *guest, const char *name);
int complete_count(const struct guest *guest, const char *name);

// What an option for one device left open of it.
int complete_one_disk(struct guest *guest, struct xml_element *disk, struct error *err);
void complete_one_network(struct guest *guest, struct xml_element *interface);
void complete_one_graphics(struct guest *guest, struct xml_element *graphics);
void complete_one_video(struct guest *guest, struct xml_element *video);
void complete_one_input(struct guest *guest, struct xml_element *input);
void complete_one_sound(struct guest *guest, struct xml_element *sound);
void complete_one_tpm(struct guest *guest, struct xml_element *tpm);
void complete_one_balloon(struct guest *guest, struct xml_element *balloon);
void complete_one_watchdog(struct guest *guest, struct xml_element *watchdog);
void complete_one_vsock(struct guest *guest, struct xml_element *vsock);
void complete_one_filesystem(struct guest *guest, struct xml_element *filesystem);
void complete_one_seclabel(struct guest *guest, struct xml_element *seclabel);
// The same for all devices of this name, but disks.
void complete_each(struct guest *guest, const char *name);

// Whether the hypervisor boots single devices in an order, not kinds of them.
bool complete_orders_devices(const struct guest *guest);
// Turns the kinds that a domain boots into single devices.
void complete_order_kinds(struct xml_element *domain);
// Whether --boot names no device that options describe: then it means kinds.
void complete_boot_kinds(struct guest *guest);
int complete_firmware(struct guest *guest, struct error *err);
void complete_cpu(struct guest *guest);
void complete_chosen_cpu(struct guest *guest); // what the options say of it
void complete_clock(struct guest *guest);
void complete_features(struct guest *guest);
int complete_security(struct guest *guest, struct error *err);
int complete_disks(struct guest *guest, struct error *err);
void complete_networks(struct guest *guest);
void complete_agent(struct guest *guest); // the channel of the guest agent
void complete_display(struct guest *guest);
void complete_spice_extras(struct guest *guest); // the devices that go with a SPICE display
void complete_controllers(struct guest *guest);
enum { PCIE_ROOT_PORTS = 14 }; // places for devices that are plugged in while the guest runs
// The controllers of a machine with PCIe, unless it has some.
void complete_pcie(struct guest *guest, int ports);
void complete_extras(struct guest *guest); // console, agent, entropy, balloon, TPM
void complete_container(struct guest *guest);

// The vCPUs that the topology of a domain has room for; 0 where it has none.
long long vcpus_of_topology(const struct xml_element *domain);
// Fills in what is missing of the topology for the vCPUs that there are; it must make as many.
int vcpus_complete_topology(struct xml_element *domain, struct error *err);

// The features of a CPU model that keep it safe, see cpu.c.
void cpu_add_security(struct guest *guest);
