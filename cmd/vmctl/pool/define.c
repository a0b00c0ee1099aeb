// SPDX-License-Identifier: GPL-3.0-or-later
// Storage pools: defined, created, built, and taken away.
#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/markup.h"
#include "cmd/vmctl/pool/pool.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"

static const struct rule overwrite_rules[] = {EXCLUSIVE("overwrite", "no-overwrite"), RULES_END};

static void *create_xml(virConnectPtr connection, void *within, const char *xml, unsigned flags)
{
	(void)within;
	return virStoragePoolCreateXML(connection, xml, flags);
}

static void *define_xml(virConnectPtr connection, void *within, const char *xml, unsigned flags)
{
	(void)within;
	return virStoragePoolDefineXML(connection, xml, flags);
}

DEFINE_COMMAND(pool_define, "pool-define", kind_pool, "pool", "Failed to define pool from %s",
	       FLAG("validate", VIR_STORAGE_POOL_DEFINE_VALIDATE, "check the XML by its schema"));

const struct command pool_create_command = {
	.name = "pool-create",
	.summary = "create and start a pool without a definition, from a file with its XML",
	.options = (const struct option[]){NEEDED("file", NULL, "file with its XML"),
					   POOL_BUILD_FLAGS, END},
	.rules = overwrite_rules,
	.results = named_results,
	.run = object_define,
	.action = &(const struct action){.kind = &kind_pool,
					 .define = create_xml,
					 .verb = "created",
					 .failed = "Failed to create pool from %s"},
};

static const char *value(struct call *call, const char *name)
{
	return argument_text(call, name);
}

// A Fibre Channel adapter is known by its two names; its parent is named in one of three ways.
static void add_adapter(struct call *call, struct markup *xml)
{
	const char *wwnn = value(call, "adapter-wwnn"), *wwpn = value(call, "adapter-wwpn");
	const char *parent = value(call, "adapter-parent");
	const char *parent_wwnn = value(call, "adapter-parent-wwnn");
	const char *parent_wwpn = value(call, "adapter-parent-wwpn");

	if (!wwnn || !wwpn) {
		markup_add(xml, "    <adapter type='scsi_host' name='%s'/>\n",
			   value(call, "adapter-name"));
		return;
	}
	markup_add(xml, "    <adapter type='fc_host'");
	if (parent)
		markup_add(xml, " parent='%s'", parent);
	else if (parent_wwnn && parent_wwpn)
		markup_add(xml, " parent_wwnn='%s' parent_wwpn='%s'", parent_wwnn, parent_wwpn);
	else
		markup_add(xml, " parent_fabric_wwn='%s'",
			   value(call, "adapter-parent-fabric-wwn"));
	markup_add(xml, " wwnn='%s' wwpn='%s'/>\n", wwnn, wwpn);
}

static void add_source(struct call *call, struct markup *xml)
{
	const char *type = value(call, "auth-type"), *user = value(call, "auth-username");
	const char *usage = value(call, "secret-usage"), *uuid = value(call, "secret-uuid");
	bool authentication = type && user && (usage || uuid);

	markup_add(xml, "    <host name='%s'/>\n", value(call, "source-host"));
	markup_add(xml, "    <dir path='%s'/>\n", value(call, "source-path"));
	markup_add(xml, "    <device path='%s'/>\n", value(call, "source-dev"));
	markup_add(xml, "    <initiator>\n      <iqn name='%s'/>\n    </initiator>\n",
		   value(call, "source-initiator"));
	add_adapter(call, xml);
	if (authentication) {
		markup_add(xml, "    <auth type='%s' username='%s'>\n", type, user);
		markup_add(xml, "      <secret usage='%s'/>\n", usage);
		markup_add(xml, "      <secret uuid='%s'/>\n", uuid);
		markup_add(xml, "    </auth>\n");
	}
	markup_add(xml, "    <format type='%s'/>\n", value(call, "source-format"));
	markup_add(xml, "    <name>%s</name>\n", value(call, "source-name"));
}

static void make_xml(struct call *call, struct markup *xml)
{
	auto_markup struct markup source = {.plain = xml->plain};

	add_source(call, &source);
	markup_add(xml, "<pool type='%s'>\n", value(call, "type"));
	markup_add(xml, "  <name>%s</name>\n", value(call, "name"));
	// A protocol alone is no source.
	if (source.text.length) {
		markup_add(&source, "    <protocol ver='%s'/>\n",
			   value(call, "source-protocol-ver"));
		markup_add(xml, "  <source>\n");
		text_append(&xml->text, text_string(&source.text));
		markup_add(xml, "  </source>\n");
	}
	markup_add(xml, "  <target>\n    <path>%s</path>\n  </target>\n", value(call, "target"));
	markup_add(xml, "</pool>\n");
}

