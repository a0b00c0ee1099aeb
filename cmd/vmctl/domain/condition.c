// SPDX-License-Identifier: GPL-3.0-or-later
// How the control of a guest and its disks fare.
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/words.h"
#include "xml/document.h"
#include "xml/path.h"

static const char *const control_states[] = {"ok", "background job", "occupied", "error"};
static const char *const control_errors[] = {"", "unknown", "monitor failure",
					     "internal (locking) error"};

static int look_control(struct call *call, void *domain, void *facts)
{
	(void)call;
	return virDomainGetControlInfo(domain, facts, 0);
}

#define CONTROL ((const virDomainControlInfo *)looked->facts)
static void ask_control_state(const struct looked *looked, struct cell *cell)
{
	const char *state = WORD(control_states, (int)CONTROL->state, "unknown");

	if (CONTROL->state == VIR_DOMAIN_CONTROL_ERROR)
		cell->text = text_format("%s: %s", state,
					 WORD(control_errors, (int)CONTROL->details, "unknown"));
	else if (CONTROL->state != VIR_DOMAIN_CONTROL_OK)
		cell->text = text_format("%s (%0.3fs)", state, (double)CONTROL->stateTime / 1000.0);
	cell->value = value_shown(value_text(state), cell->text);
}
ASK(ask_control_error,
    cell_text(cell, CONTROL->state == VIR_DOMAIN_CONTROL_ERROR
			    ? WORD(control_errors, (int)CONTROL->details, "unknown")
			    : NULL))
ASK(ask_control_time, cell->value = value_unsigned(CONTROL->stateTime))

static const struct field control_results[] = {
	FOUND("state", "", FIELD_TEXT, 0, "ok, background job, occupied or error",
	      FROM_ASK(ask_control_state)),
	FOUND("error", NULL, FIELD_TEXT, FIELD_NULL, "what is wrong", FROM_ASK(ask_control_error)),
	FOUND("state_time", NULL, FIELD_MILLISECONDS, 0, "for how long",
	      FROM_ASK(ask_control_time)),
	FIELDS_END,
};

const struct command domcontrol_command = {
	.name = "domcontrol",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "the guest"),
	.summary = "show whether libvirt can control a guest right now",
	SHOWS(control_results, .failed = "Failed to get the control state of domain '%s'",
	      .look = look_control, .size = sizeof(virDomainControlInfo)),
};

static int domblkerror(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	int most = virDomainGetDiskErrors(domain, NULL, 0, 0), count = 0;
	auto_free virDomainDiskErrorPtr errors = NULL;

	if (most > 0) {
		errors = memory_new((size_t)most, sizeof(*errors));
		count = virDomainGetDiskErrors(domain, errors, (unsigned)most, 0);
	}
	if (most < 0 || count < 0)
		return domain_failure(err, domain, "Failed to get the disk errors of domain '%s'",
				      virDomainGetName(domain));
	report_open_list(call->report, NULL);
	for (int i = 0; i < count; i++) {
		const char *what = word_disk_error(errors[i].error);

		report_open(call->report, NULL);
		report_field(call->report, NULL, "target", value_text(errors[i].disk));
		report_field(call->report, NULL, "error", value_text(what));
		report_close(call->report);
		report_heading(call->report, "%s: %s\n", errors[i].disk, what);
		free(errors[i].disk);
	}
	if (!count)
		report_message(call->report, "No errors found\n");
	return 0;
}

static const struct field domblkerror_results[] = {
	FIELD("target", NULL, FIELD_TEXT, 0, "the disk, such as vda"),
	FIELD("error", NULL, FIELD_TEXT, 0, "such as no space"),
	FIELDS_END,
};

const struct command domblkerror_command = {
	.name = "domblkerror",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose disks are looked at"),
	.shape = SHAPE_LIST,
	.results = domblkerror_results,
	.summary = "list disks of a guest that have an error, such as no space",
	.run = domblkerror,
};

