// SPDX-License-Identifier: GPL-3.0-or-later
// The change, made to count.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/domain/slots.h"
#include "cmd/vmctl/modify/modification.h"
#include "guest/guest.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/definition.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "xml/document.h"

// What is done to a device of the guest that runs; sentences are virt-xml's.
static const struct {
	int (*run)(virDomainPtr domain, const char *xml, unsigned flags);
	const char *question, *done, *failed;
} updates[] = {
	[CHANGE_ADD] = {virDomainAttachDeviceFlags, "Hotplug this device to the guest",
			"Device hotplug successful.", "Error attempting device hotplug"},
	[CHANGE_REMOVE] = {virDomainDetachDeviceFlags, "Hotunplug this device from the guest",
			   "Device hotunplug successful.", "Error attempting device hotunplug"},
	[CHANGE_EDIT] = {virDomainUpdateDeviceFlags, "Update this device for the guest",
			 "Device update successful.", "Error attempting device update"},
};

// Whether to go on; without --confirm nobody is asked.
static int ask(struct modification *modification, const char *question, bool *yes,
	       struct error *err)
{
	*yes = true;
	if (!modification->confirms)
		return 0;
	// What it is about is read before the question.
	if (report_flush(modification->call->report, err) < 0)
		return -1;
	*yes = confirm_answer(modification->call, question);
	return 0;
}

static int make_disks(struct modification *modification, struct error *err)
{
	// Once, whatever gets them.
	if (!modification->storage.real || modification->made)
		return 0;
	modification->made = true;
	return storage_create(&modification->storage, err) < 0 ? -1 : interrupt_check(err);
}

// A guest lets go of a device when it has time to, which QEMU cannot force.
static void tell_of_rest(struct modification *modification, const char *device)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml =
		definition_xml(modification->domain, VIR_DOMAIN_XML_SECURE, &ignored);

	for (struct xml_element *d = xml ? xml_child(device_list(xml), NULL) : NULL; d;
	     d = xml_next(d, NULL)) {
		auto_free char *own = change_text(d);

		if (text_equal(own, device))
			call_warning(modification->call,
				     "the guest was asked to let go of the device and has not yet");
	}
}

// SATA and IDE take no disk while the guest runs.
static int hint(struct modification *modification, const char *device, struct error *err)
{
	if (strstr(device, "bus=\"sata\"") || strstr(device, "bus=\"ide\""))
		return error_hint(err, "bus=virtio, scsi or usb can be plugged in while it runs; "
				       "--define without --update adds it for the next boot");
	definition_hint_device(err, modification->domain, device);
	return slots_hint(modification->call, device, err);
}

static int update_device(struct modification *modification, const char *device, struct error *err)
{
	enum change_verb verb = modification->change.verb;
	auto_free char *question =
		text_format("%s\n%s '%s'?", device, updates[verb].question, modification->name);
	bool yes;

	if (ask(modification, question, &yes, err) < 0)
		return -1;
	if (!yes)
		return 0;
	if (verb == CHANGE_ADD && make_disks(modification, err) < 0)
		return -1;
	if (updates[verb].run(modification->domain, device, VIR_DOMAIN_AFFECT_LIVE) < 0) {
		virt_failure(err, "%s", updates[verb].failed);
		return verb == CHANGE_ADD ? hint(modification, device, err) : -1;
	}
	modification->updated = true;
	report_message(modification->call->report, "%s\n", updates[verb].done);
	if (verb == CHANGE_REMOVE)
		tell_of_rest(modification, device);
	return 0;
}

int apply_update(struct modification *modification, struct error *err)
{
	const struct changed *changed = &modification->running.changed;

	for (size_t i = 0; i < changed->removed.count; i++)
		if (update_device(modification, changed->removed.items[i], err) < 0)
			return -1;
	for (size_t i = 0; i < changed->count; i++) {
		auto_free char *device = change_text(changed->items[i]);

		if (update_device(modification, device, err) < 0)
			return -1;
	}
	return 0;
}

static int define(struct modification *modification, struct error *err)
{
	auto_free char *question =
		text_format("Define '%s' with the changed XML?",
			    modification->name ? modification->name : "the guest");
	auto_domain virDomainPtr defined = NULL;
	bool yes;

	if (ask(modification, question, &yes, err) < 0)
		return -1;
	if (!yes)
		return 0;
	if (make_disks(modification, err) < 0 || look_again(modification, err) < 0)
		return -1;
	defined = virDomainDefineXMLFlags(modification->connection, modification->lasting.after, 0);
	if (!defined) {
		virt_failure(err, "the changed definition was not accepted");
		kind_refused(&kind_domain, modification->connection, modification->lasting.after,
			     err);
		if (modification->domain)
			definition_hint_changed(err, modification->domain,
						modification->lasting.after);
		return -1;
	}
	modification->defined = true;
	report_message(modification->call->report, "Domain '%s' defined successfully.\n",
		       virDomainGetName(defined));
	return 0;
}

static int started(struct modification *modification)
{
	modification->started = true;
	report_message(modification->call->report, "Domain '%s' started successfully.\n",
		       modification->name);
	return 0;
}

// As changed, for this time alone: the definition stays as it is.
static int start_changed(struct modification *modification, struct error *err)
{
	auto_free char *question =
		text_format("Start '%s' with the changed XML?", modification->name);
	auto_domain virDomainPtr domain = NULL;
	bool yes;

	if (ask(modification, question, &yes, err) < 0)
		return -1;
	if (!yes)
		return 0;
	if (make_disks(modification, err) < 0)
		return -1;
	domain = virDomainCreateXML(modification->connection, modification->lasting.after, 0);
	if (!domain)
		return virt_failure(err, "Failed starting domain '%s'", modification->name);
	return started(modification);
}

static int start(struct modification *modification, struct error *err)
{
	auto_domain virDomainPtr domain =
		virDomainLookupByName(modification->connection, modification->name);

	if (!domain || virDomainCreate(domain) < 0)
		return virt_failure(err, "Failed starting domain '%s'", modification->name);
	return started(modification);
}

static void tell_when(struct modification *modification)
{
	struct call *call = modification->call;
	auto_error struct error ignored = {0};

	if (modification->running.given && !modification->updated)
		report_message(call->report,
			       "Changes will take effect after the domain is fully powered "
			       "off.\n");
	else if (*modification->lasting.difference && look_again(modification, &ignored) == 0)
		call_warning(call, "XML did not change after domain define. You may have changed a "
				   "value that libvirt is setting by default.");
	else if (modification->domain && virDomainHasManagedSaveImage(modification->domain, 0) == 1)
		call_warning(call,
			     "the guest has a saved state, which it goes on with as it was: $vmctl "
			     "managedsave-remove -- '%s' makes it boot",
			     modification->name);
}

int apply_lasting(struct modification *modification, struct error *err)
{
	if (!modification->defines)
		return modification->starts ? start_changed(modification, err) : 0;
	if (define(modification, err) < 0)
		return -1;
	if (!modification->defined)
		return 0;
	if (modification->starts)
		return start(modification, err);
	tell_when(modification);
	return 0;
}
