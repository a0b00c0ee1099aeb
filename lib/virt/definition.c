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

void definition_hint(struct error *err, virConnectPtr connection, const char *xml)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *document = NULL;
	const struct xml_element *root;
	auto_free char *machine = NULL;

	if (err->code != VIR_ERR_CONFIG_UNSUPPORTED)
		return;
	document = xml_parse(xml, "the definition", &ignored);
	if (!document)
		return;
	root = xml_root(document);
	machine = path_get(root, "os/type/@machine");
	if (has_virtiofs(xml_child(root, "devices")) &&
	    !path_has(root, "memoryBacking/access[@mode='shared']"))
		error_hint(err, "give it memory that virtiofsd can share: <memoryBacking><source "
				"type='memfd'/><access mode='shared'/></memoryBacking>");
	else if (machine && !has_machine(connection, machine))
		error_hint(
			err,
			"this host has no machine type '%s': 'q35' and 'pc' stand for the newest "
			"ones that it has; $vmctl capabilities lists all",
			machine);
}
