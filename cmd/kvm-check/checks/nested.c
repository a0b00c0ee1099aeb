// SPDX-License-Identifier: GPL-3.0-or-later
// Guests that have guests of their own.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/module.h"
#include "host/platform.h"

// The module whose parameter "nested" counts, NULL where none is there.
static const char *module(struct examination *x)
{
	static const char *const names[] = {"kvm_intel", "kvm_amd", "kvm_hv", "kvm"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		auto_free char *value = module_parameter(x->host, names[i], "nested");

		if (value)
			return names[i];
	}
	return NULL;
}

static void parameter(struct examination *x)
{
	const char *name = module(x);

	if (!name && host_may_lack(x->host, "/sys/module"))
		check_silent(x);
	else if (!name)
		check_note(x, "no KVM module that has it is loaded");
	else if (module_parameter_on(x->host, name, "nested"))
		check_pass(x, "%s has nested=1: guests may start guests", name);
	else
		check_warn(
			x,
			FIX(check_text(x, "reload %s with nested=1; no guest may run meanwhile",
				       name),
			    .commands = {{"kvm-check", "reload", name, "nested=1", "--persist"}}),
			"%s has nested=0: guests cannot start guests", name);
}

static void here(struct examination *x)
{
	const struct platform *platform = examination_platform(x);
	bool x86 = host_is_x86(x->host);
	bool offered = cpu_has(&x->host->cpu, "vmx") || cpu_has(&x->host->cpu, "svm");

	if (platform->xen_control)
		check_note(x, "this machine is Xen's control domain");
	else if (platform->hypervisor && !x86)
		check_note(x, "this machine is a guest of %s", platform->hypervisor);
	else if (!platform->hypervisor)
		check_note(x, "no hypervisor is known to be below this machine");
	else if (platform->paravirtual)
		check_note(x, "the kernel does not run privileged (%s): no guests",
			   platform->hypervisor);
	else if (offered)
		check_pass(x, "this machine is a guest of %s, which offers %s",
			   platform->hypervisor, cpu_has(&x->host->cpu, "vmx") ? "vmx" : "svm");
	else
		check_note(x, "this machine is a guest of %s, which offers neither vmx nor svm",
			   platform->hypervisor);
}

static void started(struct examination *x)
{
	const struct kvm_result *result = &x->probe.results[KVM_STAGE_NESTED];

	if (!x->full || !examination_judged(x) || !x->probed)
		return;
	if (result->outcome == KVM_PASSED)
		check_pass(x, cpu_has(&x->host->cpu, "svm")
				      ? "a guest has started a guest, which ran"
				      : "a guest has switched VMX on");
	else if (result->outcome == KVM_SKIPPED)
		check_note(x, "%s",
			   *result->detail ? result->detail : "the probe did not get there");
	else
		check_warn(x, NULL, "%s", result->detail);
}

const struct check nested_checks[] = {
	CHECK("nested_parameter", "parameter", 0, 0, parameter),
	CHECK("nested_here", "below", 0, 0, here),
	CHECK("nested_started", "tried", 0, 0, started),
	CHECKS_END,
};
