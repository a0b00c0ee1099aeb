// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/run.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/checks.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/launch.h"
#include "cmd/vm-install/media.h"
#include "cmd/vm-install/plan.h"
#include "cmd/vm-install/storage.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "guest/os.h"
#include "guest/suboption.h"
#include "output/report.h"
#include "xml/path.h"

// A list of names, one a line.
static int report_names(struct call *call, const struct list *names)
{
	static const struct field columns[] = {{.title = "Name", .key = "name"}, {0}};

	report_table(call->report, NULL, TABLE_BARE, columns, 0);
	for (size_t i = 0; i < names->count; i++)
		report_row(call->report, (struct value[]){value_text(names->items[i])});
	return 0;
}

static int report_suboptions(struct call *call, const char *option)
{
	auto_list struct list names = {0};

	suboptions_names(guest_suboptions(option), &names);
	return report_names(call, &names);
}

// The option whose sub-options are asked for by `--disk help`, or NULL.
static const char *asked_option(struct call *call)
{
	static const char *const options[] = {"memory",  "vcpus",    "cpu",    "boot",   "disk",
					      "network", "graphics", "serial", "console"};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		const struct list *values = argument_list(call, options[i]);

		for (size_t k = 0; k < values->count; k++)
			if (suboptions_asked(values->items[k]))
				return options[i];
	}
	return NULL;
}

static void report_accelerator(struct installation *installation)
{
	struct report *report = installation->call->report;
	const char *refused = installation->host->kvm_refused;
	auto_free char *type = path_get(installation->guest->domain, "@type");
	bool kvm = text_equal(type, "kvm");

	report_field(report, NULL, "domain_type", value_text(type));
	report_field(report, NULL, "kvm_refused", value_text(refused));
	if (kvm && refused)
		call_warning(installation->call, "KVM was asked for, but %s", refused);
	else if (kvm)
		report_message(report, "Accelerator: kvm, it runs guest code at the speed of the "
				       "host.\n");
	else if (text_equal(type, "qemu"))
		report_message(report, "Accelerator: TCG (domain type qemu), because %s.\n",
			       refused ? refused : "it was asked for or KVM is not offered");
}

static int print_xml(struct installation *installation, const char *phase, struct error *err)
{
	bool two = installation->guest->install != INSTALL_NONE;
	bool first = !phase || text_equal(phase, "1") || text_equal(phase, "all");
	bool second = text_equal(phase, "all") || text_equal(phase, "2") || !phase;
	auto_text struct text documents = {0};

	if (phase && !first && !second)
		return error_set(err, STATUS_USAGE, "--print-xml is 1, 2 or all, not '%s'", phase);
	if (!two && text_equal(phase, "2"))
		return error_set(err, STATUS_USAGE, "there is no second XML: nothing is installed");
	if (two && first) {
		auto_free char *xml = guest_xml(installation->guest, true);

		text_append(&documents, xml);
	}
	if (second || !two) {
		auto_free char *xml = guest_xml(installation->guest, false);

		text_append(&documents, xml);
	}
	report_document(installation->call->report, "xml", text_string(&documents));
	return 0;
}

static int wish_for_launch(struct call *call, struct launch *launch, struct error *err)
{
	const char *console = argument_text(call, "autoconsole");
	bool typed = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

	if (console && !text_equal(console, "text") && !text_equal(console, "none") &&
	    !text_equal(console, "graphical"))
		return error_set(err, STATUS_USAGE,
				 "--autoconsole is text, graphical or none, not '%s'", console);
	launch->until = argument_text(call, "until");
	launch->no_reboot = argument_flag(call, "noreboot");
	launch->wait = argument_given(call, "wait");
	launch->minutes = argument_integer(call, "wait");
	launch->console = launch->until || (typed && !argument_flag(call, "noautoconsole") &&
					    (!console || text_equal(console, "text")));
	// `--wait 0` is virt-install's way to say that nothing is waited for.
	if (launch->wait && argument_text(call, "wait") && launch->minutes == 0) {
		launch->wait = false;
		launch->console = launch->until != NULL;
	}
	return 0;
}

static int make_guest(struct installation *installation, const struct launch *launch,
		      struct error *err)
{
	struct guest *guest = installation->guest;

	for (size_t i = 0; i < guest->disk_count; i++)
		if (storage_create(installation, &guest->disks[i], err) < 0)
			return -1;
	if (media_stage(installation, err) < 0)
		return -1;
	if (interrupt_check(err) < 0)
		return -1;
	return launch_start(installation, launch, err);
}

static int run(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	struct launch launch = {0};

	if (wish_for_launch(call, &launch, err) < 0 || plan_guest(installation, err) < 0)
		return -1;
	for (size_t i = 0; i < installation->guest->warnings.count; i++)
		call_warning(call, "%s", installation->guest->warnings.items[i]);
	if (checks_run(installation, err) < 0)
		return -1;
	if (argument_given(call, "print-xml"))
		return print_xml(installation, argument_text(call, "print-xml"), err);
	report_field(call->report, NULL, "name", value_text(installation->name));
	report_accelerator(installation);
	if (argument_flag(call, "dry-run")) {
		report_message(call->report, "Dry run: nothing was made.\n");
		return 0;
	}
	if (installation->planned)
		return error_set(err, STATUS_USAGE,
				 "--host-caps is for --print-xml and --dry-run: there is no host");
	interrupt_catch();
	if (make_guest(installation, &launch, err) < 0) {
		installation_undo(installation);
		return -1;
	}
	report_message(call->report, "Domain '%s' started.\n", installation->name);
	return launch_follow(installation, &launch, err);
}

static int report_os_names(struct call *call)
{
	auto_list struct list names = {0};

	os_names(&names);
	return report_names(call, &names);
}

int run_install(struct call *call, struct error *err)
{
	auto_installation struct installation installation = {.call = call,
							      .checks = {true, true, true, true}};
	const char *asked = asked_option(call);
	const struct list *checks = argument_list(call, "check");

	if (asked)
		return report_suboptions(call, asked);
	if (text_equal(argument_text(call, "osinfo"), "list"))
		return report_os_names(call);
	for (size_t i = 0; i < checks->count; i++)
		if (checks_parse(checks->items[i], &installation.checks, err) < 0)
			return -1;
	return run(&installation, err);
}
