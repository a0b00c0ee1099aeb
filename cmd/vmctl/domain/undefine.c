// SPDX-License-Identifier: GPL-3.0-or-later
// Removing a guest's definition, and its storage if that is asked for.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

// A disk of the guest whose volume is to be deleted.
struct disk {
	char *target;
	char *source;
	virStorageVolPtr volume;
};

struct disks {
	struct disk *items;
	size_t count;
};

static void disks_clear(struct disks *disks)
{
	for (size_t i = 0; i < disks->count; i++) {
		free(disks->items[i].target);
		free(disks->items[i].source);
		virStorageVolFree(disks->items[i].volume);
	}
	free(disks->items);
	*disks = (struct disks){0};
}
#define auto_disks __attribute__((cleanup(disks_clear)))

// Takes WORD out of WANTED; false when it is not in it.
static bool strike(struct list *wanted, const char *word)
{
	for (size_t i = 0; word && i < wanted->count; i++)
		if (text_equal(wanted->items[i], word)) {
			*wanted->items[i] = '\0';
			return true;
		}
	return false;
}

static virStorageVolPtr find_volume(struct call *call, const struct xml_element *disk,
				    const char *target, const char *source)
{
	virConnectPtr connection = session_connection(call);
	auto_free char *name = path_get(disk, "source/@pool");
	auto_pool virStoragePoolPtr pool = NULL;

	if (!name)
		return virStorageVolLookupByPath(connection, source);
	pool = virStoragePoolLookupByName(connection, name);
	if (pool)
		return virStorageVolLookupByName(pool, source);
	call_warning(call, "storage pool '%s' of volume '%s' was not found", name, target);
	return NULL;
}

// Adds the disk to DISKS if it is wanted and libvirt manages its volume.
static void consider_disk(struct call *call, const struct xml_element *disk, struct list *wanted,
			  struct disks *disks)
{
	bool all = argument_flag(call, "remove-all-storage");
	auto_free char *target = path_get(disk, "target/@dev");
	auto_free char *source = device_disk_source(disk);
	virStorageVolPtr volume;

	if (!source || !target)
		return;
	if (!all && !strike(wanted, target) && !strike(wanted, source))
		return;
	volume = find_volume(call, disk, target, source);
	if (!volume) {
		call_warning(call,
			     "storage volume '%s'(%s) is not managed by libvirt, remove it "
			     "yourself",
			     target, source);
		return;
	}
	disks->items = memory_resize(disks->items, disks->count + 1, sizeof(*disks->items));
	disks->items[disks->count++] = (struct disk){take(&target), take(&source), volume};
}

// The disks that --storage or --remove-all-storage mean. Naming one that the guest has not is an
// error: then nothing is removed.
static int collect_disks(struct call *call, struct disks *disks, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *storage = argument_text(call, "storage");
	auto_list struct list wanted = list_split(storage ? storage : "", ",");
	auto_free char *text = NULL;
	auto_xml struct xml *xml = NULL;
	const struct xml_element *devices;

	if (!storage && !argument_flag(call, "remove-all-storage"))
		return 0;
	if (virDomainIsActive(domain) == 1)
		return error_set(err, STATUS_CONFLICT,
				 "Storage volume deletion is supported only on stopped domains");
	text = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);
	if (!text)
		return virt_failure(err, "cannot get the definition of '%s'",
				    virDomainGetName(domain));
	xml = xml_parse(text, "the domain XML", err);
	if (!xml)
		return -1;
	devices = xml_child(xml_root(xml), "devices");
	for (struct xml_element *d = xml_child(devices, "disk"); d; d = xml_next(d, "disk"))
		consider_disk(call, d, &wanted, disks);
	for (size_t i = 0; i < wanted.count; i++)
		if (*wanted.items[i])
			return error_set(err, STATUS_NOT_FOUND,
					 "Volume '%s' was not found in domain's definition",
					 wanted.items[i]);
	return 0;
}

// Flags for what the guest does not have are left out: a driver that does not know them must not
// refuse the rest.
static unsigned needed_bits(virDomainPtr domain, unsigned bits)
{
	if (bits & VIR_DOMAIN_UNDEFINE_MANAGED_SAVE && virDomainHasManagedSaveImage(domain, 0) == 0)
		bits &= ~(unsigned)VIR_DOMAIN_UNDEFINE_MANAGED_SAVE;
	if (bits & VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA && virDomainSnapshotNum(domain, 0) == 0)
		bits &= ~(unsigned)VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA;
	return bits;
}

// Names the options that would have let the guest go.
static int undefine_failed(virDomainPtr domain, struct error *err)
{
	auto_error struct error ignored = {0};
	auto_text struct text options = {0};
	auto_free char *text = NULL;
	auto_xml struct xml *xml = NULL;

	virt_failure(err, "Failed to undefine domain '%s'", virDomainGetName(domain));
	if (virDomainHasManagedSaveImage(domain, 0) == 1)
		text_append(&options, " --managed-save");
	if (virDomainSnapshotNum(domain, VIR_DOMAIN_SNAPSHOT_LIST_METADATA) > 0)
		text_append(&options, " --snapshots-metadata");
	if (virDomainListAllCheckpoints(domain, NULL, 0) > 0)
		text_append(&options, " --checkpoints-metadata");
	text = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);
	if (text && !options.length)
		domain_hint(err, domain);
	xml = text ? xml_parse(text, "the domain XML", &ignored) : NULL;
	if (xml && path_has(xml_root(xml), "os/nvram"))
		text_append(&options, " --nvram");
	if (options.length)
		error_hint(err, "$vmctl undefine%s -- '%s'", text_string(&options),
			   virDomainGetName(domain));
	return -1;
}

