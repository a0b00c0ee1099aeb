// SPDX-License-Identifier: GPL-3.0-or-later
// Installation trees: where their kernel and initrd are, and which system they install.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct error;
struct installation;

struct tree {
	char *location; // a directory, an ISO image or a URL, without a slash at its end
	char *kernel;   // below it
	char *initrd;
	char *argument; // for the kernel, so that the installer finds the tree; NULL for none
	char *os;       // id of the system; NULL: not known
	char *treeinfo; // the content of its .treeinfo; NULL: it has none
	char *sums;     // of a URL: the checksums that are published with it; NULL: none are
	size_t sums_at; // characters of the paths of its files that those in `sums` do without
	bool image;     // it is an ISO image
};

void tree_clear(struct tree *tree);
#define auto_tree __attribute__((cleanup(tree_clear)))

// Finds the kernel and the initrd, unless they are given, and what else can be known.
int tree_find(struct installation *installation, struct tree *tree, struct error *err);

// Copies the file NAME of the tree to a scratch file, and checks it where its checksum is
// published; its path is the caller's, NULL on failure.
char *tree_get(struct installation *installation, const struct tree *tree, const char *name,
	       struct error *err);

// What an ISO image holds, by its header; the caller's, or NULL.
char *tree_detect_image(const char *path);
