// SPDX-License-Identifier: GPL-3.0-or-later
// What a transcript and its run are, and the two halves of its work: asking, and judging the
// answer.
#pragma once

#include <stdbool.h>

#include "base/list.h"
#include "base/text.h"

struct answer {
	char *output;
	char *errors;
	int status;
};

struct transcript {
	char *name;
	char *uri;
	char *called; // NULL: vmctl
	struct list environment;
	struct list masks; // pattern, replacement, pattern, ...
	bool not_virsh;
	int passed, failed;
	struct text differences;
};

struct run {
	bool virsh;
	bool update;
	const char *only;
	char *directory;     // made for the transcript
	char *here;          // of the file
	const char *records; // directory where answers are kept, NULL for nowhere
	int recorded;
	struct text updated;
	// Names of transcripts that are known to be answered otherwise: by this virsh, and by this
	// libvirt's test driver, whoever asks.
	struct list differences, driver_differs;
	int number, failures;
};

// Asks vmctl (or virsh) the COMMAND of a transcript, with INPUT on standard input.
void ask(struct run *run, const struct transcript *transcript, const char *command,
	 const char *input, struct answer *answer);

// What a command finds in its environment, but for what the transcript adds.
void ask_environment(const struct run *run);

// STRING, which is freed, with all of the transcript's masks laid over it.
char *mask_all(const struct transcript *transcript, char *string);

// The answer as a transcript writes it; the caller's.
char *written(const struct answer *answer);

// Compares the answer with what the transcript expects, and keeps the difference.
void judge(struct run *run, struct transcript *transcript, const char *command,
	   const char *expected, const struct answer *answer);
