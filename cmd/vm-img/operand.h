// SPDX-License-Identifier: GPL-3.0-or-later
// The image that a command is about: looked at before qemu-img works on it, so that its format is
// given and not guessed, and what is wrong is said in our words.
#pragma once

#include <stdbool.h>

#include "image/image.h"
#include "image/image_lock.h"
#include "image/location.h"

struct chain;
struct call;
struct engine;
struct error;

struct operand {
	const char *name;
	struct location location;
	bool known;         // a local file whose header was read; else all of this is qemu-img's
	const char *told;   // the format that the user gave, lent; NULL
	struct image image; // where it is known
	struct image_lock lock;
};
#define OPERAND_NONE                                                                               \
	{                                                                                          \
		.lock = IMAGE_LOCK_NONE                                                            \
	}

// Looks at the file NAME as FORMAT; NULL: its content tells, and where a guest could have written
// what is found there and it names other files, it is refused unless --yes was given. So is a
// backing chain that QEMU would never get to the end of. What is not local, or given as settings,
// is left to qemu-img.
int operand_open(struct call *call, const char *name, const char *format, struct operand *operand,
		 struct error *err);

// The same for one that is read to its end: until the operand is closed nobody can begin to write
// to it, unless --force-share says that it does not matter.
int operand_open_to_read(struct call *call, const char *name, const char *format,
			 struct operand *operand, struct error *err);

// The same for one that is going to be changed: in use it is refused, and nobody can begin to use
// it until operand_add().
int operand_open_to_change(struct call *call, const char *name, const char *format,
			   struct operand *operand, struct error *err);

// The same for one that is to be checked: what is wrong with it is for qemu-img to say.
int operand_open_to_check(struct call *call, const char *name, const char *format,
			  struct operand *operand, struct error *err);

// The same for one whose backing file does not matter: it is not opened.
int operand_open_alone(struct call *call, const char *name, const char *format,
		       struct operand *operand, struct error *err);

// The file that the options name, looked at as above, and all that it stands on.
int operand_read_chain(struct call *call, struct chain *chain, struct error *err);

// Says which formats of the chain are not recorded: a guest may have written what is found there.
void operand_warn_of_guesses(struct call *call, const struct chain *chain);

// Adds the format with the option LETTER ("-f"), unless the user has given that, and the name.
// With the name the lock of one that is to be changed goes: qemu-img takes its own.
void operand_add_format(struct engine *engine, const struct operand *operand, const char *letter);
void operand_add_file(struct call *call, struct engine *engine, struct operand *operand);
void operand_add(struct call *call, struct engine *engine, struct operand *operand);

// What the image is now, for JSON; for people the line MESSAGE, NULL for none.
int operand_report(struct call *call, const struct operand *operand, const char *message,
		   struct error *err);

void operand_close(struct operand *operand);
#define auto_operand __attribute__((cleanup(operand_close)))

// For what is read without a lock: in the place of qemu-img it fails, unless --force-share is
// given, where somebody writes to PATH.
int operand_check_lock(struct call *call, const char *path, struct error *err);
