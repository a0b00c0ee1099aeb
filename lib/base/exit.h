// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a process of which a thread may still be at work in a library, because its answer was
// given up: exit handlers would free what that thread uses (of libcrypto's one of forty ended in
// "double free or corruption").
#pragma once

// Says that there may be such a thread. Safe to call from any.
void exit_at_once(void);

// For the begin of main() where libvirt is used, which writes to sockets that a daemon may just
// have closed: SIGPIPE ends the process only where nobody reads our standard output or errors any
// more.
void exit_at_own_pipes(void);

// For the return of main(): STATUS, or no return at all, but the end without exit handlers. The
// standard streams are flushed.
int exit_status(int status);
