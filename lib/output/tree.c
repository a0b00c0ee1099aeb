// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/tree.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"

struct tree {
	const struct tree_node *nodes;
	size_t count;
	bool *written; // which of them: a name that stands twice, or is its own parent, ends there
	struct text *out;
};

// The next child of PARENT after node I that is not written yet; the count of nodes for none.
static size_t next_child(const struct tree *tree, const char *parent, size_t i)
{
	for (; i < tree->count; i++)
		if (!tree->written[i] && text_equal(tree->nodes[i].parent, parent))
			return i;
	return tree->count;
}

// BELOW is the indent of what stands under node I, which is the LAST of its parent.
static void write_node(struct tree *tree, size_t i, const char *indent, const char *below,
		       bool last)
{
	const char *name = tree->nodes[i].name;
	size_t child = next_child(tree, name, 0), next;

	if (child == tree->count && last)
		text_append_format(tree->out, "%s%s\n", indent, *below ? "  " : "");
	if (child < tree->count)
		text_append_format(tree->out, "%s  |\n", below);
	for (; child < tree->count; child = next) {
		auto_free char *inner = text_format("%s  ", below), *under = NULL;

		tree->written[child] = true;
		next = next_child(tree, name, child + 1);
		under = text_format("%s%s", inner, next < tree->count ? "| " : "  ");
		text_append_format(tree->out, "%s+- %s\n", inner, tree->nodes[child].name);
		write_node(tree, child, inner, under, next == tree->count);
	}
}

static bool is_root(const struct tree *tree, size_t i)
{
	for (size_t k = 0; tree->nodes[i].parent && k < tree->count; k++)
		if (text_equal(tree->nodes[k].name, tree->nodes[i].parent))
			return false;
	return true;
}

void tree_write(const struct tree_node *nodes, size_t count, struct text *out)
{
	struct tree tree = {
		.nodes = nodes,
		.count = count,
		.written = memory_new(count, sizeof(bool)),
		.out = out,
	};

	for (size_t i = 0; i < count; i++) {
		if (!is_root(&tree, i))
			continue;
		tree.written[i] = true;
		text_append_format(out, "%s\n", nodes[i].name);
		write_node(&tree, i, "", "", true);
	}
	free(tree.written);
}
