// SPDX-License-Identifier: GPL-3.0-or-later
// What people and programs write down about a guest or a network: its title, its description, and
// XML of their own below name spaces of their own.
#pragma once

#include "cmd/vmctl/options.h"
#include "output/field.h"
#include "virt/edit.h"
#include "virt/engine.h"

// clang-format off
// Options of desc and of metadata, without the object, which comes first.
#define METADATA_STATES \
	LIVE("of what runs"), CONFIG("of its definition"), CURRENT("of the state it is in")
#define DESC_OPTIONS \
	METADATA_STATES, \
	FLAG("title", 0, "its title, one line, instead of its description"), \
	FLAG("edit", 0, "change it in an editor"), \
	{ .kind = OPTION_REST, .traits = POSITIONAL | EMPTY_OK, .name = "new-desc", \
	  .help = "the new text" }
#define METADATA_OPTIONS \
	NEEDED("uri", NULL, "name space of the metadata"), \
	METADATA_STATES, \
	FLAG("edit", 0, "change it in an editor"), \
	TEXT("key", NULL, "prefix of the name space, where it is set"), \
	TEXT("set", NULL, "the new XML"), \
	FLAG("remove", 0, "remove it")

// The rest of such a command.
#define DESCRIBES .rules = CURRENT_ALONE, .results = desc_results, .run = object_desc
#define KEEPS_METADATA \
	.rules = metadata_rules, .results = metadata_results, .run = object_metadata, \
	.action = &metadata_action
// clang-format on

extern const struct field desc_results[];
extern const struct field metadata_results[];
extern const struct rule metadata_rules[];
extern const struct action metadata_action;

int object_desc(struct call *call, struct error *err);
int object_metadata(struct call *call, struct error *err);

// The title of an object, "" where it has none; the caller's, NULL on failure.
char *metadata_title(const struct kind *kind, void *object, struct error *err);
