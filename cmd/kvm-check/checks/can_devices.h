// SPDX-License-Identifier: GPL-3.0-or-later
// The devices of a guest: is what they stand on here?
#pragma once

struct examination;

void can_firmware(struct examination *x);
void can_disks(struct examination *x);
void can_interfaces(struct examination *x);
void can_host_devices(struct examination *x);
void can_helpers(struct examination *x); // programs and devices beside QEMU
