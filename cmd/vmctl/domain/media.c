// SPDX-License-Identifier: GPL-3.0-or-later
// What is in a guest's CD or floppy drive.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "virt/hints.h"
#include "xml/document.h"
#include "xml/path.h"

static bool has_drive(const struct xml_element *disk)
{
	auto_free char *device = path_get(disk, "@device");

	return text_equal(device, "cdrom") || text_equal(device, "floppy");
}

// "eject", "insert" or "update".
static const char *wanted(struct call *call)
{
	return argument_flag(call, "eject")    ? "eject"
	       : argument_flag(call, "insert") ? "insert"
					       : "update";
}

// Puts the source that was asked for where the old one was.
static void put_source(struct call *call, struct xml_element *disk, const char *policy)
{
	bool block = argument_flag(call, "block");
	struct xml_element *source = xml_insert_before(xml_child(disk, "target"), "source");

	path_set(disk, "@type", block ? "block" : "file");
	path_set(source, block ? "@dev" : "@file", argument_text(call, "source"));
	if (policy)
		path_set(source, "@startupPolicy", policy);
}

static int change(struct call *call, struct xml_element *disk, struct error *err)
{
	const char *path = argument_text(call, "path");
	struct xml_element *old = xml_child(disk, "source");
	// An update to nothing ejects too.
	bool put = argument_given(call, "source") && !argument_flag(call, "eject");
	bool eject = argument_flag(call, "eject") || (!put && argument_flag(call, "update"));
	auto_free char *policy = path_get(disk, "source/@startupPolicy");
	auto_free char *media = device_disk_source(disk);

	if (eject && !old)
		return error_set(err, STATUS_CONFLICT, "The disk device '%s' doesn't have media",
				 path);
	if (!eject && !put)
		return error_set(err, STATUS_USAGE, "New disk media source was not specified");
	if (media && argument_flag(call, "insert"))
		return error_set(err, STATUS_CONFLICT, "The disk device '%s' already has media",
				 path);
	path_remove(disk, "source");
	path_remove(disk, "backingStore");
	if (put)
		put_source(call, disk, policy);
	return 0;
}

static int change_media(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *path = argument_text(call, "path"), *action = wanted(call);
	unsigned bits = argument_bits(call);
	bool config = bits & VIR_DOMAIN_AFFECT_CONFIG && !(bits & VIR_DOMAIN_AFFECT_LIVE);
	auto_xml struct xml *xml =
		definition_xml_verbatim(domain, config ? VIR_DOMAIN_XML_INACTIVE : 0, err);
	struct xml_element *disk = xml ? device_disk(xml, path) : NULL;
	auto_free char *text = NULL;

	if (!xml)
		return -1;
	if (!disk || !has_drive(disk))
		return error_set(err, STATUS_NOT_FOUND,
				 "domain '%s' has no CD or floppy drive whose target or source is "
				 "'%s'",
				 call_name(call), path);
	if (change(call, disk, err) < 0)
		return -1;
	if (argument_flag(call, "print-xml")) {
		device_print_element(call, disk);
		return 0;
	}
	text = xml_element_string(disk);
	if (virDomainUpdateDeviceFlags(domain, text, bits) < 0)
		return domain_failure(err, domain, "Failed to complete action %s on media", action);
	report_value(call->report, "name", value_text(call_name(call)));
	// virsh ends no line here, and says it even to those who want silence.
	report_heading(call->report, "Successfully %s media.",
		       text_equal(action, "eject")    ? "ejected"
		       : text_equal(action, "insert") ? "inserted"
						      : "updated");
	return 0;
}

static const struct option media_options[] = {
	DOMAIN(0, "guest that has the drive"),
	NEEDED("path", domain_disks, "drive, by its target such as hdc or by what is in it"),
	TEXT("source", NULL, "file or device to put in"),
	FLAG("eject", 0, "take out what is in it"),
	FLAG("insert", 0, "put something into an empty drive"),
	FLAG("update", 0, "put something in the place of what is in it (default)"),
	CURRENT("the guest if it runs, else its definition (default)"),
	LIVE("the guest itself, while it runs"),
	CONFIG("its definition, for its next boot"),
	FLAG("force", VIR_DOMAIN_DEVICE_MODIFY_FORCE, "even where the guest has locked it"),
	PRINT_XML,
	FLAG("block", 0, "the source is a device of the host"),
	END,
};

const struct command change_media_command = {
	.name = "change-media",
	.target = MANY_DOMAINS(BY_ANY),
	.options = media_options,
	.rules = (const struct rule[]){EXCLUSIVE("eject", "insert", "update"), AFFECTED_RULES,
				       RULES_END},
	.results = device_results,
	.run = change_media,
	.summary = "change what is in a guest's CD or floppy drive",
};
