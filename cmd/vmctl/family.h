// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that nearly every kind of object has, in a row each. SYMBOL_ is what the command's
// name is in C, KIND_ its kind, OPTION_ the name of the option that names the object, NOUN_ what
// the help calls it.
#pragma once

#include "cmd/vmctl/options.h"
#include "virt/edit.h"
#include "virt/engine.h"

// clang-format off
#define FAMILY_TARGET(kind_, option_, by_) &(const struct target){&(kind_), (option_), (by_), 0}
#define FAMILY_OBJECT(kind_, option_, noun_) NEEDED_OBJECT(kind_, option_, 0, "the " noun_)

#define NAME_COMMAND(symbol_, name_, kind_, option_, noun_) \
	const struct command symbol_##_command = { \
		.name = (name_), .summary = "show the name of a " noun_ ", by its UUID", \
		.traits = COMMAND_READS, .target = FAMILY_TARGET(kind_, option_, BY_UUID), \
		.options = (const struct option[]){FAMILY_OBJECT(kind_, option_, noun_), END}, \
		.results = name_results, .run = object_name}

#define UUID_COMMAND(symbol_, name_, kind_, option_, noun_) \
	const struct command symbol_##_command = { \
		.name = (name_), .summary = "show the UUID of a " noun_ ", by its name", \
		.traits = COMMAND_READS, .target = FAMILY_TARGET(kind_, option_, BY_NAME), \
		.options = (const struct option[]){FAMILY_OBJECT(kind_, option_, noun_), END}, \
		.results = uuid_results, .run = object_uuid}

// The rest are options of its own, such as FLAG("inactive", ...).
#define DUMPXML_COMMAND(symbol_, name_, kind_, option_, noun_, ...) \
	const struct command symbol_##_command = { \
		.name = (name_), .summary = "show the definition of a " noun_ ", as XML", \
		.traits = COMMAND_READS, .target = FAMILY_TARGET(kind_, option_, BY_ANY), \
		.options = (const struct option[]){FAMILY_OBJECT(kind_, option_, noun_), \
						   __VA_ARGS__, END}, \
		.results = xml_results, .run = object_dumpxml}

#define AUTOSTART_COMMAND(symbol_, name_, kind_, option_, noun_) \
	const struct command symbol_##_command = { \
		.name = (name_), .summary = "start a " noun_ " when the host boots", \
		.target = FAMILY_TARGET(kind_, option_, BY_ANY), \
		.options = (const struct option[]){FAMILY_OBJECT(kind_, option_, noun_), \
			FLAG("disable", 0, "do not start it with the host"), END}, \
		.results = named_results, .run = object_autostart}

// The rest are options of its own, such as FLAG("validate", ...), or END.
#define DEFINE_COMMAND(symbol_, name_, kind_, noun_, failed_, ...) \
	const struct command symbol_##_command = { \
		.name = (name_), .summary = "define a " noun_ " from a file with its XML", \
		.options = (const struct option[]){NEEDED("file", NULL, "file with its XML"), \
						   __VA_ARGS__, END}, \
		.results = named_results, .run = object_define, \
		.action = &(const struct action){.kind = &(kind_), .failed = (failed_)}}
// The rest is how it is edited (edit.h).
#define EDIT_COMMAND(symbol_, name_, kind_, option_, noun_, ...) \
	const struct command symbol_##_command = { \
		.name = (name_), .summary = "change the definition of a " noun_ " in an editor", \
		.target = FAMILY_TARGET(kind_, option_, BY_ANY), \
		.options = (const struct option[]){FAMILY_OBJECT(kind_, option_, noun_), END}, \
		EDITS(__VA_ARGS__)}
// A command that calls one function on its object; the rest is the action.
#define ACT_COMMAND(symbol_, name_, summary_, kind_, option_, noun_, filter_, ...) \
	const struct command symbol_##_command = { \
		.name = (name_), .summary = (summary_), \
		.target = FAMILY_TARGET(kind_, option_, BY_ANY), \
		.options = (const struct option[]){ \
			NEEDED_OBJECT(kind_, option_, filter_, "the " noun_), END}, \
		DOES(__VA_ARGS__)}

// A command that makes an object from a file with its XML. VALIDATE_ is the flag that has it
// checked by its schema; the rest is the action.
#define FROM_FILE_COMMAND(symbol_, name_, summary_, results_, validate_, ...) \
	const struct command symbol_##_command = { \
		.name = (name_), .summary = (summary_), \
		.options = (const struct option[]){NEEDED("file", NULL, "file with its XML"), \
			FLAG("validate", validate_, "check the XML by its schema"), END}, \
		.results = (results_), .run = object_define, ACTION(__VA_ARGS__)}
// clang-format on
