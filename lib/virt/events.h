// SPDX-License-Identifier: GPL-3.0-or-later
// libvirt's event loop on a thread of its own: keep-alive, streams and events need one.
#pragma once

struct error;

// Starts the loop, once for the process; must come before the first connection is opened.
int events_start(struct error *err);
