// SPDX-License-Identifier: GPL-3.0-or-later
// Names as a tree, laid out for people as virsh does it.
#pragma once

#include <stddef.h>

struct text;

struct tree_node {
	const char *name;
	const char *parent; // the name of another node; NULL, or one that is not there: a root
};

// Children stand below their parent, in the order of NODES.
void tree_write(const struct tree_node *nodes, size_t count, struct text *out);
