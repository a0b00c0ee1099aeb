// SPDX-License-Identifier: GPL-3.0-or-later
// Storage volumes: listing and describing, creating and deleting them.
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/session.h"

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

static int compare_volumes(const void *a, const void *b)
{
	return strcasecmp(virStorageVolGetName(*(const virStorageVolPtr *)a),
			  virStorageVolGetName(*(const virStorageVolPtr *)b));
}

// A volume that has gone in the meantime has neither path nor figures.
static void report_volume(struct report *report, virStorageVolPtr volume, bool details)
{
	auto_free char *path = virStorageVolGetPath(volume), *capacity = NULL, *allocation = NULL;
	virStorageVolInfo info = {.type = -1};
	bool known = details && virStorageVolGetInfo(volume, &info) == 0;

	capacity = message_size(info.capacity);
	allocation = message_size(info.allocation);
	report_row(report, (struct value[]){
				   value_text(virStorageVolGetName(volume)),
				   value_text(path),
				   value_text(type_word(info.type)),
				   known ? value_shown(value_unsigned(info.capacity), capacity)
					 : value_shown(value_absent(), "unknown"),
				   known ? value_shown(value_unsigned(info.allocation), allocation)
					 : value_shown(value_absent(), "unknown"),
			   });
}

static int vol_list(struct call *call, struct error *err)
{
	static const struct field columns[] = {
		{.title = "Name", .key = "name"},
		{.title = "Path", .key = "path"},
		{.title = "Type", .key = "type"},
		{.title = "Capacity", .key = "capacity"},
		{.title = "Allocation", .key = "allocation"},
		{0},
	};
	virStoragePoolPtr pool = call_pool(call);
	bool details = argument_flag(call, "details");
	auto_volumes virStorageVolPtr *volumes = NULL;
	int count = virStoragePoolListAllVolumes(pool, &volumes, 0);

	if (count < 0)
		return virt_failure(err, "Failed to list volumes");
	qsort(volumes, (size_t)count, sizeof(*volumes), compare_volumes);
	report_table(call->report, NULL, TABLE_RULED, columns, details ? 0 : 0x1c);
	for (virStorageVolPtr *volume = volumes; *volume; volume++)
		report_volume(call->report, *volume, details);
	return 0;
}

static const struct option vol_list_options[] = {
	POOL(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE),
	FLAG("details", 0, "with type and sizes"),
	END,
};

const struct command vol_list_command = {
	.name = "vol-list",
	.traits = COMMAND_READS,
	.target = POOL_TARGET,
	.options = vol_list_options,
	.summary = "list the volumes of a pool",
	.run = vol_list,
};

static void report_size(struct call *call, const char *title, const char *key,
			unsigned long long bytes)
{
	auto_free char *shown = argument_flag(call, "bytes") ? text_format("%llu bytes", bytes)
							     : message_size(bytes);

	report_field(call->report, title, key, value_shown(value_unsigned(bytes), shown));
}

static int vol_info(struct call *call, struct error *err)
{
	virStorageVolPtr volume = call_volume(call);
	bool physical = argument_flag(call, "physical");
	virStorageVolInfo info;

	if ((physical ? virStorageVolGetInfoFlags(volume, &info, VIR_STORAGE_VOL_GET_PHYSICAL)
		      : virStorageVolGetInfo(volume, &info)) < 0)
		return virt_failure(err, "Failed to get the figures of volume '%s'",
				    virStorageVolGetName(volume));
	report_layout(call->report, 15);
	report_field(call->report, "Name:", "name", value_text(virStorageVolGetName(volume)));
	report_field(call->report, "Type:", "type", value_text(type_word(info.type)));
	report_size(call, "Capacity:", "capacity", info.capacity);
	if (physical)
		report_size(call, "Physical:", "physical", info.allocation);
	else
		report_size(call, "Allocation:", "allocation", info.allocation);
	return 0;
}

static const struct option vol_info_options[] = {
	VOLUME,
	IN_POOL,
	FLAG("bytes", 0, "sizes in bytes"),
	FLAG("physical", 0, "how large its file is, instead of what is allocated"),
	END,
};

const struct command vol_info_command = {
	.name = "vol-info",
	.traits = COMMAND_READS,
	.target = VOLUME_TARGET,
	.options = vol_info_options,
	.summary = "show the type and the sizes of a volume",
	.run = vol_info,
};

static int vol_path(struct call *call, struct error *err)
{
	auto_free char *path = virStorageVolGetPath(call_volume(call));

	if (!path)
		return virt_failure(err, "Failed to get the path of volume '%s'",
				    virStorageVolGetName(call_volume(call)));
	report_field(call->report, "", "path", value_text(path));
	return 0;
}

static const struct option vol_path_options[] = {VOLUME, IN_POOL, END};

