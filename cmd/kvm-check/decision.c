// SPDX-License-Identifier: GPL-3.0-or-later
// KVM, TCG or unknown: what an examination comes to, from the probe or else from evidence.
#include <stddef.h>

#include "base/text.h"
#include "cmd/kvm-check/check.h"

const char *accelerator_word(enum accelerator accelerator)
{
	static const char *const words[] = {[ACCELERATOR_UNKNOWN] = "unknown",
					    [ACCELERATOR_KVM] = "kvm",
					    [ACCELERATOR_TCG] = "tcg"};

	return words[accelerator];
}

bool examination_about_guests(const struct examination *x)
{
	return x->judged || x->all_purposes & (PURPOSE_GUESTS | PURPOSE_QEMU | PURPOSE_CH);
}

// The lowest failure; of several in one layer the last, which is the more particular one.
static size_t find_root(const struct examination *x)
{
	size_t root = x->count;

	for (size_t i = 0; i < x->count; i++) {
		const struct finding *finding = &x->findings[i];

		if (finding->layer != LAYER_NONE && finding->verdict == VERDICT_FAIL &&
		    (root == x->count || finding->layer <= x->findings[root].layer))
			root = i;
	}
	return root;
}

// What goes wrong above the cause, or beside it, follows from it.
static void find_followers(struct examination *x)
{
	const struct finding *root = &x->findings[x->decision.root];

	for (size_t i = 0; x->decision.root < x->count && i < x->count; i++) {
		struct finding *finding = &x->findings[i];
		bool beside = finding->layer == root->layer && finding->verdict == VERDICT_FAIL;

		if (finding != root && finding->verdict > VERDICT_NOTE &&
		    (finding->layer > root->layer || beside))
			finding->cause = root->check;
	}
}

static bool passed(const struct examination *x, enum layer layer)
{
	for (size_t i = 0; i < x->count; i++)
		if (x->findings[i].layer == layer && x->findings[i].verdict == VERDICT_PASS)
			return true;
	return false;
}

static void decide(struct decision *decision, enum accelerator accelerator, const char *reason)
{
	decision->accelerator = accelerator;
	decision->reason = text_copy(reason);
}

static void decide_by_root(struct decision *decision, const struct finding *root)
{
	decision->one_fix = root->one_fix;
	decision->accelerator = ACCELERATOR_TCG;
	decision->reason = root->one_fix ? text_copy(root->one_fix)
			   : root->layer == LAYER_PROCESSOR || root->layer >= LAYER_PROBE
				   ? text_copy(root->detail)
				   : text_format("%s: %s", finding_title(root), root->detail);
}

// Without a probe: only evidence counts. That nothing speaks against it is none.
static void decide_by_evidence(struct examination *x)
{
	struct decision *decision = &x->decision;

	if (passed(x, LAYER_PROCESSOR) && passed(x, LAYER_ACCESS))
		decide(decision, ACCELERATOR_KVM,
		       "the CPU can, and /dev/kvm may be opened; no guest was run to try it");
	else if (x->host->root.live)
		decide(decision, ACCELERATOR_UNKNOWN,
		       "only running a guest would tell, and the probe was left out");
	else if (passed(x, LAYER_PROCESSOR))
		decide(decision, ACCELERATOR_UNKNOWN,
		       "the CPU can, but this recording does not tell about /dev/kvm");
	else
		decide(decision, ACCELERATOR_UNKNOWN,
		       "this recording does not tell whether KVM works");
}

void decision_make(struct examination *x)
{
	struct decision *decision = &x->decision;
	const struct finding *root;

	decision->root = find_root(x);
	root = decision->root < x->count ? &x->findings[decision->root] : NULL;
	find_followers(x);
	if (!examination_about_guests(x))
		return;
	if (x->judged && x->verdict.usable)
		decide(decision, ACCELERATOR_KVM, x->verdict.reason);
	else if (root && (!x->judged || root->layer < LAYER_PROBE))
		decide_by_root(decision, root);
	else if (x->judged)
		decide(decision, ACCELERATOR_TCG, x->verdict.reason);
	else
		decide_by_evidence(x);
}
