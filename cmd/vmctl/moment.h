// SPDX-License-Identifier: GPL-3.0-or-later
// Points in time of a guest: what snapshots and checkpoints, which are alike, have in common.
#pragma once

#include <stdbool.h>

#include "base/list.h"
#include "cmd/vmctl/options.h"
#include "virt/engine.h"

struct error;
struct markup;

// --- Listed and described ---

// Asked once for each: its XML, parsed.
struct moment {
	struct xml *xml;
};
int moment_look(struct call *call, void *object, void *moment);
void moment_forget(void *moment);

void moment_ask_created(const struct looked *looked, struct cell *cell);
void moment_ask_state(const struct looked *looked, struct cell *cell);
void moment_ask_parent(const struct looked *looked, struct cell *cell);
void moment_ask_shown_parent(const struct looked *looked, struct cell *cell); // "-" for none
void moment_ask_domain(const struct looked *looked, struct cell *cell);
void moment_ask_children(const struct looked *looked, struct cell *cell);
void moment_ask_descendants(const struct looked *looked, struct cell *cell);

// The `fetch` of a list: all of the guest, or with --from (or --current) those below one.
int moment_fetch(struct call *call, void ***objects, unsigned flags, struct error *err);

// Handler: the name of its parent.
int moment_parent(struct call *call, struct error *err);

// clang-format off
#define MOMENT_LOOK .look = moment_look, .size = sizeof(struct moment), .forget = moment_forget

#define MOMENT_NAME \
	FOUND("name", "Name", FIELD_TEXT, 0, "its name", FROM_NAME), \
	FOUND("domain", NULL, FIELD_TEXT, 0, "the guest", FROM_ASK(moment_ask_domain))
#define MOMENT_CREATED \
	FOUND("created", "Creation Time", FIELD_TIME, FIELD_NULL, "when it was made", \
	      FROM_ASK(moment_ask_created))
#define MOMENT_PARENT \
	FOUND("parent", "Parent", FIELD_TEXT, FIELD_NULL, "the one that it descends from", \
	      FROM(.kind = SOURCE_ASK, .ask = moment_ask_parent, .shown_when = "parent"))

#define MOMENT_INFO_HEAD \
	FOUND("name", "Name:", FIELD_TEXT, 0, "its name", FROM_NAME), \
	FOUND("domain", "Domain:", FIELD_TEXT, 0, "the guest", FROM_ASK(moment_ask_domain))
#define MOMENT_INFO_FAMILY \
	FOUND("parent", "Parent:", FIELD_TEXT, FIELD_NULL, "the one that it descends from", \
	      FROM_ASK(moment_ask_shown_parent)), \
	FOUND("children", "Children:", FIELD_INTEGER, FIELD_NULL, \
	      "how many descend from it directly", FROM_ASK(moment_ask_children)), \
	FOUND("descendants", "Descendants:", FIELD_INTEGER, FIELD_NULL, \
	      "how many descend from it at all", FROM_ASK(moment_ask_descendants))
// clang-format on

extern const struct field moment_parent_results[];
extern const struct field moment_created_results[]; // of what makes one

// --- Made ---

// Makes one of KIND in the call's guest from XML, which came from the file FROM (NULL: none).
int moment_create(struct call *call, const struct kind *kind, const char *xml, const char *from,
		  struct error *err);

// The XML that --xmlfile names, or EMPTY; the caller's.
char *moment_read(struct call *call, const char *empty, struct error *err);

enum { SPEC_KEYS = 4 };

// "FIRST,KEY=VALUE,...", in which ",," is a comma of a value.
struct spec {
	struct list pieces;
	const char *first;             // what stands before the keys; NULL where there is none
	const char *values[SPEC_KEYS]; // NULL: not given
};

// KEYS ends with NULL. With NAMED the first piece is a name, whatever it looks like. False where
// TEXT has another key, or one twice.
bool spec_read(const char *text, const char *const *keys, bool named, struct spec *spec);
void spec_clear(struct spec *spec);
#define auto_spec __attribute__((cleanup(spec_clear)))

// Refuses a value of --NAME (memspec, diskspec); FORM is what it must look like.
int spec_refuse(const char *name, const char *text, const char *form, struct error *err);

// Adds the elements that --diskspec stands for; `disk` adds one, or fails.
int spec_add_disks(struct call *call, struct markup *xml,
		   int (*disk)(struct markup *xml, const char *text, struct error *err),
		   struct error *err);
