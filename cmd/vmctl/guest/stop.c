// SPDX-License-Identifier: GPL-3.0-or-later
// `stop` and `restart`: a guest is asked to end, by its agent, then by its power button, and only
// with
// --force its power is cut.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/workers.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/guest/condition.h"
#include "cmd/vmctl/guest/stop.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/hints.h"
#include "virt/kinds.h"

// Seconds; and milliseconds that a guest, or its QEMU, has to take a request.
enum { GRACE = 60, TAKING = 5000 };

// Whether NAME comes to be so within MILLISECONDS: 1, 0 when the time is up, or -1.
static int becomes(const struct stop *stop, const char *name, long long milliseconds,
		   struct error *err)
{
	auto_error struct error late = {0};

	// At least a look: 0 would be no bound.
	if (condition_wait(stop->call, stop->domain, name, milliseconds > 0 ? milliseconds : 1,
			   &late) == 0)
		return 1;
	return late.status == STATUS_TIMEOUT ? 0 : error_move(err, &late);
}

// The ways to ask, the kindest first.
static const struct way {
	const char *name;
	unsigned flag;
	const char *needs; // only where this is so
	int share;         // of the time, in percent, where another way follows
} ways[] = {
	{"agent", VIR_DOMAIN_SHUTDOWN_GUEST_AGENT, "agent", 50},
	{"acpi", VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN, NULL, 100},
};

struct request {
	virDomainPtr domain;
	unsigned flag;
	bool taken;
};

static void make_request(void *data, size_t index)
{
	struct request *request = data;

	(void)index;
	request->taken = virDomainShutdownFlags(request->domain, request->flag) == 0;
	if (!request->taken)
		virResetLastError();
}

// Asks in a thread of its own: libvirt waits for a QEMU or an agent that hangs without an end. 1
// where it took it, 0, or -1 where the call was ended; *HANGS where there was no answer.
static int ask(const struct stop *stop, unsigned flag, bool *hangs, struct error *err)
{
	struct request *request = memory_new(1, sizeof(*request));
	struct cancel bound;
	int taken;

	request->domain = stop->domain;
	request->flag = flag;
	virDomainRef(request->domain);
	cancel_begin(&bound, stop->call->cancel);
	cancel_after(&bound, TAKING);
	if (!workers_run(
		    &(struct work){.count = 1, .run = make_request, .data = request, .width = 1},
		    &bound, 0)) {
		stop->call->context->left_behind = true;
		*hangs = true;
		return cancel_check(stop->call->cancel, err);
	}
	taken = request->taken;
	virDomainFree(request->domain);
	free(request);
	return taken;
}

static int force(const struct stop *stop, const char **how, struct error *err)
{
	virDomainPtr domain = stop->domain;

	if (virDomainDestroyFlags(domain, VIR_DOMAIN_DESTROY_GRACEFUL) < 0 &&
	    virDomainDestroy(domain) < 0)
		return domain_failure(err, domain, "'%s' cannot be stopped by force", stop->name);
	*how = "force";
	return 0;
}

int stop_guest(const struct stop *stop, const char **how, struct error *err)
{
	long long end = clock_milliseconds() + stop->grace * 1000;
	bool hangs = false;
	int is;

	*how = "off";
	if (virDomainIsActive(stop->domain) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		const struct way *way = &ways[i];

		is = way->needs ? becomes(stop, way->needs, 1, err) : 1;
		is = is > 0 ? ask(stop, way->flag, &hangs, err) : is;
		if (is < 0)
			return -1;
		if (is == 0)
			continue;
		*how = way->name;
		is = becomes(stop, "off", (end - clock_milliseconds()) * way->share / 100, err);
		if (is != 0)
			return is < 0 ? -1 : 0;
	}
	if (stop->force)
		return force(stop, how, err);
	if (hangs)
		error_set(err, STATUS_TIMEOUT,
			  "'%s' cannot be asked to shut down: it does not answer", stop->name);
	else
		error_set(err, STATUS_TIMEOUT,
			  "'%s' was asked to shut down and still runs after %lld s", stop->name,
			  stop->grace);
	return error_hint(err,
			  "--force powers it off, or $vmctl console -- '%s' shows what it is doing",
			  stop->name);
}

// The guest of the call, as its options say.
static int end_guest(struct call *call, const char **how, struct error *err)
{
	const struct stop stop = {
		.call = call,
		.domain = call_domain(call),
		.name = call_name(call),
		.grace = argument_given(call, "grace") ? argument_integer(call, "grace") : GRACE,
		.force = argument_flag(call, "force"),
	};

	return stop_guest(&stop, how, err);
}

static int stop(struct call *call, struct error *err)
{
	long long begun = clock_milliseconds();
	const char *how;

	if (end_guest(call, &how, err) < 0)
		return -1;
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "how", value_text(how));
	report_value(call->report, "milliseconds", value_integer(clock_milliseconds() - begun));
	report_message(call->report, "Domain '%s' stopped (%s)\n", call_name(call), how);
	return 0;
}

static int restart(struct call *call, struct error *err)
{
	long long begun = clock_milliseconds();
	virDomainPtr domain = call_domain(call);
	const char *how;

	if (virDomainIsPersistent(domain) == 0)
		return error_set(
			err, STATUS_CONFLICT,
			"'%s' has no definition: once stopped it could not be started again",
			call_name(call));
	if (end_guest(call, &how, err) < 0)
		return -1;
	if (virDomainCreate(domain) < 0)
		return domain_failure(err, domain, "'%s' was stopped and cannot be started again",
				      call_name(call));
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "how", value_text(how));
	report_value(call->report, "milliseconds", value_integer(clock_milliseconds() - begun));
	report_message(call->report, "Domain '%s' stopped (%s) and started\n", call_name(call),
		       how);
	return 0;
}

// clang-format off
#define STOP_OPTIONS \
	{ .kind = OPTION_INTEGER, .name = "grace", .value = "SECONDS", .least = 0, .most = 86400, \
	  .help = "how long it may take, 60 where it is not given" }, \
	FLAG("force", 0, "power it off when the grace time is over")
// clang-format on

static const struct field results[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "its name"),
	FIELD("how", NULL, FIELD_TEXT, 0,
	      "what ended it: agent, acpi (its power button), force, or off where it was off "
	      "already"),
	FIELD("milliseconds", NULL, FIELD_MILLISECONDS, 0, "how long it took"),
	FIELDS_END,
};

const struct command stop_command = {
	.name = "stop",
	.traits = COMMAND_WAITS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to stop"),
					   STOP_OPTIONS, END},
	.results = results,
	.summary = "stop a guest: ask it, and only with --force cut its power",
	.description =
		"Asks the guest to end through its agent, then by its power button, and waits for "
		"it. One that is off already is no error.",
	.run = stop,
};

const struct command restart_command = {
	.name = "restart",
	.traits = COMMAND_WAITS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest to restart"), STOP_OPTIONS, END},
	.results = results,
	.summary = "stop a guest as `stop` does, and start it again",
	.run = restart,
};
