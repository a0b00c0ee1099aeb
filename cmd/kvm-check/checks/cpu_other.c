// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/checks/cpu_other.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/advice.h"
#include "cmd/kvm-check/check.h"
#include "host/device.h"
#include "host/module.h"

static void arm(struct examination *x)
{
	auto_device struct device device = {0};
	const struct fix *fix =
		FIX(check_text(x, "%s, or use TCG", advice_nested(examination_platform(x), false)));

	device_look(&device, x->host, "/dev/kvm");
	if (device.known && device.present)
		check_pass(x, "KVM has EL2");
	else if (!device.known)
		check_silent(x);
	else if (examination_platform(x)->hypervisor)
		check_fail(x, fix, "this machine is a guest of %s, which keeps EL2 to itself",
			   x->platform.hypervisor);
	else
		check_fail(x, fix,
			   "no KVM: the kernel was not started in EL2, or was built without it");
}

static void power(struct examination *x)
{
	const struct cpu *cpu = &x->host->cpu;

	if (text_begins(cpu->platform, "PowerNV"))
		check_pass(x, "POWER without a hypervisor below (PowerNV)");
	else if (module_serves(module_look(x->host, "kvm_hv")))
		check_pass(x, "kvm_hv in a partition that may have guests of its own");
	else if (text_begins(cpu->platform, "pSeries") && x->host->root.foreign)
		check_note(x,
			   "a partition (pSeries); whether it may have guests of its own is not in "
			   "this recording");
	else if (text_begins(cpu->platform, "pSeries"))
		check_fail(x,
			   FIX("allow the partition guests of its own (QEMU: cap-nested-hv=on; "
			       "PowerVM: from Linux 6.11 on), then kvm-check load kvm_hv; or run "
			       "them on the bare metal (PowerNV); kvm_pr runs them slowly"),
			   "this is a partition (pSeries) without kvm_hv, which loads only where "
			   "it may have guests of its own");
	else
		check_note(x, "not known for this platform (%s)",
			   cpu->platform ? cpu->platform : "not in this recording");
}

// The kernel tells of "sie" since 4.12 or so; from 5.0 on it does for sure.
static void mainframe(struct examination *x)
{
	if (cpu_has(&x->host->cpu, "sie"))
		check_pass(x, "interpretive execution (sie)");
	else if (host_kernel_since(x->host, 5, 0))
		check_fail(x, FIX("use TCG; inside a guest, its hypervisor must offer sie"),
			   "the CPU does not show interpretive execution (sie)");
	else
		check_note(x, "this kernel does not tell whether there is interpretive execution "
			      "(sie)");
}

// The extensions of one letter stand between "rv64" and the first underscore.
static bool riscv_has_hypervisor(const char *isa)
{
	size_t length = isa ? strcspn(isa, "_") : 0;

	return length > 4 && memchr(isa + 4, 'h', length - 4);
}

// An extension that the flags or the like show, or do not.
static void by_flag(struct examination *x, bool there, const char *name)
{
	if (there)
		check_pass(x, "%s", name);
	else
		check_fail(
			x,
			FIX(check_text(x, "use TCG; inside a guest, its hypervisor must offer %s",
				       name)),
			"the CPU does not show %s", name);
}

// Kernels before 5.18 do not show all letters.
static void riscv(struct examination *x)
{
	bool there = riscv_has_hypervisor(x->host->cpu.isa);

	if (there || host_kernel_since(x->host, 5, 18))
		by_flag(x, there, "the hypervisor extension (h)");
	else
		check_note(x, "this kernel may not tell whether there is the hypervisor extension "
			      "(h)");
}

void cpu_other(struct examination *x)
{
	const struct host *host = x->host;

	if (host_is(host, "aarch64"))
		arm(x);
	else if (host_is(host, "s390x"))
		mainframe(x);
	else if (host_is(host, "ppc64le") || host_is(host, "ppc64"))
		power(x);
	else if (host_is(host, "riscv64"))
		riscv(x);
	else if (host_is(host, "loongarch64"))
		by_flag(x, cpu_has(&host->cpu, "lvz"), "LVZ (lvz)");
	else
		check_note(x, "not known for CPUs of this kind (%s)", host->architecture);
}
