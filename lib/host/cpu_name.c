// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/cpu_name.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/cpu.h"

struct name {
	const char *number, *name;
};

// Implementer and part, the fields of the register MIDR_EL1.
static const struct name cores[] = {
	{"0x41 0xb76", "Arm ARM1176"},
	{"0x41 0xc05", "Arm Cortex-A5"},
	{"0x41 0xc07", "Arm Cortex-A7"},
	{"0x41 0xc08", "Arm Cortex-A8"},
	{"0x41 0xc09", "Arm Cortex-A9"},
	{"0x41 0xc0e", "Arm Cortex-A17"},
	{"0x41 0xc0f", "Arm Cortex-A15"},
	{"0x41 0xd01", "Arm Cortex-A32"},
	{"0x41 0xd02", "Arm Cortex-A34"},
	{"0x41 0xd03", "Arm Cortex-A53"},
	{"0x41 0xd04", "Arm Cortex-A35"},
	{"0x41 0xd05", "Arm Cortex-A55"},
	{"0x41 0xd06", "Arm Cortex-A65"},
	{"0x41 0xd07", "Arm Cortex-A57"},
	{"0x41 0xd08", "Arm Cortex-A72"},
	{"0x41 0xd09", "Arm Cortex-A73"},
	{"0x41 0xd0a", "Arm Cortex-A75"},
	{"0x41 0xd0b", "Arm Cortex-A76"},
	{"0x41 0xd0c", "Arm Neoverse N1"},
	{"0x41 0xd0d", "Arm Cortex-A77"},
	{"0x41 0xd0e", "Arm Cortex-A76AE"},
	{"0x41 0xd40", "Arm Neoverse V1"},
	{"0x41 0xd41", "Arm Cortex-A78"},
	{"0x41 0xd42", "Arm Cortex-A78AE"},
	{"0x41 0xd44", "Arm Cortex-X1"},
	{"0x41 0xd46", "Arm Cortex-A510"},
	{"0x41 0xd47", "Arm Cortex-A710"},
	{"0x41 0xd48", "Arm Cortex-X2"},
	{"0x41 0xd49", "Arm Neoverse N2"},
	{"0x41 0xd4a", "Arm Neoverse E1"},
	{"0x41 0xd4b", "Arm Cortex-A78C"},
	{"0x41 0xd4c", "Arm Cortex-X1C"},
	{"0x41 0xd4d", "Arm Cortex-A715"},
	{"0x41 0xd4e", "Arm Cortex-X3"},
	{"0x41 0xd4f", "Arm Neoverse V2"},
	{"0x41 0xd80", "Arm Cortex-A520"},
	{"0x41 0xd81", "Arm Cortex-A720"},
	{"0x41 0xd82", "Arm Cortex-X4"},
	{"0x41 0xd84", "Arm Neoverse V3"},
	{"0x41 0xd85", "Arm Cortex-X925"},
	{"0x41 0xd87", "Arm Cortex-A725"},
	{"0x41 0xd8e", "Arm Neoverse N3"},
	{"0x42 0x516", "ThunderX2"},
	{"0x43 0x0a1", "ThunderX"},
	{"0x43 0x0a2", "ThunderX CN81xx"},
	{"0x43 0x0a3", "ThunderX CN83xx"},
	{"0x43 0x0af", "ThunderX2"},
	{"0x46 0x001", "A64FX"},
	{"0x46 0x003", "MONAKA"},
	{"0x48 0xd01", "Kunpeng 920"},
	{"0x48 0xd02", "Kunpeng 920 (V2)"},
	{"0x4e 0x000", "Denver"},
	{"0x4e 0x003", "Denver 2"},
	{"0x4e 0x004", "Carmel"},
	{"0x4e 0x010", "Olympus"},
	{"0x50 0x000", "X-Gene"},
	{"0x51 0x800", "Kryo 2xx Gold"},
	{"0x51 0x801", "Kryo 2xx Silver"},
	{"0x51 0x802", "Kryo 3xx Gold"},
	{"0x51 0x803", "Kryo 3xx Silver"},
	{"0x51 0x804", "Kryo 4xx Gold"},
	{"0x51 0x805", "Kryo 4xx Silver"},
	{"0x51 0xc00", "Falkor"},
	{"0x51 0xc01", "Saphira"},
	{"0x51 0x001", "Oryon"},
	{"0x61 0x022", "Apple M1 (Icestorm)"},
	{"0x61 0x023", "Apple M1 (Firestorm)"},
	{"0x61 0x024", "Apple M1 Pro (Icestorm)"},
	{"0x61 0x025", "Apple M1 Pro (Firestorm)"},
	{"0x61 0x028", "Apple M1 Max (Icestorm)"},
	{"0x61 0x029", "Apple M1 Max (Firestorm)"},
	{"0x61 0x032", "Apple M2 (Blizzard)"},
	{"0x61 0x033", "Apple M2 (Avalanche)"},
	{"0x70 0x662", "FT-2000+"},
	{"0x70 0x663", "Phytium S2500"},
	{"0xc0 0xac3", "Ampere-1"},
	{"0xc0 0xac4", "Ampere-1A"},
	{"0xc0 0xac5", "Ampere-1B"},
	{"0x6d 0xd49", "Azure Cobalt 100"},
};

// The types of IBM Z and LinuxONE.
static const struct name machines[] = {
	{"2064", "IBM z900"},    {"2066", "IBM z800"},    {"2084", "IBM z990"},
	{"2086", "IBM z890"},    {"2094", "IBM z9"},      {"2096", "IBM z9"},
	{"2097", "IBM z10"},     {"2098", "IBM z10"},     {"2817", "IBM z196"},
	{"2818", "IBM z114"},    {"2827", "IBM zEC12"},   {"2828", "IBM zBC12"},
	{"2964", "IBM z13"},     {"2965", "IBM z13s"},    {"3906", "IBM z14"},
	{"3907", "IBM z14 ZR1"}, {"8561", "IBM z15"},     {"8562", "IBM z15 T02"},
	{"3931", "IBM z16"},     {"3932", "IBM z16 A02"}, {"9175", "IBM z17"},
};

static const char *find(const struct name *names, size_t count, const char *number)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(names[i].number, number))
			return names[i].name;
	return NULL;
}

static char *name_cores(const struct list *parts)
{
	auto_list struct list names = {0};

	for (size_t i = 0; i < parts->count; i++) {
		const char *name = find(cores, sizeof(cores) / sizeof(*cores), parts->items[i]);
		auto_list struct list words = list_split(parts->items[i], " ");

		if (name)
			list_add(&names, name);
		else
			list_add_format(&names, "implementer %s, part %s", words.items[0],
					words.count > 1 ? words.items[1] : "unknown");
	}
	return list_join(&names, " + ");
}

void cpu_name(struct cpu *cpu)
{
	// 32-bit kernels give the architecture where others give a name.
	if (cpu->parts.count && (!cpu->model || text_begins(cpu->model, "ARMv") ||
				 text_begins(cpu->model, "AArch64"))) {
		free(cpu->model);
		cpu->model = name_cores(&cpu->parts);
	}
	if (!cpu->model && cpu->number)
		cpu->model = text_copy(
			find(machines, sizeof(machines) / sizeof(*machines), cpu->number));
}
