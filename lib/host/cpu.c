// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/cpu.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/cpu_name.h"

// What a line is called, by architecture, and where its value goes.
struct field {
	const char *name;
	size_t offset;
};

static const struct field fields[] = {
	{"vendor_id", offsetof(struct cpu, vendor)},
	{"model name", offsetof(struct cpu, model)}, // x86, some arm64
	{"Model Name", offsetof(struct cpu, model)}, // LoongArch
	{"cpu", offsetof(struct cpu, model)},        // POWER, Alpha, SPARC
	{"cpu model", offsetof(struct cpu, model)},  // MIPS
	{"uarch", offsetof(struct cpu, model)},      // RISC-V
	{"Processor", offsetof(struct cpu, model)},  // 32-bit Arm
	{"family", offsetof(struct cpu, model)},     // Itanium
	{"flags", offsetof(struct cpu, flags)},
	{"Features", offsetof(struct cpu, flags)}, // arm64, LoongArch
	{"features", offsetof(struct cpu, flags)}, // s390x
	{"vmx flags", offsetof(struct cpu, vmx_flags)},
	{"platform", offsetof(struct cpu, platform)},
	{"isa", offsetof(struct cpu, isa)},
	{"CPU implementer", offsetof(struct cpu, implementer)},
	{"CPU part", offsetof(struct cpu, number)},
	{"machine", offsetof(struct cpu, number)}, // s390x
};

// A line that only one architecture has.
static const struct {
	const char *name;
	const char *value; // what its value begins with, NULL for any
	const char *architecture;
} marks[] = {
	{"CPU implementer", NULL, "aarch64"},
	{"CPU architecture", "5", "armv5"}, // after the implementer, which 32-bit Arm has as well
	{"CPU architecture", "6", "armv6l"},
	{"CPU architecture", "7", "armv7l"},
	{"vendor_id", "IBM/S390", "s390x"},
	{"cpu", "POWER", "ppc64le"}, // from POWER8 on, the first that Linux runs little-endian on
	{"cpu", "POWER4", "ppc64"},
	{"cpu", "POWER5", "ppc64"},
	{"cpu", "POWER6", "ppc64"},
	{"cpu", "POWER7", "ppc64"},
	{"cpu", "PPC970", "ppc64"},
	{"cpu", "7", "ppc"}, // 740/750, 7447A: 32 bits
	{"isa", "rv64", "riscv64"},
	{"Model Name", "Loongson", "loongarch64"},
	{"isa", "loongarch", "loongarch64"}, // kernels of before 5.19, outside of Linux
	{"cpu model", "Loongson", "mips64"},
	{"cpu model", "MIPS", "mips"},
	{"arch", "IA-64", "ia64"},
	{"type", "sun4", "sparc64"},
	{"cpu", "Alpha", "alpha"},
	{"fdiv_bug", NULL, "i686"}, // that kernels of 32 bits tell, whatever the processor is
};

static void add_field(struct cpu *cpu, const char *name, const char *value)
{
	static const char machine[] = "machine = "; // s390x, in the line of a processor
	const char *number = text_begins(name, "processor ") ? strstr(value, machine) : NULL;

	if (number && !cpu->number)
		cpu->number = text_copy(number + strlen(machine));
	// Processors of one machine may differ: each kind of core once.
	if (strcmp(name, "CPU implementer") == 0) {
		free(cpu->maker);
		cpu->maker = text_copy(value);
	}
	if (strcmp(name, "CPU part") == 0 && cpu->maker && *cpu->maker && *value) {
		auto_free char *part = text_format("%s %s", cpu->maker, value);

		if (!list_has(&cpu->parts, part))
			list_add(&cpu->parts, part);
	}
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strcmp(name, marks[i].name) == 0 &&
		    (!marks[i].value || text_begins(value, marks[i].value)))
			cpu->architecture = marks[i].architecture;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		char **member = (char **)((char *)cpu + fields[i].offset);

		if (!*member && strcmp(name, fields[i].name) == 0)
			*member = text_copy(value);
	}
}

static void parse_line(struct cpu *cpu, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	auto_free char *name = NULL, *value = NULL;

	if (!colon)
		return;
	name = text_copy_bytes(line, (size_t)(colon - line));
	value = text_copy_bytes(colon + 1, length - (size_t)(colon + 1 - line));
	add_field(cpu, text_strip(name), text_strip(value));
}

// Flags parted by one blank each, with one at both ends, so that one is easily found.
static void tidy(char **flags)
{
	struct text text = {0};
	const char *next = *flags ? *flags : "";

	text_append_char(&text, ' ');
	while (*(next += strspn(next, " \t"))) {
		size_t length = strcspn(next, " \t");

		text_append_bytes(&text, next, length);
		text_append_char(&text, ' ');
		next += length;
	}
	free(*flags);
	*flags = text_take(&text);
}

void cpu_parse(struct cpu *cpu, const char *cpuinfo)
{
	*cpu = (struct cpu){0};
	while (*cpuinfo) {
		size_t length = strcspn(cpuinfo, "\n");

		parse_line(cpu, cpuinfo, length);
		cpuinfo += length + (cpuinfo[length] == '\n');
	}
	cpu_name(cpu);
	tidy(&cpu->flags);
	tidy(&cpu->vmx_flags);
	// Others have units for floating point, too.
	if (!cpu->architecture && cpu_has(cpu, "fpu") &&
	    (cpu_has(cpu, "lm") || cpu_has(cpu, "tsc") || cpu_has(cpu, "vme")))
		cpu->architecture = cpu_has(cpu, "lm") ? "x86_64" : "i686";
}

void cpu_clear(struct cpu *cpu)
{
	free(cpu->vendor);
	free(cpu->model);
	free(cpu->flags);
	free(cpu->vmx_flags);
	free(cpu->platform);
	free(cpu->isa);
	free(cpu->implementer);
	free(cpu->number);
	free(cpu->maker);
	list_clear(&cpu->parts);
	*cpu = (struct cpu){0};
}

static bool listed(const char *flags, const char *flag)
{
	size_t length = strlen(flag);

	for (const char *at = strstr(flags, flag); at; at = strstr(at + 1, flag))
		if (at > flags && at[-1] == ' ' && at[length] == ' ')
			return true;
	return false;
}

bool cpu_has(const struct cpu *cpu, const char *flag)
{
	return listed(cpu->flags, flag);
}

bool cpu_has_vmx_feature(const struct cpu *cpu, const char *feature)
{
	return listed(cpu->vmx_flags, feature);
}

bool cpu_is_x86(const struct cpu *cpu)
{
	return text_equal(cpu->architecture, "x86_64") || text_equal(cpu->architecture, "i686");
}

// The micro-architecture levels of the x86-64 psABI, in the words of /proc/cpuinfo.
int cpu_level(const struct cpu *cpu)
{
	static const char *const wanted[][8] = {
		{"lm", "cmov", "cx8", "fpu", "fxsr", "mmx", "syscall", "sse2"},
		{"cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"},
		{"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"},
		{"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
	};

	for (int level = 0; level < 4; level++)
		for (int i = 0; i < 8 && wanted[level][i]; i++)
			if (!cpu_has(cpu, wanted[level][i]))
				return level;
	return 4;
}
