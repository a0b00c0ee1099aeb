// SPDX-License-Identifier: GPL-3.0-or-later
// What the vCPUs of a guest do.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cpus.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

// The vCPUs of a guest, as libvirt has them.
struct vcpus {
	int host;            // CPUs of the host
	int length;          // bytes of each map
	int count;           // of
	virVcpuInfoPtr info; // these; NULL while the guest does not run,
	bool *on;            // and only those that will be on are shown
	unsigned char *maps;
};

static void vcpus_clear(struct vcpus *vcpus)
{
	free(vcpus->info);
	free(vcpus->on);
	free(vcpus->maps);
}
#define auto_vcpus __attribute__((cleanup(vcpus_clear)))

static long long number_at(const struct xml_element *element, const char *path, long long otherwise)
{
	auto_free char *text = path_get(element, path);
	auto_error struct error ignored = {0};
	long long number;

	return text && number_parse(text, 0, 65535, &number, &ignored) == 0 ? number : otherwise;
}

// Which vCPUs a guest that does not run will have on, as its definition tells.
static int look_at_definition(struct vcpus *vcpus, virDomainPtr domain, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(domain, VIR_DOMAIN_XML_INACTIVE, err);
	const struct xml_element *list, *vcpu;
	long long on;

	if (!xml)
		return -1;
	vcpus->count = (int)number_at(xml_root(xml), "vcpu", 0);
	on = number_at(xml_root(xml), "vcpu/@current", vcpus->count);
	vcpus->on = memory_new((size_t)vcpus->count + 1, sizeof(bool));
	list = xml_child(xml_root(xml), "vcpus");
	for (int i = 0; i < vcpus->count; i++)
		vcpus->on[i] = !list && i < on;
	for (vcpu = xml_child(list, "vcpu"); vcpu; vcpu = xml_next(vcpu, "vcpu")) {
		auto_free char *enabled = path_get(vcpu, "@enabled");
		long long id = number_at(vcpu, "@id", vcpus->count);

		if (id < vcpus->count)
			vcpus->on[id] = text_equal(enabled, "yes");
	}
	vcpus->maps = memory_new((size_t)vcpus->count + 1, (size_t)vcpus->length);
	if (virDomainGetVcpuPinInfo(domain, vcpus->count, vcpus->maps, vcpus->length,
				    VIR_DOMAIN_AFFECT_CONFIG) < 0)
		return virt_failure_plain(err);
	return 0;
}

static int look(struct vcpus *vcpus, struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	virDomainInfo info;

	vcpus->host = cpus_count(session_connection(call), err);
	if (vcpus->host < 0)
		return -1;
	vcpus->length = VIR_CPU_MAPLEN(vcpus->host);
	if (virDomainGetInfo(domain, &info) < 0)
		return virt_failure_plain(err);
	vcpus->info = memory_new(info.nrVirtCpu + 1U, sizeof(*vcpus->info));
	vcpus->maps = memory_new(info.nrVirtCpu + 1U, (size_t)vcpus->length);
	vcpus->count =
		virDomainGetVcpus(domain, vcpus->info, info.nrVirtCpu, vcpus->maps, vcpus->length);
	if (vcpus->count >= 0)
		return 0;
	virt_failure_plain(err);
	if (info.state != VIR_DOMAIN_SHUTOFF)
		return -1;
	error_clear(err);
	vcpus_clear(vcpus);
	vcpus->info = NULL;
	return look_at_definition(vcpus, domain, err);
}

static void report_running(struct report *report, const virVcpuInfo *info)
{
	static const char *const states[] = {"offline", "running", "blocked"};
	bool known = info->state >= 0 && info->state < 3;
	auto_free char *seconds = text_format("%.1lfs", (double)info->cpuTime / 1e9);

	report_value(report, "cpu", value_integer(info->cpu));
	report_value(report, "state", value_text(known ? states[info->state] : "no state"));
	report_field(report, info->cpuTime ? "CPU time:" : NULL, "cpu_time",
		     value_shown(value_unsigned(info->cpuTime), seconds));
}

static void report_off(struct report *report)
{
	struct value none = value_shown(value_absent(), "N/A");

	report_value(report, "cpu", none);
	report_value(report, "state", none);
	report_field(report, "CPU time", "cpu_time", none);
}

static void report_vcpu(struct call *call, const struct vcpus *vcpus, int i)
{
	const unsigned char *map = VIR_GET_CPUMAP(vcpus->maps, vcpus->length, i);
	auto_free char *cpus = cpus_text(map, vcpus->length);
	auto_free char *shown = argument_flag(call, "pretty")
					? text_format("%s (out of %d)", cpus, vcpus->host)
					: cpus_letters(map, vcpus->host);

	report_open(call->report, NULL);
	report_value(call->report, "vcpu", value_integer(i));
	if (vcpus->info)
		report_running(call->report, &vcpus->info[i]);
	else
		report_off(call->report);
	report_value(call->report, "cpus", value_shown(value_text(cpus), shown));
	report_close(call->report);
}

static int vcpuinfo(struct call *call, struct error *err)
{
	auto_vcpus struct vcpus vcpus = {0};
	bool first = true;

	if (look(&vcpus, call, err) < 0)
		return -1;
	report_layout(call->report, 15);
	report_open_list(call->report, NULL);
	for (int i = 0; i < vcpus.count; i++) {
		if (vcpus.on && !vcpus.on[i])
			continue;
		if (!first)
			report_heading(call->report, "\n");
		first = false;
		report_vcpu(call, &vcpus, i);
	}
	report_close(call->report);
	return 0;
}

static const struct field vcpuinfo_results[] = {
	FIELD("vcpu", "VCPU:", FIELD_INTEGER, 0, "number of the vCPU"),
	FIELD("cpu", "CPU:", FIELD_INTEGER, FIELD_NULL, "CPU of the host that it runs on"),
	FIELD("state", "State:", FIELD_TEXT, FIELD_NULL, "offline, running or blocked"),
	FIELD("cpu_time", NULL, FIELD_NANOSECONDS, FIELD_NULL, "CPU time that it has used"),
	FIELD("cpus", "CPU Affinity:", FIELD_TEXT, 0, "CPUs that it may run on, such as 0-3"),
	FIELDS_END,
};

const struct command vcpuinfo_command = {
	.name = "vcpuinfo",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){
			DOMAIN(0, "guest whose vCPUs are wanted"),
			FLAG("pretty", 0, "sets of CPUs as 0-3 instead of a letter for each"), END},
	.shape = SHAPE_LIST,
	.results = vcpuinfo_results,
	.summary = "show the state of a guest's vCPUs and where they run",
	.run = vcpuinfo,
};
