// SPDX-License-Identifier: GPL-3.0-or-later
// All files that guests are made of, those that are off too: what must not be deleted.
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

// One guest being looked at.
struct search {
	struct call *call;
	virConnectPtr connection;
	const char *guest;
	bool active;
	struct list seen; // "use path", so that what runs and what is defined do not tell it twice
};

static void report_file(struct search *search, const char *use, const char *path,
			const char *format, bool backing)
{
	auto_free char *key = text_format("%s %s %d", use, path ? path : "", backing);

	if (list_has(&search->seen, key))
		return;
	list_add(&search->seen, key);
	report_row(search->call->report,
		   (struct value[]){
			   value_text(search->guest),
			   value_text(search->active ? "running" : "off"),
			   value_text(use),
			   value_text(format),
			   path ? value_text(path) : value_shown(value_absent(), "?"),
			   value_boolean(backing),
		   });
}

// Where a file of that name is, or will be, in the pool: libvirt knows a volume only since it last
// looked. The caller's; NULL where the pool has no directory.
static char *path_in_pool(virStoragePoolPtr pool, const char *name)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virStoragePoolGetXMLDesc(pool, 0), *directory = NULL;
	auto_xml struct xml *xml = text ? xml_parse(text, "pool XML", &ignored) : NULL;

	directory = xml ? path_get(xml_root(xml), "target/path") : NULL;
	return directory ? text_format("%s/%s", directory, name) : NULL;
}

// The path of a volume that a disk names by its pool; NULL where nobody can tell. The caller's.
static char *volume_path(struct search *search, const struct xml_element *source)
{
	auto_free char *pool_name = path_get(source, "@pool"), *name = path_get(source, "@volume");
	auto_pool virStoragePoolPtr pool = NULL;
	auto_volume virStorageVolPtr volume = NULL;

	if (pool_name && name)
		pool = virStoragePoolLookupByName(search->connection, pool_name);
	if (!pool)
		return NULL;
	volume = virStorageVolLookupByName(pool, name);
	return volume ? virStorageVolGetPath(volume) : path_in_pool(pool, name);
}

static char *source_path(struct search *search, const struct xml_element *source)
{
	static const char *const attributes[] = {"@file", "@dev", "@dir", NULL};
	char *path = NULL;

	for (const char *const *a = attributes; *a && !path; a++)
		path = path_get(source, *a);
	if (!path && path_has(source, "@volume"))
		path = volume_path(search, source);
	return path;
}

// A source and the backing files that libvirt knows below it; a job's destination likewise.
static void look_at_sources(struct search *search, struct xml_element *holder, const char *use,
			    bool backing)
{
	static const char *const inner[] = {"backingStore", "mirror", NULL};
	struct xml_element *source = xml_child(holder, "source");
	auto_free char *path = source ? source_path(search, source) : NULL;
	auto_free char *format = path_get(holder, "format/@type");

	if (!format)
		format = path_get(holder, "driver/@type");
	// That a volume cannot be found must not look as if there were none.
	if ((path && *path) || (source && path_has(source, "@volume")))
		report_file(search, use, path, format, backing);
	for (const char *const *name = inner; *name; name++)
		for (struct xml_element *e = xml_child(holder, *name); e; e = xml_next(e, *name))
			look_at_sources(search, e, use, true);
}

static void look_at_boot_files(struct search *search, const struct xml_element *domain)
{
	static const char *const names[] = {"kernel", "initrd", "dtb", "loader", "nvram", NULL};
	const struct xml_element *os = xml_child(domain, "os");

	for (const char *const *name = names; *name; name++) {
		auto_free char *path = path_get(os, *name), *file = NULL;
		auto_free char *inner = text_format("%s/source/@file", *name);

		file = path_get(os, inner);
		if (path && *text_strip(path) == '/')
			report_file(search, *name, path, NULL, false);
		if (file)
			report_file(search, *name, file, NULL, false);
	}
}

static void look_at_devices(struct search *search, const struct xml_element *domain)
{
	const struct xml_element *devices = xml_child(domain, "devices");

	for (struct xml_element *d = xml_child(devices, NULL); d; d = xml_next(d, NULL)) {
		auto_free char *target = path_get(d, "target/@dev");
		auto_free char *type = path_get(d, "@type");
		auto_free char *path = NULL;

		if (text_equal(xml_name(d), "disk")) {
			look_at_sources(search, d, target ? target : "disk", false);
			continue;
		}
		// A serial port that writes a file, shared memory, a directory that is shared.
		path = text_equal(type, "file") || text_equal(type, "mount")
			       ? source_path(search, xml_child(d, "source"))
			       : NULL;
		if (path)
			report_file(search, xml_name(d), path, NULL, false);
	}
}

static int look_at_definition(struct search *search, virDomainPtr domain, unsigned flags,
			      struct error *err)
{
	auto_free char *text = virDomainGetXMLDesc(domain, flags);
	auto_xml struct xml *xml = text ? xml_parse(text, "domain XML", err) : NULL;

	if (!text)
		return virt_failure(err, "Failed to get the definition of domain '%s'",
				    search->guest);
	if (!xml)
		return -1;
	look_at_boot_files(search, xml_root(xml));
	look_at_devices(search, xml_root(xml));
	return 0;
}

