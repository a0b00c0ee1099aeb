// SPDX-License-Identifier: GPL-3.0-or-later
// qemu-img as a child: the engine for what reads and writes the contents of images.
#pragma once

#include <stddef.h>

#include "base/confinement.h"
#include "base/list.h"

struct error;

// One run of it: built by the functions below, then run once.
struct qemu_img {
	struct list arguments;          // without the program's name
	struct confinement confinement; // what it may do: resolve.h. Objects that the arguments
					// define are added
	size_t most;                    // bytes of output, 0 for 1 MiB; more is an error
	// Called with the part that is done, 0 to 1, while a child that was asked for progress
	// (-p) runs; NULL: not wanted.
	void (*progress)(void *data, double part);
	// Called several times a second while it runs, NULL: not wanted.
	void (*tick)(void *data);
	void *data; // for both
};

// Begins with the subcommand, NULL for none yet: confined to no files.
void qemu_img_begin(struct qemu_img *qemu_img, const char *command);

// Adds to the end: a word; an option such as "-f" with its value, nothing where VALUE is NULL; a
// file, whatever characters its name begins with.
void qemu_img_word(struct qemu_img *qemu_img, const char *word);
void qemu_img_option(struct qemu_img *qemu_img, const char *option, const char *value);
void qemu_img_file(struct qemu_img *qemu_img, const char *path);

// Asks it for its progress, which HEAR is called with; nothing where HEAR or DATA is NULL.
void qemu_img_hear(struct qemu_img *qemu_img, void (*hear)(void *data, double part), void *data);

struct qemu_img_answer {
	int exit_status;
	char *output;
	char *failure;  // its first message that is no warning; NULL where there is none
	char *messages; // all that are no warnings, one a line; NULL where there are none
	char *said;     // the same with its name before them, as it says them; NULL
	char *warnings; // one a line; NULL where there are none
};

// Runs it to its end. Fails only where it cannot be run, is interrupted or says too much; what its
// exit status means differs by subcommand.
int qemu_img_run(struct qemu_img *qemu_img, struct qemu_img_answer *answer, struct error *err);

// The same, but an exit status other than 0 fails with its message.
int qemu_img_must(struct qemu_img *qemu_img, struct qemu_img_answer *answer, struct error *err);

// Fails with what the answer of a child that did not succeed says.
int qemu_img_failure(const struct qemu_img_answer *answer, struct error *err);

// Runs it with WORDS on our own streams, as it is: nothing that it does is kept from it. Gives its
// exit status, or -1.
int qemu_img_run_itself(const struct list *words, struct error *err);

// Adds what qemu-img says of the same failure: that is shown where we stand in its place.
int qemu_img_say(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

void qemu_img_clear(struct qemu_img *qemu_img);
#define auto_qemu_img __attribute__((cleanup(qemu_img_clear)))

void qemu_img_answer_clear(struct qemu_img_answer *answer);
#define auto_qemu_img_answer __attribute__((cleanup(qemu_img_answer_clear)))
