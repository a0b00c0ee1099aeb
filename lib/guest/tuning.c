// SPDX-License-Identifier: GPL-3.0-or-later
// What the guest may take of the host, and where: rows alone.
#include "guest/rows.h"

static const struct suboption memtune_rows[] = {
	ROW("hard_limit", NULL, "hard_limit", INTEGER),
	ROW("soft_limit", NULL, "soft_limit", INTEGER),
	ROW("swap_hard_limit", NULL, "swap_hard_limit", INTEGER),
	ROW("min_guarantee", NULL, "min_guarantee", INTEGER),
	ROWS_END,
};

const struct guest_option memtune_option = {
	.home = "memtune",
	.traits = 0,
	.table = {.option = "--memtune",
		  .leading = AKA("soft_limit"),
		  .groups = GROUPS(memtune_rows)},
};

static const struct suboption blkiotune_rows[] = {
	ROW("weight", NULL, "weight", INTEGER),
	ROW("device#.path", AKA("device_path"), "device#/path", TEXT),
	ROW("device#.weight", AKA("device_weight"), "device#/weight", TEXT),
	ROW("device#.read_bytes_sec", AKA("read_bytes_sec"), "device#/read_bytes_sec", INTEGER),
	ROW("device#.write_bytes_sec", AKA("write_bytes_sec"), "device#/write_bytes_sec", INTEGER),
	ROW("device#.read_iops_sec", AKA("read_iops_sec"), "device#/read_iops_sec", INTEGER),
	ROW("device#.write_iops_sec", AKA("write_iops_sec"), "device#/write_iops_sec", INTEGER),
	ROWS_END,
};

const struct guest_option blkiotune_option = {
	.home = "blkiotune",
	.traits = 0,
	.table = {.option = "--blkiotune",
		  .leading = AKA("weight"),
		  .groups = GROUPS(blkiotune_rows)},
};

static const struct suboption memorybacking_rows[] = {
	ROW("hugepages", NULL, "hugepages", ELEMENT),
	ROW("hugepages.page#.size", AKA("size"), NULL, TEXT),
	ROW("hugepages.page#.unit", AKA("unit"), NULL, TEXT),
	ROW("hugepages.page#.nodeset", AKA("nodeset"), NULL, COMMAS),
	ROW("nosharepages", NULL, "nosharepages", ELEMENT),
	ROW("locked", NULL, "locked", ELEMENT),
	ROW("access.mode", AKA("access_mode"), NULL, TEXT),
	ROW("source.type", AKA("source_type"), NULL, TEXT),
	ROW("discard", NULL, "discard", ELEMENT),
	ROW("allocation.mode", NULL, NULL, TEXT),
	ROW("allocation.threads", NULL, NULL, INTEGER),
	ROWS_END,
};

const struct guest_option memorybacking_option = {
	.home = "memoryBacking",
	.traits = 0,
	.table = {.option = "--memorybacking",
		  .leading = AKA(NULL),
		  .groups = GROUPS(memorybacking_rows)},
};

static const struct suboption iothreads_rows[] = {
	ROW("iothreads", NULL, "iothreads", INTEGER),
	ROW("iothreadids.iothread#.id", NULL, NULL, INTEGER),
	ROW("iothreadids.iothread#.thread_pool_min", NULL, NULL, INTEGER),
	ROW("iothreadids.iothread#.thread_pool_max", NULL, NULL, INTEGER),
	ROW("defaultiothread.thread_pool_min", NULL, "defaultiothread#/@thread_pool_min", INTEGER),
	ROW("defaultiothread.thread_pool_max", NULL, "defaultiothread#/@thread_pool_max", INTEGER),
	ROW("iothreadids.iothread#.poll.max", NULL, NULL, INTEGER),
	ROW("iothreadids.iothread#.poll.grow", NULL, NULL, INTEGER),
	ROW("iothreadids.iothread#.poll.shrink", NULL, NULL, INTEGER),
	ROWS_END,
};

const struct guest_option iothreads_option = {
	.home = ".",
	.traits = 0,
	.table = {.option = "--iothreads",
		  .leading = AKA("iothreads"),
		  .groups = GROUPS(iothreads_rows)},
};

