// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/cpuid.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/host.h"
#include "host/recording.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

static bool ask(unsigned leaf, unsigned registers[4]) // NOLINT(readability-non-const-parameter)
{
	// Each of these instructions leads a guest into its hypervisor; the first leaf is always
	// there.
	if (leaf != 1 && (unsigned)__get_cpuid_max(leaf & 0x80000000, NULL) < leaf)
		return false;
	__cpuid(leaf, registers[0], registers[1], registers[2], registers[3]);
	return true;
}

// The leaves of hypervisors are beyond the range that the processor names.
static void ask_hypervisor(unsigned registers[4]) // NOLINT(readability-non-const-parameter)
{
	unsigned a, b, c, d;

	__cpuid(0x40000000, a, b, c, d);
	registers[0] = a;
	registers[1] = b;
	registers[2] = c;
	registers[3] = d;
}
#else
static bool ask(unsigned leaf, unsigned registers[4])
{
	(void)leaf;
	(void)registers;
	return false;
}

static void ask_hypervisor(unsigned registers[4])
{
	memset(registers, 0, 4 * sizeof(*registers));
}
#endif

static enum cpuid_answer recorded(const struct host *host, const char *key)
{
	const char *value = facts_get(&host->facts, key);

	if (!value)
		return CPUID_UNKNOWN;
	return text_equal(value, "yes") ? CPUID_YES : CPUID_NO;
}

static enum cpuid_answer bit_of_ecx(unsigned leaf, unsigned bit)
{
	unsigned registers[4];

	if (!ask(leaf, registers))
		return CPUID_UNKNOWN;
	return registers[2] & 1U << bit ? CPUID_YES : CPUID_NO;
}

static enum cpuid_answer bit(const struct host *host, const char *key, unsigned leaf,
			     unsigned number)
{
	enum cpuid_answer answer;

	if (!host->root.live)
		return recorded(host, key);
	answer = bit_of_ecx(leaf, number);
	if (answer != CPUID_UNKNOWN)
		recording_note(host, key, answer == CPUID_YES ? "yes" : "no");
	return answer;
}

enum cpuid_answer cpuid_vmx(const struct host *host)
{
	return bit(host, "cpuid vmx", 1, 5);
}

enum cpuid_answer cpuid_svm(const struct host *host)
{
	return bit(host, "cpuid svm", 0x80000001, 2);
}

char *cpuid_hypervisor(const struct host *host)
{
	unsigned registers[4];
	char name[13] = "";

	if (!host->root.live)
		return text_copy(facts_get(&host->facts, "cpuid hypervisor"));
	if (bit_of_ecx(1, 31) != CPUID_YES)
		return NULL;
	ask_hypervisor(registers);
	memcpy(name, &registers[1], 12);
	recording_note(host, "cpuid hypervisor", "%s", name);
	return text_copy(name);
}

bool cpuid_msr(const struct host *host, unsigned index, unsigned long long *value)
{
	auto_free char *key = text_format("msr 0x%x", index);
	const char *text = facts_get(&host->facts, key);
	auto_close int fd = -1;

	if (!host->root.live) {
		if (text)
			*value = strtoull(text, NULL, 0);
		return text;
	}
	fd = root_descriptor(&host->root, "/dev/cpu/0/msr", O_RDONLY);
	if (fd < 0 || pread(fd, value, sizeof(*value), index) != sizeof(*value))
		return false;
	recording_note(host, key, "0x%llx", *value);
	return true;
}

enum cpuid_answer cpuid_allowed(const struct host *host)
{
	enum { LOCKED = 1, VMX_ALLOWED = 4, SVM_DISABLED = 16 };
	bool vmx = cpu_has(&host->cpu, "vmx"), forbidden;
	unsigned long long value;

	if (!vmx && !cpu_has(&host->cpu, "svm"))
		return CPUID_UNKNOWN;
	if (!cpuid_msr(host, vmx ? CPUID_MSR_FEATURE_CONTROL : CPUID_MSR_VM_CR, &value))
		return CPUID_UNKNOWN;
	forbidden = vmx ? value & LOCKED && !(value & VMX_ALLOWED) : value & SVM_DISABLED;
	return forbidden ? CPUID_NO : CPUID_YES;
}
