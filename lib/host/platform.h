// SPDX-License-Identifier: GPL-3.0-or-later
// What kind of machine this is: hardware, a guest of some hypervisor, a container, WSL.
#pragma once

#include <stdbool.h>

struct host;

struct platform {
	char *hypervisor; // that this machine is a guest of, such as "KVM"; NULL for none known
	char *model;      // maker and model, as the firmware names them; NULL where it does not
	char *board;      // the maker of the board; NULL where the firmware does not name one
	char *container;  // what kind of container this is in; NULL for none known
	bool wsl;         // Windows Subsystem for Linux
	bool wsl1;        // its first version, which has no kernel of Linux
	bool paravirtual; // the kernel does not run privileged: Xen's kind PV, User Mode Linux
	bool xen_control; // Xen's privileged domain: the hypervisor is below, its tools are here
};

void platform_look(struct platform *platform, const struct host *host);
void platform_clear(struct platform *platform);
#define auto_platform __attribute__((cleanup(platform_clear)))
