// SPDX-License-Identifier: GPL-3.0-or-later
// Storage volumes: created from options, from a file, and from other volumes.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/markup.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/engine.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "virt/targets.h"
#include "xml/document.h"
#include "xml/path.h"

enum { DEFINITION_MOST = 10 * 1024 * 1024 }; // bytes of a file

static const struct field created_results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "its name"),
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "with --print-xml: what would be created"),
	FIELDS_END,
};

// By its name in the pool, or its key or path, which may be in another; NULL with an error.
static virStorageVolPtr find_backing(struct call *call, const char *name, struct error *err)
{
	virConnectPtr connection = session_connection(call);
	auto_error struct error elsewhere = {0};
	virStorageVolPtr volume = NULL;

	if (*name != '/')
		volume = kind_find(&kind_volume, connection, call_pool(call), name, BY_NAME, err);
	if (volume || (*name != '/' && err->status != STATUS_NOT_FOUND))
		return volume;
	volume = kind_find(&kind_volume, connection, NULL, name, BY_OTHER, &elsewhere);
	if (volume)
		error_clear(err);
	else if (!err->status)
		error_set(err, elsewhere.status, "%s: no active pool has it", elsewhere.message);
	return volume;
}

static int add_backing(struct call *call, struct markup *xml, struct error *err)
{
	const char *name = argument_text(call, "backing-vol");
	auto_volume virStorageVolPtr backing = NULL;
	auto_free char *path = NULL;

	if (!name)
		return 0;
	backing = find_backing(call, name, err);
	if (!backing)
		return -1;
	path = virStorageVolGetPath(backing);
	if (!path)
		return virt_failure(err, "Failed to get the path of volume '%s'", name);
	markup_add(xml, "  <backingStore>\n    <path>%s</path>\n", path);
	markup_add(xml, "    <format type='%s'/>\n", argument_text(call, "backing-vol-format"));
	markup_add(xml, "  </backingStore>\n");
	return 0;
}

static int make_xml(struct call *call, struct markup *xml, struct error *err)
{
	markup_add(xml, "<volume>\n  <name>%s</name>\n", argument_text(call, "name"));
	text_append_format(&xml->text, "  <capacity>%llu</capacity>\n",
			   argument_size(call, "capacity"));
	if (argument_given(call, "allocation") && *argument_text(call, "allocation"))
		text_append_format(&xml->text, "  <allocation>%llu</allocation>\n",
				   argument_size(call, "allocation"));
	markup_add(xml, "  <target>\n    <format type='%s'/>\n  </target>\n",
		   argument_text(call, "format"));
	if (add_backing(call, xml, err) < 0)
		return -1;
	markup_add(xml, "</volume>\n");
	return 0;
}

static int vol_create_as(struct call *call, struct error *err)
{
	bool print = argument_flag(call, "print-xml");
	const char *name = argument_text(call, "name");
	auto_markup struct markup xml = {.plain = print};
	auto_volume virStorageVolPtr volume = NULL;

	if (make_xml(call, &xml, err) < 0)
		return -1;
	if (print) {
		report_document(call->report, "xml", text_string(&xml.text));
		return 0;
	}
	volume = virStorageVolCreateXML(call_pool(call), text_string(&xml.text),
					argument_bits(call));
	if (!volume)
		return pool_failure(err, call_pool(call), "Failed to create vol %s", name);
	report_value(call->report, "name", value_text(name));
	report_message(call->report, "Vol %s created\n", name);
	return 0;
}

// clang-format off
#define PREALLOCATE \
	FLAG("prealloc-metadata", VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA, \
	     "allocate the metadata of a qcow2 volume")
#define REFLINK \
	FLAG("reflink", VIR_STORAGE_VOL_CREATE_REFLINK, \
	     "share the blocks with it until they are written, where the file system can")
#define VALIDATE \
	FLAG("validate", VIR_STORAGE_VOL_CREATE_VALIDATE, "check the XML by its schema")
// clang-format on

static const struct option create_as_options[] = {
	POOL(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE),
	NEEDED("name", NULL, "name of the volume"),
	{.kind = OPTION_SIZE,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "capacity",
	 .unit = 1,
	 .help = "its size, in bytes or with a unit such as 2G"},
	{.kind = OPTION_SIZE,
	 .traits = POSITIONAL | EMPTY_OK,
	 .name = "allocation",
	 .value = "string",
	 .unit = 1,
	 .help = "how much of it is allocated at once"},
	TEXT("format", NULL, "format of its file, such as raw or qcow2"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "backing-vol",
	 .object = &kind_volume,
	 .help = "volume that is its backing file"},
	TEXT("backing-vol-format", NULL, "format of that"),
	PREALLOCATE,
	FLAG("print-xml", 0, "show what would be created"),
	END,
};

const struct command vol_create_as_command = {
	.name = "vol-create-as",
	.summary = "create a volume",
	.target = POOL_TARGET,
	.options = create_as_options,
	.results = created_results,
	.run = vol_create_as,
};

