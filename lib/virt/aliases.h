// SPDX-License-Identifier: GPL-3.0-or-later
// The names that libvirt itself follows to a host: uri_aliases of its client's configuration
// (connection_configuration()).
#pragma once

struct list;

// Adds the names that the file holds, for completion; none where it cannot be read.
void aliases_names(struct list *names);

// The same of CONTENT, a file's: uri_aliases = [ "NAME=URI", ... ].
void aliases_parse(const char *content, struct list *names);
