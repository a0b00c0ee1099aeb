// SPDX-License-Identifier: GPL-3.0-or-later
// vmctl called as virsh: its variables, its versions, its way with commands on standard input.
#pragma once

struct call;
struct context;

// The level that $VIRSH_DEBUG names, TRACE_LEVEL_MOST where it names none; says so where it names
// nonsense.
int virsh_debug(const struct call *call);

// The file that $VIRSH_LOG_FILE names; NULL for none.
const char *virsh_log(void);

// The URI where none is given; "" where libvirt decides.
const char *virsh_uri(void);

// The library's version, on a line of its own, or with all that belongs to it.
void virsh_version(struct context *context);
void virsh_long_version(struct context *context);

// What the shell shows first.
void virsh_welcome(struct context *context);

// "virsh # ", or " > " where nothing can be changed.
char *virsh_prompt(const struct context *context);

// Runs the commands that INPUT, a descriptor, gives as if they were typed: each with its prompt,
// and the exit status is 0.
int virsh_batch(struct context *context, int input);