static int vol_create(struct call *call, struct error *err)
{
	const char *file = argument_text(call, "file");
	auto_free char *xml = file_read(file, DEFINITION_MOST, NULL, err);
	auto_volume virStorageVolPtr volume = NULL;

	if (!xml)
		return -1;
	volume = virStorageVolCreateXML(call_pool(call), xml, argument_bits(call));
	if (!volume)
		return pool_failure(err, call_pool(call), "Failed to create vol from %s", file);
	report_value(call->report, "name", value_text(virStorageVolGetName(volume)));
	report_message(call->report, "Vol %s created from %s\n", virStorageVolGetName(volume),
		       file);
	return 0;
}

const struct command vol_create_command = {
	.name = "vol-create",
	.summary = "create a volume from a file with its XML",
	.target = POOL_TARGET,
	.options = (const struct option[]){POOL(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE),
					   NEEDED("file", NULL, "file with its XML"), PREALLOCATE,
					   VALIDATE, END},
	.results = named_results,
	.run = vol_create,
};

// The volume that is copied, by the options "vol" and "inputpool"; NULL with an error.
static virStorageVolPtr find_input(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "vol"), *where = argument_text(call, "inputpool");
	auto_pool virStoragePoolPtr pool = NULL;
	virStorageVolPtr volume;

	if (where && !(pool = targets_find_other(call, "inputpool", &kind_pool, err)))
		return NULL;
	volume = kind_find(&kind_volume, session_connection(call), pool, name, BY_ANY, err);
	if (!volume && !where && err->status == STATUS_NOT_FOUND)
		error_hint(err, "name its pool: --inputpool NAME");
	return volume;
}

static int vol_create_from(struct call *call, struct error *err)
{
	const char *file = argument_text(call, "file");
	auto_volume virStorageVolPtr input = find_input(call, err), volume = NULL;
	auto_free char *xml = input ? file_read(file, DEFINITION_MOST, NULL, err) : NULL;

	if (!xml)
		return -1;
	volume = virStorageVolCreateXMLFrom(call_pool(call), xml, input, argument_bits(call));
	if (!volume)
		return pool_failure(err, call_pool(call), "Failed to create vol from %s", file);
	report_value(call->report, "name", value_text(virStorageVolGetName(volume)));
	report_message(call->report, "Vol %s created from input vol %s\n",
		       virStorageVolGetName(volume), virStorageVolGetName(input));
	return 0;
}

static const struct option create_from_options[] = {
	POOL(VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE),
	NEEDED("file", NULL, "file with its XML"),
	NEEDED_OBJECT(kind_volume, "vol", 0, "volume that is copied, by its name, key or path"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "inputpool",
	 .object = &kind_pool,
	 .help = "pool that the copied volume is in"},
	PREALLOCATE,
	REFLINK,
	VALIDATE,
	END,
};

const struct command vol_create_from_command = {
	.name = "vol-create-from",
	.summary = "create a volume from a file with its XML, with the content of another",
	.target = POOL_TARGET,
	.options = create_from_options,
	.results = named_results,
	.run = vol_create_from,
};

// The XML of the volume with another name; the caller's. NULL with an error. To be shown it is
// WHOLE, else without the key and path that the other has, which are no good for a new one.
static char *renamed_xml(virStorageVolPtr volume, const char *name, bool whole, struct error *err)
{
	auto_free char *text = virStorageVolGetXMLDesc(volume, 0);
	auto_xml struct xml *xml = NULL;
	char *renamed;

	if (!text) {
		virt_failure(err, "Failed to get the definition of vol '%s'",
			     virStorageVolGetName(volume));
		return NULL;
	}
	xml = xml_parse(text, "volume XML", err);
	if (!xml)
		return NULL;
	path_set(xml_root(xml), "name", name);
	if (!whole) {
		path_remove(xml_root(xml), "key");
		path_remove(xml_root(xml), "target/path");
	}
	renamed = xml_string(xml);
	if (text_ends(renamed, "\n"))
		renamed[strlen(renamed) - 1] = '\0';
	return renamed;
}

static int vol_clone(struct call *call, struct error *err)
{
	virStorageVolPtr original = call_volume(call);
	const char *name = argument_text(call, "newname");
	bool print = argument_flag(call, "print-xml");
	auto_free char *xml = renamed_xml(original, name, print, err);
	auto_pool virStoragePoolPtr pool = NULL;
	auto_volume virStorageVolPtr volume = NULL;

	if (!xml)
		return -1;
	if (print) {
		report_document(call->report, "xml", xml);
		return 0;
	}
	pool = virStoragePoolLookupByVolume(original);
	if (!pool)
		return virt_failure(err, "failed to get parent pool");
	volume = virStorageVolCreateXMLFrom(pool, xml, original, argument_bits(call));
	if (!volume)
		return virt_failure(err, "Failed to clone vol from %s",
				    virStorageVolGetName(original));
	report_value(call->report, "name", value_text(virStorageVolGetName(volume)));
	report_message(call->report, "Vol %s cloned from %s\n", virStorageVolGetName(volume),
		       virStorageVolGetName(original));
	return 0;
}

const struct command vol_clone_command = {
	.name = "vol-clone",
	.summary = "copy a volume, within its pool",
	.target = VOLUME_TARGET,
	.options = (const struct option[]){VOLUME, NEEDED("newname", NULL, "name of the copy"),
					   IN_POOL, PREALLOCATE, REFLINK,
					   FLAG("print-xml", 0, "show what would be created"), END},
	.results = created_results,
	.run = vol_clone,
};