// `define` of the action makes it.
static int make_as(struct call *call, struct error *err)
{
	const struct action *action = call->command->action;
	bool print = argument_flag(call, "print-xml");
	const char *name = value(call, "name");
	auto_markup struct markup xml = {.plain = print};
	void *pool;

	make_xml(call, &xml);
	if (print) {
		report_document(call->report, "xml", text_string(&xml.text));
		return 0;
	}
	pool = action->define(session_connection(call), NULL, text_string(&xml.text),
			      argument_bits(call));
	if (!pool)
		return action_failed(call, action, name, err);
	virStoragePoolFree(pool);
	report_value(call->report, "name", value_text(name));
	action_done(call, action, name);
	return 0;
}

static const struct field made_results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "its name"),
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "with --print-xml: what would be made"),
	FIELDS_END,
};

// clang-format off
// In virsh's order, which bare words fill.
#define AS_OPTIONS \
	NEEDED("name", NULL, "name of the pool"), \
	NEEDED("type", pool_type_names, "its type, such as dir or logical"), \
	FLAG("print-xml", 0, "show what would be made"), \
	TEXT("source-host", NULL, "host that has the storage"), \
	TEXT("source-path", NULL, "directory, of the host or exported by the source"), \
	TEXT("source-dev", NULL, "device that it is on"), \
	TEXT("source-name", NULL, "name of the source, such as a volume group"), \
	TEXT("target", NULL, "directory where its volumes appear"), \
	TEXT("source-format", NULL, "format of the source, such as ext4 or nfs"), \
	TEXT("auth-type", NULL, "kind of authentication, such as chap or ceph"), \
	TEXT("auth-username", NULL, "user name"), \
	TEXT("secret-usage", NULL, "usage of the libvirt secret with the password"), \
	TEXT("secret-uuid", NULL, "UUID of the libvirt secret with the password"), \
	TEXT("adapter-name", NULL, "SCSI host adapter"), \
	TEXT("adapter-wwnn", NULL, "node name of a Fibre Channel adapter"), \
	TEXT("adapter-wwpn", NULL, "port name of a Fibre Channel adapter"), \
	TEXT("adapter-parent", NULL, "its parent, by its name"), \
	TEXT("adapter-parent-wwnn", NULL, "its parent, by its node name"), \
	TEXT("adapter-parent-wwpn", NULL, "its parent, by its port name"), \
	TEXT("adapter-parent-fabric-wwn", NULL, "its parent, by the name of its fabric"), \
	TEXT("source-protocol-ver", NULL, "version of the NFS protocol"), \
	TEXT("source-initiator", NULL, "name of the iSCSI initiator")
// clang-format on

const struct command pool_define_as_command = {
	.name = "pool-define-as",
	.summary = "define a pool from options",
	.options = (const struct option[]){AS_OPTIONS, END},
	.rules = (const struct rule[]){EXCLUSIVE("secret-usage", "secret-uuid"), RULES_END},
	.results = made_results,
	.run = make_as,
	.action = &(const struct action){.define = define_xml,
					 .failed = "Failed to define pool %s",
					 .done = "Pool %s defined"},
};

const struct command pool_create_as_command = {
	.name = "pool-create-as",
	.summary = "create and start a pool without a definition, from options",
	.options = (const struct option[]){AS_OPTIONS, POOL_BUILD_FLAGS, END},
	.rules = (const struct rule[]){EXCLUSIVE("secret-usage", "secret-uuid"),
				       EXCLUSIVE("overwrite", "no-overwrite"), RULES_END},
	.results = made_results,
	.run = make_as,
	.action = &(const struct action){.define = create_xml,
					 .failed = "Failed to create pool %s",
					 .done = "Pool %s created"},
};

ACT(build, virStoragePoolBuild(object, bits))
const struct command pool_build_command = {
	.name = "pool-build",
	.summary = "create what a pool needs, such as its directory or file system",
	.target = POOL_TARGET,
	.options = (const struct option[]){POOL(VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE),
					   FLAG("no-overwrite", VIR_STORAGE_POOL_BUILD_NO_OVERWRITE,
						"never over data that is there"),
					   FLAG("overwrite", VIR_STORAGE_POOL_BUILD_OVERWRITE,
						"over data that is there too"),
					   END},
	.rules = overwrite_rules,
	DOES(.act = build, .failed = "Failed to build pool %s", .done = "Pool %s built",
	     .typed = true),
};

ACT(remove_storage, virStoragePoolDelete(object, bits))
const struct command pool_delete_command = {
	.name = "pool-delete",
	.summary = "delete what a stopped pool was made of, such as its empty directory",
	.target = POOL_TARGET,
	.options = (const struct option[]){POOL(VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE), END},
	DOES(.act = remove_storage, .failed = "Failed to delete pool %s", .done = "Pool %s deleted",
	     .typed = true),
};

ACT(undefine, virStoragePoolUndefine(object))
const struct command pool_undefine_command = {
	.name = "pool-undefine",
	.summary = "remove the definition of a stopped pool, its data stays",
	.target = POOL_TARGET,
	.options = (const struct option[]){POOL(VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE), END},
	DOES(.act = undefine, .failed = "Failed to undefine pool %s",
	     .done = "Pool %s has been undefined", .typed = true),
};
