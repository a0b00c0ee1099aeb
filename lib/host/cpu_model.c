// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/cpu_model.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static const char intel[] = "GenuineIntel", amd[] = "AuthenticAMD";

// The best one first. What the models ask for is documented with QEMU ("CPU model configuration for
// QEMU/KVM x86 hosts") and in the makers' manuals. What KVM gives to guests on any processor
// (x2apic, tsc_deadline_timer, umip) is left out.
// clang-format off
static const struct cpu_model models[] = {
	{"SapphireRapids", intel, "Icelake-Server",
	 "amx_tile amx_bf16 amx_int8 avx512_bf16 avx512_fp16 avx_vnni serialize fsrm"},
	{"Icelake-Server", intel, "Cascadelake-Server",
	 "avx512vbmi avx512_vbmi2 gfni vaes vpclmulqdq avx512_bitalg avx512_vpopcntdq pku"},
	{"Cascadelake-Server", intel, "Skylake-Server", "avx512_vnni"},
	{"Skylake-Server", intel, "Skylake-Client",
	 "avx512f avx512bw avx512cd avx512dq avx512vl clwb clflushopt"},
	{"Skylake-Client", intel, "Broadwell", "xsavec xgetbv1"},
	{"Broadwell", intel, "Haswell", "rdseed adx smap 3dnowprefetch"},
	{"Haswell", intel, "IvyBridge", "avx2 bmi1 bmi2 fma movbe invpcid abm"},
	{"IvyBridge", intel, "SandyBridge", "erms smep fsgsbase f16c rdrand"},
	{"SandyBridge", intel, "Westmere", "avx xsave pclmulqdq rdtscp"},
	{"Westmere", intel, "Nehalem", "aes"},
	{"Nehalem", intel, "Penryn", "sse4_2 popcnt"},
	{"Penryn", intel, "Conroe", "cx16 sse4_1"},
	{"Conroe", intel, "kvm64", "ssse3 lahf_lm"},
	{"EPYC-Turin", amd, "EPYC-Genoa", "avx_vnni movdiri movdir64b"},
	{"EPYC-Genoa", amd, "EPYC-Milan",
	 "avx512f avx512dq avx512cd avx512bw avx512vl avx512ifma avx512vbmi avx512_vbmi2 gfni "
	 "avx512_vnni avx512_bitalg avx512_vpopcntdq avx512_bf16"},
	{"EPYC-Milan", amd, "EPYC-Rome", "erms fsrm invpcid pku vaes vpclmulqdq"},
	{"EPYC-Rome", amd, "EPYC", "clwb rdpid wbnoinvd xsaveerptr"},
	{"EPYC", amd, "Opteron_G5",
	 "avx2 bmi1 bmi2 fsgsbase rdrand rdseed adx smap smep sha_ni xsavec xgetbv1 clflushopt movbe"},
	{"Opteron_G5", amd, "Opteron_G4", "f16c fma"},
	{"Opteron_G4", amd, "Opteron_G3", "aes avx pclmulqdq sse4_1 sse4_2 ssse3 xsave"},
	{"Opteron_G3", amd, "kvm64", "abm cx16 lahf_lm misalignsse popcnt sse4a"},
	{"kvm64", NULL, NULL, "lm nx pni sse2 syscall cx8 cmov fxsr mmx"},
};
// clang-format on

enum { MODELS = sizeof(models) / sizeof(*models) };

const struct cpu_model *cpu_model_at(size_t index)
{
	return index < MODELS ? &models[index] : NULL;
}

const struct cpu_model *cpu_model_find(const char *name)
{
	const struct cpu_model *found = NULL;

	// The longest name that NAME begins with: EPYC-Rome-v2 is no EPYC.
	for (size_t i = 0; i < MODELS; i++) {
		size_t length = strlen(models[i].name);

		if (text_begins(name, models[i].name) &&
		    (name[length] == '\0' || name[length] == '-') &&
		    (!found || length > strlen(found->name)))
			found = &models[i];
	}
	return found;
}

struct list cpu_model_missing(const struct cpu_model *model, const char *flags)
{
	struct list missing = {0};

	for (; model; model = model->base ? cpu_model_find(model->base) : NULL) {
		auto_list struct list wanted = list_split(model->flags, " ");

		for (size_t i = 0; i < wanted.count; i++) {
			auto_free char *word = text_format(" %s ", wanted.items[i]);

			if (!strstr(flags, word))
				list_add(&missing, wanted.items[i]);
		}
	}
	return missing;
}
