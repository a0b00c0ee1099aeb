// SPDX-License-Identifier: GPL-3.0-or-later
// What a guest is: its names, its state, its size.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "virt/words.h"

ASK(ask_id, virDomainGetID(looked->object) == (unsigned)-1
		    ? cell_none(cell, "-")
		    : (void)(cell->value = value_unsigned(virDomainGetID(looked->object))))
static const struct field id_results[] = {
	FOUND("id", "", FIELD_INTEGER, FIELD_NULL, "its id while it is active", FROM_ASK(ask_id)),
	FIELDS_END,
};
const struct command domid_command = {
	.name = "domid",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_NAME | BY_UUID),
	ONLY_DOMAIN(0, "the guest"),
	.summary = "show the id of a running guest, by its name or UUID",
	SHOWS(id_results, .layout = 15),
};

const struct command domname_command = {
	.name = "domname",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ID | BY_UUID),
	ONLY_DOMAIN(0, "the guest"),
	.summary = "show the name of a guest, by its id or UUID",
	.results = name_results,
	.run = object_name,
};

const struct command domuuid_command = {
	.name = "domuuid",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ID | BY_NAME),
	ONLY_DOMAIN(0, "the guest"),
	.summary = "show the UUID of a guest, by its name or id",
	.results = uuid_results,
	.run = object_uuid,
};

struct condition {
	int state, reason;
};

static int look_condition(struct call *call, void *domain, void *facts)
{
	struct condition *condition = facts;

	(void)call;
	return virDomainGetState(domain, &condition->state, &condition->reason, 0);
}

#define CONDITION ((const struct condition *)looked->facts)
static void ask_state(const struct looked *looked, struct cell *cell)
{
	const char *state = word_domain_state(CONDITION->state);

	if (argument_flag(looked->call, "reason"))
		cell->text = text_format("%s (%s)", state,
					 word_domain_reason(CONDITION->state, CONDITION->reason));
	cell->value = value_shown(value_text(state), cell->text);
}
ASK(ask_reason, cell_text(cell, word_domain_reason(CONDITION->state, CONDITION->reason)))

static const struct field state_results[] = {
	FOUND("state", "", FIELD_TEXT, 0, "such as running, paused or shut off",
	      FROM_ASK(ask_state)),
	FOUND("reason", NULL, FIELD_TEXT, 0, "why it is in that state", FROM_ASK(ask_reason)),
	FIELDS_END,
};

const struct command domstate_command = {
	.name = "domstate",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(0, "guest whose state is wanted"),
					FLAG("reason", 0, "say why it is in that state too"), END},
	.summary = "show the state of a guest",
	SHOWS(state_results, .failed = "Failed to get the state of domain '%s'",
	      .look = look_condition, .size = sizeof(struct condition)),
};

static void report_identity(struct report *report, virDomainPtr domain)
{
	char uuid[VIR_UUID_STRING_BUFLEN] = "";
	unsigned id = virDomainGetID(domain);
	auto_free char *type = virDomainGetOSType(domain);

	virDomainGetUUIDString(domain, uuid);
	report_field(report, "Id:", "id",
		     id == (unsigned)-1 ? value_shown(value_absent(), "-") : value_unsigned(id));
	report_field(report, "Name:", "name", value_text(virDomainGetName(domain)));
	report_field(report, "UUID:", "uuid", value_text(uuid));
	report_field(report, type ? "OS Type:" : NULL, "os_type", value_text(type));
}

// MEMORY is in KiB, as libvirt has it; JSON counts bytes.
static void report_memory(struct report *report, const char *title, const char *key,
			  unsigned long memory)
{
	auto_free char *shown = text_format("%lu KiB", memory);

	report_field(report, title, key,
		     value_shown(value_unsigned((unsigned long long)memory * 1024), shown));
}

static void report_size(struct report *report, const virDomainInfo *info)
{
	double seconds = (double)info->cpuTime / 1e9;
	auto_free char *shown = text_format("%.1lfs", seconds);

	report_value(report, "state", value_text(word_domain_state(info->state)));
	report_field(report, "CPU(s):", "vcpus", value_integer(info->nrVirtCpu));
	report_field(report, info->cpuTime ? "CPU time:" : NULL, "cpu_time",
		     value_shown(value_real(seconds), shown));
	if (info->maxMem != UINT_MAX)
		report_memory(report, "Max memory:", "maximum_memory", info->maxMem);
	else
		report_field(report, "Max memory:", "maximum_memory",
			     value_shown(value_absent(), "no limit"));
	report_memory(report, "Used memory:", "memory", info->memory);
}

// Why it is in its state: nobody who reads the text of virsh sees it, so only JSON asks.
static void report_reason(struct report *report, virDomainPtr domain)
{
	int state, reason;
	bool known = report_is_json(report) && report_wants(report, "reason") &&
		     virDomainGetState(domain, &state, &reason, 0) == 0;

	report_value(report, "reason",
		     known ? value_text(word_domain_reason(state, reason)) : value_absent());
}

