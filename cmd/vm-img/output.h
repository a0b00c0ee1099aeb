// SPDX-License-Identifier: GPL-3.0-or-later
// The new image that qemu-img makes of others: staged, not over what is read for it, only where
// there is room for it.
#pragma once

#include <stdbool.h>

#include "image/destination.h"
#include "image/location.h"
#include "image/settings.h"

struct call;
struct engine;
struct error;
struct list;

struct output {
	const char *name;   // as the user gave it
	const char *format; // never NULL
	struct location location;
	struct settings settings;
	struct destination destination;
};

// Begins NAME of FORMAT (NULL: raw) with SETTINGS, texts for -o (NULL: none), on the file BACKING
// (NULL: none). What is there is replaced with --force.
int output_begin(struct call *call, struct output *output, const struct list *settings,
		 const char *backing, struct error *err);

// Fails where the output would replace a file that INPUTS stand on. An input itself may be
// replaced: it is read to the end before.
int output_check_inputs(struct call *call, const struct output *output, const struct list *inputs,
			struct error *err);

// Fails where there is no room for what MEASURE, a command for qemu-img that lacks the format and
// the name, finds in INPUT; what cannot be measured passes.
int output_check_room(struct call *call, const struct output *output, struct engine *measure,
		      const char *input, struct error *err);

// Runs ENGINE with the output's name at the end, puts what it made in place and reports what that
// is.
int output_make(struct call *call, struct output *output, struct engine *engine, struct error *err);

void output_close(struct output *output);
#define auto_output __attribute__((cleanup(output_close)))
