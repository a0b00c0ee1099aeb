// SPDX-License-Identifier: GPL-3.0-or-later
// Devices whose options are rows alone.
#include "guest/rows.h"

static const struct suboption audio_rows[] = {
	ROW("type", NULL, NULL, TEXT),
	ROW("id", NULL, NULL, TEXT),
	ROWS_END,
};

const struct guest_option audio_option = {
	.home = "devices/audio",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--audio", .leading = AKA(NULL), .groups = GROUPS(audio_rows)},
};

static const struct suboption video_rows[] = {
	ROW("model.type", AKA("model"), NULL, TEXT),
	ROW("model.acceleration.accel3d", AKA("accel3d"), NULL, YES_NO),
	ROW("model.heads", AKA("heads"), NULL, INTEGER),
	ROW("model.ram", AKA("ram"), NULL, INTEGER),
	ROW("model.vram", AKA("vram"), NULL, INTEGER),
	ROW("model.vram64", AKA("vram64"), NULL, INTEGER),
	ROW("model.vgamem", AKA("vgamem"), NULL, INTEGER),
	ROW("model.blob", NULL, NULL, ON_OFF),
	ROWS_END,
};

const struct guest_option video_option = {
	.home = "devices/video",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--video",
		  .leading = AKA("model.type"),
		  .groups = GROUPS(device_rows, virtio_rows, video_rows)},
};

static const struct suboption shmem_rows[] = {
	ROW("name", NULL, NULL, TEXT),
	ROW("role", NULL, NULL, TEXT),
	ROW("model.type", NULL, NULL, TEXT),
	ROW("size", NULL, "size", INTEGER),
	ROW("size.unit", NULL, NULL, TEXT),
	ROW("server.path", NULL, NULL, TEXT),
	ROW("msi.vectors", NULL, NULL, INTEGER),
	ROW("msi.ioeventfd", NULL, NULL, ON_OFF),
	ROWS_END,
};

const struct guest_option shmem_option = {
	.home = "devices/shmem",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--shmem",
		  .leading = AKA("name"),
		  .groups = GROUPS(device_rows, shmem_rows)},
};

static const struct suboption vsock_rows[] = {
	ROW("model", NULL, NULL, TEXT),
	ROW("cid.auto", AKA("auto_cid"), NULL, YES_NO),
	ROW("cid.address", AKA("cid"), NULL, INTEGER),
	ROWS_END,
};

const struct guest_option vsock_option = {
	.home = "devices/vsock",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--vsock",
		  .leading = AKA("model"),
		  .groups = GROUPS(device_rows, virtio_rows, vsock_rows)},
};

static const struct suboption iommu_rows[] = {
	ROW("model", NULL, NULL, TEXT),
	ROW("driver.aw_bits", NULL, NULL, INTEGER),
	ROW("driver.intremap", NULL, NULL, ON_OFF),
	ROW("driver.caching_mode", NULL, NULL, ON_OFF),
	ROW("driver.eim", NULL, NULL, ON_OFF),
	ROW("driver.iotlb", NULL, NULL, ON_OFF),
	ROWS_END,
};

const struct guest_option iommu_option = {
	.home = "devices/iommu",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--iommu", .leading = AKA("model"), .groups = GROUPS(iommu_rows)},
};

static const struct suboption pstore_rows[] = {
	ROW("backend", NULL, NULL, TEXT),
	ROW("path", NULL, "path", TEXT),
	ROW("size", NULL, "size", INTEGER),
	ROWS_END,
};

const struct guest_option pstore_option = {
	.home = "devices/pstore",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--pstore", .leading = AKA(NULL), .groups = GROUPS(pstore_rows)},
};

static const struct suboption watchdog_rows[] = {
	ROW("model", NULL, NULL, TEXT),
	ROW("action", NULL, NULL, TEXT),
	ROWS_END,
};

const struct guest_option watchdog_option = {
	.home = "devices/watchdog",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--watchdog",
		  .leading = AKA("model"),
		  .groups = GROUPS(device_rows, watchdog_rows)},
};

static const struct suboption memballoon_rows[] = {
	ROW("model", NULL, NULL, TEXT),
	ROW("autodeflate", NULL, NULL, ON_OFF),
	ROW("stats.period", NULL, NULL, INTEGER),
	ROW("freePageReporting", NULL, NULL, ON_OFF),
	ROWS_END,
};

const struct guest_option memballoon_option = {
	.home = "devices/memballoon",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--memballoon",
		  .leading = AKA("model"),
		  .groups = GROUPS(device_rows, virtio_rows, memballoon_rows)},
};

static const struct suboption sound_rows[] = {
	ROW("model", NULL, NULL, TEXT),       ROW("audio.id", NULL, NULL, TEXT),
	ROW("codec#.type", NULL, NULL, TEXT), ROW("multichannel", NULL, NULL, YES_NO),
	ROW("streams", NULL, NULL, TEXT),     ROWS_END,
};

const struct guest_option sound_option = {
	.home = "devices/sound",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--sound",
		  .leading = AKA("model"),
		  .groups = GROUPS(device_rows, sound_rows)},
};
