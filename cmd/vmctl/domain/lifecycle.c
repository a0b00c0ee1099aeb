// SPDX-License-Identifier: GPL-3.0-or-later
// Starting and stopping guests.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/console.h"
#include "cmd/vmctl/domain/descriptors.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/words.h"

static int start_domain(virDomainPtr domain, const struct descriptors *files, unsigned bits)
{
	if (files->count)
		return virDomainCreateWithFiles(domain, files->count, files->numbers, bits);
	if (virDomainCreateWithFlags(domain, bits) == 0)
		return 0;
	// A driver that does not know how to boot afresh does so when there is no managed save.
	if (!(bits & VIR_DOMAIN_START_FORCE_BOOT) ||
	    !(virt_failed_with(VIR_ERR_NO_SUPPORT) || virt_failed_with(VIR_ERR_INVALID_ARG)) ||
	    (virDomainHasManagedSaveImage(domain, 0) == 1 &&
	     virDomainManagedSaveRemove(domain, 0) < 0))
		return -1;
	return virDomainCreateWithFlags(domain, bits & ~(unsigned)VIR_DOMAIN_START_FORCE_BOOT);
}

static int start(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_descriptors struct descriptors files = {0};
	bool console = argument_flag(call, "console");

	// An inactive guest has the id -1; what libvirt would say of an active one does not name
	// this.
	if (virDomainGetID(domain) != (unsigned)-1)
		return error_set(err, STATUS_CONFLICT, "Domain is already active");
	if (descriptors_parse(argument_text(call, "pass-fds"), &files, err) < 0)
		return -1;
	if (start_domain(domain, &files, argument_bits(call)) < 0) {
		domain_failure(err, domain, "Failed to start domain '%s'",
			       virDomainGetName(domain));
		return domain_hint_start(err, domain);
	}
	message_domain(call, domain, "started");
	return console ? console_attach(call, domain, err) : 0;
}

static const struct option start_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_INACTIVE, "guest to start"),
	FLAG("console", 0, "attach to its console once it runs"),
	FLAG("paused", VIR_DOMAIN_START_PAUSED, "leave its CPUs stopped"),
	FLAG("autodestroy", VIR_DOMAIN_START_AUTODESTROY, "stop it when this connection ends"),
	FLAG("bypass-cache", VIR_DOMAIN_START_BYPASS_CACHE,
	     "load a managed save without filling the file system's cache"),
	FLAG("force-boot", VIR_DOMAIN_START_FORCE_BOOT, "discard a managed save and boot"),
	PASS_FDS,
	FLAG("reset-nvram", VIR_DOMAIN_START_RESET_NVRAM, "reset its NVRAM to the template"),
	END,
};

const struct command start_command = {
	.name = "start",
	.target = MANY_DOMAINS(BY_NAME | BY_UUID),
	.options = start_options,
	.summary = "start a guest that is defined and shut off",
	.results = named_results,
	.description = "Starts a defined guest; from its managed save, if it has one.",
	.run = start,
};

// What --mode may name; shutdown and reboot give the same modes the same bits.
static const char *const modes[] = {"acpi", "agent", "initctl", "signal", "paravirt", NULL};

static int parse_modes(const char *string, unsigned *bits, struct error *err)
{
	for (const char *next = string; next;
	     next = strchr(next, ',') ? strchr(next, ',') + 1 : NULL) {
		auto_free char *word = text_copy_bytes(next, strcspn(next, ","));
		size_t mode = 0;

		while (modes[mode] && !text_equal(modes[mode], word))
			mode++;
		if (!modes[mode])
			return error_set(err, STATUS_USAGE,
					 "unknown mode '%s', there are acpi, agent, initctl, "
					 "signal and paravirt",
					 word);
		*bits |= 1U << mode;
	}
	return 0;
}

_Static_assert(VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN == 1 && VIR_DOMAIN_SHUTDOWN_GUEST_AGENT == 2 &&
		       VIR_DOMAIN_SHUTDOWN_INITCTL == 4 && VIR_DOMAIN_SHUTDOWN_SIGNAL == 8 &&
		       VIR_DOMAIN_SHUTDOWN_PARAVIRT == 16 && VIR_DOMAIN_REBOOT_PARAVIRT == 16 &&
		       VIR_DOMAIN_REBOOT_ACPI_POWER_BTN == 1 && VIR_DOMAIN_REBOOT_GUEST_AGENT == 2,
	       "the bit of a mode is its place in the list");

// Asks the guest in the ways of --mode.
static int act_by_mode(struct call *call, struct error *err)
{
	unsigned bits = 0;

	if (parse_modes(argument_text(call, "mode"), &bits, err) < 0)
		return -1;
	return object_act_with(call, bits, err);
}

// clang-format off
#define MODE \
	{ .kind = OPTION_TEXT, .traits = POSITIONAL, .name = "mode", .words = modes, \
	  .help = "ways to ask the guest, MODE,MODE,...: the hypervisor tries them" }
// clang-format on

