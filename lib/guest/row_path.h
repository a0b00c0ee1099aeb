// SPDX-License-Identifier: GPL-3.0-or-later
// Where a sub-option's value goes in the XML: "source.host1.name" to "source/host[2]/@name".
#pragma once

struct parts;
struct suboption;
struct suboption_table;
struct xml_element;

// The path of NAME, which fits the row, below the option's element; the caller's.
char *row_path(const struct suboption *row, const char *name);

// A high index makes what comes before it too: what of that has stayed empty below ELEMENT, because
// no index was for it, goes again.
void row_path_prune(const struct suboption_table *table, const struct parts *parts,
		    struct xml_element *element);
