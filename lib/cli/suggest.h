// SPDX-License-Identifier: GPL-3.0-or-later
// "Did you mean ...?"
#pragma once

struct list;
struct option;
struct program;

// The visible command, the option, or the one of NAMES, whose name is close to NAME; NULL where
// none is.
const char *suggest_command(const struct program *program, const char *name);
const char *suggest_option(const struct option *options, const char *name);
const char *suggest_name(const struct list *names, const char *name);
