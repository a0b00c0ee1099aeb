// SPDX-License-Identifier: GPL-3.0-or-later
// From the options to a complete guest: its system, its host, its devices. Nothing is made yet.
#pragma once

struct error;
struct installation;

// Finds the operating system that --osinfo names.
int plan_os(struct installation *installation, struct error *err);

// Connects, and asks what the host offers; decides whether KVM may be used.
int plan_host(struct installation *installation, struct error *err);

// Asks what the host offers to just this guest; drivers that cannot tell are no failure.
int plan_domain_capabilities(struct installation *installation, struct error *err);

// Reads all options into the guest and fills in what they leave open.
int plan_guest(struct installation *installation, struct error *err);
