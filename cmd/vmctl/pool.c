// SPDX-License-Identifier: GPL-3.0-or-later
// Storage pools: listing and describing them.
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "cmd/vmctl/session.h"
#include "cmd/vmctl/targets.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static const char *const pool_states[] = {
	[VIR_STORAGE_POOL_INACTIVE] = "inactive",         [VIR_STORAGE_POOL_BUILDING] = "building",
	[VIR_STORAGE_POOL_RUNNING] = "running",           [VIR_STORAGE_POOL_DEGRADED] = "degraded",
	[VIR_STORAGE_POOL_INACCESSIBLE] = "inaccessible",
};

static const char *state_word(int state)
{
	bool known = state >= 0 && (size_t)state < sizeof(pool_states) / sizeof(*pool_states);

	return known ? pool_states[state] : "unknown";
}

static const struct {
	const char *name;
	unsigned flag;
} pool_types[] = {
	{"dir", VIR_CONNECT_LIST_STORAGE_POOLS_DIR},
	{"fs", VIR_CONNECT_LIST_STORAGE_POOLS_FS},
	{"netfs", VIR_CONNECT_LIST_STORAGE_POOLS_NETFS},
	{"logical", VIR_CONNECT_LIST_STORAGE_POOLS_LOGICAL},
	{"disk", VIR_CONNECT_LIST_STORAGE_POOLS_DISK},
	{"iscsi", VIR_CONNECT_LIST_STORAGE_POOLS_ISCSI},
	{"scsi", VIR_CONNECT_LIST_STORAGE_POOLS_SCSI},
	{"mpath", VIR_CONNECT_LIST_STORAGE_POOLS_MPATH},
	{"rbd", VIR_CONNECT_LIST_STORAGE_POOLS_RBD},
	{"sheepdog", VIR_CONNECT_LIST_STORAGE_POOLS_SHEEPDOG},
	{"gluster", VIR_CONNECT_LIST_STORAGE_POOLS_GLUSTER},
	{"zfs", VIR_CONNECT_LIST_STORAGE_POOLS_ZFS},
	{"vstorage", VIR_CONNECT_LIST_STORAGE_POOLS_VSTORAGE},
	{"iscsi-direct", VIR_CONNECT_LIST_STORAGE_POOLS_ISCSI_DIRECT},
};

static int add_types(const char *names, unsigned *flags, struct error *err)
{
	auto_list struct list types = list_split(names, ",");

	for (size_t i = 0; i < types.count; i++) {
		unsigned before = *flags;

		for (size_t k = 0; k < sizeof(pool_types) / sizeof(*pool_types); k++)
			if (text_equal(pool_types[k].name, types.items[i]))
				*flags |= pool_types[k].flag;
		if (*flags == before)
			return error_set(err, STATUS_USAGE, "Invalid pool type '%s'",
					 types.items[i]);
	}
	return 0;
}

static int list_flags(struct call *call, unsigned *flags, struct error *err)
{
	const char *types = argument_text(call, "type");

	*flags = VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE;
	if (argument_flag(call, "inactive"))
		*flags = VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE;
	if (argument_flag(call, "all"))
		*flags = VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE |
			 VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE;
	*flags |= argument_bits(call);
	return types ? add_types(types, flags, err) : 0;
}

static int compare_pools(const void *a, const void *b)
{
	return strcasecmp(virStoragePoolGetName(*(const virStoragePoolPtr *)a),
			  virStoragePoolGetName(*(const virStoragePoolPtr *)b));
}

static const char *autostart_word(virStoragePoolPtr pool, const char *unknown)
{
	int autostart;

	if (virStoragePoolGetAutostart(pool, &autostart) < 0)
		return unknown;
	return autostart ? "yes" : "no";
}

enum { LIST_COLUMNS = 10 };

static const struct column list_columns[] = {
	{"Name", "name", 0},
	{"UUID", "uuid", COLUMN_JSON_ONLY},
	{"State", "state", 0},
	{"Autostart", "autostart", 0},
	{"Persistent", "persistent", 0},
	{"Capacity", "capacity", 0},
	{"Allocation", "allocation", 0},
	{"Available", "available", 0},
	{"Type", "type", COLUMN_JSON_ONLY},
	{"Path", "path", COLUMN_JSON_ONLY},
	{0},
};

