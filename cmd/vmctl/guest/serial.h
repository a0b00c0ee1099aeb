// SPDX-License-Identifier: GPL-3.0-or-later
// What a guest writes to its text console.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct error;
struct serial;

// Nothing is opened yet. LOGGED: only the last of its log is wanted, and its console is left alone.
struct serial *serial_new(virDomainPtr domain, bool logged);
void serial_free(struct serial *serial);
void serial_cleanup(struct serial **serial);
#define auto_serial __attribute__((cleanup(serial_cleanup)))

// Takes in what was written since, without waiting: from the log of the console where that can be
// read here, which takes it from nobody; else from the console itself, which is opened once the
// guest runs: STATUS_CONFLICT where another has it.
int serial_hear(struct serial *serial, struct error *err);

// The end of all that was heard, lines ended by '\n' alone; lent.
const char *serial_text(const struct serial *serial);

// Its last COUNT lines, without what ends the last one; lent until it is heard again.
const char *serial_last_lines(struct serial *serial, size_t count);
