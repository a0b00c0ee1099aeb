// SPDX-License-Identifier: GPL-3.0-or-later
// Devices of the host: made, taken away, and lent to guests.
#include "base/cleanup.h"
#include "cli/argument.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "virt/engine.h"
#include "virt/failure.h"

static void *create_xml(virConnectPtr connection, void *within, const char *xml, unsigned flags)
{
	(void)within;
	return virNodeDeviceCreateXML(connection, xml, flags);
}

FROM_FILE_COMMAND(nodedev_create, "nodedev-create",
		  "create a device of the host without a definition, from a file with its XML",
		  named_results, VIR_NODE_DEVICE_CREATE_XML_VALIDATE, .kind = &kind_nodedev,
		  .define = create_xml, .done = "Node device %s created from %s",
		  .failed = "Failed to create node device from %s");

FROM_FILE_COMMAND(nodedev_define, "nodedev-define",
		  "define a device of the host from a file with its XML", named_results,
		  VIR_NODE_DEVICE_DEFINE_XML_VALIDATE, .kind = &kind_nodedev,
		  .done = "Node device '%s' defined from '%s'",
		  .failed = "Failed to define node device from '%s'");

#define ACTS(symbol_, name_, summary_, filter_, ...)                                               \
	ACT_COMMAND(symbol_, name_, summary_, kind_nodedev, "device", "device of the host",        \
		    filter_, .typed = true, __VA_ARGS__)

ACT(undefine, virNodeDeviceUndefine(object, bits))
ACTS(nodedev_undefine, "nodedev-undefine", "remove the definition of a device of the host",
     VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE, .act = undefine,
     .failed = "Failed to undefine node device '%s'", .done = "Undefined node device '%s'");

ACT(start, virNodeDeviceCreate(object, bits))
ACTS(nodedev_start, "nodedev-start", "create a device of the host that is defined",
     VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE, .act = start, .failed = "Failed to start device %s",
     .done = "Device %s started");

ACT(reattach, virNodeDeviceReAttach(object))
ACTS(nodedev_reattach, "nodedev-reattach", "give a device back to the host's driver", 0,
     .act = reattach, .failed = "Failed to re-attach device %s", .done = "Device %s re-attached");

ACT(reset, virNodeDeviceReset(object))
ACTS(nodedev_reset, "nodedev-reset", "reset a device of the host", 0, .act = reset,
     .failed = "Failed to reset device %s", .done = "Device %s reset");

ACT(destroy, virNodeDeviceDestroy(object))
const struct command nodedev_destroy_command = {
	.name = "nodedev-destroy",
	.summary = "remove a device from the host",
	.target = FAMILY_TARGET(kind_nodedev, "device", BY_ANY),
	.options =
		(const struct option[]){FAMILY_OBJECT(kind_nodedev, "device", "device of the host"),
					ALIAS("name", "device"), END},
	DOES(.act = destroy, .typed = true, .failed = "Failed to destroy node device '%s'",
	     .done = "Destroyed node device '%s'"),
};

static int detach(struct call *call, void *object, unsigned bits)
{
	const char *driver = argument_text(call, "driver");

	(void)bits;
	return driver ? virNodeDeviceDetachFlags(object, driver, 0) : virNodeDeviceDettach(object);
}
const struct command nodedev_detach_command = {
	.name = "nodedev-detach",
	.alias = "nodedev-dettach",
	.summary = "take a device from the host's driver, for a guest",
	.target = FAMILY_TARGET(kind_nodedev, "device", BY_NAME),
	.options =
		(const struct option[]){
			FAMILY_OBJECT(kind_nodedev, "device", "device of the host"),
			CHOICE("driver", device_drivers, "driver that gets it, such as vfio"), END},
	DOES(.act = detach, .typed = true, .failed = "Failed to detach device %s",
	     .done = "Device %s detached"),
};

static int nodedev_update(struct call *call, struct error *err)
{
	const char *file = argument_text(call, "file");
	auto_free char *xml = definition_read(file, err);

	if (!xml)
		return -1;
	if (virNodeDeviceUpdate(call_nodedev(call), xml, argument_bits(call)) < 0)
		return virt_failure(err, "Failed to update node device %s from '%s'",
				    call->object.typed, file);
	message_updated(call, "node device", virNodeDeviceIsActive(call_nodedev(call)) == 1);
	return 0;
}

const struct command nodedev_update_command = {
	.name = "nodedev-update",
	.since = 10001000,
	.summary = "change a device of the host, from a file with its XML",
	.target = FAMILY_TARGET(kind_nodedev, "device", BY_ANY),
	.options =
		(const struct option[]){FAMILY_OBJECT(kind_nodedev, "device", "device of the host"),
					NEEDED("file", NULL, "file with its XML"),
					CONFIG("its definition"), LIVE("the device itself"),
					CURRENT("the state it is in, which is the default"), END},
	.rules = CURRENT_ALONE,
	.results = (const struct field[]){UPDATED_FIELDS, FIELDS_END},
	.run = nodedev_update,
};
