// SPDX-License-Identifier: GPL-3.0-or-later
// The processor: can it virtualise, and how well.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/advice.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/checks/cpu_other.h"
#include "host/cpuid.h"
#include "host/device.h"
#include "host/module.h"
#include "host/platform.h"

static bool has_vmx(const struct examination *x)
{
	return cpu_has(&x->host->cpu, "vmx");
}

static bool has_svm(const struct examination *x)
{
	return cpu_has(&x->host->cpu, "svm");
}

static void processor(struct examination *x)
{
	const struct cpu *cpu = &x->host->cpu;
	long count = host_cpus(x->host);
	auto_free char *cpus =
		count ? text_format(", %ld CPU%s", count, count == 1 ? "" : "s") : text_copy("");

	check_note(x, "%s, %s%s", cpu->model ? cpu->model : "unnamed", x->host->architecture, cpus);
}

// A guest whose hypervisor keeps VMX and SVM to itself.
static void nested_hint(struct examination *x, const struct platform *platform)
{
	check_fail(x, FIX(check_text(x, "%s, or use TCG", advice_nested(platform, true))),
		   "this machine is a guest of %s, which offers it neither vmx nor svm",
		   platform->hypervisor);
}

// KVM may be there without VMX and SVM; then only running a guest tells.
static bool served_otherwise(struct examination *x)
{
	if (!module_serves(module_look(x->host, "kvm_pvm")))
		return false;
	x->layer = LAYER_PROBE;
	if (examination_judged(x) && !x->verdict.usable)
		check_fail(x, FIX("use TCG, or a machine whose processor offers vmx or svm"),
			   "neither vmx nor svm; kvm_pvm makes VMs without them, but see the "
			   "probe");
	else if (x->judged)
		check_pass(x, "neither vmx nor svm, but kvm_pvm works without them");
	else
		check_note(x, "neither vmx nor svm; kvm_pvm makes VMs without them, and only "
			      "running a guest tells how well");
	return true;
}

static void switched_off(struct examination *x, const char *name, const char *how)
{
	auto_free char *advice = advice_firmware(examination_platform(x), name);

	check_fail(
		x,
		FIX(advice, .one_fix = check_text(x, "%s is switched off in the firmware", name)),
		"the CPU has %s, but it is switched off %s", name, how);
}

static void x86_without(struct examination *x)
{
	const struct platform *platform = examination_platform(x);
	enum cpuid_answer vmx = cpuid_vmx(x->host), svm = cpuid_svm(x->host);

	if (served_otherwise(x))
		return;
	if (vmx == CPUID_YES || svm == CPUID_YES) {
		switched_off(x, vmx == CPUID_YES ? "VT-x" : "AMD-V", "in the firmware");
	} else if (platform->xen_control) {
		check_fail(x, FIX("use Xen's own guests, boot without Xen, or use TCG"),
			   "Xen runs below this system and keeps the CPU's virtualisation");
	} else if (platform->hypervisor) {
		nested_hint(x, platform);
	} else {
		auto_free char *advice = advice_firmware(platform, "VT-x or AMD-V");

		check_fail(x, FIX(check_text(x, "if the CPU has either, %s; else use TCG", advice)),
			   "the CPU shows neither vmx nor svm");
	}
}

// What the processor shows is for the hypervisor or the kernel below. That it is one of these is
// concluded from what a recorded guest of Xen lacks.
static void paravirtual(struct examination *x)
{
	const char *below = x->platform.hypervisor;

	if (x->host->root.foreign && text_equal(below, "Xen"))
		check_note(x,
			   "most likely a guest of Xen whose kernel does not run privileged, so it "
			   "cannot use vmx or svm");
	else
		check_fail(x,
			   FIX(check_text(x, "%s, or use TCG", advice_nested(&x->platform, true))),
			   "the kernel does not run privileged (%s), so it cannot use vmx or svm",
			   below);
}

static void virtualization(struct examination *x)
{
	const struct host *host = x->host;

	if (examination_platform(x)->paravirtual && !x->platform.xen_control)
		paravirtual(x);
	else if (has_vmx(x))
		check_pass(x, "Intel VT-x (vmx)");
	else if (has_svm(x))
		check_pass(x, "AMD-V (svm)");
	else if (host_is_x86(host) && !text_equal(host->cpu.flags, " "))
		x86_without(x);
	else
		cpu_other(x);
}