// What only a definition tells; the callers'. NULL where it cannot be had.
static void read_definition(virStoragePoolPtr pool, char **type, char **path)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virStoragePoolGetXMLDesc(pool, 0);
	auto_xml struct xml *xml = text ? xml_parse(text, "pool XML", &ignored) : NULL;

	*type = xml ? path_get(xml_root(xml), "@type") : NULL;
	*path = xml ? path_get(xml_root(xml), "target/path") : NULL;
}

// A size that is only known while the pool is active; SHOWN is lent to the value.
static struct value size_value(bool active, unsigned long long bytes, const char *shown)
{
	return active ? value_shown(value_unsigned(bytes), shown)
		      : value_shown(value_absent(), "-");
}

static void report_pool(struct report *report, virStoragePoolPtr pool, bool details)
{
	char uuid[VIR_UUID_STRING_BUFLEN] = "";
	bool active = virStoragePoolIsActive(pool) == 1;
	int persistent = virStoragePoolIsPersistent(pool);
	const char *autostart = autostart_word(pool, "no autostart");
	virStoragePoolInfo info = {0};
	auto_free char *type = NULL, *path = NULL, *capacity = NULL, *allocation = NULL,
		       *available = NULL;

	virStoragePoolGetUUIDString(pool, uuid);
	if (details && virStoragePoolGetInfo(pool, &info) < 0)
		active = false;
	if (details && report_is_json(report))
		read_definition(pool, &type, &path);
	capacity = message_size(info.capacity);
	allocation = message_size(info.allocation);
	available = message_size(info.available);
	report_row(report,
		   (struct value[LIST_COLUMNS]){
			   value_text(virStoragePoolGetName(pool)),
			   value_text(uuid),
			   value_text(details  ? state_word(info.state)
				      : active ? "active"
					       : "inactive"),
			   value_shown(value_boolean(text_equal(autostart, "yes")), autostart),
			   value_shown(value_boolean(persistent == 1), persistent < 0    ? "unknown"
								       : persistent == 1 ? "yes"
											 : "no"),
			   size_value(active, info.capacity, capacity),
			   size_value(active, info.allocation, allocation),
			   size_value(active, info.available, available),
			   value_text(type),
			   value_text(path),
		   });
}

// Lines for loops; virsh pads a name to 20 columns.
static void report_bare(struct call *call, virStoragePoolPtr *pools)
{
	static const struct column columns[] = {{"UUID", "uuid", 0}, {"Name", "name", 0}, {0}};
	bool names = argument_flag(call, "name"), uuids = argument_flag(call, "uuid");

	report_table(call->report, NULL, TABLE_BARE, columns,
		     (uuids ? 0 : 1UL) | (names ? 0 : 2UL));
	for (virStoragePoolPtr *pool = pools; *pool; pool++) {
		const char *name = virStoragePoolGetName(*pool);
		auto_free char *padded = text_format("%-20s", name);
		char uuid[VIR_UUID_STRING_BUFLEN] = "";

		virStoragePoolGetUUIDString(*pool, uuid);
		report_row(call->report, (struct value[]){
						 value_text(uuid),
						 value_shown(value_text(name), padded),
					 });
	}
}

static int pool_list(struct call *call, struct error *err)
{
	bool details = argument_flag(call, "details");
	auto_pools virStoragePoolPtr *pools = NULL;
	unsigned flags;
	int count;

	if (list_flags(call, &flags, err) < 0)
		return -1;
	count = virConnectListAllStoragePools(session_connection(call), &pools, flags);
	if (count < 0)
		return virt_failure(err, "Failed to list pools");
	qsort(pools, (size_t)count, sizeof(*pools), compare_pools);
	if (argument_flag(call, "name") || argument_flag(call, "uuid")) {
		report_bare(call, pools);
		return 0;
	}
	report_table(call->report, NULL, TABLE_RULED, list_columns, details ? 0 : 0x3f0);
	for (virStoragePoolPtr *pool = pools; *pool; pool++)
		report_pool(call->report, *pool, details);
	return 0;
}

