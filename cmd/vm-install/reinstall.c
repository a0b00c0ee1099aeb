// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/reinstall.h"

#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/cloud_init.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/media.h"
#include "cmd/vm-install/plan.h"
#include "cmd/vm-install/unattended.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/os.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static int find_guest(struct installation *installation, struct error *err)
{
	const char *name = argument_text(installation->call, "reinstall");
	auto_free char *text = NULL;
	auto_xml struct xml *xml = NULL;

	installation->domain = virDomainLookupByName(installation->connection, name);
	if (!installation->domain)
		return virt_failure(err, "there is no guest '%s'", name);
	installation->defined = true;
	if (virDomainIsActive(installation->domain) == 1) {
		error_set(err, STATUS_CONFLICT, "the guest '%s' is already active", name);
		return error_hint(err, "$vmctl shutdown -- '%s'", name);
	}
	text = virDomainGetXMLDesc(installation->domain,
				   VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);
	if (!text)
		return virt_failure(err, "cannot read the XML of '%s'", name);
	xml = xml_parse(text, "the guest's XML", err);
	if (!xml)
		return -1;
	installation->name = text_copy(name);
	installation->guest = guest_of(xml, installation->host);
	return 0;
}

// What the guest was installed with is what its XML says, unless an option says otherwise.
static int find_os(struct installation *installation, struct error *err)
{
	struct guest *guest = installation->guest;
	auto_free char *id =
		path_get(guest->domain, "metadata/libosinfo:libosinfo/libosinfo:os/@id");
	const char *name = id;

	if (argument_given(installation->call, "osinfo"))
		return plan_os(installation, err);
	if (installation->detected)
		name = installation->detected;
	installation->os = os_find(name ? name : "generic", err);
	guest->os = installation->os;
	return installation->os ? 0 : -1;
}

static void note_os(struct installation *installation)
{
	const char *id = os_id(installation->os);

	if (id)
		path_set(installation->guest->domain,
			 "metadata/libosinfo:libosinfo/libosinfo:os/@id", id);
}

// The image goes into a drive that the guest has, if it has one.
static int put_medium(struct installation *installation, const char *path, struct error *err)
{
	struct guest *guest = installation->guest;
	struct xml_element *drive = path_find(guest->devices, "disk[@device='cdrom']");
	auto_disk_source struct disk_source source = {0};
	struct xml_element *added;

	if (media_add_cdrom(installation, path, err) < 0)
		return -1;
	added = guest->wishes[guest->wish_count - 1].element;
	if (!drive)
		return 0;
	disk_source_read(added, &source);
	if (source.path)
		disk_source_set(drive, source.path, "file");
	guest_forget(guest, added);
	xml_remove(added);
	guest_wish(guest, drive)->installs = true;
	return 0;
}

static int choose_method(struct installation *installation, struct error *err)
{
	const char *cdrom = argument_text(installation->call, "cdrom");
	const char *location = argument_text(installation->call, "location");

	if (cloud_init_read(installation, err) < 0 || unattended_read(installation, err) < 0)
		return -1;
	if (cdrom)
		return put_medium(installation, cdrom, err);
	if (location)
		return media_find_tree(installation, location, err);
	if (argument_flag(installation->call, "pxe")) {
		installation->guest->install = INSTALL_NETWORK;
		return 0;
	}
	if (installation->cloud_init.wanted) {
		installation->guest->install = INSTALL_DISK;
		return 0;
	}
	error_set(err, STATUS_USAGE, "--reinstall needs an install method");
	return error_hint(err, "--cdrom, --location, --pxe or --cloud-init");
}

// What is left open of the drives that are new.
static int complete_drives(struct guest *guest, struct error *err)
{
	for (size_t i = 0; i < guest->wish_count; i++)
		if (!path_has(guest->wishes[i].element, "target/@dev") &&
		    complete_one_disk(guest, guest->wishes[i].element, err) < 0)
			return -1;
	return 0;
}

int reinstall_plan(struct installation *installation, struct error *err)
{
	if (find_guest(installation, err) < 0 || choose_method(installation, err) < 0 ||
	    plan_kernel_options(installation, err) < 0 || find_os(installation, err) < 0 ||
	    cloud_init_attach(installation, err) < 0 || unattended_prepare(installation, err) < 0 ||
	    complete_drives(installation->guest, err) < 0)
		return -1;
	note_os(installation);
	installation->storage.connection = installation->connection;
	installation->storage.guest = installation->guest;
	installation->storage.name = installation->name;
	return 0;
}
