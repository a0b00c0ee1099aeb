// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/checks.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

int checks_read(struct installation *installation, struct error *err)
{
	return storage_checks_read(argument_list(installation->call, "check"),
				   &installation->storage.checks, err);
}

static int check_name(struct installation *installation, struct error *err)
{
	auto_domain virDomainPtr domain =
		virDomainLookupByName(installation->connection, installation->name);

	if (!domain || installation->defined || argument_flag(installation->call, "replace"))
		return 0;
	error_set(err, STATUS_CONFLICT, "Guest name '%s' is already in use", installation->name);
	return error_hint(err,
			  "choose another --name, remove it ($vmctl undefine -- '%s'), or give "
			  "--if-not-exists or --replace",
			  installation->name);
}

// A network that is off would let the guest be made and then not start.
static int check_networks(struct installation *installation, struct error *err)
{
	struct xml_element *devices = installation->guest->devices;

	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *name = path_get(i, "source/@network");
		auto_network virNetworkPtr network = NULL;

		if (!name)
			continue;
		network = virNetworkLookupByName(installation->connection, name);
		if (!network && virt_failed_with(VIR_ERR_NO_NETWORK)) {
			virt_failure(err, "there is no network '%s'", name);
			return error_hint(err, "--network user needs none; --network none goes "
					       "without");
		}
		if (!network || virNetworkIsActive(network) != 0)
			continue;
		error_set(err, STATUS_CONFLICT, "the network '%s' is not active", name);
		return error_hint(err, "$vmctl net-start -- '%s'", name);
	}
	return 0;
}

// More memory than the host has is found by QEMU only when it starts, or by nobody until the host
// swaps.
static void check_memory(struct installation *installation)
{
	auto_free char *text = path_get(installation->guest->domain, "memory");
	unsigned long long wanted = text ? strtoull(text, NULL, 10) : 0;
	virNodeInfo node;

	if (!installation->planned && virNodeGetInfo(installation->connection, &node) == 0 &&
	    wanted > node.memory)
		list_add_format(&installation->guest->warnings,
				"the guest is to have %llu MiB of memory, but the host has %lu MiB",
				wanted / 1024, node.memory / 1024);
}

int checks_run(struct installation *installation, struct error *err)
{
	bool shown = argument_given(installation->call, "print-xml");

	check_memory(installation);
	if (!shown && check_name(installation, err) < 0)
		return -1;
	// The addresses of a guest that is installed again are its own.
	if (!installation->defined && storage_check_macs(&installation->storage, err) < 0)
		return -1;
	// XML can be looked at before the network is there.
	if (!shown && !installation->planned && check_networks(installation, err) < 0)
		return -1;
	return storage_check(&installation->storage, err);
}
