// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/insert.h"

#include <libxml/tree.h>
#include <stddef.h>

#include "base/text.h"
#include "xml/document.h"

// The order of libvirt's own output (src/conf: virDomainDefFormat and what it calls). Where an
// element stands matters to people and to `diff` only: the schema takes any order.
static const char *const domain_order[] = {
	"name",
	"uuid",
	"genid",
	"title",
	"description",
	"metadata",
	"maxMemory",
	"memory",
	"currentMemory",
	"blkiotune",
	"memtune",
	"memoryBacking",
	"vcpu",
	"vcpus",
	"iothreads",
	"iothreadids",
	"defaultiothread",
	"cputune",
	"numatune",
	"resource",
	"sysinfo",
	"bootloader",
	"bootloader_args",
	"os",
	"idmap",
	"features",
	"cpu",
	"clock",
	"on_poweroff",
	"on_reboot",
	"on_crash",
	"on_lockfailure",
	"pm",
	"keywrap",
	"launchSecurity",
	"devices",
	"seclabel",
	"qemu:commandline",
	NULL,
};

static const char *const devices_order[] = {
	"emulator", "disk",    "controller", "filesystem", "interface", "smartcard",  "serial",
	"parallel", "console", "channel",    "input",      "tpm",       "graphics",   "sound",
	"audio",    "video",   "hostdev",    "redirdev",   "watchdog",  "memballoon", "rng",
	"panic",    "shmem",   "memory",     "iommu",      "vsock",     "pstore",     NULL,
};

static const char *const os_order[] = {
	"type",    "firmware", "loader",    "nvram",  "init",   "initarg", "initenv",
	"initdir", "inituser", "initgroup", "kernel", "initrd", "cmdline", "dtb",
	"acpi",    "boot",     "bootmenu",  "bios",   "smbios", NULL,
};

static const char *const disk_order[] = {
	"driver",  "auth",    "source",     "backingStore", "mirror",    "target",  "geometry",
	"blockio", "iotune",  "readonly",   "shareable",    "transient", "serial",  "wwn",
	"vendor",  "product", "encryption", "boot",         "alias",     "address", NULL,
};

static const char *const interface_order[] = {
	"mac",    "source", "virtualport", "backend", "filterref", "bandwidth",
	"target", "guest",  "model",       "driver",  "boot",      "rom",
	"mtu",    "link",   "portForward", "alias",   "address",   NULL,
};

static const char *const other_device_order[] = {
	"source", "protocol", "log",  "target", "model", "driver",  "backend",
	"rate",   "rom",      "boot", "acpi",   "alias", "address", NULL,
};

static const struct {
	const char *parent;
	const char *const *children;
} orders[] = {
	{"domain", domain_order}, {"devices", devices_order},     {"os", os_order},
	{"disk", disk_order},     {"interface", interface_order},
};

static const char *const *order_of(struct xml_element *parent)
{
	struct xml_element *within = xml_parent(parent), *root = parent;

	while (xml_parent(root))
		root = xml_parent(root);
	if (!text_equal(xml_name(root), "domain"))
		return NULL;
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (text_equal(orders[i].parent, xml_name(parent)))
			return orders[i].children;
	return within && text_equal(xml_name(within), "devices") ? other_device_order : NULL;
}

// The place of NAME in ORDER; what is not in it comes last.
static size_t rank(const char *const *order, const char *name)
{
	size_t place = 0;

	while (order && order[place] && !text_equal(order[place], name))
		place++;
	return place;
}

struct xml_element *xml_insert(struct xml_element *parent, const char *name)
{
	const char *const *order = order_of(parent);
	size_t own = rank(order, name);
	struct xml_element *first = xml_child(parent, NULL), *before = NULL, *made;

	for (struct xml_element *c = xml_child(parent, NULL); c; c = xml_next(c, NULL))
		if (rank(order, xml_name(c)) <= own)
			before = c;
	made = xml_append(parent, name);
	if (before)
		xml_move_behind(made, before);
	else if (first)
		xml_move_before(made, first);
	return made;
}

struct xml_element *xml_insert_copy(struct xml_element *parent, const struct xml_element *element)
{
	xmlNodePtr made = (xmlNodePtr)xml_insert(parent, xml_name(element));
	xmlNodePtr copy = xmlDocCopyNode((xmlNodePtr)element, made->doc, 1);

	xmlReplaceNode(made, copy);
	xmlFreeNode(made);
	return (struct xml_element *)copy;
}
