// SPDX-License-Identifier: GPL-3.0-or-later
// The options of a guest in the tables of programs: rows, completion, and what they answer to
// `help`.
#pragma once

#include "guest/registry.h"

struct call;
struct list;
struct suboption_table;

// The table behind the option NAME ("disk"); NULL where it has no sub-options.
typedef const struct suboption_table *(*table_of)(const char *name);

// Completes the names of operating systems, and "list".
void guest_options_systems(struct call *call, struct list *found);

// Completes the names behind the last comma of an option's value.
void guest_options_complete(struct call *call, table_of tables, struct list *found);

// Answers what is asked of the options themselves, as the result "names": the sub-options of every
// option of CALL's command that is asked for them, as by `--disk help`, or the operating systems
// by `--osinfo list`. False where nothing is asked.
bool guest_options_answer(struct call *call, table_of tables);

// clang-format off
// GUEST_OPTIONS(GUEST_ROW) is the rows; `suboptions` is the program's candidates.
#define GUEST_ROW(identifier_, letter_, traits_, name_, help_) \
	{ .kind = OPTION_TEXT, .traits = REPEATS | (traits_), .letter = (letter_), .name = (name_), \
	  .value = "sub-options", .candidates = suboptions, .help = (help_) },

// Names that the peers gave those options once.
#define GUEST_ALIASES \
	ALIAS("os-variant", "osinfo"), ALIAS("host-device", "hostdev"), ALIAS("soundhw", "sound"), \
	ALIAS("security", "seclabel"), ALIAS("launchsecurity", "launchSecurity")

// Options of all that plans guests. CANDIDATES may be NULL.
#define PLAN_HOST(traits_) \
	{ .kind = OPTION_TEXT, .traits = (traits_), .name = "host-caps", \
	  .help = "plan for a host whose capabilities are in this file" }, \
	{ .kind = OPTION_TEXT, .traits = (traits_), .name = "domain-caps", \
	  .help = "and whose domain capabilities are in this one" }, \
	{ .kind = OPTION_TEXT, .traits = (traits_), .name = "host-uri", \
	  .help = "and whose URI this is" }
#define PLAN_CHECK(candidates_) \
	{ .kind = OPTION_TEXT, .traits = REPEATS, .name = "check", .value = "sub-options", \
	  .candidates = (candidates_), \
	  .help = "checks that only warn: path_in_use=off, disk_size=, path_exists=, mac_in_use=, all=" }, \
	ALIAS("force", "check=all=off")
#define PLAN_QUIET \
	{ .kind = OPTION_FLAG, .traits = ASKS_QUIET, .letter = 'q', .name = "quiet", \
	  .help = "say nothing but errors" }
// What the peer PEER took once, or takes without need.
#define PLAN_OLD(peer_, letter_, name_) \
	{ .kind = OPTION_FLAG, .traits = HIDDEN, .letter = (letter_), .name = (name_), \
	  .help = "for command lines of " peer_ "; it changes nothing" }
// clang-format on