static const struct field domblkinfo_results[] = {
	FIELD("target", "Target", FIELD_TEXT, 0, "the disk, such as vda"),
	FIELD("capacity", "Capacity", FIELD_BYTES, FIELD_NULL, "the size that the guest sees"),
	FIELD("allocation", "Allocation", FIELD_BYTES, FIELD_NULL,
	      "up to where the guest has written"),
	FIELD("physical", "Physical", FIELD_BYTES, FIELD_NULL, "what it takes on the host"),
	FIELDS_END,
};

// BYTES as the command shows them; *TEXT keeps it.
static struct value size_value(const struct call *call, unsigned long long bytes, char **text)
{
	const char *unit;
	double scaled = size_scale(bytes, &unit);

	*text = argument_flag(call, "human") ? text_format("%.3lf %s", scaled, unit)
					     : text_format("%llu", bytes);
	return value_shown(value_unsigned(bytes), *text);
}

static void report_disk(struct call *call, const char *target, const virDomainBlockInfo *info)
{
	auto_free char *capacity = NULL, *allocation = NULL, *physical = NULL;
	bool known = info->capacity || info->allocation || info->physical;
	const struct value none = value_shown(value_absent(), "-");

	report_row(call->report,
		   (struct value[]){
			   value_text(target),
			   known ? size_value(call, info->capacity, &capacity) : none,
			   known ? size_value(call, info->allocation, &allocation) : none,
			   known ? size_value(call, info->physical, &physical) : none,
		   });
}

// All zero where the disk has no medium, or is on the network and nobody reads it: that is not
// known then, and no failure.
static int look_at_disk(virDomainPtr domain, const struct xml_element *disk, const char *target,
			virDomainBlockInfo *info, struct error *err)
{
	*info = (virDomainBlockInfo){0};
	if (!path_has(disk, "source") || virDomainGetBlockInfo(domain, target, info, 0) == 0)
		return 0;
	if (path_has(disk, "source/@protocol") && virDomainGetID(domain) == (unsigned)-1 &&
	    virt_failed_with(VIR_ERR_INTERNAL_ERROR)) {
		*info = (virDomainBlockInfo){0};
		return 0;
	}
	return domain_failure(err, domain, "Failed to get the size of disk '%s'", target);
}

static int report_all_disks(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_xml struct xml *xml = definition_xml(domain, 0, err);
	const struct xml_element *devices;

	if (!xml)
		return -1;
	devices = device_list(xml);
	report_list(call->report, NULL, TABLE_RULED, 0);
	for (struct xml_element *d = xml_child(devices, "disk"); d; d = xml_next(d, "disk")) {
		auto_free char *target = path_get(d, "target/@dev");
		virDomainBlockInfo info;

		if (look_at_disk(domain, d, target, &info, err) < 0)
			return -1;
		report_disk(call, target, &info);
	}
	return 0;
}

static int domblkinfo(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *target = argument_text(call, "device");
	virDomainBlockInfo info;

	if (argument_flag(call, "all"))
		return report_all_disks(call, err);
	if (virDomainGetBlockInfo(domain, target, &info, 0) < 0)
		return domain_failure(err, domain, "Failed to get the size of disk '%s'", target);
	if (report_is_json(call->report)) {
		report_list(call->report, NULL, TABLE_RULED, 0);
		report_disk(call, target, &info);
	} else {
		auto_free char *capacity = NULL, *allocation = NULL, *physical = NULL;

		size_value(call, info.capacity, &capacity);
		size_value(call, info.allocation, &allocation);
		size_value(call, info.physical, &physical);
		report_heading(call->report, "%-15s %s\n%-15s %s\n%-15s %s\n",
			       "Capacity:", capacity, "Allocation:", allocation,
			       "Physical:", physical);
	}
	return 0;
}

static const struct option domblkinfo_options[] = {
	DOMAIN(0, "the guest"),
	TEXT("device", domain_disks, "target or path of the disk"),
	FLAG("human", 0, "sizes for people"),
	FLAG("all", 0, "all of its disks"),
	END,
};

const struct command domblkinfo_command = {
	.name = "domblkinfo",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domblkinfo_options,
	.rules = (const struct rule[]){ONE_OF("device", "all"), RULES_END},
	.shape = SHAPE_LIST,
	.results = domblkinfo_results,
	.summary = "show how large disks of a guest are",
	.run = domblkinfo,
};
