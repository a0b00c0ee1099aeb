// SPDX-License-Identifier: GPL-3.0-or-later
// The disks of a guest.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/definition.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static const struct field domblklist_results[] = {
	FIELD("type", "Type", FIELD_TEXT, FIELD_NULL, "kind of source, such as file or block"),
	FIELD("device", "Device", FIELD_TEXT, FIELD_NULL, "disk, cdrom, floppy or lun"),
	FIELD("target", "Target", FIELD_TEXT, FIELD_NULL, "its name in the definition"),
	FIELD("source", "Source", FIELD_TEXT, FIELD_NULL, "file, device or volume behind it"),
	FIELDS_END,
};

static int domblklist(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(call_domain(call), argument_bits(call), err);
	struct xml_element *devices = xml ? device_list(xml) : NULL;

	if (!xml)
		return -1;
	report_list(call->report, NULL, TABLE_RULED, argument_flag(call, "details") ? 0 : 3);
	for (struct xml_element *d = xml_child(devices, "disk"); d; d = xml_next(d, "disk")) {
		auto_free char *type = path_get(d, "@type"), *device = path_get(d, "@device");
		auto_free char *target = path_get(d, "target/@dev");
		auto_free char *source = device_disk_source(d);

		report_row(call->report,
			   (struct value[]){
				   value_text(type), value_text(device), value_text(target),
				   source ? value_text(source) : value_shown(value_absent(), "-")});
	}
	return 0;
}

static const struct option domblklist_options[] = {
	DOMAIN(0, "guest whose disks are wanted"),
	FLAG("inactive", VIR_DOMAIN_XML_INACTIVE, "those it boots with next"),
	FLAG("details", 0, "with the kind of source and of device"),
	END,
};

const struct command domblklist_command = {
	.name = "domblklist",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domblklist_options,
	.shape = SHAPE_LIST,
	.results = domblklist_results,
	.summary = "list the disks of a guest",
	.run = domblklist,
};

// One figure: libvirt's name of it, the short one that virsh shows and scripts read, the one for
// people.
static const struct figure {
	const char *field, *name, *title;
} figures[] = {
	{VIR_DOMAIN_BLOCK_STATS_READ_REQ, "rd_req", "number of read operations:"},
	{VIR_DOMAIN_BLOCK_STATS_READ_BYTES, "rd_bytes", "number of bytes read:"},
	{VIR_DOMAIN_BLOCK_STATS_WRITE_REQ, "wr_req", "number of write operations:"},
	{VIR_DOMAIN_BLOCK_STATS_WRITE_BYTES, "wr_bytes", "number of bytes written:"},
	{VIR_DOMAIN_BLOCK_STATS_ERRS, "errs", "error count:"},
	{VIR_DOMAIN_BLOCK_STATS_FLUSH_REQ, "flush_operations", "number of flush operations:"},
	{VIR_DOMAIN_BLOCK_STATS_READ_TOTAL_TIMES, "rd_total_times",
	 "total duration of reads (ns):"},
	{VIR_DOMAIN_BLOCK_STATS_WRITE_TOTAL_TIMES, "wr_total_times",
	 "total duration of writes (ns):"},
	{VIR_DOMAIN_BLOCK_STATS_FLUSH_TOTAL_TIMES, "flush_total_times",
	 "total duration of flushes (ns):"},
};

static void report_figure(struct call *call, const char *device, const struct figure *figure,
			  long long value)
{
	bool human = argument_flag(call, "human");
	auto_free char *title = human ? text_format(" %-31s", figure->title)
				      : text_format("%s %s", device, figure->name);

	report_field(call->report, title, figure->name, value_integer(value));
}

// For drivers without virDomainBlockStatsFlags(): -1 stands for a figure that is not known.
static void report_device(struct call *call, const char *device)
{
	if (argument_flag(call, "human"))
		report_heading(call->report, "Device: %s\n", device);
	report_field(call->report, NULL, "device", value_text(*device ? device : NULL));
}

