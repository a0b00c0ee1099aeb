// SPDX-License-Identifier: GPL-3.0-or-later
// Storage pools.
#include "cmd/vmctl/pool/pool.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "virt/engine.h"
#include "xml/document.h"
#include "xml/path.h"

static const char *state_word(int state)
{
	static const char *const words[] = {
		[VIR_STORAGE_POOL_INACTIVE] = "inactive",
		[VIR_STORAGE_POOL_BUILDING] = "building",
		[VIR_STORAGE_POOL_RUNNING] = "running",
		[VIR_STORAGE_POOL_DEGRADED] = "degraded",
		[VIR_STORAGE_POOL_INACCESSIBLE] = "inaccessible",
	};
	bool known = state >= 0 && (size_t)state < sizeof(words) / sizeof(*words);

	return known ? words[state] : "unknown";
}

// --type=TYPE,TYPE,...
static int filter(struct call *call, unsigned *flags, struct error *err)
{
	const char *names = argument_text(call, "type");
	auto_list struct list types = list_split(names ? names : "", ",");

	for (size_t i = 0; i < types.count; i++) {
		unsigned flag = pool_type_flag(types.items[i]);

		if (!flag)
			return error_set(err, STATUS_USAGE, "Invalid pool type '%s'",
					 types.items[i]);
		*flags |= flag;
	}
	return 0;
}

static int look(struct call *call, void *pool, void *facts)
{
	(void)call;
	return virStoragePoolGetInfo(pool, facts);
}

static bool is_started(const virStoragePoolInfo *info)
{
	return info && (info->state == VIR_STORAGE_POOL_RUNNING ||
			info->state == VIR_STORAGE_POOL_DEGRADED);
}

// A size is known while the pool is started; UNKNOWN stands for it in the text, NULL for no line.
static void ask_size(const struct looked *looked, struct cell *cell, unsigned long long bytes,
		     const char *unknown)
{
	if (!is_started(looked->facts))
		cell_none(cell, unknown);
	else if (!unknown && argument_flag(looked->call, "bytes"))
		cell->value = value_unsigned(bytes);
	else
		cell_bytes(cell, bytes);
}

// What only a definition tells.
static void ask_definition(const struct looked *looked, struct cell *cell, const char *path)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virStoragePoolGetXMLDesc(looked->object, 0);
	auto_xml struct xml *xml = text ? xml_parse(text, "pool XML", &ignored) : NULL;

	cell_own(cell, xml ? path_get(xml_root(xml), path) : NULL);
}

#define INFO ((const virStoragePoolInfo *)looked->facts)
#define OF(field_) (INFO ? INFO->field_ : 0)
ASK(ask_condition, cell_text(cell, state_word(INFO ? INFO->state : -1)))
ASK(ask_capacity, ask_size(looked, cell, OF(capacity), NULL))
ASK(ask_allocation, ask_size(looked, cell, OF(allocation), NULL))
ASK(ask_available, ask_size(looked, cell, OF(available), NULL))
ASK(list_capacity, ask_size(looked, cell, OF(capacity), "-"))
ASK(list_allocation, ask_size(looked, cell, OF(allocation), "-"))
ASK(list_available, ask_size(looked, cell, OF(available), "-"))
ASK(ask_type, ask_definition(looked, cell, "@type"))
ASK(ask_path, ask_definition(looked, cell, "target/path"))
ASK(ask_persistent,
    cell_answer(cell, virStoragePoolIsPersistent(looked->object), "yes", "no", "unknown"))

#define DETAIL (FIELD_NULL | FIELD_ASKED)
static const struct field list_results[] = {
	FOUND("uuid", "UUID", FIELD_TEXT, 0, "its UUID", FROM(.kind = SOURCE_UUID, .alone = true)),
	FOUND("name", "Name", FIELD_TEXT, 0, "its name", FROM(.kind = SOURCE_NAME, .pad = 20)),
	FOUND("state", "State", FIELD_TEXT, 0, "active or inactive",
	      FROM(.kind = SOURCE_MEMBER, .flags = VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE,
		   .yes = "active", .no = "inactive", .shown_unless = "details")),
	FOUND("condition", "State", FIELD_TEXT, FIELD_ASKED,
	      "inactive, building, running, degraded or inaccessible",
	      FROM_ASK_WHEN(ask_condition, "details")),
	FOUND("autostart", "Autostart", FIELD_BOOLEAN, 0, "whether it starts with the host",
	      FROM_MEMBER(VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART, "yes", "no")),
	FOUND("persistent", "Persistent", FIELD_BOOLEAN, 0, "whether it has a definition",
	      FROM(.kind = SOURCE_MEMBER, .flags = VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT,
		   .yes = "yes", .no = "no", .shown_when = "details")),
	FOUND("capacity", "Capacity", FIELD_BYTES, DETAIL, "its size while it is started",
	      FROM_ASK_WHEN(list_capacity, "details")),
	FOUND("allocation", "Allocation", FIELD_BYTES, DETAIL, "of it in use",
	      FROM_ASK_WHEN(list_allocation, "details")),
	FOUND("available", "Available", FIELD_BYTES, DETAIL, "of it free",
	      FROM_ASK_WHEN(list_available, "details")),
	FOUND("type", NULL, FIELD_TEXT, DETAIL, "such as dir or logical",
	      FROM_ASK_WHEN(ask_type, "details")),
	FOUND("path", NULL, FIELD_TEXT, DETAIL, "where its volumes are",
	      FROM_ASK_WHEN(ask_path, "details")),
	FIELDS_END,
};