static void firmware(struct examination *x)
{
	const char *name = has_vmx(x) ? "VT-x" : "AMD-V";

	if (!has_vmx(x) && !has_svm(x))
		return;
	switch (cpuid_allowed(x->host)) {
	case CPUID_NO:
		switched_off(x, name, "and locked by the firmware");
		break;
	case CPUID_YES:
		check_pass(x, "%s is switched on", name);
		break;
	case CPUID_UNKNOWN:
		if (x->purposes & PURPOSE_ASKED)
			check_note(x, x->host->root.live
					      ? "not readable: it takes root, the module msr and "
						"a kernel that is not locked down"
					      : "not in this recording");
	}
}

// Whether the kernel lists what VMX and SVM can; those before 2.6.30 or so do not.
static bool tells_features(const struct host *host)
{
	static const char *const features[] = {"tpr_shadow", "vnmi",     "flexpriority",
					       "ept",        "vpid",     "npt",
					       "lbrv",       "svm_lock", "nrip_save"};

	for (size_t i = 0; i < sizeof(features) / sizeof(*features); i++)
		if (cpu_has(&host->cpu, features[i]))
			return true;
	return host_kernel_since(host, 3, 0);
}

static void second_level(struct examination *x)
{
	const struct cpu *cpu = &x->host->cpu;
	bool vmx = has_vmx(x);
	const char *module = vmx ? "kvm_intel" : "kvm_amd", *name = vmx ? "ept" : "npt";
	auto_free char *set = module_parameter(x->host, module, name);

	if (!vmx && !has_svm(x))
		return;
	if (!cpu_has(cpu, name) && !cpu_has_vmx_feature(cpu, name) && !tells_features(x->host)) {
		check_note(x, "this kernel does not tell whether there is %s", vmx ? "EPT" : "NPT");
	} else if (!cpu_has(cpu, name) && !cpu_has_vmx_feature(cpu, name)) {
		check_warn(x,
			   FIX("take a newer processor; in a guest, have the hypervisor below "
			       "offer it"),
			   "no %s: guests run much slower where they change page tables",
			   vmx ? "EPT" : "NPT");
	} else if (text_equal(set, "N") || text_equal(set, "0")) {
		const char *setting = check_text(x, "%s=1", name);

		check_warn(x,
			   FIX(check_text(x, "load %s with %s", module, setting),
			       .commands = {{"kvm-check", "reload", module, setting, "--persist"}}),
			   "%s is there, but %s was loaded with %s=%s", vmx ? "EPT" : "NPT", module,
			   name, set);
	} else {
		check_pass(x, "%s", vmx ? "EPT" : "NPT");
	}
}

// What makes guests faster or simpler to run; kernels before 5.10 do not list Intel's.
static void features(struct examination *x)
{
	static const char *const intel[] = {
		"unrestricted_guest", "vpid", "ept_ad", "vnmi", "apicv", "pml", NULL};
	static const char *const amd[] = {"nrip_save", "decodeassists", "flushbyasid",
					  "avic",      "vgif",          NULL};
	const struct cpu *cpu = &x->host->cpu;
	auto_list struct list missing = {0};
	auto_free char *shown = NULL;
	bool vmx = has_vmx(x);

	if ((!vmx && !has_svm(x)) || (vmx && text_equal(cpu->vmx_flags, " ")) ||
	    !tells_features(x->host))
		return;
	for (const char *const *name = vmx ? intel : amd; *name; name++)
		if (!(vmx ? cpu_has_vmx_feature(cpu, *name) : cpu_has(cpu, *name)))
			list_add(&missing, *name);
	shown = list_join(&missing, ", ");
	if (list_has(&missing, "unrestricted_guest"))
		check_warn(
			x, NULL,
			"without unrestricted_guest code in real mode is emulated; also missing: "
			"%s",
			shown);
	else if (missing.count)
		check_note(x, "all that guests need; without %s", shown);
	else
		check_pass(x, "all that speed guests up");
}

static void level(struct examination *x)
{
	const struct fix *fix =
		FIX("take an older system for the guests, or TCG with a newer CPU model");
	int found = cpu_level(&x->host->cpu);

	if (!cpu_is_x86(&x->host->cpu) || !host_is_x86(x->host))
		return;
	if (!cpu_has(&x->host->cpu, "lm"))
		check_warn(x, fix, "no 64-bit mode: only 32-bit guests run");
	else if (!host_is(x->host, "x86_64"))
		check_warn(x, FIX("boot a 64-bit kernel"),
			   "a 32-bit kernel on a 64-bit CPU: only 32-bit guests run with KVM");
	else if (found < 2 && !host_kernel_since(x->host, 3, 0))
		check_note(x, "64-bit; this kernel may not show all that the CPU has");
	else if (found == 0)
		check_warn(x, fix, "64-bit, but not all of x86-64-v1 is shown");
	else if (found == 1)
		check_warn(x, fix,
			   "x86-64-v1: systems made for v2 (RHEL 9 and its kin) do not boot with "
			   "the host's CPU");
	else
		check_pass(x, "x86-64-v%d", found);
}

