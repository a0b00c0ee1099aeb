// SPDX-License-Identifier: GPL-3.0-or-later
// Names of hosts and of groups of hosts, from the files
//   /etc/vmkit/hosts and $XDG_CONFIG_HOME/vmkit/hosts (~/.config/vmkit/hosts)
// with lines
//   NAME = URI              one host
//   @GROUP = NAME NAME ...  several: names, URIs or other groups
//   # a comment
// libvirt's own uri_aliases need no line here: libvirt itself follows them.
#pragma once

#include "base/list.h"

struct call;
struct error;

struct hosts {
	struct list uris;
	struct list names; // of the same places: what a person calls them
};

void hosts_clear(struct hosts *hosts);
#define auto_hosts __attribute__((cleanup(hosts_clear)))

// Adds what WORD stands for: a URI is itself, "@GROUP" all of a group. A group that is not there
// fails.
int hosts_expand(const char *word, struct hosts *hosts, struct error *err);

// Adds the hosts that the file PATH lists, one word a line.
int hosts_read(const char *path, struct list *words, struct error *err);

// All names and groups of the files, and libvirt's own aliases, for completion.
struct list hosts_known(void);

// As candidates: those, and the URIs that there are everywhere.
void hosts_candidates(struct call *call, struct list *found);

// The lines of CONTENT, a file's, as names and what they stand for, in turn. Fails at a line that
// has neither; PATH is for the error.
int hosts_parse(const char *content, const char *path, struct list *pairs, struct error *err);
