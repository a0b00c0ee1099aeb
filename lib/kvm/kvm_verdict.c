// SPDX-License-Identifier: GPL-3.0-or-later
#include "kvm/kvm_verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

// Guests of a KVM that works run at about the speed of the host. QEMU's own translation (TCG) costs
// a factor of 5 to 20: a KVM that is slower than that serves nobody.
static const double slowest = 20;

static bool denied(int number)
{
	return number == EACCES || number == EPERM;
}

static bool absent(int number)
{
	return number == ENOENT || number == ENXIO || number == ENODEV || number == ENOTDIR ||
	       number == EISDIR || number == ENOTTY;
}

static enum kvm_verdict_kind kind_of(const struct kvm_probe *probe, double slowdown)
{
	if (denied(probe->open_error))
		return KVM_VERDICT_DENIED;
	if (absent(probe->open_error))
		return KVM_VERDICT_ABSENT;
	if (slowdown > slowest)
		return KVM_VERDICT_INTERPRETS;
	for (int stage = 0; stage <= KVM_STAGE_SPEED; stage++)
		if (probe->results[stage].outcome == KVM_FAILED ||
		    probe->results[stage].outcome == KVM_HUNG)
			return KVM_VERDICT_BROKEN;
	return KVM_VERDICT_WORKS;
}

static char *works(const struct kvm_probe *probe, double slowdown)
{
	if (slowdown <= 0)
		return text_format("KVM creates VMs; their speed was not measured (%s)",
				   probe->results[KVM_STAGE_SPEED].detail);
	if (slowdown < 2)
		return text_format("guest code runs at %.0f%% of native speed",
				   slowdown > 1 ? 100 / slowdown : 100);
	return text_format("guest code runs, though %.1f times slower than native", slowdown);
}

static char *broken(const struct kvm_probe *probe)
{
	enum kvm_stage stage = kvm_probe_failed(probe);
	const struct kvm_result *result = &probe->results[stage];

	return text_format("KVM is there but does not work: %s: %s", kvm_probe_title(stage),
			   result->detail);
}

static char *reason_of(const struct kvm_probe *probe, const struct kvm_verdict *verdict)
{
	switch (verdict->kind) {
	case KVM_VERDICT_WORKS:
		return works(probe, verdict->slowdown);
	case KVM_VERDICT_INTERPRETS:
		return text_format("/dev/kvm works but is emulated (about %.0f times slower "
				   "than native)",
				   verdict->slowdown);
	case KVM_VERDICT_BROKEN:
		return broken(probe);
	case KVM_VERDICT_DENIED:
		return text_format("/dev/kvm cannot be opened: %s", strerror(probe->open_error));
	case KVM_VERDICT_ABSENT:
		break;
	}
	if (probe->open_error == ENXIO || probe->open_error == ENODEV)
		return text_copy("/dev/kvm is there, but no driver is behind it: KVM's modules are "
				 "not loaded");
	if (probe->open_error == EISDIR)
		return text_copy("/dev/kvm is a directory");
	if (probe->open_error == ENOTTY)
		return text_copy("/dev/kvm is not KVM's device");
	return text_copy("there is no /dev/kvm");
}

void kvm_verdict_judge(const struct kvm_probe *probe, struct kvm_verdict *verdict)
{
	*verdict = (struct kvm_verdict){0};
	if (probe->host_speed > 0 && probe->guest_speed > 0)
		verdict->slowdown = probe->guest_speed / probe->host_speed;
	verdict->kind = kind_of(probe, verdict->slowdown);
	verdict->usable = verdict->kind == KVM_VERDICT_WORKS;
	verdict->reason = reason_of(probe, verdict);
}

void kvm_verdict_get(struct kvm_verdict *verdict)
{
	struct kvm_probe probe;

	kvm_probe_run(&(struct kvm_probe_request){0}, &probe);
	kvm_verdict_judge(&probe, verdict);
}

const char *kvm_verdict_word(enum kvm_verdict_kind kind)
{
	static const char *const words[] = {
		[KVM_VERDICT_WORKS] = "works",   [KVM_VERDICT_INTERPRETS] = "interprets",
		[KVM_VERDICT_BROKEN] = "broken", [KVM_VERDICT_DENIED] = "denied",
		[KVM_VERDICT_ABSENT] = "absent",
	};

	return words[kind];
}

void kvm_verdict_clear(struct kvm_verdict *verdict)
{
	free(verdict->reason);
	*verdict = (struct kvm_verdict){0};
}
