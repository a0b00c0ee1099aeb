// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel modules that make KVM.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/cpuid.h"
#include "host/module.h"
#include "host/module_ban.h"

static void missing(struct examination *x, const char *name)
{
	const char *release = x->host->release ? x->host->release : "RELEASE";
	const char *shown = x->host->release ? x->host->release : "of unknown release";

	check_fail(x,
		   FIX(check_text(x,
				  "install all modules of this kernel (Ubuntu: "
				  "linux-modules-extra-%s), or boot one that has %s",
				  release, name),
		       .one_fix = check_text(x, "this kernel (%s) has no module %s", shown, name)),
		   "this kernel (%s) does not have it", shown);
}

// A ban that somebody has made for a reason; what lifts it is shown all the same.
static void banned(struct examination *x, const struct module_ban *ban, const char *name)
{
	struct fix fix = {.one_fix = check_text(x, "%s is not loaded, because %s forbids it", name,
						ban->where),
			  .commands = {LOAD(name)}};

	switch (ban->kind) {
	case MODULE_BAN_KERNEL:
	case MODULE_BAN_CMDLINE:
		fix = (struct fix){.text = check_text(x,
						      "take %s out of the kernel's command line "
						      "(the boot loader's configuration), then "
						      "reboot",
						      ban->where),
				   .one_fix = fix.one_fix};
		break;
	case MODULE_BAN_INSTALL:
		fix = (struct fix){
			.text = check_text(x, "take the line about %s out of %s, then load it",
					   name, ban->where),
			.one_fix = fix.one_fix,
			.commands = {
				{"sed", "-i",
				 check_text(x, "/^[[:space:]]*install[[:space:]]*%s[[:space:]]/d",
					    name),
				 ban->where},
				LOAD(name)}};
		break;
	case MODULE_BAN_BLACKLIST:
	case MODULE_BAN_NONE:
		fix.text = check_text(x,
				      text_begins(ban->where, "/etc/")
					      ? "load it now and at each boot; this lifts the "
						"blacklist in %s"
					      : "load it now; at each boot once a copy of %s in "
						"/etc/modprobe.d, without the line, takes its "
						"place",
				      ban->where);
	}
	check_fail(x, &fix, "available, but not loaded: forbidden by %s", ban->where);
}

static void loadable(struct examination *x, const char *name)
{
	const char *own = module_of_processor(x->host);
	auto_module_ban struct module_ban ban = {0};

	// The processor's module brings kvm with it.
	if (own && module_look(x->host, own) == MODULE_LOADABLE)
		name = own;
	module_ban_find(&ban, x->host, name);
	if (ban.kind != MODULE_BAN_NONE) {
		banned(x, &ban, name);
		return;
	}
	check_fail(x,
		   FIX("load it now and at each boot",
		       .one_fix = check_text(x, "%s is not loaded", name),
		       .commands = {LOAD(name)}),
		   "available, but not loaded");
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
		check_silent(x);
		break;
	}
}

// Whether the processor lets KVM's modules do anything: there is no use in loading them without.
static bool of_use(const struct host *host)
{
	// Older kernels of s390x do not tell.
	if (host_is(host, "s390x"))
		return cpu_has(&host->cpu, "sie") || !host_kernel_since(host, 5, 0);
	// In a partition kvm_hv does not load; kvm_pr is a choice of its own.
	if (host_is(host, "ppc64le") || host_is(host, "ppc64"))
		return host->root.foreign || text_equal(host->cpu.platform, "PowerNV");
	if (!host_is_x86(host))
		return true;
	return (cpu_has(&host->cpu, "vmx") || cpu_has(&host->cpu, "svm")) &&
	       cpuid_allowed(host) != CPUID_NO;
}

static bool has_it_switched_off(const struct host *host)
{
	return cpuid_allowed(host) == CPUID_NO || cpuid_vmx(host) == CPUID_YES ||
	       cpuid_svm(host) == CPUID_YES;
}

static void judge_usefully(struct examination *x, const char *name)
{
	check_about(x, "%s", name);
	if (of_use(x->host) || module_serves(module_look(x->host, name))) {
		judge(x, name);
		return;
	}
	check_note(x, has_it_switched_off(x->host)
			      ? "not needed while the firmware keeps virtualisation off"
			      : "not needed: this CPU offers no virtualisation");
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
	check_about(x, "kvm_pvm");
	check_note(x,
		   "makes VMs without the processor's help; only the probe tells whether they are "
		   "of use");
}

const struct check module_checks[] = {
	CHECK_IN(LAYER_MODULE, "kvm", "module", PURPOSE_GUESTS, 0, kvm),
	CHECK_IN(LAYER_MODULE, "kvm_processor", "module",
		 PURPOSE_GUESTS | PURPOSE_QEMU | PURPOSE_CH, 0, processor),
	CHECK("kvm_pvm", "module", PURPOSE_GUESTS, 0, paravirtual),
	CHECKS_END,
};
