// SPDX-License-Identifier: GPL-3.0-or-later
// From the options to a complete guest: its system, its host, its devices. Nothing is made yet.
#pragma once

#include "guest/suboption.h"

struct error;
struct installation;

extern const struct suboption_table osinfo_table;

// Whether --osinfo can be read.
int plan_os_check(struct installation *installation, struct error *err);

// Finds the operating system that --osinfo or the medium names.
int plan_os(struct installation *installation, struct error *err);

// Connects, and asks what the host offers; decides whether KVM may be used.
int plan_host(struct installation *installation, struct error *err);

// Asks what the host offers to just this guest; drivers that cannot tell are no failure.
int plan_domain_capabilities(struct installation *installation, struct error *err);

// Reads all options into the guest and fills in what they leave open; the host is known.
int plan_guest(struct installation *installation, struct error *err);

// Older options say as the newer ones do: read as those.
int plan_old_options(struct installation *installation, struct error *err);

// Arguments for the kernel that it is installed with, and files for its initrd.
int plan_kernel_options(struct installation *installation, struct error *err);

// How it is installed: --cdrom, --location, ...
int plan_method(struct installation *installation, struct error *err);