static const char vulnerabilities_path[] = "/sys/devices/system/cpu/vulnerabilities";

static bool is_open(const char *line)
{
	return text_begins(line, "Vulnerable") || text_begins(line, "KVM: Vulnerable");
}

// Through which a guest can read what runs on the other thread of its core.
static bool crosses_threads(const char *name, const char *line)
{
	static const char *const crossing[] = {"l1tf",     "mds",     "tsx_async_abort",
					       "retbleed", "srso",    "mmio_stale_data",
					       "tsa",      "vmscape", NULL};
	bool known = false;

	for (const char *const *one = crossing; *one; one++)
		known = known || text_equal(name, *one);
	return strstr(line, "SMT vulnerable") || (known && is_open(line));
}

// The vulnerabilities of which the kernel says so; *TOLD counts those that it tells about. For SMT
// that is one of 2022, which affects many; kernels before it know less than is known.
static struct list find_vulnerabilities(const struct root *root, bool smt, size_t *told)
{
	auto_list struct list names = root_names(root, vulnerabilities_path);
	struct list found = {0};

	*told = 0;
	for (size_t i = 0; i < names.count; i++) {
		auto_free char *path = text_format("%s/%s", vulnerabilities_path, names.items[i]);
		auto_free char *line = root_line(root, path);

		if (!line || !*line)
			continue;
		*told += !smt || text_equal(names.items[i], "retbleed");
		if (smt ? crosses_threads(names.items[i], line) : is_open(line))
			list_add(&found, names.items[i]);
	}
	return found;
}

static void smt(struct examination *x)
{
	auto_list struct list found = {0};
	auto_free char *joined = NULL;
	size_t told;

	if (root_number(&x->host->root, "/sys/devices/system/cpu/smt/active", 0) != 1)
		return;
	found = find_vulnerabilities(&x->host->root, true, &told);
	joined = list_join(&found, ", ");
	if (found.count)
		check_warn(x,
			   FIX("where guests do not trust each other, keep each core to one guest, "
			       "or switch SMT off (boot with nosmt, or write off to "
			       "/sys/devices/system/cpu/smt/control): it costs up to half of the "
			       "CPUs"),
			   "guests that share a core can read each other's data: %s", joined);
	else if (told)
		check_pass(x, "this kernel knows no vulnerability that crosses the threads of a "
			      "core");
	else
		check_note(x, "on; this kernel does not tell of all vulnerabilities that cross "
			      "the threads of a core");
}

static void vulnerabilities(struct examination *x)
{
	size_t told;
	auto_list struct list found = find_vulnerabilities(&x->host->root, false, &told);
	auto_free char *joined = list_join(&found, ", ");

	if (!told)
		return;
	if (found.count)
		check_warn(x,
			   FIX("update the kernel and the CPU's microcode, and boot without "
			       "mitigations=off"),
			   "left open: %s", joined);
	else
		check_pass(x, "nothing that this kernel knows is left open");
}

enum { SETS = PURPOSE_QEMU | PURPOSE_CH };

const struct check cpu_checks[] = {
	CHECK("processor", "processor", PURPOSE_GUESTS, 0, processor),
	CHECK_IN(LAYER_PROCESSOR, "virtualization", "hardware virtualisation",
		 PURPOSE_GUESTS | SETS, 0, virtualization),
	CHECK_IN(LAYER_PROCESSOR, "firmware", "firmware", PURPOSE_GUESTS | SETS, 0, firmware),
	CHECK("second_level_translation", "second-level translation", PURPOSE_GUESTS, 0,
	      second_level),
	CHECK("virtualization_features", "features", PURPOSE_GUESTS, 0, features),
	CHECK("level", "instruction set", PURPOSE_GUESTS, 0, level),
	CHECK("smt", "SMT", PURPOSE_GUESTS, 0, smt),
	CHECK("vulnerabilities", "vulnerabilities", 0, 0, vulnerabilities),
	CHECKS_END,
};
