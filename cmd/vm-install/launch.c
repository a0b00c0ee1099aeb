// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/launch.h"

#include <libvirt/libvirt.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/hint.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "output/report.h"
#include "virt/console.h"
#include "virt/definition.h"
#include "virt/failure.h"

enum { PERIOD = 250 }; // milliseconds between two looks at whether the guest has stopped

static int failed(struct installation *installation, const char *xml, struct error *err)
{
	virt_failure(err, "the installation of '%s' does not appear to have been successful",
		     installation->name);
	definition_hint(err, installation->connection, xml);
	return -1;
}

static void keep_domain(struct installation *installation, virDomainPtr domain)
{
	if (installation->domain)
		virDomainFree(installation->domain);
	installation->domain = domain;
}

// A guest that is installed first boots from its medium: it is started from other XML than it is
// defined with.
static int start_install(struct installation *installation, const struct launch *launch,
			 unsigned flags, struct error *err)
{
	auto_free char *first = guest_xml(installation->guest, PHASE_INSTALL);
	auto_free char *lasting = guest_xml(installation->guest, PHASE_LASTING);
	virDomainPtr domain = virDomainCreateXML(installation->connection, first, flags), defined;

	if (!domain)
		return failed(installation, first, err);
	keep_domain(installation, domain);
	if (launch->transient)
		return 0;
	defined = virDomainDefineXML(installation->connection, lasting);
	if (!defined)
		return virt_failure(err, "cannot define '%s'", installation->name);
	virDomainFree(defined);
	return 0;
}

static int start(struct installation *installation, const struct launch *launch, struct error *err)
{
	// Its first words are not lost when it waits for its console to be open.
	unsigned flags = launch->console ? VIR_DOMAIN_START_PAUSED : 0;
	auto_free char *xml = NULL;
	virDomainPtr domain;

	// Known now, it is known that no guest was made.
	if (virConnectIsAlive(installation->connection) != 1)
		return error_set(err, STATUS_CONNECTION, "the connection to the daemon was lost");
	installation->asked = true;
	if (argument_flag(installation->call, "destroy-on-exit") && launch->console)
		flags |= VIR_DOMAIN_START_AUTODESTROY;
	if (installation->guest->install != INSTALL_NONE)
		return start_install(installation, launch, flags, err);
	xml = guest_xml(installation->guest, PHASE_LASTING);
	domain = launch->transient ? virDomainCreateXML(installation->connection, xml, flags)
				   : virDomainDefineXML(installation->connection, xml);
	if (!domain)
		return failed(installation, xml, err);
	keep_domain(installation, domain);
	if (!launch->transient && virDomainCreateWithFlags(domain, flags) < 0)
		return failed(installation, xml, err);
	return 0;
}

int launch_start(struct installation *installation, const struct launch *launch, struct error *err)
{
	if (start(installation, launch, err) < 0)
		return -1;
	if (argument_flag(installation->call, "autostart") &&
	    virDomainSetAutostart(installation->domain, 1) < 0)
		return virt_failure(err, "cannot have '%s' started with the host",
				    installation->name);
	return 0;
}

static int show_console(struct installation *installation, const struct launch *launch,
			struct error *err)
{
	bool typed = isatty(STDIN_FILENO) != 0;
	const struct console_step step = {.kind = CONSOLE_TEXT, .text = launch->until};
	struct console console = {
		.domain = installation->domain,
		.resume = true,
		.input = typed ? STDIN_FILENO : -1,
		.output = STDOUT_FILENO,
		.steps = &step,
		.step_count = launch->until != NULL,
		.timeout = launch->minutes * 60000,
	};

	console_escape("^]", &console.escape);
	report_message(installation->call->report, "Connected to the console of '%s'.%s\n",
		       installation->name, typed ? " Ctrl and ] leave it." : "");
	if (report_flush(installation->call->report, err) < 0)
		return -1;
	return console_run(&console, err);
}