static const struct suboption numatune_rows[] = {
	ROW("memory.nodeset", AKA("nodeset"), NULL, COMMAS),
	ROW("memory.mode", AKA("mode"), NULL, TEXT),
	ROW("memory.placement", NULL, NULL, TEXT),
	ROW("memnode#.cellid", NULL, NULL, INTEGER),
	ROW("memnode#.mode", NULL, NULL, TEXT),
	ROW("memnode#.nodeset", NULL, NULL, COMMAS),
	ROWS_END,
};

const struct guest_option numatune_option = {
	.home = "numatune",
	.traits = 0,
	.table = {.option = "--numatune",
		  .leading = AKA("memory.nodeset"),
		  .groups = GROUPS(numatune_rows)},
};

static const struct suboption cputune_rows[] = {
	ROW("shares", NULL, "shares", INTEGER),
	ROW("period", NULL, "period", INTEGER),
	ROW("quota", NULL, "quota", INTEGER),
	ROW("global_period", NULL, "global_period", INTEGER),
	ROW("global_quota", NULL, "global_quota", INTEGER),
	ROW("emulator_period", NULL, "emulator_period", INTEGER),
	ROW("emulator_quota", NULL, "emulator_quota", INTEGER),
	ROW("iothread_period", NULL, "iothread_period", INTEGER),
	ROW("iothread_quota", NULL, "iothread_quota", INTEGER),
	ROW("vcpupin#.vcpu", NULL, NULL, INTEGER),
	ROW("vcpupin#.cpuset", NULL, NULL, COMMAS),
	ROW("emulatorpin.cpuset", NULL, NULL, COMMAS),
	ROW("iothreadpin#.iothread", NULL, NULL, INTEGER),
	ROW("iothreadpin#.cpuset", NULL, NULL, COMMAS),
	ROW("emulatorsched.scheduler", NULL, NULL, TEXT),
	ROW("emulatorsched.priority", NULL, NULL, INTEGER),
	ROW("vcpusched#.vcpus", NULL, NULL, COMMAS),
	ROW("vcpusched#.scheduler", NULL, NULL, TEXT),
	ROW("vcpusched#.priority", NULL, NULL, INTEGER),
	ROW("iothreadsched#.iothreads", NULL, NULL, COMMAS),
	ROW("iothreadsched#.scheduler", NULL, NULL, TEXT),
	ROW("iothreadsched#.priority", NULL, NULL, INTEGER),
	ROW("cachetune#.vcpus", NULL, NULL, COMMAS),
	ROW("cachetune#.cache#.id", NULL, NULL, INTEGER),
	ROW("cachetune#.cache#.level", NULL, NULL, INTEGER),
	ROW("cachetune#.cache#.type", NULL, NULL, TEXT),
	ROW("cachetune#.cache#.size", NULL, NULL, INTEGER),
	ROW("cachetune#.cache#.unit", NULL, NULL, TEXT),
	ROW("cachetune#.monitor#.level", NULL, NULL, INTEGER),
	ROW("cachetune#.monitor#.vcpus", NULL, NULL, COMMAS),
	ROW("memorytune#.vcpus", NULL, NULL, COMMAS),
	ROW("memorytune#.node#.id", NULL, NULL, INTEGER),
	ROW("memorytune#.node#.bandwidth", NULL, NULL, INTEGER),
	ROWS_END,
};

const struct guest_option cputune_option = {
	.home = "cputune",
	.traits = 0,
	.table = {.option = "--cputune", .leading = AKA("model"), .groups = GROUPS(cputune_rows)},
};

static const struct suboption resource_rows[] = {
	ROW("partition", NULL, "partition", TEXT),
	ROW("fibrechannel.appid", NULL, NULL, COMMAS),
	ROWS_END,
};

const struct guest_option resource_option = {
	.home = "resource",
	.traits = 0,
	.table = {.option = "--resource",
		  .leading = AKA("partition"),
		  .groups = GROUPS(resource_rows)},
};
