// SPDX-License-Identifier: GPL-3.0-or-later
// What /dev/kvm does when it is asked.
#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "kvm/kvm_figure.h"

static bool reached(const struct examination *x)
{
	return x->verdict.kind != KVM_VERDICT_DENIED && x->verdict.kind != KVM_VERDICT_ABSENT;
}

// Whether there are stages to tell of; says why not where the group was asked for.
static bool has_stages(struct examination *x)
{
	return examination_judged(x) && x->probed && reached(x);
}

static void verdict(struct examination *x)
{
	if (!examination_judged(x)) {
		check_note(x,
			   x->host->root.live ? "not tried (--no-probe)" : "not in this recording");
		return;
	}
	if (x->verdict.usable)
		check_pass(x, "%s", x->verdict.reason);
	else if (!reached(x))
		check_note(x, "not possible: %s", x->verdict.reason);
	else
		check_fail(x,
			   FIX(x->verdict.kind == KVM_VERDICT_INTERPRETS
				       ? "use TCG (libvirt's domain type qemu), or a machine whose "
					 "processor offers vmx or svm"
				       : "use TCG (libvirt's domain type qemu); look for messages "
					 "of kvm in the kernel's log (dmesg); another hypervisor "
					 "may hold the processor"),
			   "%s", x->verdict.reason);
}

// What the guest of the default probe showed, in one row.
static void guest(struct examination *x)
{
	auto_list struct list failed = {0};
	auto_free char *shown = NULL;

	if (!has_stages(x) || x->full)
		return;
	for (int stage = KVM_STAGE_VM; stage <= KVM_STAGE_INTERRUPT; stage++)
		if (x->probe.results[stage].outcome == KVM_FAILED ||
		    x->probe.results[stage].outcome == KVM_HUNG)
			list_add_format(&failed, "%s: %s", kvm_probe_title((enum kvm_stage)stage),
					x->probe.results[stage].detail);
	shown = list_join(&failed, "; ");
	if (failed.count)
		check_fail(x, FIX("use TCG"), "%s", shown);
	else if (x->probe.results[KVM_STAGE_REGISTERS].outcome == KVM_PASSED)
		check_pass(x, "registers, paging, port and memory-mapped accesses, an interrupt");
	else
		check_note(x, "%s", x->probe.results[KVM_STAGE_REGISTERS].detail);
}

static void stages(struct examination *x)
{
	if (!has_stages(x) || !x->full)
		return;
	for (int i = 0; i < KVM_STAGES; i++) {
		enum kvm_stage stage = (enum kvm_stage)i;
		const struct kvm_result *result = &x->probe.results[stage];
		auto_free char *shown = stage == KVM_STAGE_CAPABILITIES
						? kvm_figure_capabilities(&x->probe)
						: kvm_figure(&x->probe, stage);

		check_about(x, "%s", kvm_probe_title(stage));
		switch (result->outcome) {
		case KVM_PASSED:
			if (stage == KVM_STAGE_SPEED && x->verdict.kind == KVM_VERDICT_INTERPRETS)
				check_fail(x, NULL, "%s", shown);
			else
				check_pass(x, "%s", shown ? shown : "passed");
			break;
		case KVM_SKIPPED:
			check_note(x, "%s", *result->detail ? result->detail : "not reached");
			break;
		case KVM_FAILED:
		case KVM_HUNG:
			check_fail(x, NULL, "%s", result->detail);
		}
	}
}

const struct check probe_checks[] = {
	CHECK_IN(LAYER_PROBE, "probe", "guest code", PURPOSE_GUESTS, 0, verdict),
	CHECK_IN(LAYER_DETAIL, "probe_guest", "guest", PURPOSE_GUESTS, 0, guest),
	CHECK_IN(LAYER_DETAIL, "probe_stage", "stage", PURPOSE_GUESTS, 0, stages),
	CHECKS_END,
};