static int report_basic_figures(struct call *call, const char *device, struct error *err)
{
	virDomainBlockStatsStruct stats;

	if (virDomainBlockStats(call_domain(call), device, &stats, sizeof(stats)) < 0)
		return virt_failure(err, "Failed to get block stats for domain '%s' device '%s'",
				    virDomainGetName(call_domain(call)), device);
	report_device(call, device);
	{
		const long long values[] = {stats.rd_req, stats.rd_bytes, stats.wr_req,
					    stats.wr_bytes, stats.errs};

		for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
			if (values[i] >= 0)
				report_figure(call, device, &figures[i], values[i]);
	}
	return 0;
}

static bool known_figure(const char *field)
{
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++)
		if (text_equal(figures[i].field, field))
			return true;
	return false;
}

// What a newer libvirt tells besides.
static void report_others(struct call *call, const char *device, virTypedParameterPtr parameters,
			  int count)
{
	bool open = false;
	long long value;

	for (int i = 0; i < count; i++) {
		if (known_figure(parameters[i].field) ||
		    virTypedParamsGetLLong(parameters, count, parameters[i].field, &value) != 1)
			continue;
		if (report_is_json(call->report) && !open)
			report_open(call->report, "other");
		open = report_is_json(call->report);
		if (open)
			report_field(call->report, NULL, parameters[i].field, value_integer(value));
		else
			report_heading(call->report, "%s %s %lld\n", device, parameters[i].field,
				       value);
	}
	if (open)
		report_close(call->report);
}

static void report_figures(struct call *call, const char *device, virTypedParameterPtr parameters,
			   int count)
{
	long long value;

	report_device(call, device);
	for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++)
		if (virTypedParamsGetLLong(parameters, count, figures[i].field, &value) == 1)
			report_figure(call, device, &figures[i], value);
	report_others(call, device, parameters, count);
}

static int domblkstat(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *device = argument_text(call, "device");
	virTypedParameterPtr parameters = NULL;
	int count = 0, failed;

	if (!device)
		device = ""; // all disks together, where the driver can add them up
	failed = virDomainBlockStatsFlags(domain, device, NULL, &count, 0);
	if (failed < 0 && !virt_failed_with(VIR_ERR_NO_SUPPORT))
		return virt_failure(err, "Failed to get block stats for domain '%s' device '%s'",
				    virDomainGetName(domain), device);
	if (failed < 0)
		return report_basic_figures(call, device, err);
	parameters = memory_new((size_t)count, sizeof(*parameters));
	failed = virDomainBlockStatsFlags(domain, device, parameters, &count, 0);
	if (failed < 0)
		virt_failure(err, "Failed to get block stats for domain '%s' device '%s'",
			     virDomainGetName(domain), device);
	else
		report_figures(call, device, parameters, count);
	virTypedParamsFree(parameters, count);
	return failed;
}

static const struct option domblkstat_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose figures are wanted"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL | EMPTY_OK,
	 .name = "device",
	 .candidates = domain_disks,
	 .help = "target or path of the disk (default: all together)"},
	FLAG("human", 0, "with words for people"),
	END,
};

#define FIGURE(key_, type_, help_) FIELD(key_, NULL, type_, FIELD_ASKED, help_)
static const struct field domblkstat_results[] = {
	FIELD("device", NULL, FIELD_TEXT, FIELD_NULL, "the disk; null: all together"),
	FIGURE("rd_req", FIELD_INTEGER, "read operations"),
	FIGURE("rd_bytes", FIELD_BYTES, "read"),
	FIGURE("wr_req", FIELD_INTEGER, "write operations"),
	FIGURE("wr_bytes", FIELD_BYTES, "written"),
	FIGURE("errs", FIELD_INTEGER, "errors"),
	FIGURE("flush_operations", FIELD_INTEGER, "flush operations"),
	FIGURE("rd_total_times", FIELD_NANOSECONDS, "time spent reading"),
	FIGURE("wr_total_times", FIELD_NANOSECONDS, "time spent writing"),
	FIGURE("flush_total_times", FIELD_NANOSECONDS, "time spent flushing"),
	FIELD_OF("other", FIELD_OBJECT, FIELD_ASKED, NULL, "what else libvirt tells, by its names"),
	FIELDS_END,
};

const struct command domblkstat_command = {
	.name = "domblkstat",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domblkstat_options,
	.results = domblkstat_results,
	.summary = "show the I/O statistics of a guest's disk",
	.run = domblkstat,
};
