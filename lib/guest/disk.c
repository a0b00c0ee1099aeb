// SPDX-License-Identifier: GPL-3.0-or-later
// `--disk`
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/device.h"
#include "guest/guest.h"
#include "guest/tables.h"
#include "xml/path.h"

static void replace(char **field, const char *value)
{
	free(*field);
	*field = text_copy(value);
}

static int set_path(const struct suboption_call *call, struct error *err)
{
	struct guest_disk *disk = call->data;

	(void)err;
	free(disk->path);
	disk->path = *call->value ? file_absolute(call->value) : NULL;
	return 0;
}

static int set_pool(const struct suboption_call *call, struct error *err)
{
	(void)err;
	replace(&((struct guest_disk *)call->data)->pool, call->value);
	return 0;
}

// POOL/VOLUME
static int set_vol(const struct suboption_call *call, struct error *err)
{
	struct guest_disk *disk = call->data;
	const char *slash = strrchr(call->value, '/');

	if (!slash || slash == call->value || !slash[1])
		return error_set(err, STATUS_USAGE, "a volume is named POOL/VOLUME, not '%s'",
				 call->value);
	free(disk->pool);
	disk->pool = text_copy_bytes(call->value, (size_t)(slash - call->value));
	replace(&disk->volume, slash + 1);
	return 0;
}

static int set_size(const struct suboption_call *call, struct error *err)
{
	struct guest_disk *disk = call->data;
	struct size_format gibibytes = {.unit = 1ULL << 30, .most = 1ULL << 62, .fraction = true};

	if (size_parse(call->value, gibibytes, &disk->size, err) < 0)
		return -1;
	return disk->size ? 0 : error_set(err, STATUS_USAGE, "a disk cannot have the size 0");
}

static int set_format(const struct suboption_call *call, struct error *err)
{
	(void)err;
	replace(&((struct guest_disk *)call->data)->format, call->value);
	return 0;
}

static int set_sparse(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value,
				 &((struct guest_disk *)call->data)->sparse, err);
}

static int set_backing_store(const struct suboption_call *call, struct error *err)
{
	struct guest_disk *disk = call->data;

	(void)err;
	free(disk->backing_store);
	disk->backing_store = file_absolute(call->value);
	return 0;
}

static int set_backing_format(const struct suboption_call *call, struct error *err)
{
	(void)err;
	replace(&((struct guest_disk *)call->data)->backing_format, call->value);
	return 0;
}

// ro, sh or rw, as virt-install has always taken it.
static int set_perms(const struct suboption_call *call, struct error *err)
{
	if (text_equal(call->value, "ro"))
		path_create(call->element, "readonly");
	else if (text_equal(call->value, "sh"))
		path_create(call->element, "shareable");
	else if (!text_equal(call->value, "rw"))
		return error_set(err, STATUS_USAGE, "perms is ro, sh or rw, not '%s'", call->value);
	return 0;
}

