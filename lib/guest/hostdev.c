// SPDX-License-Identifier: GPL-3.0-or-later
// `--hostdev`

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/node_device.h"
#include "guest/rows.h"
#include "xml/path.h"

// Of the host a container gets: a name of an interface, a block device, a character device.
static const struct {
	const char *type, *path;
} capabilities[] = {
	{"net", "source/interface"}, {"storage", "source/block"}, {"misc", "source/char"}};

static int set_capability(const struct suboption_call *call, const char *type)
{
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(*capabilities); i++)
		if (text_equal(type, capabilities[i].type)) {
			path_set(call->element, "@mode", "capabilities");
			path_set(call->element, capabilities[i].path, call->value);
			return 1;
		}
	return 0;
}

// BUS:SLOT.FUNCTION and the like, BUS.DEVICE, VENDOR:PRODUCT, or the name that libvirt gives it.
static int set_name(const struct suboption_call *call, struct error *err)
{
	auto_free char *type = path_get(call->element, "@type");
	unsigned long parts[4];

	if (set_capability(call, type))
		return 0;
	path_set(call->element, "@mode", "subsystem");
	if (pci_address_parse(call->value, parts)) {
		path_set(call->element, "@type", "pci");
		pci_address_set(call->element, "source/address", parts);
		return 0;
	}
	return node_device_set(call->guest, call->value, call->element, err);
}

// What libvirt does not take from its driver: parts of devices, and what Xen is given at boot.
static bool is_unmanaged(const struct option_edit *edit, const char *type)
{
	const struct hypervisor *host = edit->guest ? edit->guest->host : NULL;

	return text_begins(type, "scsi") || text_equal(type, "mdev") ||
	       (host && text_equal(host->scheme, "xen"));
}

static int finish_hostdev(struct option_edit *edit, struct error *err)
{
	auto_free char *type = path_get(edit->element, "@type");

	(void)err;
	if (edit->added && !path_has(edit->element, "@mode"))
		path_set(edit->element, "@mode", "subsystem");
	if (edit->added && !path_has(edit->element, "@managed"))
		path_set(edit->element, "@managed", is_unmanaged(edit, type) ? "no" : "yes");
	return 0;
}

static const struct suboption hostdev_rows[] = {
	ROW("boot.order", AKA("boot_order"), NULL, INTEGER),
	ROW("type", NULL, NULL, TEXT),
	CALL("name", NULL, TEXT, set_name),
	ROW("driver.name", AKA("driver_name"), NULL, TEXT),
	ROW("driver.iommufd", NULL, NULL, YES_NO),
	ROW("rom.bar", AKA("rom_bar"), NULL, ON_OFF),
	ROW("acpi.nodeset", NULL, NULL, COMMAS),
	ROW("source.startupPolicy", NULL, NULL, TEXT),
	ROWS_END,
};

const struct guest_option hostdev_option = {
	.home = "devices/hostdev",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--hostdev",
		  .leading = AKA("name"),
		  .groups = GROUPS(device_rows, hostdev_rows)},
	.finish = finish_hostdev,
};
