// SPDX-License-Identifier: GPL-3.0-or-later
// Runs commands: matches the words, makes ready what the command needs, finds its target, calls its
// handler, writes the result or the error.
#pragma once

struct call;
struct context;
struct list;
struct report;

// The command whose name and arguments are WORDS. Gives its exit status.
int dispatch_words(struct context *context, const struct list *words);

// All commands of a string, parsed before any runs: one that cannot be parsed means that none runs.
// Gives the exit status of the last one.
int dispatch_string(struct context *context, const char *string);

// Reads a batch: each line a command string. Goes on after an error unless STOP_ON_ERROR. Gives the
// exit status of the last command that failed, 0 when none did.
int dispatch_batch(struct context *context, int fd, int stop_on_error);

// A report for what CALL finds, as it is asked for and declared.
struct report *dispatch_report(const struct call *call);
