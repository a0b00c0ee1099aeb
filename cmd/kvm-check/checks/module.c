// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel modules that make KVM.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/cpuid.h"
#include "host/module.h"

static void missing(struct examination *x, const char *name)
{
	const char *release = x->host->release;

	check_fail(x, "this kernel (%s) does not have it",
		   release ? release : "of unknown release");
	check_fix(
		x,
		"install all modules of this kernel (Ubuntu: linux-modules-extra-%s), or boot one "
		"that has %s",
		release ? release : "RELEASE", name);
}

static void loadable(struct examination *x, const char *name)
{
	auto_free char *forbidden = module_forbidden(x->host, name);
	const char *own = module_of_processor(x->host);

	if (forbidden)
		check_fail(x, "not loaded: %s forbids it", forbidden);
	else
		check_fail(x, "there, but not loaded");
	check_fix(x,
		  forbidden ? "load it, and remove the line about it from %s"
			    : "load it now and at each boot",
		  forbidden);
	// The processor's module brings kvm with it.
	if (own && module_look(x->host, own) == MODULE_LOADABLE)
		name = own;
	check_command(x, "kvm-check", "load", name, "--persist");
}

static void judge(struct examination *x, const char *name)
{
	enum module_state state = module_look(x->host, name);

	switch (state) {
	case MODULE_LOADED:
	case MODULE_BUILT_IN:
		check_pass(x, "%s", module_word(state));
		break;
	case MODULE_LOADABLE:
		loadable(x, name);
		break;
	case MODULE_MISSING:
		missing(x, name);
		break;
	case MODULE_UNKNOWN:
		check_note(x, "nothing tells whether this kernel has it");
		break;
	}
	check_subject(x, "%s", name);
}

// Whether the processor lets KVM's modules do anything: there is no use in loading them without.
static bool of_use(const struct host *host)
{
	if (host_is(host, "s390x"))
		return cpu_has(&host->cpu, "sie");
	if (!host_is_x86(host))
		return true;
	return (cpu_has(&host->cpu, "vmx") || cpu_has(&host->cpu, "svm")) &&
	       cpuid_allowed(host) != CPUID_NO;
}

static void judge_usefully(struct examination *x, const char *name)
{
	if (of_use(x->host) || module_serves(module_look(x->host, name))) {
		judge(x, name);
		return;
	}
	check_note(x, "of no use while the processor does not let it virtualise");
	check_subject(x, "%s", name);
}

static void kvm(struct examination *x)
{
	judge_usefully(x, "kvm");
}

static void processor(struct examination *x)
{
	const char *name = module_of_processor(x->host);

	if (name)
		judge_usefully(x, name);
}

static void paravirtual(struct examination *x)
{
	if (!module_serves(module_look(x->host, "kvm_pvm")))
		return;
	check_note(x,
		   "makes VMs without the processor's help; only the probe tells whether they are "
		   "of use");
	check_subject(x, "kvm_pvm");
}

const struct check module_checks[] = {
	{"kvm", "module", PURPOSE_GUESTS, 0, kvm},
	{"kvm_processor", "module", PURPOSE_GUESTS | PURPOSE_QEMU | PURPOSE_CH, 0, processor},
	{"kvm_pvm", "module", PURPOSE_GUESTS, 0, paravirtual},
	{0},
};
