// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/why/why.h"

#include <libvirt/virterror.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/hint.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/connection.h"
#include "virt/definition.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/session.h"
#include "virt/words.h"
#include "xml/document.h"
#include "xml/path.h"

static const struct why_check *const all_checks[] = {
	why_start_checks,  why_disk_checks,
	why_device_checks, why_file_checks,
	why_last_checks,   why_stopped_checks,
	why_paused_checks, why_network_checks,
	why_speed_checks,  NULL,
};

static const char *const topics[] = {"start", "stop", "pause", "network", "speed", NULL};

static const char *const weights[] = {"note", "unknown", "likely", "cause"};

void why_say(struct why *why, enum why_weight weight, const char *format, ...)
{
	struct text text = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	why->findings = memory_resize(why->findings, why->count + 1, sizeof(*why->findings));
	why->findings[why->count++] = (struct why_finding){
		.check = why->check, .weight = weight, .what = text_take(&text)};
}

#define ADD_TO_LAST(member_)                                                                       \
	do {                                                                                       \
		struct why_finding *last = &why->findings[why->count - 1];                         \
		va_list list;                                                                      \
                                                                                                   \
		va_start(list, format);                                                            \
		free(last->member_);                                                               \
		last->member_ = hint_write(why->call, format, list);                               \
		va_end(list);                                                                      \
	} while (0)

void why_seen(struct why *why, const char *format, ...)
{
	ADD_TO_LAST(seen);
}

void why_mend(struct why *why, const char *format, ...)
{
	ADD_TO_LAST(mend);
}

void why_edit(struct why *why, const char *what)
{
	why_mend(why, "$vmctl edit -- '%s': %s", why->name, what);
}

static bool is_session(virConnectPtr connection)
{
	auto_free char *uri = virConnectGetURI(connection);

	return uri && strstr(uri, "///session");
}

// What the hypervisor can do with such a machine.
static void ask_capabilities(struct why *why)
{
	auto_free char *emulator = path_get(why->devices, "emulator");
	auto_free char *architecture = path_get(why->root, "os/type/@arch");
	auto_free char *machine = path_get(why->root, "os/type/@machine");
	auto_free char *type = path_get(why->root, "@type");
	auto_free char *text = virConnectGetDomainCapabilities(why->connection, emulator,
							       architecture, machine, type, 0);
	auto_error struct error err = {0};

	// Other drivers than QEMU's need not have any.
	if (!text && virt_failed_with(VIR_ERR_NO_SUPPORT))
		return;
	if (!text) {
		virt_failure_plain(&err);
		why->refusal = text_copy(err.message);
		return;
	}
	why->capabilities = xml_parse(text, "the domain capabilities", &err);
}

static unsigned topics_of(const struct why *why)
{
	switch (why->state) {
	case VIR_DOMAIN_SHUTOFF:
	case VIR_DOMAIN_CRASHED:
		return WHY_START | WHY_STOPPED;
	case VIR_DOMAIN_PAUSED:
		return WHY_PAUSED;
	default:
		return WHY_NETWORK | WHY_SPEED;
	}
}

static int begin(struct why *why, struct call *call, struct error *err)
{
	unsigned topic = 0;

	why->call = call;
	why->domain = call_domain(call);
	why->connection = session_connection(call);
	why->name = call_name(call);
	if (virDomainGetState(why->domain, &why->state, &why->reason, 0) < 0)
		return virt_failure(err, "the state of '%s' cannot be told", why->name);
	why->topics = topics_of(why);
	if (argument_given(call, "about")) {
		if (argument_choice(call, "about", &topic, err) < 0)
			return -1;
		why->topics = 1U << topic;
	}
	why->xml = definition_xml(why->domain, 0, err);
	if (!why->xml)
		return -1;
	why->root = xml_root(why->xml);
	why->devices = device_list(why->xml);
	why->local = connection_is_local(why->connection);
	if (why->local && host_open(&why->host, NULL, err) < 0)
		return -1;
	if (why->local && !is_session(why->connection))
		qemu_user_find(&why->user, &why->host);
	if (why->local && !why->user.name)
		account_caller(&why->user.account, &why->host);
	if (why->topics & WHY_START)
		ask_capabilities(why);
	return 0;
}

static void run_checks(struct why *why)
{
	bool looked = true;

	for (const struct why_check *const *checks = all_checks; *checks; checks++) {
		for (const struct why_check *check = *checks; check->name; check++) {
			if (!(check->topics & why->topics))
				continue;
			if (check->local && !why->local) {
				looked = false;
				continue;
			}
			why->check = check->name;
			check->run(why);
			virResetLastError();
		}
	}
	if (looked)
		return;
	why->check = "host";
	why_say(why, WHY_UNKNOWN,
		"files, permissions, locks, ports and the kernel's log of its host cannot be "
		"looked at from here");
	why_mend(why, "run vmctl why on that host");
}

