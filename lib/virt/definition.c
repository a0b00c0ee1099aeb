// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/definition.h"

#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "virt/connection.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static struct xml *read_xml(virDomainPtr domain, unsigned flags,
			    struct xml *(*parse)(const char *text, const char *what,
						 struct error *err),
			    struct error *err)
{
	auto_free char *text = virDomainGetXMLDesc(domain, flags);

	if (!text) {
		virt_failure_plain(err);
		return NULL;
	}
	return parse(text, "the domain XML", err);
}

struct xml *definition_xml(virDomainPtr domain, unsigned flags, struct error *err)
{
	return read_xml(domain, flags, xml_parse, err);
}

struct xml *definition_xml_verbatim(virDomainPtr domain, unsigned flags, struct error *err)
{
	return read_xml(domain, flags, xml_parse_verbatim, err);
}

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

// The bridge of this machine that it wants and that is not there; NULL: none, or another machine's.
static char *missing_bridge(virConnectPtr connection, const struct xml_element *devices)
{
	if (!connection_is_local(connection))
		return NULL;
	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *bridge = path_get(i, "source/@bridge");
		auto_free char *place = text_format("/sys/class/net/%s", bridge ? bridge : "");

		if (bridge && !path_has(i, "source/@network") && !file_exists(place))
			return text_copy(bridge);
	}
	return NULL;
}

// Whether a PCI device of this machine is to be given away, and the kernel has not put any into a
// group.
static bool needs_iommu(virConnectPtr connection, const struct xml_element *devices)
{
	return connection_is_local(connection) && path_has(devices, "hostdev[@type='pci']") &&
	       !file_exists("/sys/kernel/iommu_groups/0");
}

// Whether libvirt knows a CPU model of that name there, as far as it tells.
static bool knows_cpu(virConnectPtr connection, const char *arch, const char *model)
{
	char **names = NULL;
	int count = virConnectGetCPUModelNames(connection, arch, &names, 0);
	bool knows = count <= 0;

	for (int i = 0; i < count; i++) {
		knows = knows || text_equal(names[i], model);
		free(names[i]);
	}
	free(names);
	return knows;
}

static void hint_lacking(struct error *err, virConnectPtr connection, const char *xml,
			 const char *name)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *document = NULL;
	const struct xml_element *root;
	auto_free char *machine = NULL, *arch = NULL, *cpu = NULL, *bridge = NULL;

	document = xml_parse(xml, "the definition", &ignored);
	if (!document)
		return;
	root = xml_root(document);
	machine = path_get(root, "os/type/@machine");
	arch = path_get(root, "os/type/@arch");
	cpu = path_get(root, "cpu/model");
	bridge = missing_bridge(connection, xml_child(root, "devices"));
	if (has_virtiofs(xml_child(root, "devices")) && !is_shared(root))
		hint_shared_memory(err, name);
	else if (machine && !has_machine(connection, machine))
		hint_machine(err, machine, name);
	else if (arch && cpu && *cpu && !knows_cpu(connection, arch, cpu))
		error_hint(err,
			   "libvirt knows no CPU model '%s': $vmctl cpu-models '%s' lists those "
			   "that it knows",
			   cpu, arch);
	else if (needs_iommu(connection, xml_child(root, "devices")))
		error_hint(err,
			   "the kernel uses no IOMMU here, which is needed to give devices away: "
			   "kvm-check iommu tells why");
	else if (bridge)
		error_hint(err,
			   "this host has no bridge '%s': ip -br link show type bridge lists "
			   "those that it has",
			   bridge);
}

// Whether libvirt, or QEMU, may have refused it for what it lacks.
static bool may_lack(const struct error *err)
{
	return err->code == VIR_ERR_CONFIG_UNSUPPORTED || err->code == VIR_ERR_SYSTEM_ERROR ||
	       err->code == VIR_ERR_INTERNAL_ERROR;
}

void definition_hint(struct error *err, virConnectPtr connection, const char *xml)
{
	if (may_lack(err))
		hint_lacking(err, connection, xml, NULL);
}

void definition_hint_changed(struct error *err, virDomainPtr domain, const char *xml)
{
	if (may_lack(err))
		hint_lacking(err, virDomainGetConnect(domain), xml, virDomainGetName(domain));
}

int definition_hint_device(struct error *err, virDomainPtr domain, const char *device)
{
	auto_error struct error ignored = {0};
	auto_free char *driver = NULL;
	auto_xml struct xml *added = NULL, *guest = NULL;

	if (err->code != VIR_ERR_CONFIG_UNSUPPORTED)
		return -1;
	guest = definition_xml(domain, 0, &ignored);
	added = xml_parse(device, "the device", &ignored);
	driver = added ? path_get(xml_root(added), "driver/@type") : NULL;
	if (guest && text_equal(driver, "virtiofs") && !is_shared(xml_root(guest)))
		hint_shared_memory(err, virDomainGetName(domain));
	return -1;
}
