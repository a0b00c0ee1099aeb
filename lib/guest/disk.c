// SPDX-License-Identifier: GPL-3.0-or-later
// `--disk`
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/disk.h"
#include "guest/guest.h"
#include "guest/rows.h"
#include "xml/path.h"

// POOL/VOLUME
static int set_vol(const struct suboption_call *call, struct error *err)
{
	struct disk_wish *wish = call->data;
	const char *slash = strchr(call->value, '/');

	if (!wish)
		return 0;
	if (!slash || slash == call->value || !slash[1]) {
		error_set(err, STATUS_USAGE,
			  "Storage volume must be specified as vol=poolname/volname");
		return error_hint(err, "$vmctl vol-list POOL shows the volumes of a pool");
	}
	free(wish->pool);
	free(wish->volume);
	wish->pool = text_copy_bytes(call->value, (size_t)(slash - call->value));
	wish->volume = text_copy(slash + 1);
	return 0;
}

// GiB without a unit.
static int set_size(const struct suboption_call *call, struct error *err)
{
	struct disk_wish *wish = call->data;
	struct size_format gibibytes = {.unit = 1ULL << 30, .most = 1ULL << 62, .fraction = true};
	auto_free char *value = NULL;

	if (!wish)
		return 0;
	if (!*call->value) {
		wish->size = 0;
		return 0;
	}
	// ".5" is 0.5
	value = text_format("%s%s", *call->value == '.' ? "0" : "", call->value);
	if (size_parse(value, gibibytes, &wish->size, err) < 0) {
		// A number that is merely too large is no bad number.
		if (strspn(value, "0123456789.") == strlen(value) && strlen(value) > 9)
			return error_set(err, STATUS_USAGE,
					 "The requested volume capacity will exceed what any "
					 "storage has: %s GiB",
					 call->value);
		return error_wrap(err, "could not convert string to a size in GiB: '%s'",
				  call->value);
	}
	// The smallest that means something, for what rounds to nothing.
	if (!wish->size && strpbrk(value, "123456789"))
		wish->size = 1;
	return wish->size ? 0 : error_set(err, STATUS_USAGE, "a disk cannot have the size 0");
}

// ro, sh or rw, as virt-install has always taken it.
static int set_perms(const struct suboption_call *call, struct error *err)
{
	if (text_equal(call->value, "ro"))
		path_create(call->element, "readonly");
	else if (text_equal(call->value, "sh"))
		path_create(call->element, "shareable");
	else if (!text_equal(call->value, "rw"))
		return error_set(err, STATUS_USAGE,
				 "Unknown 'perms' value '%s': it is ro, sh or rw", call->value);
	return 0;
}

static const struct suboption wish_rows[] = {
	CALL("perms", NULL, TEXT, set_perms),
	KEEP("backing_store", NULL, FILE, struct disk_wish, backing_store),
	KEEP("backing_format", NULL, TEXT, struct disk_wish, backing_format),
	KEEP("pool", NULL, TEXT, struct disk_wish, pool),
	CALL("vol", NULL, TEXT, set_vol),
	CALL("size", NULL, TEXT, set_size),
	KEEP("format", NULL, TEXT, struct disk_wish, format),
	KEEP_BOOL("sparse", NULL, struct disk_wish, sparse),
	KEEP_AT("path", "source/@file|source/@dev|source/@dir", TEXT, struct disk_wish, path),
	ROWS_END,
};

