// SPDX-License-Identifier: GPL-3.0-or-later
// A command's JSON as a JSON Schema, written from its declared results.
#pragma once

struct command;
struct json;
struct program;

// The schema (draft 2020-12) of what COMMAND prints with --json, the caller's. Of a stream it is
// that of each line.
struct json *schema_of(const struct program *program, const struct command *command);

// An object with the schema of each command that has results, by its name; the caller's.
struct json *schema_of_all(const struct program *program);