static int wipe(struct call *call, const struct disk *disk, struct error *err)
{
	report_message(call->report, "Wiping volume '%s'(%s) ... ", disk->target, disk->source);
	if (report_flush(call->report, err) < 0)
		return -1;
	if (virStorageVolWipe(disk->volume, 0) < 0) {
		report_message(call->report, "\n");
		return virt_failure(err, "volume '%s'(%s) was not wiped and not removed",
				    disk->target, disk->source);
	}
	report_message(call->report, "Done.\n");
	return 0;
}

static int remove_disk(struct call *call, const struct disk *disk, struct error *err)
{
	bool snapshots = argument_flag(call, "delete-storage-volume-snapshots");

	if (argument_flag(call, "wipe-storage") && wipe(call, disk, err) < 0)
		return -1;
	if (virStorageVolDelete(disk->volume,
				snapshots ? VIR_STORAGE_VOL_DELETE_WITH_SNAPSHOTS : 0) < 0)
		return virt_failure(err, "Failed to remove storage volume '%s'(%s)", disk->target,
				    disk->source);
	report_message(call->report, "Volume '%s'(%s) removed.\n", disk->target, disk->source);
	return 0;
}

static int undefine_domain(virDomainPtr domain, unsigned bits)
{
	if (!bits)
		return virDomainUndefine(domain);
	if (virDomainUndefineFlags(domain, bits) == 0)
		return 0;
	// A driver that does not know a flag has nothing for it to act on; only NVRAM is older than
	// its flag, and its removal must not be passed over.
	if (!(bits & VIR_DOMAIN_UNDEFINE_NVRAM) &&
	    (virt_failed_with(VIR_ERR_NO_SUPPORT) || virt_failed_with(VIR_ERR_INVALID_ARG)))
		return virDomainUndefine(domain);
	return -1;
}

static int undefine(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned bits = needed_bits(domain, argument_bits(call));
	auto_disks struct disks disks = {0};
	int failed = 0;

	if (argument_flag(call, "wipe-storage") && !argument_given(call, "storage") &&
	    !argument_flag(call, "remove-all-storage"))
		return error_set(err, STATUS_USAGE,
				 "option --wipe-storage needs --storage or --remove-all-storage");
	if (collect_disks(call, &disks, err) < 0)
		return -1;
	if (undefine_domain(domain, bits) < 0)
		return undefine_failed(domain, err);
	message_target(call, "has been undefined");
	for (size_t i = 0; i < disks.count; i++) {
		struct error one = {0};

		if (remove_disk(call, &disks.items[i], &one) == 0)
			continue;
		call_error(call, &one);
		error_clear(&one);
		failed = error_set(err, STATUS_PARTIAL,
				   "the guest is undefined, but not all of its storage is removed");
	}
	return failed;
}

static const struct option undefine_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_PERSISTENT, "guest to forget"),
	FLAG("managed-save", VIR_DOMAIN_UNDEFINE_MANAGED_SAVE, "remove its managed save too"),
	TEXT("storage", domain_disks, "delete these volumes too: TARGET or PATH, comma-separated"),
	FLAG("remove-all-storage", 0, "delete all of its volumes too"),
	FLAG("delete-storage-volume-snapshots", 0, "and the snapshots inside those volumes"),
	ALIAS("delete-snapshots", "delete-storage-volume-snapshots"),
	FLAG("wipe-storage", 0, "overwrite the volumes before they are deleted"),
	FLAG("snapshots-metadata", VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA,
	     "forget its snapshots too"),
	FLAG("checkpoints-metadata", VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA,
	     "forget its checkpoints too"),
	FLAG("nvram", VIR_DOMAIN_UNDEFINE_NVRAM, "remove its NVRAM file too"),
	FLAG("keep-nvram", VIR_DOMAIN_UNDEFINE_KEEP_NVRAM, "keep its NVRAM file"),
	FLAG("tpm", VIR_DOMAIN_UNDEFINE_TPM, "remove the state of its TPM too"),
	FLAG("keep-tpm", VIR_DOMAIN_UNDEFINE_KEEP_TPM, "keep the state of its TPM"),
	END,
};

static const struct rule undefine_rules[] = {
	EXCLUSIVE("storage", "remove-all-storage"),
	REQUIRES("delete-storage-volume-snapshots", "remove-all-storage"),
	EXCLUSIVE("nvram", "keep-nvram"),
	EXCLUSIVE("tpm", "keep-tpm"),
	RULES_END,
};

const struct command undefine_command = {
	.name = "undefine",
	.target = MANY_DOMAINS_ASKED(BY_ANY),
	.options = undefine_options,
	.rules = undefine_rules,
	.results = named_results,
	.summary = "remove the definition of a guest",
	.description = "Forgets a guest; a running one runs on and is forgotten when it stops. Its "
		       "disks stay unless their removal is asked for.",
	.run = undefine,
};
