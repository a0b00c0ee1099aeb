// SPDX-License-Identifier: GPL-3.0-or-later
// libvirt's event loop on a thread of its own: keep-alive, streams and events need one.
#pragma once

struct error;

// Makes the loop ready, once for the process; must come before the first connection is opened. Its
// thread begins with the first thing that there is to wait for.
int events_start(struct error *err);
