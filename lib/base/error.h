// SPDX-License-Identifier: GPL-3.0-or-later
// The one error object. A function that can fail takes `struct error *err` last, leaves it
// untouched on success and returns -1 after filling it.
#pragma once

// What a program's exit status tells (README: "Exit statuses").
enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_NOT_FOUND = 3,
	STATUS_CONFLICT = 4, // exists already, or the state does not allow it
	STATUS_TIMEOUT = 5,
	STATUS_CONNECTION = 6, // cannot connect or not authorised
	STATUS_PARTIAL = 7,    // some of many failed
	STATUS_CHECK = 8,
	STATUS_CONFIRM = 9, // refused: needs confirmation and there is no terminal
	STATUS_CHANGES = 10,
	STATUS_PROGRAM = 125, // another program's status was wanted, and there is none
	STATUS_SIGNAL = 128,  // plus the number of the signal
};

struct error {
	enum status status; // STATUS_OK: nothing has failed
	char *message;      // what failed
	char *reason;       // why; NULL where the message tells it
	char *hint;         // the command that fixes it, or NULL
	char *said;         // the lines in which the program says it whose work it is; NULL
	int code;           // of the library that failed (libvirt: VIR_ERR_...), 0 for none
};

// All return -1, so that a failing function can `return error_set(err, ...)`. An error that was set
// before is replaced.
int error_set(struct error *err, enum status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// The same with the text of errno value NUMBER as the reason; a missing file or a denied access
// gives its own status.
int error_set_errno(struct error *err, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// What was the message becomes the reason (joined to the one there was); the new message says what
// failed because of it.
int error_wrap(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

// What the commands of FORMAT name stands in single quotes (base/advice.h): "$vmctl start -- '%s'".
int error_hint(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Moves what FROM says to ERR.
int error_move(struct error *err, struct error *from);

void error_clear(struct error *err);
#define auto_error __attribute__((cleanup(error_clear)))