// ANSWER is 0 or 1, or -1 where the driver cannot tell.
static void report_answer(struct report *report, const char *title, const char *key, int answer)
{
	report_field(report, title, key,
		     answer < 0 ? value_shown(value_absent(), "unknown")
				: value_boolean(answer == 1));
}

static void report_security(struct report *report, virDomainPtr domain)
{
	virSecurityModel model;
	virSecurityLabelPtr label;
	auto_free char *shown = NULL;

	if (virNodeGetSecurityModel(virDomainGetConnect(domain), &model) < 0 || !model.model[0])
		return;
	report_field(report, "Security model:", "security_model", value_text(model.model));
	report_field(report, "Security DOI:", "security_doi", value_text(model.doi));
	// Only a running guest has a label. The structure is large (4 KiB): not on the stack.
	label = memory_new(1, sizeof(*label));
	if (virDomainGetSecurityLabel(domain, label) == 0 && label->label[0]) {
		shown = text_format("%s (%s)", label->label,
				    label->enforcing ? "enforcing" : "permissive");
		report_field(report, "Security label:", "security_label",
			     value_shown(value_text(label->label), shown));
	}
	free(label);
}

static void report_messages(struct report *report, virDomainPtr domain)
{
	char **messages = NULL;
	int count = virDomainGetMessages(domain, &messages, 0);

	report_open_list(report, "messages");
	for (int i = 0; i < count; i++) {
		report_field(report, i == 0 ? "Messages:" : " ", "messages",
			     value_text(messages[i]));
		free(messages[i]);
	}
	report_close(report);
	free(messages);
}

static int dominfo(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	struct report *report = call->report;
	virDomainInfo info;
	int autostart;

	if (virDomainGetInfo(domain, &info) < 0)
		return virt_failure_plain(err);
	report_layout(report, 15);
	report_identity(report, domain);
	report_size(report, &info);
	report_reason(report, domain);
	report_answer(report, "Persistent:", "persistent", virDomainIsPersistent(domain));
	if (virDomainGetAutostart(domain, &autostart) == 0)
		report_field(
			report, "Autostart:", "autostart",
			value_shown(value_boolean(autostart), autostart ? "enable" : "disable"));
	if (virDomainGetAutostartOnce(domain, &autostart) == 0)
		report_value(report, "autostart_once", value_boolean(autostart));
	report_answer(report, "Managed save:", "managed_save",
		      virDomainHasManagedSaveImage(domain, 0));
	report_security(report, domain);
	report_messages(report, domain);
	return 0;
}

static const struct field info_results[] = {
	FIELD("id", "Id:", FIELD_INTEGER, FIELD_NULL, "its id while it is active"),
	FIELD("name", "Name:", FIELD_TEXT, 0, "its name"),
	FIELD("uuid", "UUID:", FIELD_TEXT, 0, "its UUID"),
	FIELD("os_type", "OS Type:", FIELD_TEXT, FIELD_NULL, "such as hvm"),
	FIELD("state", "State:", FIELD_TEXT, 0, "such as running, paused or shut off"),
	FIELD("reason", NULL, FIELD_TEXT, FIELD_NULL, "why it is in that state"),
	FIELD("vcpus", "CPU(s):", FIELD_INTEGER, 0, "its virtual CPUs"),
	FIELD("cpu_time", "CPU time:", FIELD_SECONDS, 0, "CPU time it has used"),
	FIELD("maximum_memory", "Max memory:", FIELD_BYTES, FIELD_NULL,
	      "memory it may have at most, null for no limit"),
	FIELD("memory", "Used memory:", FIELD_BYTES, 0, "memory it has now"),
	FIELD("persistent", "Persistent:", FIELD_BOOLEAN, FIELD_NULL,
	      "whether it has a definition"),
	FIELD("autostart", "Autostart:", FIELD_BOOLEAN, FIELD_ASKED,
	      "whether it starts with the host"),
	FIELD("autostart_once", NULL, FIELD_BOOLEAN, FIELD_ASKED,
	      "whether it starts with the host at the next boot alone"),
	FIELD("managed_save", "Managed save:", FIELD_BOOLEAN, FIELD_NULL,
	      "whether it has a managed save"),
	FIELD("security_model", "Security model:", FIELD_TEXT, FIELD_ASKED,
	      "what keeps guests apart, such as apparmor"),
	FIELD("security_doi", "Security DOI:", FIELD_TEXT, FIELD_ASKED,
	      "domain of interpretation of the labels"),
	FIELD("security_label", "Security label:", FIELD_TEXT, FIELD_ASKED, "label of its process"),
	FIELD("messages", "Messages:", FIELD_TEXTS, 0, "what libvirt wants to be known of it"),
	FIELDS_END,
};

const struct command dominfo_command = {
	.name = "dominfo",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(0, "the guest"),
	.results = info_results,
	.summary = "show the main facts about a guest",
	.run = dominfo,
};
