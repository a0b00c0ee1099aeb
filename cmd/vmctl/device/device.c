// SPDX-License-Identifier: GPL-3.0-or-later
// Devices of the host.
#include <stdlib.h>

#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "virt/engine.h"

struct capability {
	const char *name;
	unsigned flag;
};

// What a device can be, as libvirt's XML calls it.
static const struct capability capabilities[] = {
	{"system", VIR_CONNECT_LIST_NODE_DEVICES_CAP_SYSTEM},
	{"pci", VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV},
	{"usb_device", VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_DEV},
	{"usb", VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_INTERFACE},
	{"net", VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET},
	{"scsi_host", VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_HOST},
	{"scsi_target", VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_TARGET},
	{"scsi", VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI},
	{"storage", VIR_CONNECT_LIST_NODE_DEVICES_CAP_STORAGE},
	{"fc_host", VIR_CONNECT_LIST_NODE_DEVICES_CAP_FC_HOST},
	{"vports", VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPORTS},
	{"scsi_generic", VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_GENERIC},
	{"drm", VIR_CONNECT_LIST_NODE_DEVICES_CAP_DRM},
	{"mdev_types", VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV_TYPES},
	{"mdev", VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV},
	{"ccw", VIR_CONNECT_LIST_NODE_DEVICES_CAP_CCW_DEV},
	{"css", VIR_CONNECT_LIST_NODE_DEVICES_CAP_CSS_DEV},
	{"vdpa", VIR_CONNECT_LIST_NODE_DEVICES_CAP_VDPA},
	{"ap_card", VIR_CONNECT_LIST_NODE_DEVICES_CAP_AP_CARD},
	{"ap_queue", VIR_CONNECT_LIST_NODE_DEVICES_CAP_AP_QUEUE},
	{"ap_matrix", VIR_CONNECT_LIST_NODE_DEVICES_CAP_AP_MATRIX},
	{"vpd", VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPD},
#if LIBVIR_CHECK_VERSION(11, 1, 0)
	{"ccwgroup_dev", VIR_CONNECT_LIST_NODE_DEVICES_CAP_CCWGROUP_DEV},
	{"ccwgroup_member", VIR_CONNECT_LIST_NODE_DEVICES_CAP_CCWGROUP_MEMBER},
#endif
};

enum { CAPABILITIES = sizeof(capabilities) / sizeof(*capabilities) };

static void capability_names(struct call *call, struct list *found)
{
	(void)call;
	for (size_t i = 0; i < CAPABILITIES; i++)
		list_add(found, capabilities[i].name);
}

static int add_capability(const char *name, unsigned *flags, struct error *err)
{
	auto_list struct list names = {0};
	char *known;

	for (size_t i = 0; i < CAPABILITIES; i++) {
		if (text_equal(name, capabilities[i].name)) {
			*flags |= capabilities[i].flag;
			return 0;
		}
		list_add(&names, capabilities[i].name);
	}
	known = list_join(&names, ", ");
	error_set(err, STATUS_USAGE, "option --cap: no capability is called '%s'", name);
	error_hint(err, "there are %s", known);
	free(known);
	return -1;
}

// --cap names several, separated by commas.
static int filter(struct call *call, unsigned *flags, struct error *err)
{
	const char *given = argument_text(call, "cap");
	auto_list struct list names = list_split(given ? given : "", ",");

	if (given && !names.count)
		return add_capability("", flags, err);
	for (size_t i = 0; i < names.count; i++)
		if (add_capability(names.items[i], flags, err) < 0)
			return -1;
	return 0;
}

static void ask_parent(const struct looked *looked, struct cell *cell)
{
	const char *parent = virNodeDeviceGetParent(looked->object);

	cell_text(cell, parent);
	cell->value.shown = parent ? NULL : "";
}
// Where a driver cannot tell, virsh says yes.
ASK(ask_active, cell_answer(cell, virNodeDeviceIsActive(looked->object), "yes", "no", "yes"))
ASK(ask_persistent,
    cell_answer(cell, virNodeDeviceIsPersistent(looked->object), "yes", "no", "yes"))

