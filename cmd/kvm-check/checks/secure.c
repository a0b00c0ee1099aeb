// SPDX-License-Identifier: GPL-3.0-or-later
// Guests whose memory is closed to the host.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/module.h"

// A kind of AMD's SEV: the processor's flag, and the parameter of kvm_amd that allows it.
static void sev_kind(struct examination *x, const char *flag, const char *parameter,
		     const char *name)
{
	auto_free char *value = module_parameter(x->host, "kvm_amd", parameter);
	bool on = module_parameter_on(x->host, "kvm_amd", parameter);

	check_about(x, "%s", name);
	if (!cpu_has(&x->host->cpu, flag))
		check_note(x, "the kernel does not show it");
	else if (!value)
		check_note(x, "the processor has it; kvm_amd, which would use it, does not tell");
	else if (on)
		check_pass(x, "kvm_amd has %s=1", parameter);
	else
		check_warn(x,
			   FIX(check_text(x,
					  "boot with mem_encrypt=on kvm_amd.%s=1, with SEV "
					  "switched on in the firmware",
					  parameter)),
			   "the processor has it, KVM does not use it");
}

static void amd(struct examination *x)
{
	sev_kind(x, "sev", "sev", "SEV");
	sev_kind(x, "sev_es", "sev_es", "SEV-ES");
	sev_kind(x, "sev_snp", "sev_snp", "SEV-SNP");
}

static void intel(struct examination *x)
{
	bool offered = cpu_has(&x->host->cpu, "tdx_host_platform");

	check_about(x, "TDX");
	if (module_parameter_on(x->host, "kvm_intel", "tdx"))
		check_pass(x, "kvm_intel has tdx=1");
	else if (offered)
		check_warn(x, FIX("boot with kvm_intel.tdx=1 and a kernel that knows TDX"),
			   "the processor has it, KVM does not use it");
	else
		check_note(x, "the kernel does not show it");
}

// Whether the kernel's command line has WORD, or WORD with "=1", "=y" or "=on" behind it.
static bool booted_with(const struct host *host, const char *word)
{
	auto_free char *line = root_line(&host->root, "/proc/cmdline");
	auto_list struct list words = list_split(line ? line : "", " ");
	static const char *const endings[] = {"", "=1", "=y", "=on", "=protected"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		auto_free char *wanted = text_format("%s%s", word, endings[i]);

		if (list_has(&words, wanted))
			return true;
	}
	return false;
}

static void s390(struct examination *x)
{
	bool offered = root_flag(&x->host->root, "/sys/firmware/uv/prot_virt_host");
	const struct fix *fix = FIX("boot with prot_virt=1 on a machine that has Secure Execution "
				    "(facility 158)");

	check_about(x, "Secure Execution");
	if (offered)
		check_pass(x, "the ultravisor is there");
	else if (booted_with(x->host, "prot_virt"))
		check_warn(x, fix, "booted with prot_virt=1, but there is no ultravisor");
	else if (host_is_silent(x->host, "/sys/firmware"))
		check_silent(x);
	else
		check_warn(x, fix, "not switched on");
}

static void arm(struct examination *x)
{
	check_about(x, "protected KVM");
	if (host_is_silent(x->host, "/proc/cmdline"))
		check_silent(x);
	else
		check_note(x,
			   booted_with(x->host, "kvm-arm.mode")
				   ? "KVM is in its protected mode"
				   : "KVM is not in its protected mode (kvm-arm.mode=protected)");
}

static void power(struct examination *x)
{
	check_about(x, "PEF");
	if (root_exists(&x->host->root, "/sys/firmware/ultravisor"))
		check_note(x, "the ultravisor is there");
	else
		check_note(x, host_may_lack(x->host, "/sys/firmware") ? "nothing shows one"
								      : "no ultravisor");
}

static void secure(struct examination *x)
{
	const struct host *host = x->host;

	if (cpu_has(&host->cpu, "svm") || text_equal(host->cpu.vendor, "AuthenticAMD"))
		amd(x);
	else if (host_is_x86(host))
		intel(x);
	else if (host_is(host, "s390x"))
		s390(x);
	else if (host_is(host, "aarch64"))
		arm(x);
	else if (host_is(host, "ppc64le") || host_is(host, "ppc64"))
		power(x);
	else {
		check_note(x, text_equal(host->architecture, "unknown")
				      ? "nothing tells the architecture"
				      : "none is known for this architecture");
	}
}

const struct check secure_checks[] = {
	CHECK("secure_guests", "secure guests", PURPOSE_QEMU, PURPOSE_QEMU, secure),
	CHECKS_END,
};