static const struct suboption disk_rows[] = {
	ROW("boot.order", "boot_order", NULL, INTEGER),
	ROW("boot.loadparm", NULL, NULL, TEXT),
	CALL("backing_store", NULL, TEXT, set_backing_store),
	CALL("backing_format", NULL, TEXT, set_backing_format),
	CALL("pool", NULL, TEXT, set_pool),
	CALL("vol", NULL, TEXT, set_vol),
	CALL("size", NULL, TEXT, set_size),
	CALL("format", NULL, TEXT, set_format),
	CALL("sparse", NULL, TEXT, set_sparse),
	ROW("type", NULL, NULL, TEXT),
	ROW("source.dir", NULL, NULL, TEXT),
	ROW("source.file", NULL, NULL, TEXT),
	ROW("source.dev", NULL, NULL, TEXT),
	ROW("source.pool", "source_pool", NULL, TEXT),
	ROW("source.volume", "source_volume", NULL, TEXT),
	ROW("source.name", "source_name", NULL, TEXT),
	ROW("source.protocol", "source_protocol", NULL, TEXT),
	ROW("source.startupPolicy", "startup_policy", NULL, TEXT),
	ROW("source.type", NULL, NULL, TEXT),
	ROW("source.namespace", NULL, NULL, INTEGER),
	ROW("source.managed", NULL, NULL, YES_NO),
	ROW("source.address.domain", NULL, NULL, INTEGER),
	ROW("source.address.bus", NULL, NULL, INTEGER),
	ROW("source.address.slot", NULL, NULL, INTEGER),
	ROW("source.address.function", NULL, NULL, INTEGER),
	ROW("source.host#.name", "source_host_name", NULL, TEXT),
	ROW("source.host#.port", "source_host_port", NULL, INTEGER),
	ROW("source.host#.socket", "source_host_socket", NULL, TEXT),
	ROW("source.host#.transport", "source_host_transport", NULL, TEXT),
	ROW("source.seclabel#.model", "seclabel#.model", NULL, TEXT),
	ROW("source.seclabel#.relabel", "seclabel#.relabel", NULL, YES_NO),
	ROW("source.seclabel#.label", "seclabel#.label", "source/seclabel#/label", COMMAS),
	CALL("path", NULL, TEXT, set_path),
	ROW("device", NULL, NULL, TEXT),
	ROW("snapshot", "snapshot_policy", NULL, TEXT),
	ROW("sgio", NULL, NULL, TEXT),
	ROW("rawio", NULL, NULL, TEXT),
	ROW("serial", NULL, "serial", TEXT),
	ROW("wwn", NULL, "wwn", TEXT),
	ROW("readonly", NULL, "readonly", PRESENT),
	ROW("shareable", NULL, "shareable", PRESENT),
	ROW("transient", NULL, "transient", PRESENT),
	ROW("transient.shareBacking", NULL, NULL, YES_NO),
	ROW("target.bus", "bus", NULL, TEXT),
	ROW("target.removable", "removable", NULL, ON_OFF),
	ROW("target.dev", "target", NULL, TEXT),
	ROW("target.rotation_rate", "rotation_rate", NULL, INTEGER),
	ROW("driver.cache", "cache", NULL, TEXT),
	ROW("driver.discard", "discard", NULL, TEXT),
	ROW("driver.detect_zeroes", "detect_zeroes", NULL, TEXT),
	ROW("driver.name", "driver_name", NULL, TEXT),
	ROW("driver.type", "driver_type", NULL, TEXT),
	ROW("driver.copy_on_read", NULL, NULL, ON_OFF),
	ROW("driver.io", "io", NULL, TEXT),
	ROW("driver.iothread", NULL, NULL, INTEGER),
	ROW("driver.queues", NULL, NULL, INTEGER),
	ROW("driver.error_policy", "error_policy", NULL, TEXT),
	ROW("driver.discard_no_unref", NULL, NULL, ON_OFF),
	ROW("driver.queue_size", NULL, NULL, INTEGER),
	ROW("driver.metadata_cache.max_size", NULL, "driver/metadata_cache/max_size", INTEGER),
	ROW("driver.metadata_cache.max_size.unit", NULL, NULL, TEXT),
	ROW("iotune.read_bytes_sec", "read_bytes_sec", "iotune/read_bytes_sec", INTEGER),
	ROW("iotune.write_bytes_sec", "write_bytes_sec", "iotune/write_bytes_sec", INTEGER),
	ROW("iotune.total_bytes_sec", "total_bytes_sec", "iotune/total_bytes_sec", INTEGER),
	ROW("iotune.read_iops_sec", "read_iops_sec", "iotune/read_iops_sec", INTEGER),
	ROW("iotune.write_iops_sec", "write_iops_sec", "iotune/write_iops_sec", INTEGER),
	ROW("iotune.total_iops_sec", "total_iops_sec", "iotune/total_iops_sec", INTEGER),
	ROW("blockio.logical_block_size", "logical_block_size", NULL, TEXT),
	ROW("blockio.physical_block_size", "physical_block_size", NULL, TEXT),
	ROW("blockio.discard_granularity", NULL, NULL, TEXT),
	ROW("geometry.cyls", NULL, NULL, INTEGER),
	ROW("geometry.heads", NULL, NULL, INTEGER),
	ROW("geometry.secs", NULL, NULL, INTEGER),
	ROW("geometry.trans", NULL, NULL, TEXT),
	ROW("source.reservations.managed", "reservations.managed", NULL, TEXT),
	ROW("source.reservations.source.type", "reservations.source.type", NULL, TEXT),
	ROW("source.reservations.source.path", "reservations.source.path", NULL, TEXT),
	ROW("source.reservations.source.mode", "reservations.source.mode", NULL, TEXT),
	CALL("perms", NULL, TEXT, set_perms),
	ROWS_END,
};

static const char *const leading[] = {"path", NULL};
static const struct suboption *const groups[] = {device_rows, virtio_rows, disk_rows, NULL};
const struct suboption_table disk_table = {
	.option = "--disk", .leading = leading, .groups = groups};

int guest_add_disk(struct guest *guest, const char *text, struct error *err)
{
	struct guest_disk *disk;

	if (text_equal(text, "none")) {
		guest->no_disks = true;
		return 0;
	}
	guest->disks = memory_resize(guest->disks, guest->disk_count + 1, sizeof(*guest->disks));
	disk = &guest->disks[guest->disk_count++];
	*disk = (struct guest_disk){.element = device_new(guest, "disk"), .sparse = true};
	return suboptions_apply(&disk_table, text, disk->element, disk, err);
}
