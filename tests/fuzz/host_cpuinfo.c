// SPDX-License-Identifier: GPL-3.0-or-later
// What /proc/cpuinfo and the index files of modules hold, as any kernel or a recorded tree may have
// it.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/cpu.h"
#include "host/facts.h"
#include "host/module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *string = text_copy_bytes((const char *)data, size);
	auto_facts struct facts facts = {0}, again = {0};
	auto_free char *written = NULL, *rewritten = NULL;
	struct cpu cpu;

	cpu_parse(&cpu, string);
	if (cpu_level(&cpu) && !cpu_has(&cpu, "lm"))
		abort();
	cpu_clear(&cpu);
	facts_parse(&facts, string);
	written = facts_string(&facts);
	facts_parse(&again, written);
	rewritten = facts_string(&again);
	if (!text_equal(written, rewritten))
		abort();
	return 0;
}
