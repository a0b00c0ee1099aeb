// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/answer.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/hint.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/os.h"
#include "output/report.h"
#include "xml/document.h"
#include "xml/path.h"

static const struct field disk_results[] = {
	FIELD("target", NULL, FIELD_TEXT, FIELD_NULL, "what libvirt calls it: vda"),
	FIELD("device", NULL, FIELD_TEXT, 0, "disk, cdrom, floppy or lun"),
	FIELD("source", NULL, FIELD_TEXT, FIELD_NULL, "file or device; null for an empty drive"),
	FIELD("pool", NULL, FIELD_TEXT, FIELD_NULL, "storage pool of its volume"),
	FIELD("volume", NULL, FIELD_TEXT, FIELD_NULL, "name of its volume"),
	FIELD("format", NULL, FIELD_TEXT, FIELD_NULL, "format of the image"),
	FIELD("size", NULL, FIELD_BYTES, FIELD_NULL, "size of a disk that is made"),
	FIELD("created", NULL, FIELD_BOOLEAN, 0, "whether this run makes it"),
	FIELDS_END,
};

static const struct field explained_results[] = {
	FIELD("element", NULL, FIELD_TEXT, 0, "its path: devices/disk"),
	FIELD("from", NULL, FIELD_TEXT, 0, "option, os, host or default"),
	FIELD("option", NULL, FIELD_TEXT, FIELD_NULL, "the option"),
	FIELDS_END,
};

const struct field install_results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "name of the guest"),
	FIELD("exists", NULL, FIELD_BOOLEAN, FIELD_ASKED,
	      "whether it was there already (--if-not-exists)"),
	FIELD("dry_run", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether nothing was made"),
	FIELD("domain_type", NULL, FIELD_TEXT, FIELD_ASKED, "kvm, qemu, xen, lxc and so on"),
	FIELD("kvm_refused", NULL, FIELD_TEXT, FIELD_ASKED | FIELD_NULL, "why KVM is not used"),
	FIELD("architecture", NULL, FIELD_TEXT, FIELD_ASKED, "of the guest"),
	FIELD("machine", NULL, FIELD_TEXT, FIELD_ASKED | FIELD_NULL, "machine type"),
	FIELD("os", NULL, FIELD_TEXT, FIELD_ASKED | FIELD_NULL, "id of its operating system"),
	FIELD_OF("disks", FIELD_LIST, FIELD_ASKED, disk_results, "its disks"),
	FIELD("root_password", NULL, FIELD_TEXT, FIELD_ASKED,
	      "password for root's first login, where one was made up"),
	FIELD("started", NULL, FIELD_BOOLEAN, FIELD_ASKED, "whether the guest was started"),
	FIELD("installed", NULL, FIELD_BOOLEAN, FIELD_ASKED,
	      "whether its installation was waited for and ended"),
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "its XML, of both phases if there are two"),
	FIELD_OF("explained", FIELD_LIST, FIELD_ASKED, explained_results,
		 "where each element of the XML comes from"),
	FIELD("names", "", FIELD_TEXTS, FIELD_ASKED, "sub-options or operating systems"),
	FIELDS_END,
};

int answer_xml(struct installation *installation, const char *phase, struct error *err)
{
	const struct guest *guest = installation->guest;
	bool two = guest->install != INSTALL_NONE;
	bool all = !phase || text_equal(phase, "all");
	bool first = all || text_equal(phase, "1"), second = all || text_equal(phase, "2");
	auto_text struct text documents = {0};

	if (!first && !second)
		return error_set(err, STATUS_USAGE,
				 "Unknown XML step request '%s', must be 1, 2, or all", phase);
	if (!two && text_equal(phase, "2"))
		return error_set(
			err, STATUS_USAGE,
			"Requested installation does not have XML step 2: it has only one");
	if (two && first) {
		auto_free char *xml = guest_xml(guest, PHASE_INSTALL);

		text_append(&documents, xml);
	}
	if (second || !two) {
		auto_free char *xml = guest_xml(guest, PHASE_LASTING);

		text_append(&documents, xml);
	}
	report_document(installation->call->report, "xml", text_string(&documents));
	return 0;
}

static void answer_disk(struct report *report, const struct disk_wish *wish)
{
	auto_disk_source struct disk_source source = {0};
	auto_free char *target = path_get(wish->element, "target/@dev");
	auto_free char *device = path_get(wish->element, "@device");
	bool made = wish->size > 0;

	disk_source_read(wish->element, &source);
	report_open(report, NULL);
	report_value(report, "target", value_text(target));
	report_value(report, "device", value_text(device));
	report_value(report, "source", value_text(source.path));
	report_value(report, "pool", value_text(wish->pool));
	report_value(report, "volume", value_text(wish->volume));
	report_value(report, "format", value_text(wish->format));
	report_value(report, "size", made ? value_unsigned(wish->size) : value_absent());
	report_value(report, "created", value_boolean(made));
	report_close(report);
}

static void answer_accelerator(struct installation *installation, const char *type)
{
	struct report *report = installation->call->report;
	const char *refused = installation->host->kvm_refused;
	bool kvm = text_equal(type, "kvm");

	report_value(report, "domain_type", value_text(type));
	report_value(report, "kvm_refused", value_text(refused));
	if (kvm && refused)
		call_warning(installation->call, "KVM was asked for, but %s", refused);
	else if (kvm)
		report_message(report, "Accelerator: kvm, it runs guest code at the speed of the "
				       "host.\n");
	else if (text_equal(type, "qemu"))
		report_message(report, "Accelerator: TCG (domain type qemu), because %s.\n",
			       refused ? refused : "it was asked for or KVM is not offered");
}

void answer_plan(struct installation *installation)
{
	struct report *report = installation->call->report;
	const struct guest *guest = installation->guest;
	auto_free char *type = path_get(guest->domain, "@type");
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *machine = path_get(guest->domain, "os/type/@machine");

	report_value(report, "name", value_text(installation->name));
	answer_accelerator(installation, type);
	report_value(report, "architecture", value_text(arch ? arch : ""));
	report_value(report, "machine", value_text(machine));
	report_value(report, "os", value_text(os_id(guest->os)));
	report_open_list(report, "disks");
	for (size_t i = 0; i < guest->wish_count; i++)
		answer_disk(report, &guest->wishes[i]);
	report_close(report);
}

void answer_step(struct installation *installation, long long start, const char *what)
{
	report_message(installation->call->report, "%s (%.1f s)\n", what,
		       (double)(clock_milliseconds() - start) / 1000);
}

// How people reach the guest, and what becomes of it.
void answer_made(struct installation *installation)
{
	struct report *report = installation->call->report;
	const struct guest *guest = installation->guest;
	const char *password = installation->cloud_init.password;

	if (password)
		report_value(report, "root_password", value_text(password));
	if (password)
		report_message(report, "Password for first root login is: %s\n", password);
	if (xml_child(guest->devices, "console") || xml_child(guest->devices, "serial"))
		hint_report(installation->call, "Text console: $vmctl console -- '%s'\n",
			    installation->name);
	if (xml_child(guest->devices, "graphics"))
		hint_report(installation->call, "Display: $virt-viewer --wait -- '%s'\n",
			    installation->name);
}
