// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/definition.h"

#include <libvirt/virterror.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/path.h"

static bool has_virtiofs(const struct xml_element *devices)
{
	for (struct xml_element *f = xml_child(devices, "filesystem"); f;
	     f = xml_next(f, "filesystem")) {
		auto_free char *driver = path_get(f, "driver/@type");

		if (text_equal(driver, "virtiofs"))
			return true;
	}
	return false;
}

// Whether the host has a machine type of that name, as far as its capabilities tell.
static bool has_machine(virConnectPtr connection, const char *machine)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virConnectGetCapabilities(connection);
	auto_xml struct xml *xml = text ? xml_parse(text, "the capabilities", &ignored) : NULL;
	auto_list struct list machines = {0};

	if (!xml || xml_select(xml, "//guest/arch/machine/text()", false, &machines, &ignored) < 0)
		return true;
	return list_has(&machines, machine);
}

static bool is_shared(const struct xml_element *guest)
{
	return path_has(guest, "memoryBacking/access[@mode='shared']");
}

// A guest that is called NAME is mended by a command, XML that no guest has yet (NULL) by hand.
static void hint_shared_memory(struct error *err, const char *name)
{
	if (name)
		error_hint(err,
			   "virtiofsd needs memory that it can share: $vmctl modify --edit "
			   "--memorybacking source.type=memfd,access.mode=shared -- '%s' gives the "
			   "guest such memory from its next boot on",
			   name);
	else
		error_hint(err, "give it memory that virtiofsd can share: <memoryBacking><source "
				"type='memfd'/><access mode='shared'/></memoryBacking>");
}

static void hint_machine(struct error *err, const char *machine, const char *name)
{
	if (name)
		error_hint(err,
			   "this host has no machine type '%s': $vmctl modify --edit --boot "
			   "refresh-machine-type=yes -- '%s' takes the newest of its kind; $vmctl "
			   "capabilities lists all",
			   machine, name);
	else
		error_hint(
			err,
			"this host has no machine type '%s': 'q35' and 'pc' stand for the newest "
			"ones that it has; $vmctl capabilities lists all",
			machine);
}

static void hint_lacking(struct error *err, virConnectPtr connection, const char *xml,
			 const char *name)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *document = NULL;
	const struct xml_element *root;
	auto_free char *machine = NULL;

	document = xml_parse(xml, "the definition", &ignored);
	if (!document)
		return;
	root = xml_root(document);
	machine = path_get(root, "os/type/@machine");
	if (has_virtiofs(xml_child(root, "devices")) && !is_shared(root))
		hint_shared_memory(err, name);
	else if (machine && !has_machine(connection, machine))
		hint_machine(err, machine, name);
}

void definition_hint(struct error *err, virConnectPtr connection, const char *xml)
{
	if (err->code == VIR_ERR_CONFIG_UNSUPPORTED)
		hint_lacking(err, connection, xml, NULL);
}

void definition_hint_changed(struct error *err, virDomainPtr domain, const char *xml)
{
	if (err->code == VIR_ERR_CONFIG_UNSUPPORTED)
		hint_lacking(err, virDomainGetConnect(domain), xml, virDomainGetName(domain));
}

int definition_hint_device(struct error *err, virDomainPtr domain, const char *device)
{
	auto_error struct error ignored = {0};
	auto_free char *text = NULL, *driver = NULL;
	auto_xml struct xml *added = NULL, *guest = NULL;

	if (err->code != VIR_ERR_CONFIG_UNSUPPORTED)
		return -1;
	text = virDomainGetXMLDesc(domain, 0);
	guest = text ? xml_parse(text, "the definition", &ignored) : NULL;
	added = xml_parse(device, "the device", &ignored);
	driver = added ? path_get(xml_root(added), "driver/@type") : NULL;
	if (guest && text_equal(driver, "virtiofs") && !is_shared(xml_root(guest)))
		hint_shared_memory(err, virDomainGetName(domain));
	return -1;
}