ACT(act_shutdown, bits ? virDomainShutdownFlags(object, bits) : virDomainShutdown(object))
const struct command shutdown_command = {
	.name = "shutdown",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){
			DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to shut down"), MODE, END},
	.summary = "ask a guest to shut itself down",
	.description = "Asks the guest's operating system to shut down and does not wait for it. "
		       "See destroy for a guest that does not react.",
	.results = named_results,
	.run = act_by_mode,
	ACTION(.act = act_shutdown, .failed = "Failed to shutdown domain '%s'",
	       .done = "Domain '%s' is being shutdown", .typed = true),
};

ACT(act_reboot, virDomainReboot(object, bits))
const struct command reboot_command = {
	.name = "reboot",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to reboot"),
					MODE, END},
	.summary = "ask a guest to reboot",
	.results = named_results,
	.run = act_by_mode,
	ACTION(.act = act_reboot, .failed = "Failed to reboot domain '%s'",
	       .done = "Domain '%s' is being rebooted", .typed = true),
};

ACT(act_reset, virDomainReset(object, 0))
const struct command reset_command = {
	.name = "reset",
	.target = MANY_DOMAINS_ASKED(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to reset"),
					END},
	.summary = "reset a guest as its reset button would",
	DOES(.act = act_reset, .failed = "Failed to reset domain '%s'",
	     .done = "Domain '%s' was reset", .typed = true),
};

static const struct option destroy_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to stop"),
	FLAG("graceful", VIR_DOMAIN_DESTROY_GRACEFUL,
	     "never kill a hypervisor process that does not end by itself"),
	FLAG("remove-logs", VIR_DOMAIN_DESTROY_REMOVE_LOGS, "remove its log files too"),
	END,
};

ACT(act_destroy, bits ? virDomainDestroyFlags(object, bits) : virDomainDestroy(object))
const struct command destroy_command = {
	.name = "destroy",
	.target = MANY_DOMAINS_ASKED(BY_ANY),
	.options = destroy_options,
	.summary = "stop a guest at once, like pulling its plug",
	.description = "Stops the guest without asking it. Its definition and disks stay.",
	DOES(.act = act_destroy, .failed = "Failed to destroy domain '%s'",
	     .done = "Domain '%s' destroyed", .typed = true),
};

ACT(act_suspend, virDomainSuspend(object))
const struct command suspend_command = {
	.name = "suspend",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_RUNNING, "guest to pause"),
					END},
	.summary = "pause a guest, it stays in memory",
	DOES(.act = act_suspend, .failed = "Failed to suspend domain '%s'",
	     .done = "Domain '%s' suspended", .typed = true),
};

// The disks that a guest stopped for.
static int find_disk_errors(virDomainPtr domain, virDomainDiskErrorPtr *errors)
{
	int state, reason, most;

	if (virDomainGetState(domain, &state, &reason, 0) < 0 || state != VIR_DOMAIN_PAUSED ||
	    reason != VIR_DOMAIN_PAUSED_IOERROR)
		return 0;
	most = virDomainGetDiskErrors(domain, NULL, 0, 0);
	if (most <= 0)
		return 0;
	*errors = memory_new((size_t)most, sizeof(**errors));
	return virDomainGetDiskErrors(domain, *errors, (unsigned)most, 0);
}

// A guest that stopped for a full disk stops again, unless there is space now: which disk it was
// is said.
static int resume(struct call *call, struct error *err)
{
	auto_free virDomainDiskErrorPtr errors = NULL;
	int count = find_disk_errors(call_domain(call), &errors);
	int failed = object_act(call, err);

	if (!failed)
		report_open_list(call->report, "disk_errors");
	for (int i = 0; i < count; i++) {
		const char *what = word_disk_error(errors[i].error);

		if (!failed) {
			call_warning(call, "%s: it had stopped for its disk %s: %s",
				     virDomainGetName(call_domain(call)), errors[i].disk, what);
			report_open(call->report, NULL);
			report_field(call->report, NULL, "target", value_text(errors[i].disk));
			report_field(call->report, NULL, "error", value_text(what));
			report_close(call->report);
		}
		free(errors[i].disk);
	}
	if (!failed)
		report_close(call->report);
	return failed;
}

static const struct field disk_error_fields[] = {
	FIELD("target", NULL, FIELD_TEXT, 0, "the disk, such as vda"),
	FIELD("error", NULL, FIELD_TEXT, 0, "such as no space"),
	FIELDS_END,
};
static const struct field resume_results[] = {
	NAME_FIELD,
	FIELD_OF("disk_errors", FIELD_LIST, 0, disk_error_fields, "disks that it had stopped for"),
	FIELDS_END,
};

ACT(act_resume, virDomainResume(object))
const struct command resume_command = {
	.name = "resume",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){
			DOMAIN(VIR_CONNECT_LIST_DOMAINS_PAUSED, "guest to continue"), END},
	.summary = "continue a paused guest",
	.results = resume_results,
	.run = resume,
	ACTION(.act = act_resume, .failed = "Failed to resume domain '%s'",
	       .done = "Domain '%s' resumed", .typed = true),
};
