// SPDX-License-Identifier: GPL-3.0-or-later
// What the x86 processor itself says, beside what the kernel makes of it.
#pragma once

#include <stdbool.h>

struct host;

enum cpuid_answer { CPUID_UNKNOWN, CPUID_NO, CPUID_YES };

// Whether the processor has Intel's VMX or AMD's SVM, be it switched off or not.
enum cpuid_answer cpuid_vmx(const struct host *host);
enum cpuid_answer cpuid_svm(const struct host *host);

// How the hypervisor below this machine calls itself ("KVMKVMKVM"); NULL where there is none or
// nothing tells. The caller's.
char *cpuid_hypervisor(const struct host *host);

enum {
	CPUID_MSR_FEATURE_CONTROL = 0x3a, // Intel: bit 0 locked, bit 2 VMX allowed
	CPUID_MSR_VM_CR = 0xc0010114,     // AMD: bit 4 SVM disabled
};

// A model-specific register of the first processor; false where it cannot be read (it takes root
// and the module msr).
bool cpuid_msr(const struct host *host, unsigned index, unsigned long long *value);

// Whether the firmware lets VMX or SVM, whichever /proc/cpuinfo shows, be used. Kernels before 5.6
// (Intel) and 6.8 (AMD) show the flag even where it does not.
enum cpuid_answer cpuid_allowed(const struct host *host);
