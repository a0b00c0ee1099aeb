// SPDX-License-Identifier: GPL-3.0-or-later
// Storage volumes: listed and described.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static const char *type_word(int type)
{
	static const char *const types[] = {
		[VIR_STORAGE_VOL_FILE] = "file",      [VIR_STORAGE_VOL_BLOCK] = "block",
		[VIR_STORAGE_VOL_DIR] = "dir",        [VIR_STORAGE_VOL_NETWORK] = "network",
		[VIR_STORAGE_VOL_NETDIR] = "net-dir", [VIR_STORAGE_VOL_PLOOP] = "ploop",
	};
	bool known = type >= 0 && (size_t)type < sizeof(types) / sizeof(*types);

	return known ? types[type] : "unknown";
}

// The directory that the pool's volumes are in, asked once for all of them.
static void *pool_directory(struct call *call)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virStoragePoolGetXMLDesc(call_pool(call), 0);
	auto_xml struct xml *xml = text ? xml_parse(text, "pool XML", &ignored) : NULL;

	return xml ? path_get(xml_root(xml), "target/path") : NULL;
}

// The key of a volume that is a file in the pool's directory is its path, and is here already;
// what others have is asked for one by one.
static void ask_listed_path(const struct looked *looked, struct cell *cell)
{
	const char *key = virStorageVolGetKey(looked->object);
	auto_free char *expected = looked->shared
					   ? text_format("%s/%s", (const char *)looked->shared,
							 virStorageVolGetName(looked->object))
					   : NULL;

	if (expected && text_equal(key, expected))
		cell_text(cell, key);
	else
		cell_own(cell, virStorageVolGetPath(looked->object));
}

// Only --details shows what each volume is asked for.
static int look_at_listed(struct call *call, void *volume, void *facts)
{
	return argument_flag(call, "details") ? virStorageVolGetInfo(volume, facts) : -1;
}

#define INFO ((const virStorageVolInfo *)looked->facts)

// A volume that has gone in the meantime has no figures.
static void ask_listed_size(const struct looked *looked, struct cell *cell,
			    unsigned long long bytes)
{
	if (INFO)
		cell_bytes(cell, bytes);
	else
		cell_none(cell, "unknown");
}

ASK(ask_type, cell_text(cell, type_word(INFO ? INFO->type : -1)))
ASK(ask_listed_capacity, ask_listed_size(looked, cell, INFO ? INFO->capacity : 0))
ASK(ask_listed_allocation, ask_listed_size(looked, cell, INFO ? INFO->allocation : 0))

static const struct field list_results[] = {
	FOUND("name", "Name", FIELD_TEXT, 0, "its name", FROM_NAME),
	FOUND("path", "Path", FIELD_TEXT, FIELD_NULL, "where it is on the host",
	      FROM_ASK(ask_listed_path)),
	FOUND("type", "Type", FIELD_TEXT, FIELD_ASKED,
	      "file, block, dir, network, net-dir or ploop", FROM_ASK_WHEN(ask_type, "details")),
	FOUND("capacity", "Capacity", FIELD_BYTES, FIELD_NULL | FIELD_ASKED,
	      "its size, as a guest sees it", FROM_ASK_WHEN(ask_listed_capacity, "details")),
	FOUND("allocation", "Allocation", FIELD_BYTES, FIELD_NULL | FIELD_ASKED,
	      "of it in use on the host", FROM_ASK_WHEN(ask_listed_allocation, "details")),
	FIELDS_END,
};

const struct command vol_list_command = {
	.name = "vol-list",
	.summary = "list the volumes of a pool",
	.traits = COMMAND_READS,
	.target = POOL_TARGET,
	.options = (const struct option[]){POOL(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE),
					   FLAG("details", 0, "with type and sizes"), END},
	LISTS(list_results, .kind = &kind_volume, .failed = "Failed to list volumes",
	      .once = pool_directory, .look = look_at_listed, .size = sizeof(virStorageVolInfo)),
};

static int look(struct call *call, void *volume, void *facts)
{
	if (argument_flag(call, "physical"))
		return virStorageVolGetInfoFlags(volume, facts, VIR_STORAGE_VOL_GET_PHYSICAL);
	return virStorageVolGetInfo(volume, facts);
}

static void ask_size(const struct looked *looked, struct cell *cell, unsigned long long bytes)
{
	if (argument_flag(looked->call, "bytes")) {
		cell->text = text_format("%llu bytes", bytes);
		cell->value = value_shown(value_unsigned(bytes), cell->text);
	} else {
		cell_bytes(cell, bytes);
	}
}

// The allocation, or with --physical how large the file is.
static void ask_used(const struct looked *looked, struct cell *cell, bool physical)
{
	if (argument_flag(looked->call, "physical") == physical)
		ask_size(looked, cell, INFO->allocation);
	else
		cell->value = value_unasked();
}

