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
#include "virt/failure.h"
#include "virt/session.h"
#include "virt/words.h"

static int domid(struct call *call, struct error *err)
{
	unsigned id = virDomainGetID(call_domain(call));

	(void)err;
	report_field(call->report, "", "id",
		     id == (unsigned)-1 ? value_shown(value_absent(), "-") : value_unsigned(id));
	return 0;
}

static int domname(struct call *call, struct error *err)
{
	(void)err;
	report_field(call->report, "", "name", value_text(virDomainGetName(call_domain(call))));
	return 0;
}

static int domuuid(struct call *call, struct error *err)
{
	char uuid[VIR_UUID_STRING_BUFLEN];

	if (virDomainGetUUIDString(call_domain(call), uuid) < 0)
		return virt_failure(err, "failed to get domain UUID");
	report_field(call->report, "", "uuid", value_text(uuid));
	return 0;
}

static const struct option any_options[] = {
	DOMAIN(0, "guest that is meant"),
	END,
};

const struct command domid_command = {
	.name = "domid",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_NAME | BY_UUID),
	.options = any_options,
	.summary = "show the id of a running guest, by its name or UUID",
	.run = domid,
};

const struct command domname_command = {
	.name = "domname",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ID | BY_UUID),
	.options = any_options,
	.summary = "show the name of a guest, by its id or UUID",
	.run = domname,
};

const struct command domuuid_command = {
	.name = "domuuid",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ID | BY_NAME),
	.options = any_options,
	.summary = "show the UUID of a guest, by its name or id",
	.run = domuuid,
};

static int domstate(struct call *call, struct error *err)
{
	bool with_reason = argument_flag(call, "reason");
	auto_free char *shown = NULL;
	const char *state;
	int number, reason;

	if (virDomainGetState(call_domain(call), &number, &reason, 0) < 0)
		return virt_failure_plain(err);
	state = word_domain_state(number);
	shown = with_reason ? text_format("%s (%s)", state, word_domain_reason(number, reason))
			    : text_copy(state);
	report_field(call->report, "", "state", value_shown(value_text(state), shown));
	report_field(call->report, NULL, "reason", value_text(word_domain_reason(number, reason)));
	return 0;
}

static const struct option domstate_options[] = {
	DOMAIN(0, "guest whose state is wanted"),
	FLAG("reason", 0, "say why it is in that state too"),
	END,
};

const struct command domstate_command = {
	.name = "domstate",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domstate_options,
	.summary = "show the state of a guest",
	.run = domstate,
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

	report_field(report, "State:", "state", value_text(word_domain_state(info->state)));
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
		report_field(report, i == 0 ? "Messages:" : " ", "message",
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
	report_answer(report, "Persistent:", "persistent", virDomainIsPersistent(domain));
	if (virDomainGetAutostart(domain, &autostart) == 0)
		report_field(
			report, "Autostart:", "autostart",
			value_shown(value_boolean(autostart), autostart ? "enable" : "disable"));
	report_answer(report, "Managed save:", "managed_save",
		      virDomainHasManagedSaveImage(domain, 0));
	report_security(report, domain);
	report_messages(report, domain);
	return 0;
}

const struct command dominfo_command = {
	.name = "dominfo",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = any_options,
	.summary = "show the main facts about a guest",
	.run = dominfo,
};
