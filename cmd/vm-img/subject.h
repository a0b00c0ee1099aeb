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

struct subject {
	const char *name;
	struct location location;
	bool known;         // a local file whose header was read; else all of this is qemu-img's
	const char *told;   // the format that the user gave, lent; NULL
	struct image image; // where it is known
	struct image_lock lock;
};
#define SUBJECT_NONE                                                                               \
	{                                                                                          \
		.lock = IMAGE_LOCK_NONE                                                            \
	}

// Looks at the file NAME as FORMAT; NULL: its content tells, and where a guest could have written
// what is found there and it names other files, it is refused unless --yes was given. So is a
// backing chain that QEMU would never get to the end of. What is not local, or given as settings,
// is left to qemu-img.
int subject_open(struct call *call, const char *name, const char *format, struct subject *subject,
		 struct error *err);

// The same for one that is read to its end: until the subject is closed nobody can begin to write
// to it, unless --force-share says that it does not matter.
int subject_open_to_read(struct call *call, const char *name, const char *format,
			 struct subject *subject, struct error *err);

// The same for one that is going to be changed: in use it is refused, and nobody can begin to use
// it until subject_add().
int subject_open_to_change(struct call *call, const char *name, const char *format,
			   struct subject *subject, struct error *err);

// The same for one that is to be checked: what is wrong with it is for qemu-img to say.
int subject_open_to_check(struct call *call, const char *name, const char *format,
			  struct subject *subject, struct error *err);

// The same for one whose backing file does not matter: it is not opened.
int subject_open_alone(struct call *call, const char *name, const char *format,
		       struct subject *subject, struct error *err);

// The file that the options name, looked at as above, and all that it stands on.
int subject_read_chain(struct call *call, struct chain *chain, struct error *err);

// Says which formats of the chain are not recorded: a guest may have written what is found there.
void subject_warn_of_guesses(struct call *call, const struct chain *chain);

// Adds the format with the option LETTER ("-f"), unless the user has given that, and the name.
// With the name the lock of one that is to be changed goes: qemu-img takes its own.
void subject_add_format(struct engine *engine, const struct subject *subject, const char *letter);
void subject_add_file(struct call *call, struct engine *engine, struct subject *subject);
void subject_add(struct call *call, struct engine *engine, struct subject *subject);

// What the image is now, for JSON; for people the line MESSAGE, NULL for none.
int subject_report(struct call *call, const struct subject *subject, const char *message,
		   struct error *err);

void subject_close(struct subject *subject);
#define auto_subject __attribute__((cleanup(subject_close)))
