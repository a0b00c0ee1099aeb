// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/run.h"

#include <stddef.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/answer.h"
#include "cmd/vm-install/checks.h"
#include "cmd/vm-install/cloud_init.h"
#include "cmd/vm-install/explain.h"
#include "cmd/vm-install/install_option.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/launch.h"
#include "cmd/vm-install/media.h"
#include "cmd/vm-install/options.h"
#include "cmd/vm-install/plan.h"
#include "cmd/vm-install/unattended.h"
#include "guest/guest.h"
#include "guest/suboption.h"
#include "output/report.h"
#include "plan/guest_options.h"
#include "virt/cleanup.h"
#include "virt/failure.h"

const struct suboption_table *const install_tables[] = {
	&storage_check_table, &osinfo_table, &location_table, &install_table, &unattended_table,
	&cloud_init_table,    NULL,
};

static int wish_for_launch(struct call *call, struct launch *launch, struct error *err)
{
	const char *console = argument_text(call, "autoconsole");
	bool typed = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

	if (console && !text_equal(console, "text") && !text_equal(console, "none") &&
	    !text_equal(console, "graphical"))
		return error_set(err, STATUS_USAGE,
				 "Unknown autoconsole type '%s': it is text, graphical or none",
				 console);
	launch->until = argument_text(call, "until");
	launch->no_reboot = argument_flag(call, "noreboot");
	launch->transient = argument_flag(call, "transient");
	launch->graphical = text_equal(console, "graphical");
	launch->wait = argument_given(call, "wait");
	launch->minutes = argument_integer(call, "wait");
	launch->console = launch->until || (typed && !argument_flag(call, "noautoconsole") &&
					    (!console || text_equal(console, "text")));
	if (launch->wait && launch->minutes < 0)
		launch->minutes = 0; // for ever
	// `--wait 0` is virt-install's way to say that nothing is waited for.
	else if (launch->wait && argument_text(call, "wait") && launch->minutes == 0) {
		launch->wait = false;
		launch->console = launch->until != NULL;
	}
	return 0;
}

static int make_guest(struct installation *installation, const struct launch *launch,
		      struct error *err)
{
	long long start = clock_milliseconds();

	if (storage_create(&installation->storage, err) < 0 || media_stage(installation, err) < 0 ||
	    interrupt_check(err) < 0)
		return -1;
	if (installation->storage.made_count)
		answer_step(installation, start, "Disks made");
	if (launch_start(installation, launch, err) < 0)
		return -1;
	// A signal that came while libvirt started it means: not this guest.
	return interrupt_check(err);
}

// 1: a guest of this name is there, and that is all that was wanted.
static int look_for_old(struct installation *installation, struct error *err)
{
	const char *name = argument_text(installation->call, "name");
	bool wanted = argument_flag(installation->call, "if-not-exists");
	bool replace = argument_flag(installation->call, "replace");
	auto_domain virDomainPtr old = NULL;

	if (!wanted && !replace)
		return 0;
	if (!name)
		return error_set(err, STATUS_USAGE, "--%s needs --name",
				 wanted ? "if-not-exists" : "replace");
	old = virDomainLookupByName(installation->connection, name);
	if (!old)
		return 0;
	if (wanted) {
		report_value(installation->call->report, "name", value_text(name));
		report_value(installation->call->report, "exists", value_boolean(true));
		report_message(installation->call->report,
			       "Guest '%s' exists already: nothing was done.\n", name);
		return 1;
	}
	return 0;
}

// What stands in the way of the new guest goes only when all that was checked is right.
static int remove_old(struct installation *installation, struct error *err)
{
	auto_domain virDomainPtr old = NULL;

	if (!argument_flag(installation->call, "replace"))
		return 0;
	old = virDomainLookupByName(installation->connection, installation->name);
	if (!old)
		return 0;
	if (virDomainIsActive(old) == 1 && virDomainDestroy(old) < 0)
		return virt_failure(err, "cannot stop the guest '%s'", installation->name);
	if (virDomainIsPersistent(old) == 1 &&
	    virDomainUndefineFlags(old, VIR_DOMAIN_UNDEFINE_NVRAM |
						VIR_DOMAIN_UNDEFINE_MANAGED_SAVE) < 0)
		return virt_failure(err, "cannot remove the guest '%s'", installation->name);
	return 0;
}

static int show_only(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;

	if (argument_flag(call, "explain"))
		return explain(installation, err);
	if (argument_given(call, "print-xml"))
		return answer_xml(installation, argument_text(call, "print-xml"), err);
	answer_plan(installation);
	report_value(call->report, "dry_run", value_boolean(true));
	report_message(call->report, installation->planned
					     ? "Planned for another host: nothing was made.\n"
					     : "Dry run: nothing was made.\n");
	return 0;
}

static int make(struct installation *installation, const struct launch *launch, struct error *err)
{
	struct call *call = installation->call;

	if (remove_old(installation, err) < 0)
		return -1;
	answer_plan(installation);
	report_value(call->report, "dry_run", value_boolean(false));
	if (make_guest(installation, launch, err) < 0) {
		if (!argument_flag(call, "keep"))
			installation_undo(installation);
		return -1;
	}
	report_value(call->report, "started", value_boolean(true));
	report_message(call->report, "Domain '%s' started.\n", installation->name);
	answer_made(installation);
	// It may take long from here on.
	if (report_flush(call->report, err) < 0)
		return -1;
	return launch_follow(installation, launch, err);
}

static int run(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	struct launch launch = {0};
	int old;

	// From here on there may be scratch files.
	interrupt_catch();
	if (wish_for_launch(call, &launch, err) < 0 || plan_host(installation, err) < 0)
		return -1;
	old = look_for_old(installation, err);
	if (old)
		return old < 0 ? -1 : 0;
	if (plan_guest(installation, err) < 0)
		return -1;
	if (checks_run(installation, err) < 0 || interrupt_check(err) < 0)
		return -1;
	for (size_t i = 0; i < installation->guest->warnings.count; i++)
		call_warning(call, "%s", installation->guest->warnings.items[i]);
	if (argument_given(call, "print-xml") || argument_flag(call, "dry-run") ||
	    argument_flag(call, "explain") || installation->planned)
		return show_only(installation, err);
	return make(installation, &launch, err);
}

int run_install(struct call *call, struct error *err)
{
	auto_installation struct installation installation = {.call = call};

	if (guest_options_answer(call, options_table))
		return 0;
	if (checks_read(&installation, err) < 0)
		return -1;
	return run(&installation, err);
}
