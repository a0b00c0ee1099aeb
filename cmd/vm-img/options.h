// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that many commands' option tables share. The short forms are qemu-img's of all versions, the
// long ones those of its version 11.
#pragma once

#include <stdbool.h>

#include "cli/command.h"

extern const char *const options_human_or_json[]; // the words of --output
extern const char *const options_caches[];        // the words of a cache mode
extern const char *const options_preallocations[];

// Whether the running command has an option of this name at all.
bool options_declared(const struct call *call, const char *name);

// Whether what exists is replaced: with --force, and unasked in the place of qemu-img.
bool options_replace(const struct call *call);

// Whether the settings ask which ones there are: -o help, as in qemu-img.
bool options_help(const struct call *call);

// The formats there are.
void options_formats(struct call *call, struct list *found);

// clang-format off
#define IMAGE_FILE(help_) \
	{ .kind = OPTION_TEXT, .traits = REQUIRED | POSITIONAL, .name = "file", .help = (help_) }
#define FORMAT_AS(letter_, name_, help_) \
	{ .kind = OPTION_TEXT, .letter = (letter_), .name = (name_), .value = "format", \
	  .candidates = options_formats, .help = (help_) }
#define FORMAT FORMAT_AS('f', "format", "format of the image (default: its first bytes tell)")
// The version 11 of qemu-img has -B for it.
#define BACKING_FORMAT \
	{ .kind = OPTION_TEXT, .letter = 'F', .second = 'B', .name = "backing-format", \
	  .value = "format", .candidates = options_formats, \
	  .help = "format of the backing file, which is recorded" }
#define FORMAT_OPTIONS \
	{ .kind = OPTION_TEXT, .traits = REPEATS, .letter = 'o', .name = "options", \
	  .value = "settings", .help = "settings of the format: NAME=VALUE,..., or help" }
#define IMAGE_OPTS FLAG("image-opts", 0, \
	"the file name is a list of settings, such as driver=qcow2,file.filename=NAME")
#define OBJECT \
	{ .kind = OPTION_TEXT, .traits = REPEATS, .name = "object", .value = "definition", \
	  .help = "an object that QEMU needs, such as secret,id=NAME,file=FILE" }
#define FORCE_SHARE \
	{ .kind = OPTION_FLAG, .letter = 'U', .name = "force-share", \
	  .help = "read it although a guest may be writing to it" }
#define OUTPUT \
	{ .kind = OPTION_TEXT, .traits = ASKS_JSON, .name = "output", .value = "how", \
	  .words = options_human_or_json, .help = "json is the same as --json" }
#define QUIET \
	{ .kind = OPTION_FLAG, .traits = ASKS_QUIET, .letter = 'q', .name = "quiet", \
	  .help = "say nothing but errors" }
#define PROGRESS \
	{ .kind = OPTION_FLAG, .letter = 'p', .name = "progress", \
	  .help = "show progress; on a terminal it is shown anyway unless --quiet" }
#define CACHE_AS(letter_, name_, help_) \
	{ .kind = OPTION_TEXT, .letter = (letter_), .name = (name_), .value = "mode", \
	  .words = options_caches, .help = (help_) }
#define PREALLOCATION(help_) \
	{ .kind = OPTION_TEXT, .name = "preallocation", .value = "mode", \
	  .words = options_preallocations, .help = (help_) }
// A value that qemu-img takes as it is.
#define VALUE(letter_, name_, value_, help_) \
	{ .kind = OPTION_TEXT, .letter = (letter_), .name = (name_), .value = (value_), \
	  .help = (help_) }
#define SWITCH(letter_, name_, help_) \
	{ .kind = OPTION_FLAG, .letter = (letter_), .name = (name_), .help = (help_) }
#define FORCE(help_) FLAG("force", 0, help_)
#define CONNECT \
	{ .kind = OPTION_TEXT, .letter = 'c', .name = "connect", .value = "URI", \
	  .help = "libvirt to ask, where it has to be asked (default: that of vmctl)" }
#define LOCAL FLAG("local", 0, "do not ask libvirt for guests that are off")
#define LOCAL FLAG("local", 0, "do not ask libvirt for guests that are off")
#define IN_POOL \
	{ .kind = OPTION_TEXT, .traits = REQUIRED | POSITIONAL, .name = "pool", \
	  .help = "pool of libvirt" }
#define LIVE FLAG("live", 0, "let the running guest that uses it do it")
#define YES FLAG("yes", 0, "do not ask")
#define SHRINK FLAG("shrink", 0, "the disk may become smaller: what is at its end is lost")
// clang-format on
