// SPDX-License-Identifier: GPL-3.0-or-later
// Changing a definition in the user's editor, once for all that has one.
#pragma once

#include <stdbool.h>

struct call;
struct error;

// What an accepted text has made. Both are the caller's, NULL for the object of the call and
// "NOUN NAME XML configuration edited."; an empty sentence is not said.
struct edited {
	char *name;
	char *sentence;
};

struct edit {
	// The text that is edited, the caller's. NULL: what the object's kind gives with the flags
	// `reads`.
	char *(*read)(struct call *call, struct error *err);
	unsigned reads;
	bool lenient; // a driver that knows no such flags gives the only definition it has
	// Makes the text count. FLAGS are `checks`, or 0 where the user wants it unchecked. NULL:
	// the object's kind defines it.
	int (*write)(struct call *call, const char *xml, unsigned flags, struct edited *edited,
		     struct error *err);
	unsigned checks;       // the flag that has it checked against libvirt's schema, 0: none
	const char *unchecked; // the option that leaves this out; NULL: none
	const char *named;     // the option that names what is edited, where it is no object
	bool (*anyway)(
		struct call *call); // whether an unchanged text counts too; NULL: it does not
	const char *unchanged;      // sentence in which %s is the name; NULL: "... not changed."
	bool open;                  // virsh puts no newline behind that sentence
};

// Handler of a command whose action has `edit`. Where the text is not accepted, or the definition
// was changed meanwhile, the user is asked; what was typed is never lost (editor.h).
int object_edit(struct call *call, struct error *err);

// clang-format off
// The rest of a command that edits.
#define EDITS(...) \
	.traits = COMMAND_ALONE, .results = named_results, .run = object_edit, \
	.action = &(const struct action){.edit = &(const struct edit){__VA_ARGS__}}
// clang-format on