static const struct field list_results[] = {
	FOUND("name", "Name", FIELD_TEXT, 0, "its name", FROM_NAME),
	FOUND("parent", NULL, FIELD_TEXT, FIELD_NULL, "name of the device that it is on",
	      FROM_ASK(ask_parent)),
	FOUND("active", NULL, FIELD_BOOLEAN, FIELD_NULL | FIELD_ASKED,
	      "with --all: whether the device is there", FROM_ASK_WHEN(ask_active, "all")),
	FIELDS_END,
};

static const struct option list_options[] = {
	FLAG("tree", 0, "as a tree"),
	TEXT("cap", capability_names, "only those that are one of these, as in pci,net"),
	FLAG("inactive", 0, "those that are defined and not there"),
	FLAG("all", 0, "both those that are there and those that are not"),
	NEWER_FLAG("persistent", VIR_CONNECT_LIST_NODE_DEVICES_PERSISTENT, 10001000,
		   "those with a definition"),
	NEWER_FLAG("transient", VIR_CONNECT_LIST_NODE_DEVICES_TRANSIENT, 10001000,
		   "those without a definition"),
	END,
};

const struct command nodedev_list_command = {
	.name = "nodedev-list",
	.summary = "list devices of the host",
	.traits = COMMAND_READS,
	.options = list_options,
	.rules = (const struct rule[]){EXCLUSIVE("all", "inactive"), EXCLUSIVE("tree", "cap"),
				       EXCLUSIVE("tree", "inactive"), RULES_END},
	LISTS(list_results, .kind = &kind_nodedev, .names = true, .tree = "parent",
	      .filter = filter, .failed = "Failed to list node devices"),
};

static const struct field info_results[] = {
	FOUND("name", "Name:", FIELD_TEXT, 0, "its name", FROM_NAME),
	FOUND("parent", "Parent:", FIELD_TEXT, FIELD_NULL, "name of the device that it is on",
	      FROM_ASK(ask_parent)),
	FOUND("active", "Active:", FIELD_BOOLEAN, FIELD_NULL, "whether the device is there",
	      FROM_ASK(ask_active)),
	FOUND("persistent", "Persistent:", FIELD_BOOLEAN, FIELD_NULL, "whether it has a definition",
	      FROM_ASK(ask_persistent)),
	FOUND("autostart", "Autostart:", FIELD_BOOLEAN, FIELD_NULL,
	      "whether it is made with the host", FROM(.kind = SOURCE_AUTOSTART)),
	FIELDS_END,
};

#define DEVICE(filter_) NEEDED_OBJECT(kind_nodedev, "device", filter_, "device, by its name")
#define DEVICE_TARGET                                                                              \
	&(const struct target)                                                                     \
	{                                                                                          \
		&kind_nodedev, "device", BY_ANY, 0                                                 \
	}

// A read-only connection is not told whether a device starts with the host.
const struct command nodedev_info_command = {
	.name = "nodedev-info",
	.summary = "show what a device of the host is",
	.target = DEVICE_TARGET,
	.options = (const struct option[]){DEVICE(0), END},
	SHOWS(info_results, .failed = "Failed to get device %s"),
};

static const struct option dumpxml_options[] = {
	DEVICE(0),
	NEWER_FLAG("inactive", VIR_NODE_DEVICE_XML_INACTIVE, 10001000, "as it is defined"),
	XPATH,
	END,
};

const struct command nodedev_dumpxml_command = {
	.name = "nodedev-dumpxml",
	.summary = "show the definition of a device of the host, as XML",
	.traits = COMMAND_READS,
	.target = DEVICE_TARGET,
	.options = dumpxml_options,
	.results = xml_results,
	.run = object_dumpxml,
};
AUTOSTART_COMMAND(nodedev_autostart, "nodedev-autostart", kind_nodedev, "device",
		  "device of the host");