ASK(ask_capacity, ask_size(looked, cell, INFO->capacity))
ASK(ask_allocation, ask_used(looked, cell, false))
ASK(ask_physical, ask_used(looked, cell, true))

static const struct field info_results[] = {
	FOUND("name", "Name:", FIELD_TEXT, 0, "its name", FROM_NAME),
	FOUND("type", "Type:", FIELD_TEXT, 0, "file, block, dir, network, net-dir or ploop",
	      FROM_ASK(ask_type)),
	FOUND("capacity", "Capacity:", FIELD_BYTES, 0, "its size, as a guest sees it",
	      FROM_ASK(ask_capacity)),
	FOUND("physical", "Physical:", FIELD_BYTES, FIELD_ASKED, "how large its file is",
	      FROM_ASK(ask_physical)),
	FOUND("allocation", "Allocation:", FIELD_BYTES, FIELD_ASKED,
	      "of it in use on the host, without --physical", FROM_ASK(ask_allocation)),
	FIELDS_END,
};

const struct command vol_info_command = {
	.name = "vol-info",
	.summary = "show the type and the sizes of a volume",
	.traits = COMMAND_READS,
	.target = VOLUME_TARGET,
	.options = (const struct option[]){VOLUME, IN_POOL, FLAG("bytes", 0, "sizes in bytes"),
					   FLAG("physical", 0,
						"how large its file is, instead of what is "
						"allocated"),
					   END},
	SHOWS(info_results, .failed = "Failed to get the figures of volume '%s'", .look = look,
	      .size = sizeof(virStorageVolInfo), .begins = true),
};

DUMPXML_COMMAND(vol_dumpxml, "vol-dumpxml", kind_volume, "vol", "volume", IN_POOL, XPATH);

static int vol_path(struct call *call, struct error *err)
{
	auto_free char *path = virStorageVolGetPath(call_volume(call));

	if (!path)
		return virt_failure(err, "Failed to get the path of volume '%s'", call_name(call));
	report_value(call->report, "path", value_text(path));
	return 0;
}

const struct command vol_path_command = {
	.name = "vol-path",
	.summary = "show the path of a volume",
	.traits = COMMAND_READS,
	.target = VOLUME_TARGET,
	.options = (const struct option[]){VOLUME, IN_POOL, END},
	.results = (const struct field[]){FIELD("path", "", FIELD_TEXT, 0, "its path"), FIELDS_END},
	.run = vol_path,
};

static int vol_key(struct call *call, struct error *err)
{
	(void)err;
	report_value(call->report, "key", value_text(virStorageVolGetKey(call_volume(call))));
	return 0;
}

const struct command vol_key_command = {
	.name = "vol-key",
	.summary = "show the key of a volume, which no other volume of the host has",
	.traits = COMMAND_READS,
	.target = VOLUME_TARGET,
	.options = (const struct option[]){VOLUME, IN_POOL, END},
	.results = (const struct field[]){FIELD("key", "", FIELD_TEXT, 0, "its key"), FIELDS_END},
	.run = vol_key,
};

#define BY_KEY_OR_PATH NEEDED_OBJECT(kind_volume, "vol", 0, "volume, by its key or path")

const struct command vol_name_command = {
	.name = "vol-name",
	.summary = "show the name of a volume, by its key or path",
	.traits = COMMAND_READS,
	.target = VOLUME_ALONE_TARGET,
	.options = (const struct option[]){BY_KEY_OR_PATH, END},
	.results = name_results,
	.run = object_name,
};

static int vol_pool(struct call *call, struct error *err)
{
	auto_pool virStoragePoolPtr pool = virStoragePoolLookupByVolume(call_volume(call));
	bool uuid = argument_flag(call, "uuid");
	char text[VIR_UUID_STRING_BUFLEN];

	if (!pool)
		return virt_failure(err, "failed to get parent pool");
	if (virStoragePoolGetUUIDString(pool, text) < 0)
		return virt_failure(err, "failed to get pool UUID");
	report_field(call->report, uuid ? NULL : "", "name",
		     value_text(virStoragePoolGetName(pool)));
	report_field(call->report, uuid ? "" : NULL, "uuid", value_text(text));
	return 0;
}

static const struct field pool_results[] = {
	FIELD("name", "", FIELD_TEXT, 0, "name of the pool"),
	FIELD("uuid", "", FIELD_TEXT, 0, "UUID of the pool"),
	FIELDS_END,
};

const struct command vol_pool_command = {
	.name = "vol-pool",
	.summary = "show which pool a volume is in, by its key or path",
	.traits = COMMAND_READS,
	.target = VOLUME_ALONE_TARGET,
	.options = (const struct option[]){BY_KEY_OR_PATH,
					   FLAG("uuid", 0, "the pool's UUID, not its name"), END},
	.results = pool_results,
	.run = vol_pool,
};
