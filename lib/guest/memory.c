// SPDX-License-Identifier: GPL-3.0-or-later
// `--memory`
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/rows.h"
#include "xml/path.h"

// What was asked for, in KiB; 0: not.
struct memory {
	unsigned long long memory, current, maximum, slots_maximum;
};

// MiB without a unit.
static int read_size(const struct suboption_call *call, unsigned long long *kibibytes,
		     struct error *err)
{
	struct size_format mebibytes = {.unit = 1ULL << 20, .most = 1ULL << 62, .fraction = true};
	unsigned long long bytes;

	if (size_parse(call->value, mebibytes, &bytes, err) < 0)
		return -1;
	*kibibytes = bytes / 1024;
	return *kibibytes ? 0 : error_set(err, STATUS_USAGE, "a guest needs memory");
}

static int set_memory(const struct suboption_call *call, struct error *err)
{
	return read_size(call, &((struct memory *)call->data)->memory, err);
}

static int set_current(const struct suboption_call *call, struct error *err)
{
	return read_size(call, &((struct memory *)call->data)->current, err);
}

static int set_maximum(const struct suboption_call *call, struct error *err)
{
	return read_size(call, &((struct memory *)call->data)->maximum, err);
}

static int set_slots_maximum(const struct suboption_call *call, struct error *err)
{
	return read_size(call, &((struct memory *)call->data)->slots_maximum, err);
}

static const struct suboption memory_rows[] = {
	CALL("memory", NULL, TEXT, set_memory),
	CALL("currentMemory", NULL, TEXT, set_current),
	CALL("maxMemory", AKA("hotplugmemorymax"), TEXT, set_slots_maximum),
	ROW("maxMemory.slots", AKA("hotplugmemoryslots"), NULL, INTEGER),
	CALL("maxmemory", NULL, TEXT, set_maximum),
	ROW("hugepages", NULL, "memoryBacking/hugepages", ELEMENT),
	ROWS_END,
};

static void set_kibibytes(struct xml_element *domain, const char *path,
			  unsigned long long kibibytes)
{
	auto_free char *text = text_format("%llu", kibibytes);

	path_set(domain, path, text);
}

// A guest that exists keeps what it may have where that is enough, unless it is said.
static bool keeps_maximum(const struct option_edit *edit, const struct memory *memory)
{
	auto_free char *most = path_get(edit->element, "memory");

	return edit->guest && edit->guest->exists && !memory->maximum && most &&
	       strtoull(most, NULL, 10) >= memory->current;
}

static int apply_memory(struct option_edit *edit, const char *text, struct error *err)
{
	struct memory memory = {0};
	struct suboption_target target = {edit->element, edit->guest, &memory};

	if (suboptions_apply(&edit->option->table, text, &target, err) < 0)
		return -1;
	// With currentMemory the names are taken as libvirt means them; without, `memory` is what
	// the guest has and `maxmemory` what it may have.
	if (!memory.current)
		memory.current = memory.memory;
	else if (!memory.maximum)
		memory.maximum = memory.memory;
	if (memory.current) {
		set_kibibytes(edit->element, "currentMemory", memory.current);
		if (!keeps_maximum(edit, &memory))
			set_kibibytes(edit->element, "memory",
				      memory.maximum < memory.current ? memory.current
								      : memory.maximum);
	}
	if (memory.slots_maximum)
		set_kibibytes(edit->element, "maxMemory", memory.slots_maximum);
	return 0;
}

const struct guest_option memory_option = {
	.home = ".",
	.traits = 0,
	.table = {.option = "--memory", .leading = AKA("memory"), .groups = GROUPS(memory_rows)},
	.apply = apply_memory,
};
