// SPDX-License-Identifier: GPL-3.0-or-later
// What pools could be made of.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/markup.h"
#include "cmd/vmctl/pool/pool.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"

enum { SOURCE_MOST = 10 * 1024 * 1024 }; // bytes of a file

static int find(struct call *call, const char *specification, struct error *err)
{
	const char *type = argument_text(call, "type");
	auto_free char *found =
		virConnectFindStoragePoolSources(session_connection(call), type, specification, 0);

	if (!found)
		return virt_failure(err, "Failed to find any %s pool sources", type);
	report_document(call->report, "xml", found);
	return 0;
}

static int find_from_file(struct call *call, struct error *err)
{
	const char *path = argument_text(call, "srcSpec");
	auto_free char *specification = NULL;

	if (path && !(specification = file_read(path, SOURCE_MOST, NULL, err)))
		return -1;
	return find(call, specification, err);
}

static int find_as(struct call *call, struct error *err)
{
	const char *host = argument_text(call, "host"), *port = argument_text(call, "port");
	auto_markup struct markup xml = {0};

	if (!host)
		return find(call, NULL, err);
	markup_add(&xml, "<source>\n");
	if (port)
		markup_add(&xml, "  <host name='%s' port='%s'/>\n", host, port);
	else
		markup_add(&xml, "  <host name='%s'/>\n", host);
	markup_add(&xml, "  <initiator>\n    <iqn name='%s'/>\n  </initiator>\n",
		   argument_text(call, "initiator"));
	markup_add(&xml, "</source>\n");
	return find(call, text_string(&xml.text), err);
}

#define TYPE NEEDED("type", pool_type_names, "type of pool, such as netfs or logical")

const struct command find_storage_pool_sources_command = {
	.name = "find-storage-pool-sources",
	.summary = "find what pools of a type could be made of",
	.options =
		(const struct option[]){
			TYPE, TEXT("srcSpec", NULL, "file with XML that says where to look"), END},
	.results = xml_results,
	.run = find_from_file,
};

const struct command find_storage_pool_sources_as_command = {
	.name = "find-storage-pool-sources-as",
	.summary = "find what pools of a type could be made of, on a host",
	.options = (const struct option[]){TYPE, TEXT("host", NULL, "host to ask"),
					   TEXT("port", NULL, "port of that host"),
					   TEXT("initiator", NULL, "name of the iSCSI initiator"),
					   END},
	.results = xml_results,
	.run = find_as,
};

static int pool_capabilities(struct call *call, struct error *err)
{
	auto_free char *xml = virConnectGetStoragePoolCapabilities(session_connection(call), 0);

	if (!xml)
		return virt_failure(err, "failed to get storage pool capabilities");
	report_document(call->report, "xml", xml);
	report_heading(call->report, "\n");
	return 0;
}

const struct command pool_capabilities_command = {
	.name = "pool-capabilities",
	.summary = "show which types of pools there are and what they can do, as XML",
	.traits = COMMAND_READS,
	.results = xml_results,
	.run = pool_capabilities,
};