// What a revert to the snapshot needs.
static void look_at_snapshot(struct search *search, virDomainSnapshotPtr snapshot)
{
	static const char *const domains[] = {"domain", "inactiveDomain", NULL};
	auto_error struct error ignored = {0};
	auto_free char *text = virDomainSnapshotGetXMLDesc(snapshot, 0), *memory = NULL;
	auto_xml struct xml *xml = text ? xml_parse(text, "snapshot XML", &ignored) : NULL;
	auto_free char *use = text_format("snapshot %s", virDomainSnapshotGetName(snapshot));
	const struct xml_element *disks;

	if (!xml)
		return;
	memory = path_get(xml_root(xml), "memory/@file");
	if (memory)
		report_file(search, use, memory, NULL, false);
	disks = xml_child(xml_root(xml), "disks");
	for (struct xml_element *d = xml_child(disks, "disk"); d; d = xml_next(d, "disk"))
		look_at_sources(search, d, use, false);
	for (const char *const *name = domains; *name; name++) {
		const struct xml_element *domain = xml_child(xml_root(xml), *name);

		look_at_boot_files(search, domain);
		look_at_devices(search, domain);
	}
}

static void look_at_snapshots(struct search *search, virDomainPtr domain)
{
	auto_snapshots virDomainSnapshotPtr *snapshots = NULL;

	// Drivers without snapshots have none to tell of.
	if (virDomainListAllSnapshots(domain, &snapshots, 0) < 0)
		return;
	for (virDomainSnapshotPtr *snapshot = snapshots; *snapshot; snapshot++)
		look_at_snapshot(search, *snapshot);
}

// What runs and what is started next can differ.
static int look_at_guest(struct call *call, virDomainPtr domain, bool has_snapshots,
			 struct error *err)
{
	struct search search = {
		.call = call,
		.connection = session_connection(call),
		.guest = virDomainGetName(domain),
		.active = virDomainGetID(domain) != (unsigned)-1,
	};
	int failed = 0;

	if (search.active)
		failed = look_at_definition(&search, domain, 0, err);
	if (!failed && (!search.active || virDomainIsPersistent(domain) != 0))
		failed = look_at_definition(&search, domain, VIR_DOMAIN_XML_INACTIVE, err);
	if (!failed && has_snapshots)
		look_at_snapshots(&search, domain);
	list_clear(&search.seen);
	if (!failed || err->status != STATUS_NOT_FOUND)
		return failed;
	// It has gone since it was listed.
	error_clear(err);
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcasecmp(virDomainGetName(*(const virDomainPtr *)a),
			  virDomainGetName(*(const virDomainPtr *)b));
}

// All guests by name, or those that are named, ended by NULL; NULL on failure.
static virDomainPtr *find_guests(struct call *call, struct error *err)
{
	const struct list *names = argument_list(call, "domain");
	auto_domains virDomainPtr *domains = NULL;
	int count;

	if (names->count) {
		domains = memory_new(names->count + 1, sizeof(virDomainPtr));
		for (size_t i = 0; i < names->count; i++) {
			domains[i] = kind_find(&kind_domain, session_connection(call), NULL,
					       names->items[i], BY_ANY, err);
			if (!domains[i])
				return NULL;
		}
		return take(&domains);
	}
	count = virConnectListAllDomains(session_connection(call), &domains, 0);
	if (count < 0) {
		virt_failure(err, "Failed to list domains");
		return NULL;
	}
	qsort(domains, (size_t)count, sizeof(*domains), compare_names);
	return take(&domains);
}

// The names of those that have snapshots: one question instead of one for each guest.
static int find_snapshot_holders(struct call *call, struct list *names, struct error *err)
{
	auto_domains virDomainPtr *domains = NULL;

	if (virConnectListAllDomains(session_connection(call), &domains,
				     VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT) < 0)
		return virt_failure(err, "Failed to list domains");
	for (virDomainPtr *domain = domains; *domain; domain++)
		list_add(names, virDomainGetName(*domain));
	return 0;
}

static int domfiles(struct call *call, struct error *err)
{
	auto_domains virDomainPtr *domains = find_guests(call, err);
	auto_list struct list holders = {0};

	if (!domains || find_snapshot_holders(call, &holders, err) < 0)
		return -1;
	report_list(call->report, NULL, TABLE_RULED, 1UL << 5);
	for (virDomainPtr *domain = domains; *domain; domain++)
		if (look_at_guest(call, *domain, list_has(&holders, virDomainGetName(*domain)),
				  err) < 0)
			return -1;
	return 0;
}

static const struct option domfiles_options[] = {
	{.kind = OPTION_REST,
	 .name = "domain",
	 .object = &kind_domain,
	 .help = "guests (default: all)"},
	END,
};

static const struct field domfiles_results[] = {
	FIELD("name", "Name", FIELD_TEXT, 0, "the guest's"),
	FIELD("state", "State", FIELD_TEXT, 0, "running or off"),
	FIELD("use", "Use", FIELD_TEXT, 0, "what it is for: a disk, kernel, nvram, a snapshot"),
	FIELD("format", "Format", FIELD_TEXT, FIELD_NULL, "such as qcow2"),
	FIELD("file", "File", FIELD_TEXT, FIELD_NULL,
	      "its path, null for a volume that is not found"),
	FIELD("backing", NULL, FIELD_BOOLEAN, 0, "whether it is a backing file"),
	FIELDS_END,
};

const struct command domfiles_command = {
	.name = "domfiles",
	.traits = COMMAND_READS,
	.options = domfiles_options,
	.shape = SHAPE_LIST,
	.results = domfiles_results,
	.summary = "list the files that guests are made of",
	.description = "Lists every file, block device and directory of guests, running or off, as "
		       "they run, as they are defined and as their snapshots need them: disks with "
		       "their backing files, media, "
		       "kernels, firmware and its variables. `vm-img tree` takes what it must not "
		       "call unused from here.",
	.run = domfiles,
};
