// SPDX-License-Identifier: GPL-3.0-or-later
// A command that qemu-img does: its arguments from those that were given, its progress, its errors.
#pragma once

#include <stdbool.h>

#include "base/list.h"
#include "image/qemu_img.h"
#include "image/resolve.h"

struct call;
struct error;
struct json;

struct engine {
	struct qemu_img qemu_img;
	struct list files;        // local ones that it was given
	unsigned far;             // RESOLVE_FAR where --yes says so
	const char *command;      // of qemu-img
	const char *prefix;       // of the next word; NULL for none
	bool progress;            // it tells its progress
	unsigned long long total; // bytes that the progress is about, 0 where that is not known
	bool ends_falsely;        // with 1 and without a word when all is done
};

// Begins with the name of the running command, which is qemu-img's too, and the options that were
// given and are qemu-img's: those named in SKIP (ends with NULL; may be NULL), and what this
// project adds to every command, are left out.
void engine_begin(struct call *call, const char *const *skip, struct engine *engine);

// Another command of qemu-img, with those of the options that KEPT names (ends with NULL).
void engine_begin_as(struct call *call, const char *command, const char *const *kept,
		     struct engine *engine);

// Adds words to the end.
void engine_add(struct engine *engine, const char *word);
void engine_prefix(struct engine *engine, const char *prefix); // of the next word, such as "if="
void engine_add_option(struct engine *engine, const char *option, const char *value);
void engine_add_file(struct call *call, struct engine *engine, const char *name);

// The same with its format, for a command that has no option for it.
void engine_add_file_as(struct engine *engine, const char *name, const char *format);

// Adds one that is there and is written to, or with --target-image-opts settings of one.
void engine_add_output(struct call *call, struct engine *engine, const char *name);

// Lets it read NAME, an image that it is not given as a word but by an option.
void engine_allow(struct engine *engine, const char *name);

// Runs it; an exit status other than 0 is an error, which names who uses a file that is in use.
// What qemu-img warns of becomes our warning.
int engine_run(struct call *call, struct engine *engine, struct error *err);

// The same, whatever the exit status is.
int engine_ask(struct call *call, struct engine *engine, struct qemu_img_answer *answer,
	       struct error *err);

// The failure that ANSWER tells of, as above.
int engine_failure(struct call *call, const struct engine *engine,
		   const struct qemu_img_answer *answer, struct error *err);

// Passes on what qemu-img has said on its standard error that is no warning, each line as it is.
void engine_pass(struct call *call, const struct qemu_img_answer *answer);

// Shows what qemu-img has said on its standard error beside its answer.
void engine_warn(struct call *call, const struct qemu_img_answer *answer);

// Reports qemu-img's list of the settings that -o takes for the formats that are given; it looks at
// none of FILES.
int engine_help(struct call *call, const struct list *files, struct error *err);

// Runs it and reports its answer: as it is, or with --output=json where JSON is wanted.
int engine_tell(struct call *call, struct engine *engine, struct error *err);

// Runs it with --output=json; its answer, the caller's. NULL on failure.
struct json *engine_json(struct call *call, struct engine *engine, struct error *err);

// Reports the JSON that ANSWER holds, as qemu-img has laid it out.
int engine_report_json(struct call *call, const struct qemu_img_answer *answer, struct error *err);

void engine_clear(struct engine *engine);
#define auto_engine __attribute__((cleanup(engine_clear)))