// The gravest first; those of one weight stay in the order of the checks.
static void sort_findings(struct why *why)
{
	for (size_t i = 1; i < why->count; i++) {
		struct why_finding finding = why->findings[i];
		size_t at = i;

		for (; at > 0 && why->findings[at - 1].weight < finding.weight; at--)
			why->findings[at] = why->findings[at - 1];
		why->findings[at] = finding;
	}
}

static void report_finding(struct report *report, const struct why_finding *finding)
{
	report_open(report, NULL);
	report_field(report, NULL, "check", value_text(finding->check));
	report_field(report, NULL, "weight", value_text(weights[finding->weight]));
	report_field(report, NULL, "what", value_text(finding->what));
	report_field(report, NULL, "seen", value_text(finding->seen));
	report_field(report, NULL, "mend", value_text(finding->mend));
	report_close(report);
	report_heading(report, "%-8s %s\n", weights[finding->weight], finding->what);
	if (finding->seen)
		report_heading(report, "%8s seen: %s\n", "", finding->seen);
	if (finding->mend)
		report_heading(report, "%8s mend: %s\n", "", finding->mend);
}

static void report_all(struct why *why)
{
	struct report *report = why->call->report;
	const char *state = word_domain_state(why->state);
	const char *reason = word_domain_reason(why->state, why->reason);
	bool found = why->count && why->findings[0].weight >= WHY_LIKELY;

	report_field(report, NULL, "name", value_text(why->name));
	report_field(report, NULL, "state", value_text(state));
	report_field(report, NULL, "reason", value_text(reason));
	report_field(report, NULL, "found", value_boolean(found));
	report_heading(report, "'%s' is %s (%s)%s\n", why->name, state, reason,
		       found ? ":" : "; nothing was found that is in its way.");
	report_open_list(report, "findings");
	for (size_t i = 0; i < why->count; i++)
		report_finding(report, &why->findings[i]);
	report_close(report);
	why->call->status = found ? STATUS_CHECK : STATUS_OK;
}

static void end(struct why *why)
{
	for (size_t i = 0; i < why->count; i++) {
		free(why->findings[i].what);
		free(why->findings[i].seen);
		free(why->findings[i].mend);
	}
	free(why->findings);
	free(why->refusal);
	list_clear(&why->log);
	free(why->log_path);
	free(why->rules);
	xml_free(why->xml);
	xml_free(why->capabilities);
	qemu_user_clear(&why->user);
	host_close(&why->host);
}

static int why(struct call *call, struct error *err)
{
	struct why why = {.host.root.fd = -1};
	int failed = begin(&why, call, err);

	if (!failed) {
		run_checks(&why);
		sort_findings(&why);
		report_all(&why);
	}
	end(&why);
	return failed;
}

static const struct option options[] = {
	DOMAIN(0, "guest that does not do what it should"),
	{.kind = OPTION_TEXT,
	 .name = "about",
	 .words = topics,
	 .help = "what is asked about: start, stop, pause, network or speed (default: what its "
		 "state "
		 "suggests)"},
	END,
};

static const struct field finding_fields[] = {
	FIELD("check", NULL, FIELD_TEXT, 0, "what was looked at, a word for programs"),
	FIELD("weight", NULL, FIELD_TEXT, 0, "cause, likely, unknown or note"),
	FIELD("what", NULL, FIELD_TEXT, 0, "what was found"),
	FIELD("seen", NULL, FIELD_TEXT, FIELD_NULL, "where it was seen"),
	FIELD("mend", NULL, FIELD_TEXT, FIELD_NULL, "the command that mends it"),
	FIELDS_END,
};

static const struct field results[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "its name"),
	FIELD("state", NULL, FIELD_TEXT, 0, "such as shut off"),
	FIELD("reason", NULL, FIELD_TEXT, 0, "why it is in it, as libvirt knows"),
	FIELD("found", NULL, FIELD_BOOLEAN, 0, "whether a cause was found, certain or likely"),
	FIELD_OF("findings", FIELD_LIST, 0, finding_fields, "the gravest first"),
	FIELDS_END,
};

const struct command why_command = {
	.name = "why",
	.target = MANY_DOMAINS(BY_ANY),
	.options = options,
	.results = results,
	.summary = "say why a guest does not start, stopped, is paused, unreachable or slow",
	.description =
		"Looks at everything that a start needs, at how a guest ended, at its disks when "
		"it is paused, at its network and at what slows it down; each finding comes with "
		"where it was seen and the command that mends it, the cause first. Changes "
		"nothing. The exit status is 8 when a cause was found. What only the guest's own "
		"host can tell is unknown where that is another machine.",
	.run = why,
};
