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
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "output/report.h"
#include "virt/console.h"
#include "virt/failure.h"

enum { PERIOD = 250 }; // milliseconds between two looks at whether the guest has stopped

static virDomainPtr guest_domain(const struct installation *installation)
{
	for (size_t i = 0; i < installation->made_count; i++)
		if (installation->made[i].domain)
			return installation->made[i].domain;
	return NULL;
}

// A guest that is installed first boots from its medium: it is started from other XML than it is
// defined with.
static int start_install(struct installation *installation, unsigned flags, struct error *err)
{
	auto_free char *first = guest_xml(installation->guest, true);
	auto_free char *lasting = guest_xml(installation->guest, false);
	virDomainPtr domain = virDomainCreateXML(installation->connection, first, flags), defined;

	if (!domain)
		return virt_failure(err, "cannot start the installation of '%s'",
				    installation->name);
	installation_made(installation, (struct made){.domain = domain});
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

	if (installation->guest->install != INSTALL_NONE)
		return start_install(installation, flags, err);
	xml = guest_xml(installation->guest, false);
	domain = virDomainDefineXML(installation->connection, xml);
	if (!domain)
		return virt_failure(err, "cannot define '%s'", installation->name);
	installation_made(installation, (struct made){.domain = domain});
	if (virDomainCreateWithFlags(domain, flags) < 0)
		return virt_failure(err, "cannot start '%s'", installation->name);
	return 0;
}

int launch_start(struct installation *installation, const struct launch *launch, struct error *err)
{
	if (start(installation, launch, err) < 0)
		return -1;
	if (argument_flag(installation->call, "autostart") &&
	    virDomainSetAutostart(guest_domain(installation), 1) < 0)
		return virt_failure(err, "cannot have '%s' started with the host",
				    installation->name);
	return 0;
}

static int show_console(struct installation *installation, const struct launch *launch,
			struct error *err)
{
	bool typed = isatty(STDIN_FILENO) != 0;
	struct console console = {
		.domain = guest_domain(installation),
		.resume = true,
		.input = typed ? STDIN_FILENO : -1,
		.output = STDOUT_FILENO,
		.until = launch->until,
		.timeout = launch->minutes * 60000,
	};

	console_escape("^]", &console.escape);
	report_message(installation->call->report, "Connected to the console of '%s'.%s\n",
		       installation->name, typed ? " Ctrl and ] leave it." : "");
	if (report_flush(installation->call->report, err) < 0)
		return -1;
	return console_run(&console, err);
}

// 1 when the guest has stopped, 0 when the time is over.
static int wait_for_stop(struct installation *installation, long long minutes, struct error *err)
{
	long long deadline = minutes ? clock_milliseconds() + minutes * 60000 : 0;

	for (;;) {
		int active = virDomainIsActive(guest_domain(installation));

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
	if (installation->guest->install == INSTALL_NONE || launch->no_reboot)
		return 0;
	if (virDomainCreate(guest_domain(installation)) < 0)
		return virt_failure(err, "'%s' is installed, but does not start",
				    installation->name);
	report_message(installation->call->report, "Domain '%s' is installed and started.\n",
		       installation->name);
	return 0;
}

int launch_follow(struct installation *installation, const struct launch *launch, struct error *err)
{
	int stopped;

	if (launch->console && show_console(installation, launch, err) < 0)
		return -1;
	if (launch->until)
		return 0;
	if (!launch->wait) {
		// Whoever has seen the console to its end has seen the guest stop.
		if (launch->console && virDomainIsActive(guest_domain(installation)) == 0)
			return restart(installation, launch, err);
		return 0;
	}
	stopped = wait_for_stop(installation, launch->minutes, err);
	if (stopped < 0)
		return -1;
	if (!stopped) {
		error_set(err, STATUS_TIMEOUT, "'%s' still runs after %lld minutes",
			  installation->name, launch->minutes);
		return error_hint(err, "vmctl console '%s' shows what it does", installation->name);
	}
	return restart(installation, launch, err);
}
