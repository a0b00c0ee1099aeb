// SPDX-License-Identifier: GPL-3.0-or-later
// What reaches into a running guest from outside: power management, signals, interrupts.
#include <limits.h>
#include <strings.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/hints.h"

// In the order of enum virNodeSuspendTarget.
static const char *const sleeps[] = {"mem", "disk", "hybrid", NULL};

static int sleep_as_chosen(struct call *call, struct error *err)
{
	unsigned sleep = 0;

	if (argument_choice(call, "target", &sleep, err) < 0)
		return -1;
	return object_act_with(call, sleep, err);
}

static const struct option dompmsuspend_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_RUNNING, "guest to put to sleep"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "target",
	 .words = sleeps,
	 .help = "where its memory stays: mem, disk or hybrid (both)"},
	{.kind = OPTION_INTEGER,
	 .name = "duration",
	 .most = LLONG_MAX,
	 .help = "wake it after this many seconds"},
	END,
};

ACT(act_sleep,
    virDomainPMSuspendForDuration(object, bits,
				  (unsigned long long)argument_integer(call, "duration"), 0))
const struct command dompmsuspend_command = {
	.name = "dompmsuspend",
	.target = MANY_DOMAINS(BY_ANY),
	.options = dompmsuspend_options,
	.summary = "put a guest to sleep, with the help of its guest agent",
	.results = named_results,
	.run = sleep_as_chosen,
	ACTION(.act = act_sleep, .failed = "Domain '%s' could not be suspended",
	       .done = "Domain '%s' successfully suspended", .open = true),
};

ACT(act_wake, virDomainPMWakeup(object, 0))
const struct command dompmwakeup_command = {
	.name = "dompmwakeup",
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_OTHER, "guest to wake"),
	.summary = "wake a guest that sleeps",
	DOES(.act = act_wake, .failed = "Domain '%s' could not be woken up",
	     .done = "Domain '%s' successfully woken up", .open = true),
};

ACT(act_nmi, virDomainInjectNMI(object, 0))
const struct command inject_nmi_command = {
	.name = "inject-nmi",
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to interrupt"),
	.summary = "send a non-maskable interrupt to a guest",
	.description = "Sends a non-maskable interrupt. Guests are often set up to write a crash "
		       "dump on it.",
	DOES(.act = act_nmi, .failed = "Failed to send an NMI to domain '%s'"),
};

// In the order of enum virDomainProcessSignal.
static const char *const signals[] = {
	"nop",  "hup",  "int",  "quit", "ill",    "trap",   "abrt",  "bus",  "fpe",  "kill", "usr1",
	"segv", "usr2", "pipe", "alrm", "term",   "stkflt", "chld",  "cont", "stop", "tstp", "ttin",
	"ttou", "urg",  "xcpu", "xfsz", "vtalrm", "prof",   "winch", "poll", "pwr",  "sys",  "rt0",
	"rt1",  "rt2",  "rt3",  "rt4",  "rt5",    "rt6",    "rt7",   "rt8",  "rt9",  "rt10", "rt11",
	"rt12", "rt13", "rt14", "rt15", "rt16",   "rt17",   "rt18",  "rt19", "rt20", "rt21", "rt22",
	"rt23", "rt24", "rt25", "rt26", "rt27",   "rt28",   "rt29",  "rt30", "rt31", "rt32", NULL,
};

// By number or by name, with or without "SIG" or "SIG_".
static int parse_signal(const char *word, unsigned *number, struct error *err)
{
	auto_error struct error ignored = {0};
	const char *name = word;
	long long parsed;

	if (number_parse(word, 0, VIR_DOMAIN_PROCESS_SIGNAL_RT32, &parsed, &ignored) == 0) {
		*number = (unsigned)parsed;
		return 0;
	}
	if (strncasecmp(name, "sig", 3) == 0)
		name += name[3] == '_' ? 4 : 3;
	for (unsigned i = 0; signals[i]; i++)
		if (strcasecmp(name, signals[i]) == 0) {
			*number = i;
			return 0;
		}
	return error_set(err, STATUS_USAGE, "malformed signal name: %s", word);
}

static int signal_process(struct call *call, struct error *err)
{
	unsigned number = 0;

	if (parse_signal(argument_text(call, "signame"), &number, err) < 0)
		return -1;
	return object_act_with(call, number, err);
}

static const struct option send_process_signal_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that the process is in"),
	{.kind = OPTION_INTEGER,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "pid",
	 .least = LLONG_MIN,
	 .most = LLONG_MAX,
	 .help = "the process, as the guest numbers it; a negative one names its group"},
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "signame",
	 .words = signals,
	 .help = "the signal, by name or number"},
	END,
};

ACT(act_signal, virDomainSendProcessSignal(object, argument_integer(call, "pid"), bits, 0))
const struct command send_process_signal_command = {
	.name = "send-process-signal",
	.target = MANY_DOMAINS(BY_ANY),
	.options = send_process_signal_options,
	.summary = "send a signal to a process of a guest, mostly a container",
	.results = named_results,
	.run = signal_process,
	ACTION(.act = act_signal, .failed = "Failed to send the signal in domain '%s'"),
};

// In the orders of enum virDomainLifecycle and virDomainLifecycleAction.
static const char *const occasions[] = {"poweroff", "reboot", "crash", NULL};
static const char *const reactions[] = {"destroy",  "restart",          "rename-restart",
					"preserve", "coredump-destroy", "coredump-restart",
					NULL};

static int set_lifecycle_action(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned occasion = 0, reaction = 0;

	if (argument_choice(call, "type", &occasion, err) < 0 ||
	    argument_choice(call, "action", &reaction, err) < 0)
		return -1;
	if (virDomainSetLifecycleAction(domain, occasion, reaction, argument_bits(call)) < 0)
		return domain_failure(err, domain, "Unable to change lifecycle action.");
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	return 0;
}

static const struct option set_lifecycle_action_options[] = {
	DOMAIN(0, "guest that is changed"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "type",
	 .words = occasions,
	 .help = "what happens: poweroff, reboot or crash"},
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "action",
	 .words = reactions,
	 .help = "what follows, such as destroy, restart or preserve"},
	CONFIG("from its next start on"),
	LIVE("the guest itself, while it runs"),
	CURRENT("the guest if it runs, else its definition"),
	END,
};

const struct command set_lifecycle_action_command = {
	.name = "set-lifecycle-action",
	.target = MANY_DOMAINS(BY_ANY),
	.options = set_lifecycle_action_options,
	.rules = CURRENT_ALONE,
	.summary = "set what follows when a guest powers off, reboots or crashes",
	.results = named_results,
	.run = set_lifecycle_action,
};
