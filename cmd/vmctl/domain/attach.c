// SPDX-License-Identifier: GPL-3.0-or-later
// Devices that come, go and change as a file with their XML says.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/descriptors.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/hints.h"

enum { DEVICE_XML_MOST = 10 * 1024 * 1024 }; // bytes, as virsh reads

static int change_by_file(struct call *call, enum device_change change, struct error *err)
{
	const char *file = argument_text(call, "file");
	auto_free char *xml = file_read(file, DEVICE_XML_MOST, NULL, err);

	return xml ? device_change(call, change, xml, file, err) : -1;
}

static int attach_device(struct call *call, struct error *err)
{
	return change_by_file(call, DEVICE_ATTACH, err);
}

static int detach_device(struct call *call, struct error *err)
{
	return change_by_file(call, DEVICE_DETACH, err);
}

static int update_device(struct call *call, struct error *err)
{
	return change_by_file(call, DEVICE_UPDATE, err);
}

static const struct option file_options[] = {
	DOMAIN(0, "guest with the device"),
	NEEDED("file", NULL, "file with the XML of the device"),
	DEVICE_OPTIONS,
	END,
};

const struct command attach_device_command = {
	.name = "attach-device",
	.target = MANY_DOMAINS(BY_ANY),
	.options = file_options,
	.rules = device_rules,
	.results = named_results,
	.run = attach_device,
	ACTION(.failed = "Failed to attach device from %s", .done = "Device attached successfully"),
	.summary = "attach a device to a guest, from a file with its XML",
};

const struct command detach_device_command = {
	.name = "detach-device",
	.target = MANY_DOMAINS(BY_ANY),
	.options = file_options,
	.rules = device_rules,
	.results = named_results,
	.run = detach_device,
	ACTION(.failed = "Failed to detach device from %s", .done = "Device detached successfully"),
	.summary = "detach a device from a guest, by a file with its XML",
};

const struct command update_device_command = {
	.name = "update-device",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(0, "guest with the device"),
					NEEDED("file", NULL, "file with the XML of the device"),
					DEVICE_OPTIONS,
					FLAG("force", VIR_DOMAIN_DEVICE_MODIFY_FORCE,
					     "even where the guest holds it, such as a locked CD"),
					END},
	.rules = device_rules,
	.results = named_results,
	.run = update_device,
	ACTION(.failed = "Failed to update device from %s", .done = "Device updated successfully"),
	.summary = "change a device of a guest, from a file with its XML",
};

static int detach_device_alias(struct call *call, struct error *err)
{
	const char *alias = argument_text(call, "alias");
	const struct action *action = call->command->action;

	if (virDomainDetachDeviceAlias(call_domain(call), alias, argument_bits(call)) < 0)
		return action_failed(call, action, alias, err);
	report_value(call->report, "name", value_text(call_name(call)));
	action_done(call, action, alias);
	return 0;
}

const struct command detach_device_alias_command = {
	.name = "detach-device-alias",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest with the device"),
					   NEEDED("alias", device_aliases, "alias of the device"),
					   AFFECTED, END},
	.rules = affected_rules,
	.results = named_results,
	.run = detach_device_alias,
	ACTION(.failed = "Failed to detach device with alias %s",
	       .done = "Device detach request sent successfully"),
	.summary = "detach a device from a guest, by its alias",
};

static int dom_fd_associate(struct call *call, struct error *err)
{
	auto_descriptors struct descriptors files = {0};

	if (descriptors_parse(argument_text(call, "pass-fds"), &files, err) < 0)
		return -1;
	if (virDomainFDAssociate(call_domain(call), argument_text(call, "name"), files.count,
				 files.numbers, argument_bits(call)) < 0)
		return domain_failure(err, call_domain(call),
				      "Failed to pass file descriptors to domain '%s'",
				      call_name(call));
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

const struct command dom_fd_associate_command = {
	.name = "dom-fd-associate",
	.target = ONE_DOMAIN(BY_ANY),
	.options =
		(const struct option[]){
			DOMAIN(0, "guest that opens them"),
			NEEDED("name", NULL, "name that its XML calls them by"),
			NEEDED("pass-fds", NULL, "file descriptors N,M,... that are open"),
			FLAG("seclabel-writable", VIR_DOMAIN_FD_ASSOCIATE_SECLABEL_WRITABLE,
			     "label them so that the guest may write"),
			FLAG("seclabel-restore", VIR_DOMAIN_FD_ASSOCIATE_SECLABEL_RESTORE,
			     "give their old label back at the end"),
			END},
	.results = named_results,
	.run = dom_fd_associate,
	.summary = "pass open file descriptors to a guest for its disks",
};

ACT(set_threshold, virDomainSetBlockThreshold(object, argument_text(call, "dev"),
					      argument_size(call, "threshold"), bits))

const struct command domblkthreshold_command = {
	.name = "domblkthreshold",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){
			DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose disk is watched"),
			NEEDED("dev", domain_disks, "disk, such as vda, or vda[1] of its chain"),
			{.kind = OPTION_SIZE,
			 .traits = REQUIRED | POSITIONAL,
			 .name = "threshold",
			 .help = "an event tells when this much is written, such as 10G"},
			END},
	DOES(.act = set_threshold, .failed = "Failed to set the threshold of domain '%s'"),
	.summary = "set an amount written to a disk that raises an event",
};