static const struct option pool_list_options[] = {
	FLAG("inactive", 0, "pools that are not started"),
	FLAG("all", 0, "both those that are started and those that are not"),
	FLAG("transient", VIR_CONNECT_LIST_STORAGE_POOLS_TRANSIENT, "pools without a definition"),
	FLAG("persistent", VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT, "pools with a definition"),
	FLAG("autostart", VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART,
	     "pools that start with the host"),
	FLAG("no-autostart", VIR_CONNECT_LIST_STORAGE_POOLS_NO_AUTOSTART,
	     "pools that do not start with the host"),
	TEXT("type", NULL, "pools of these types, such as dir,logical"),
	FLAG("details", 0, "with sizes; in JSON with type and path too"),
	FLAG("uuid", 0, "only their UUIDs"),
	FLAG("name", 0, "only their names"),
	END,
};

static const struct rule pool_list_rules[] = {
	EXCLUSIVE("all", "inactive"),
	EXCLUSIVE("details", "uuid"),
	EXCLUSIVE("details", "name"),
	RULES_END,
};

const struct command pool_list_command = {
	.name = "pool-list",
	.traits = COMMAND_READS,
	.options = pool_list_options,
	.rules = pool_list_rules,
	.summary = "list storage pools",
	.run = pool_list,
};

static void report_size(struct call *call, const char *title, const char *key,
			unsigned long long bytes)
{
	auto_free char *shown = argument_flag(call, "bytes") ? NULL : message_size(bytes);

	report_field(call->report, title, key, value_shown(value_unsigned(bytes), shown));
}

static int pool_info(struct call *call, struct error *err)
{
	virStoragePoolPtr pool = target_pool(call);
	struct report *report = call->report;
	int persistent = virStoragePoolIsPersistent(pool);
	const char *autostart = autostart_word(pool, "no autostart");
	char uuid[VIR_UUID_STRING_BUFLEN] = "";
	virStoragePoolInfo info;

	if (virStoragePoolGetInfo(pool, &info) < 0)
		return virt_failure(err, "Failed to get the figures of pool '%s'",
				    virStoragePoolGetName(pool));
	virStoragePoolGetUUIDString(pool, uuid);
	report_layout(report, 15);
	report_field(report, "Name:", "name", value_text(virStoragePoolGetName(pool)));
	report_field(report, "UUID:", "uuid", value_text(uuid));
	report_field(report, "State:", "state", value_text(state_word(info.state)));
	report_field(report, "Persistent:", "persistent",
		     value_shown(value_boolean(persistent == 1), persistent < 0    ? "unknown"
								 : persistent == 1 ? "yes"
										   : "no"));
	report_field(report, "Autostart:", "autostart",
		     value_shown(value_boolean(text_equal(autostart, "yes")), autostart));
	if (info.state != VIR_STORAGE_POOL_RUNNING && info.state != VIR_STORAGE_POOL_DEGRADED)
		return 0;
	report_size(call, "Capacity:", "capacity", info.capacity);
	report_size(call, "Allocation:", "allocation", info.allocation);
	report_size(call, "Available:", "available", info.available);
	return 0;
}

static const struct option pool_info_options[] = {
	POOL(any_pools),
	FLAG("bytes", 0, "sizes in bytes"),
	END,
};

const struct command pool_info_command = {
	.name = "pool-info",
	.traits = COMMAND_READS,
	.target = &target_any_pool,
	.options = pool_info_options,
	.summary = "show what a pool is and how full it is",
	.run = pool_info,
};

static int pool_dumpxml(struct call *call, struct error *err)
{
	virStoragePoolPtr pool = target_pool(call);
	auto_free char *xml = virStoragePoolGetXMLDesc(pool, argument_bits(call));

	if (!xml)
		return virt_failure(err, "Failed to get the definition of pool '%s'",
				    virStoragePoolGetName(pool));
	return message_xml(call, xml, err);
}

static const struct option pool_dumpxml_options[] = {
	POOL(any_pools),
	FLAG("inactive", VIR_STORAGE_XML_INACTIVE, "as it is started next"),
	XPATH,
	END,
};

const struct command pool_dumpxml_command = {
	.name = "pool-dumpxml",
	.traits = COMMAND_READS,
	.target = &target_any_pool,
	.options = pool_dumpxml_options,
	.summary = "show the definition of a pool",
	.run = pool_dumpxml,
};
