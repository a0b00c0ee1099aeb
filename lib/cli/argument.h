// SPDX-License-Identifier: GPL-3.0-or-later
// What a handler asks about the options and words it was given.
#pragma once

#include <stdbool.h>

struct arguments;
struct call;
struct error;
struct list;

// All of the command that runs. Asking for what its table does not declare is a bug: it asserts.
bool argument_given(const struct call *call, const char *name);
bool argument_bare(const struct call *call, const char *name); // as a word without its option
bool argument_flag(const struct call *call, const char *name);
const char *argument_text(const struct call *call, const char *name); // NULL: not given
// Which of its option's `words` the value is, to *CHOICE; untouched where it is not given. Another
// value is STATUS_USAGE.
int argument_choice(const struct call *call, const char *name, unsigned *choice, struct error *err);
long long argument_integer(const struct call *call, const char *name);       // 0: not given
unsigned long long argument_size(const struct call *call, const char *name); // in bytes
// All values of an option that repeats.
const struct list *argument_list(const struct call *call, const char *name);
// The names of the options that were given, in their order; a repeated one comes each time.
const struct list *argument_order(const struct call *call);
// The value of one of the program's own options, NULL where it is not given.
const char *argument_global(const struct call *call, const char *name);
// The value of the command's own option --connect, NULL where it has none or it is not given.
const char *argument_host(const struct call *call);
// The bits of all flags that were given, joined by OR.
unsigned argument_bits(const struct call *call);
// Of flags that stand for bits of two sets: the second set's are in the upper half.
unsigned argument_upper_bits(const struct call *call);

// The rules of the table and the form of numbers and sizes: what virsh finds out only when the
// command runs.
int argument_check_all(struct arguments *arguments, struct error *err);