static const struct option list_options[] = {
	FLAG("inactive", 0, "pools that are not started"),
	FLAG("all", 0, "both those that are started and those that are not"),
	FLAG("transient", VIR_CONNECT_LIST_STORAGE_POOLS_TRANSIENT, "pools without a definition"),
	FLAG("persistent", VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT, "pools with a definition"),
	FLAG("autostart", VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART,
	     "pools that start with the host"),
	FLAG("no-autostart", VIR_CONNECT_LIST_STORAGE_POOLS_NO_AUTOSTART,
	     "pools that do not start with the host"),
	TEXT("type", pool_type_names, "pools of these types, such as dir,logical"),
	FLAG("details", 0, "with sizes; in JSON with type and path too"),
	FLAG("uuid", 0, "only their UUIDs"),
	FLAG("name", 0, "only their names"),
	END,
};

const struct command pool_list_command = {
	.name = "pool-list",
	.summary = "list storage pools",
	.traits = COMMAND_READS,
	.options = list_options,
	.rules = (const struct rule[]){EXCLUSIVE("all", "inactive"), EXCLUSIVE("details", "uuid"),
				       EXCLUSIVE("details", "name"), RULES_END},
	LISTS(list_results, .kind = &kind_pool, .failed = "Failed to list pools", .filter = filter,
	      .look = look, .size = sizeof(virStoragePoolInfo)),
};

static const struct field info_results[] = {
	FOUND("name", "Name:", FIELD_TEXT, 0, "its name", FROM_NAME),
	FOUND("uuid", "UUID:", FIELD_TEXT, 0, "its UUID", FROM_UUID),
	FOUND("state", "State:", FIELD_TEXT, 0,
	      "inactive, building, running, degraded or inaccessible", FROM_ASK(ask_condition)),
	FOUND("persistent", "Persistent:", FIELD_BOOLEAN, FIELD_NULL, "whether it has a definition",
	      FROM_ASK(ask_persistent)),
	FOUND("autostart", "Autostart:", FIELD_BOOLEAN, FIELD_NULL,
	      "whether it starts with the host", FROM(.kind = SOURCE_AUTOSTART)),
	FOUND("capacity", "Capacity:", FIELD_BYTES, FIELD_NULL, "its size while it is started",
	      FROM_ASK(ask_capacity)),
	FOUND("allocation", "Allocation:", FIELD_BYTES, FIELD_NULL, "of it in use",
	      FROM_ASK(ask_allocation)),
	FOUND("available", "Available:", FIELD_BYTES, FIELD_NULL, "of it free",
	      FROM_ASK(ask_available)),
	FIELDS_END,
};

const struct command pool_info_command = {
	.name = "pool-info",
	.summary = "show what a pool is and how full it is",
	.traits = COMMAND_READS,
	.target = POOL_TARGET,
	.options = (const struct option[]){POOL(0), FLAG("bytes", 0, "sizes in bytes"), END},
	SHOWS(info_results, .failed = "Failed to get the figures of pool '%s'", .look = look,
	      .size = sizeof(virStoragePoolInfo)),
};

static const struct option active_options[] = {POOL(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE), END};

DUMPXML_COMMAND(pool_dumpxml, "pool-dumpxml", kind_pool, "pool", "pool",
		FLAG("inactive", VIR_STORAGE_XML_INACTIVE, "as it is started next"), XPATH);
NAME_COMMAND(pool_name, "pool-name", kind_pool, "pool", "pool");
UUID_COMMAND(pool_uuid, "pool-uuid", kind_pool, "pool", "pool");
EDIT_COMMAND(pool_edit, "pool-edit", kind_pool, "pool", "pool", .reads = VIR_STORAGE_XML_INACTIVE,
	     .lenient = true);
AUTOSTART_COMMAND(pool_autostart, "pool-autostart", kind_pool, "pool", "pool");

static const struct option start_options[] = {
	POOL(VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE),
	POOL_BUILD_FLAGS,
	END,
};

ACT(create, virStoragePoolCreate(object, bits))
const struct command pool_start_command = {
	.name = "pool-start",
	.summary = "start a pool that is defined",
	.target = POOL_TARGET,
	.options = start_options,
	.rules = (const struct rule[]){EXCLUSIVE("overwrite", "no-overwrite"), RULES_END},
	DOES(.act = create, .failed = "Failed to start pool %s", .done = "Pool %s started",
	     .typed = true),
};

ACT(destroy, virStoragePoolDestroy(object))
const struct command pool_destroy_command = {
	.name = "pool-destroy",
	.summary = "stop a pool, its definition and its data stay",
	.target = POOL_TARGET,
	.options = active_options,
	DOES(.act = destroy, .failed = "Failed to destroy pool %s", .done = "Pool %s destroyed",
	     .typed = true),
};

ACT(refresh, virStoragePoolRefresh(object, bits))
const struct command pool_refresh_command = {
	.name = "pool-refresh",
	.summary = "update the list of a pool's volumes",
	.target = POOL_TARGET,
	.options = active_options,
	DOES(.act = refresh, .failed = "Failed to refresh pool %s", .done = "Pool %s refreshed",
	     .typed = true),
};