static int show_display(struct installation *installation, struct error *err)
{
	auto_free char *uri = virConnectGetURI(installation->connection);
	const char *const argv[] = {"virt-viewer", "--connect",        uri,
				    "--wait",      installation->name, NULL};

	if (report_flush(installation->call->report, err) < 0)
		return -1;
	return process_run_attached(argv, err) < 0 ? -1 : 0;
}

// Who does not wait is told what becomes of the guest.
static void say_what_follows(struct installation *installation)
{
	const struct call *call = installation->call;

	if (installation->guest->install == INSTALL_DISK)
		hint_report(call,
			    "It is off once it is shut down or rebooted for the first time; "
			    "then: $vmctl start -- '%s'\n",
			    installation->name);
	else if (installation->guest->install != INSTALL_NONE)
		hint_report(call,
			    "It is off when its installation ends; then: $vmctl start -- '%s'\n",
			    installation->name);
}

// What was killed has not installed anything. A transient guest is gone, and tells nothing.
static int check_end(struct installation *installation, struct error *err)
{
	int state = 0, reason = 0;

	if (virDomainGetState(installation->domain, &state, &reason, 0) < 0 ||
	    state != VIR_DOMAIN_SHUTOFF)
		return 0;
	if (reason != VIR_DOMAIN_SHUTOFF_DESTROYED && reason != VIR_DOMAIN_SHUTOFF_CRASHED &&
	    reason != VIR_DOMAIN_SHUTOFF_FAILED)
		return 0;
	error_set(err, STATUS_FAILED, "'%s' %s before its installation had ended",
		  installation->name,
		  reason == VIR_DOMAIN_SHUTOFF_DESTROYED ? "was forced off" : "crashed");
	return error_hint(err, "$vmctl start -- '%s' boots from its disk, whatever is on it",
			  installation->name);
}

// 1 when the guest has stopped, 0 when the time is over.
static int wait_for_stop(struct installation *installation, long long minutes, struct error *err)
{
	long long deadline = minutes ? clock_milliseconds() + minutes * 60000 : 0;

	for (;;) {
		int active = virDomainIsActive(installation->domain);

		if (active < 0)
			return virt_failure(err, "cannot ask for the state of '%s'",
					    installation->name);
		if (active == 0)
			return 1;
		if (interrupt_signal())
			return error_set(err, STATUS_SIGNAL + interrupt_signal(),
					 "interrupted; the guest '%s' runs on", installation->name);
		if (deadline && clock_milliseconds() >= deadline)
			return 0;
		poll(NULL, 0, PERIOD);
	}
}

static int restart(struct installation *installation, const struct launch *launch,
		   struct error *err)
{
	if (installation->guest->install != INSTALL_NONE && check_end(installation, err) < 0)
		return -1;
	report_value(installation->call->report, "installed", value_boolean(true));
	if (installation->guest->install == INSTALL_NONE || launch->no_reboot || launch->transient)
		return 0;
	if (virDomainCreate(installation->domain) < 0)
		return virt_failure(err, "'%s' is installed, but does not start",
				    installation->name);
	report_message(installation->call->report, "Domain '%s' is installed and started.\n",
		       installation->name);
	return 0;
}

int launch_follow(struct installation *installation, const struct launch *launch, struct error *err)
{
	int stopped;

	if (launch->graphical && show_display(installation, err) < 0)
		return -1;
	if (launch->console && show_console(installation, launch, err) < 0)
		return -1;
	if (launch->until)
		return 0;
	if (!launch->wait) {
		// Whoever has seen the console to its end has seen the guest stop.
		if (launch->console && virDomainIsActive(installation->domain) == 0)
			return restart(installation, launch, err);
		say_what_follows(installation);
		return 0;
	}
	stopped = wait_for_stop(installation, launch->minutes, err);
	if (stopped < 0)
		return -1;
	if (!stopped) {
		error_set(err, STATUS_TIMEOUT, "'%s' still runs after %lld minutes",
			  installation->name, launch->minutes);
		return error_hint(err, "$vmctl console -- '%s' shows what it does",
				  installation->name);
	}
	return restart(installation, launch, err);
}