static const struct suboption disk_rows[] = {
	ROW("boot.order", AKA("boot_order"), NULL, INTEGER),
	ROW("boot.loadparm", NULL, NULL, TEXT),
	ROW("type", NULL, NULL, TEXT),
	ROW("source.dir", NULL, NULL, TEXT),
	ROW("source.file", NULL, NULL, TEXT),
	ROW("source.dev", NULL, NULL, TEXT),
	ROW("source.pool", AKA("source_pool"), NULL, TEXT),
	ROW("source.volume", AKA("source_volume"), NULL, TEXT),
	ROW("source.name", AKA("source_name"), NULL, TEXT),
	ROW("source.protocol", AKA("source_protocol"), NULL, TEXT),
	ROW("source.startupPolicy", AKA("startup_policy"), NULL, TEXT),
	ROW("source.type", NULL, NULL, TEXT),
	ROW("source.namespace", NULL, NULL, INTEGER),
	ROW("source.managed", NULL, NULL, YES_NO),
	ROW("source.address.domain", NULL, NULL, INTEGER),
	ROW("source.address.bus", NULL, NULL, INTEGER),
	ROW("source.address.slot", NULL, NULL, INTEGER),
	ROW("source.address.function", NULL, NULL, INTEGER),
	ROW("source.host#.name", AKA("source_host_name"), NULL, TEXT),
	ROW("source.host#.port", AKA("source_host_port"), NULL, INTEGER),
	ROW("source.host#.socket", AKA("source_host_socket"), NULL, TEXT),
	ROW("source.host#.transport", AKA("source_host_transport"), NULL, TEXT),
	ROW("source.seclabel#.model", AKA("seclabel#.model"), NULL, TEXT),
	ROW("source.seclabel#.relabel", AKA("seclabel#.relabel"), NULL, YES_NO),
	ROW("source.seclabel#.label", AKA("seclabel#.label"), "source/seclabel#/label", COMMAS),
	ROW("device", NULL, NULL, TEXT),
	ROW("snapshot", AKA("snapshot_policy"), NULL, TEXT),
	ROW("sgio", NULL, NULL, TEXT),
	ROW("rawio", NULL, NULL, TEXT),
	ROW("serial", NULL, "serial", TEXT),
	ROW("wwn", NULL, "wwn", TEXT),
	ROW("readonly", NULL, "readonly", ELEMENT),
	ROW("shareable", NULL, "shareable", ELEMENT),
	ROW("transient", NULL, "transient", ELEMENT),
	ROW("transient.shareBacking", NULL, NULL, YES_NO),
	ROW("target.bus", NULL, NULL, TEXT),
	ROW("target.removable", AKA("removable"), NULL, ON_OFF),
	ROW("target.dev", AKA("target"), NULL, TEXT),
	ROW("target.rotation_rate", AKA("rotation_rate"), NULL, INTEGER),
	ROW("driver.cache", NULL, NULL, TEXT),
	ROW("driver.discard", AKA("discard"), NULL, TEXT),
	ROW("driver.detect_zeroes", AKA("detect_zeroes"), NULL, TEXT),
	ROW("driver.name", AKA("driver_name"), NULL, TEXT),
	ROW("driver.type", AKA("driver_type"), NULL, TEXT),
	ROW("driver.copy_on_read", NULL, NULL, ON_OFF),
	ROW("driver.io", AKA("io"), NULL, TEXT),
	ROW("driver.iothread", NULL, NULL, INTEGER),
	ROW("driver.queues", NULL, NULL, INTEGER),
	ROW("driver.error_policy", AKA("error_policy"), NULL, TEXT),
	ROW("driver.discard_no_unref", NULL, NULL, ON_OFF),
	ROW("driver.queue_size", NULL, NULL, INTEGER),
	ROW("driver.metadata_cache.max_size", NULL, "driver/metadata_cache/max_size", INTEGER),
	ROW("driver.metadata_cache.max_size.unit", NULL, NULL, TEXT),
	ROW("iotune.read_bytes_sec", AKA("read_bytes_sec"), "iotune/read_bytes_sec", INTEGER),
	ROW("iotune.write_bytes_sec", AKA("write_bytes_sec"), "iotune/write_bytes_sec", INTEGER),
	ROW("iotune.total_bytes_sec", AKA("total_bytes_sec"), "iotune/total_bytes_sec", INTEGER),
	ROW("iotune.read_iops_sec", AKA("read_iops_sec"), "iotune/read_iops_sec", INTEGER),
	ROW("iotune.write_iops_sec", AKA("write_iops_sec"), "iotune/write_iops_sec", INTEGER),
	ROW("iotune.total_iops_sec", AKA("total_iops_sec"), "iotune/total_iops_sec", INTEGER),
	ROW("blockio.logical_block_size", AKA("logical_block_size"), NULL, TEXT),
	ROW("blockio.physical_block_size", AKA("physical_block_size"), NULL, TEXT),
	ROW("blockio.discard_granularity", NULL, NULL, TEXT),
	ROW("geometry.cyls", NULL, NULL, INTEGER),
	ROW("geometry.heads", NULL, NULL, INTEGER),
	ROW("geometry.secs", NULL, NULL, INTEGER),
	ROW("geometry.trans", NULL, NULL, TEXT),
	ROW("source.reservations.managed", AKA("reservations.managed"), NULL, TEXT),
	ROW("source.reservations.source.type", AKA("reservations.source.type"), NULL, TEXT),
	ROW("source.reservations.source.path", AKA("reservations.source.path"), NULL, TEXT),
	ROW("source.reservations.source.mode", AKA("reservations.source.mode"), NULL, TEXT),
	ROW("bus", NULL, "target/@bus", TEXT),
	ROW("cache", NULL, "driver/@cache", TEXT),
	ROWS_END,
};

// What was typed as path= is the source, unless the XML says it already.
static void set_source(struct disk_wish *wish)
{
	auto_free char *type = path_get(wish->element, "@type"), *absolute = NULL;
	const char *path = wish->path;

	wish->placed = true;
	if (text_begins(path, "file://"))
		path += strlen("file://");
	if (!strstr(path, "://") || !disk_source_set_url(wish->element, path)) {
		absolute = file_absolute(path);
		disk_source_set(wish->element, absolute, type);
	}
	free(take(&wish->path));
}

static int apply_disk(struct option_edit *edit, const char *text, struct error *err)
{
	struct disk_wish *wish = guest_wish(edit->guest, edit->element);
	struct suboption_target target = {edit->element, edit->guest, wish};
	auto_free char *before = path_get(edit->element, "driver/@type"), *after = NULL;

	if (suboptions_apply(&edit->option->table, text, &target, err) < 0)
		return -1;
	after = path_get(edit->element, "driver/@type");
	wish->told = wish->told || !text_equal(before, after);
	if (wish->path && *wish->path)
		set_source(wish);
	else if (wish->path)
		path_remove(edit->element, "source");
	if (!edit->added && !wish->placed && !wish->pool && !wish->size)
		guest_forget(edit->guest, edit->element);
	return 0;
}

const struct guest_option disk_option = {
	.home = "devices/disk",
	.traits = OPTION_REPEATS | OPTION_NONE | OPTION_NEEDS_HOST,
	.table = {.option = "--disk",
		  .leading = AKA("path"),
		  .groups = GROUPS(wish_rows, device_rows, virtio_rows, disk_rows)},
	.apply = apply_disk,
};

void disk_wish_clear(struct disk_wish *wish)
{
	free(wish->path);
	free(wish->pool);
	free(wish->volume);
	free(wish->format);
	free(wish->backing_store);
	free(wish->backing_format);
}
