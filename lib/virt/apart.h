// SPDX-License-Identifier: GPL-3.0-or-later
// A connection of its own for a call that waits for its guest. Threads that share one wait in turn
// for what the server says: one of them listens for all, and libvirt's client (9.0) may miss to
// wake it when another has something to ask. Then that one, and all events, come only after what
// the listener waits for: the agent of a guest that hangs takes five seconds to be given up.
#pragma once

struct call;

// The call has a connection of its own, on which its guest is found again, until apart_end(). Where
// that cannot be, everything stays as it was: no guest of QEMU's on this machine (a host far away
// would have as many logins as guests), or the server takes no more clients.
void apart_begin(struct call *call);
void apart_end(struct call *call);
