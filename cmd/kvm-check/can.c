// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/can.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/companion.h"
#include "cmd/kvm-check/report.h"
#include "cmd/kvm-check/results.h"
#include "host/guard.h"
#include "output/report.h"

enum {
	MOST = 16 * 1024 * 1024, // bytes of a guest's XML
	PATIENCE = 10000,        // milliseconds that vmctl may take
};

static char *ask_libvirt(const char *name, struct error *err)
{
	auto_free char *vmctl = companion_find("vmctl");
	const char *const argv[] = {vmctl, "dumpxml", "--inactive", "--domain", name, NULL};
	struct process process = {.argv = argv, .timeout = PATIENCE};
	char *xml;

	if (!vmctl) {
		error_set(err, STATUS_NOT_FOUND,
			  "vmctl, needed to ask libvirt for the guest '%s', is "
			  "not installed",
			  name);
		return NULL;
	}
	xml = process_output(&process, err);
	if (!xml) {
		error_wrap(err, "cannot get the XML of the guest '%s'", name);
		error_hint(err, "$vmctl list --all shows the guests; a file is named with a \"/\", "
				"or ends in .xml");
	}
	return xml;
}

// A file, or a guest that libvirt knows.
static char *read_guest(const char *name, struct error *err)
{
	if (strchr(name, '/') || text_ends(name, ".xml"))
		return file_read(name, MOST, NULL, err);
	return ask_libvirt(name, err);
}

static int open_guest(struct guest *guest, const char *name, struct error *err)
{
	auto_free char *text = read_guest(name, err);

	if (!text || flat_read(&guest->xml, text, name, err) < 0)
		return -1;
	if (!flat_get(&guest->xml, "/domain"))
		return error_set(err, STATUS_USAGE, "%s is not the XML of a guest: no <domain>",
				 name);
	guest->kvm = text_equal(flat_get(&guest->xml, "/domain@type"), "kvm");
	return 0;
}

static void guest_clear(struct guest *guest)
{
	flat_clear(&guest->xml);
	free(guest->emulator);
	qemu_clear(&guest->qemu);
}

static void say(struct examination *x, const struct guest *guest, const char *typed)
{
	const char *name = flat_get(&guest->xml, "/domain/name");
	size_t failed = x->counts[VERDICT_FAIL];

	name = name && *name ? name : typed;
	if (failed)
		x->sentence = text_format("%s cannot start here: %zu thing%s in the way.", name,
					  failed, failed == 1 ? " is" : "s are");
	else if (x->counts[VERDICT_WARN])
		x->sentence = text_format("%s can start here, with %s, but see below.", name,
					  guest->kvm ? "KVM" : "TCG");
	else
		x->sentence = text_format("%s can start here, with %s.", name,
					  guest->kvm ? "KVM" : "TCG");
}

static void report(struct call *call, const struct examination *x, const struct guest *guest)
{
	const char *name = flat_get(&guest->xml, "/domain/name");

	if (!report_is_json(call->report)) {
		report_examination(call->report, x, REPORT_ALL);
		return;
	}
	report_value(call->report, "name", value_text(name));
	report_value(call->report, "can", value_boolean(!x->counts[VERDICT_FAIL]));
	report_value(call->report, "accelerator", value_text(guest->kvm ? "kvm" : "tcg"));
	report_findings(call->report, x);
}

static int can(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "guest");
	__attribute__((cleanup(guest_clear))) struct guest guest = {0};
	auto_guard struct guard guard = {0};
	auto_host struct host host = {.root = {.fd = -1, .guard = &guard}};
	auto_examination struct examination kvm = {.host = &host,
						   .probing = !argument_flag(call, "no-probe"),
						   .all_purposes = PURPOSE_GUESTS};
	auto_examination struct examination x = {.host = &host, .guest = &guest};
	auto_list struct list groups = list_split("cpu kernel device probe", " ");

	if (open_guest(&guest, name, err) < 0 ||
	    examination_open(&host, argument_text(call, "root"), err) < 0)
		return -1;
	if (guest.kvm && examination_run(&kvm, &groups, err) < 0)
		return -1;
	guest.host = &kvm;
	examination_run_group(&x, &can_group);
	say(&x, &guest, name);
	report(call, &x, &guest);
	call->status = x.counts[VERDICT_FAIL] ? STATUS_CHECK : STATUS_OK;
	return 0;
}

// clang-format off
static const struct option can_options[] = {
	{.kind = OPTION_FLAG, .name = "no-probe", .help = "do not run a guest for a moment"},
	{.kind = OPTION_TEXT, .name = "root", .value = "dir",
	 .help = "ask the machine that was recorded below this directory"},
	NEEDED("guest", NULL, "file with the guest's XML (named with a '/' or ending in .xml), or a "
			      "guest that libvirt knows"),
	END,
};

static const struct field can_results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_NULL, "of the guest"),
	FIELD("can", NULL, FIELD_BOOLEAN, 0, "whether it would start here"),
	FIELD("accelerator", NULL, FIELD_TEXT, 0, "kvm or tcg: what it wants"),
	FIELD_OF("checks", FIELD_LIST, 0, finding_fields, "what it needs and the host has or lacks"),
	FIELDS_END,
};
// clang-format on

const struct command can_command = {
	.name = "can",
	.traits = COMMAND_OFFLINE | COMMAND_READS,
	.options = can_options,
	.results = can_results,
	.summary = "say whether a guest would start here, with KVM, and what is missing",
	.run = can,
};