const struct command vol_path_command = {
	.name = "vol-path",
	.traits = COMMAND_READS,
	.target = VOLUME_TARGET,
	.options = vol_path_options,
	.summary = "show the path of a volume",
	.run = vol_path,
};

// VALUE between BEFORE and AFTER, its special characters as entities.
static void append_escaped(struct text *xml, const char *before, const char *value,
			   const char *after)
{
	static const char special[] = "&<>'\"";
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&apos;", "&quot;"};

	text_append(xml, before);
	for (; *value; value++) {
		const char *found = strchr(special, *value);

		if (found)
			text_append(xml, entities[found - special]);
		else
			text_append_char(xml, *value);
	}
	text_append(xml, after);
}

static int append_backing(struct call *call, struct text *xml, struct error *err)
{
	const char *name = argument_text(call, "backing-vol");
	const char *format = argument_text(call, "backing-vol-format");
	auto_volume virStorageVolPtr backing = NULL;
	auto_free char *path = NULL;

	if (!name)
		return 0;
	backing = kind_find(&kind_volume, session_connection(call), call_pool(call), name, BY_ANY,
			    err);
	if (!backing)
		return -1;
	path = virStorageVolGetPath(backing);
	if (!path)
		return virt_failure(err, "Failed to get the path of volume '%s'", name);
	append_escaped(xml, "  <backingStore>\n    <path>", path, "</path>\n");
	if (format)
		append_escaped(xml, "    <format type='", format, "'/>\n");
	text_append(xml, "  </backingStore>\n");
	return 0;
}

static int make_xml(struct call *call, struct text *xml, struct error *err)
{
	const char *format = argument_text(call, "format");

	append_escaped(xml, "<volume>\n  <name>", argument_text(call, "name"), "</name>\n");
	text_append_format(xml, "  <capacity>%llu</capacity>\n", argument_size(call, "capacity"));
	if (argument_given(call, "allocation"))
		text_append_format(xml, "  <allocation>%llu</allocation>\n",
				   argument_size(call, "allocation"));
	if (format)
		append_escaped(xml, "  <target>\n    <format type='", format, "'/>\n  </target>\n");
	if (append_backing(call, xml, err) < 0)
		return -1;
	text_append(xml, "</volume>\n");
	return 0;
}

static int vol_create_as(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "name");
	auto_text struct text xml = {0};
	auto_volume virStorageVolPtr volume = NULL;

	if (make_xml(call, &xml, err) < 0)
		return -1;
	if (argument_flag(call, "print-xml")) {
		report_document(call->report, "xml", text_string(&xml));
		return 0;
	}
	volume = virStorageVolCreateXML(call_pool(call), text_string(&xml), argument_bits(call));
	if (!volume)
		return virt_failure(err, "Failed to create vol %s", name);
	report_field(call->report, NULL, "name", value_text(name));
	report_message(call->report, "Vol %s created\n", name);
	return 0;
}

static const struct option vol_create_as_options[] = {
	POOL(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE),
	NEEDED("name", NULL, "name of the volume"),
	{.kind = OPTION_SIZE,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "capacity",
	 .unit = 1,
	 .help = "its size, in bytes or with a unit such as 2G"},
	{.kind = OPTION_SIZE,
	 .traits = POSITIONAL,
	 .name = "allocation",
	 .unit = 1,
	 .help = "how much of it is allocated at once"},
	TEXT("format", NULL, "format of its file, such as raw or qcow2"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "backing-vol",
	 .object = &kind_volume,
	 .help = "volume that it stands on"},
	TEXT("backing-vol-format", NULL, "format of that"),
	FLAG("prealloc-metadata", VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA,
	     "allocate the metadata of a qcow2 volume"),
	FLAG("print-xml", 0, "show what would be created"),
	END,
};

const struct command vol_create_as_command = {
	.name = "vol-create-as",
	.target = POOL_TARGET,
	.options = vol_create_as_options,
	.summary = "create a volume",
	.run = vol_create_as,
};

static int vol_delete(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "vol");

	if (virStorageVolDelete(call_volume(call), argument_bits(call)) < 0)
		return virt_failure(err, "Failed to delete vol %s", name);
	report_field(call->report, NULL, "name",
		     value_text(virStorageVolGetName(call_volume(call))));
	report_message(call->report, "Vol %s deleted\n", name);
	return 0;
}

static const struct option vol_delete_options[] = {
	VOLUME,
	IN_POOL,
	FLAG("delete-snapshots", VIR_STORAGE_VOL_DELETE_WITH_SNAPSHOTS,
	     "its snapshots too, where the pool has such"),
	END,
};

const struct command vol_delete_command = {
	.name = "vol-delete",
	.target = VOLUME_TARGET,
	.options = vol_delete_options,
	.summary = "delete a volume and its data",
	.run = vol_delete,
};
