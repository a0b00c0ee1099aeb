// SPDX-License-Identifier: GPL-3.0-or-later
// `--controller` and `--input`.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/node_device.h"
#include "guest/rows.h"
#include "xml/document.h"
#include "xml/insert.h"
#include "xml/path.h"

static void set_default(struct xml_element *element, const char *path, const char *value)
{
	if (!path_has(element, path))
		path_set(element, path, value);
}

// Words that mean several controllers, or one with what it needs.
static int add_usb2(struct option_edit *edit)
{
	static const struct {
		const char *model, *start;
	} companions[] = {{"ich9-uhci1", "0"}, {"ich9-uhci2", "2"}, {"ich9-uhci3", "4"}};
	struct xml_element *devices = xml_parent(edit->element);

	path_set(edit->element, "@type", "usb");
	path_set(edit->element, "@model", "ich9-ehci1");
	for (size_t i = 0; devices && i < sizeof(companions) / sizeof(*companions); i++) {
		struct xml_element *companion = xml_insert(devices, "controller");

		path_set(companion, "@type", "usb");
		path_set(companion, "@model", companions[i].model);
		path_set(companion, "master/@startport", companions[i].start);
	}
	return 0;
}

static int finish_controller(struct option_edit *edit, struct error *err)
{
	auto_free char *type = path_get(edit->element, "@type");
	auto_free char *model = path_get(edit->element, "@model");

	(void)err;
	if (text_equal(type, "usb2"))
		return add_usb2(edit);
	if (text_equal(type, "usb3")) {
		path_set(edit->element, "@type", "usb");
		path_set(edit->element, "@model", "qemu-xhci");
		path_set(edit->element, "@ports", "15");
	}
	if (text_equal(model, "ich9-uhci1"))
		set_default(edit->element, "master/@startport", "0");
	return 0;
}

// DOMAIN:BUS:SLOT.FUNCTION or BUS:SLOT.FUNCTION, with or without a domain.
static int set_address(const struct suboption_call *call, struct error *err)
{
	unsigned long parts[4];

	if (!pci_address_parse(call->value, parts))
		return error_set(err, STATUS_USAGE,
				 "Expected PCI format string for '%s': "
				 "DOMAIN:BUS:SLOT.FUNCTION, such as 0:0:4.7",
				 call->value);
	path_set(call->element, "address/@type", "pci");
	pci_address_set(call->element, "address", parts);
	return 0;
}

// How many devices can be plugged in while the guest runs: guest_complete() makes the ports.
static int set_root_ports(const struct suboption_call *call, struct error *err)
{
	long long ports;

	if (number_parse(call->value, 0, 1000, &ports, err) < 0)
		return -1;
	path_set(call->element, "@num_pcie_root_ports", call->value);
	return 0;
}

static const struct suboption controller_rows[] = {
	ROW("type", NULL, NULL, TEXT),
	ROW("model", NULL, NULL, TEXT),
	ROW("index", NULL, NULL, INTEGER),
	ROW("maxGrantFrames", NULL, NULL, INTEGER),
	ROW("vectors", NULL, NULL, INTEGER),
	ROW("master.startport", AKA("master"), NULL, INTEGER),
	ROW("driver.iothread", NULL, NULL, INTEGER),
	ROW("driver.queues", AKA("driver_queues"), NULL, INTEGER),
	ROW("target.chassisNr", NULL, NULL, INTEGER),
	ROW("target.chassis", NULL, NULL, INTEGER),
	ROW("target.port", NULL, NULL, INTEGER),
	ROW("target.hotplug", NULL, NULL, ON_OFF),
	ROW("target.busNr", NULL, NULL, INTEGER),
	ROW("target.index", NULL, NULL, INTEGER),
	ROW("target.node", NULL, "target/node", INTEGER),
	ROW("target.memReserve", NULL, NULL, INTEGER),
	ROW("pcihole64", NULL, "pcihole64", INTEGER),
	ROW("pcihole64.unit", NULL, NULL, TEXT),
	ROW("serial", NULL, "serial", TEXT),
	CALL("address", NULL, TEXT, set_address),
	CALL("num_pcie_root_ports", NULL, TEXT, set_root_ports),
	ROWS_END,
};

const struct guest_option controller_option = {
	.home = "devices/controller",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--controller",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, virtio_rows, controller_rows)},
	.finish = finish_controller,
};

static const struct suboption input_rows[] = {
	ROW("type", NULL, NULL, TEXT),
	ROW("bus", NULL, NULL, TEXT),
	ROW("model", NULL, NULL, TEXT),
	ROW("source.evdev", NULL, NULL, TEXT),
	ROW("source.dev", NULL, NULL, TEXT),
	ROW("source.repeat", NULL, NULL, ON_OFF),
	ROW("source.grab", NULL, NULL, TEXT),
	ROW("source.grabToggle", NULL, NULL, TEXT),
	ROWS_END,
};

const struct guest_option input_option = {
	.home = "devices/input",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--input",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, virtio_rows, input_rows)},
};
