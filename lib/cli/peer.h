// SPDX-License-Identifier: GPL-3.0-or-later
// A program that is called by a peer's name, as through a link `virsh`, stands in its place.
#pragma once

struct context;
struct error;
struct list;

// Takes from CALLED, the program's argv[0], what it is called, and whether that is a peer's name.
void peer_recognise(struct context *context, const char *called);

// The exit status of words that cannot be parsed; any other failure of a peer is STATUS_FAILED.
int peer_usage(const struct context *context);

// What the peer itself says to WORDS: where FAILED is wrong usage, or NULL, and nothing was done.
// Gives its exit status, or -1 where it is not asked.
int peer_ask(struct context *context, const struct list *words, const struct error *failed);

// Runs the command that stands in the place of the whole peer with WORDS; gives the exit status.
int peer_run(struct context *context, const struct list *words);
