// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/observe/metric.h"

#include <stddef.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "output/value.h"
#include "virt/typed.h"

#define KIB 1024
#define NS 1000000000

// clang-format off
#define GAUGE(name_, unit_, help_, group_, field_, ...) \
	{ .name = "libvirt_domain_" name_, .unit = (unit_), .help = (help_), .group = (group_), \
	  .field = (field_), __VA_ARGS__ },
#define COUNTER(name_, unit_, help_, group_, field_, ...) \
	GAUGE(name_, unit_, help_, group_, field_, .type = METRIC_COUNTER, __VA_ARGS__)
#define PLAIN .divide = 1
#define VCPU .label = "vcpu"
#define DISK .label = "target_device", .named = "name"
#define CARD DISK

// The names are those of the libvirt exporters in use where they have the same figure, so that
// dashboards go on to work.
const struct metric metrics_all[] = {
	GAUGE("info_vstate", NULL, "state as libvirt numbers it: 1 running, 3 paused, 5 shut off",
	      "state", "state", PLAIN)
	COUNTER("info_cpu_time_seconds", "seconds", "CPU time used", "cpu", "time", .divide = NS)
	COUNTER("info_cpu_user_seconds", "seconds", "CPU time used in user mode", "cpu", "user",
		.divide = NS)
	COUNTER("info_cpu_system_seconds", "seconds", "CPU time used in kernel mode", "cpu", "system",
		.divide = NS)
	GAUGE("info_virtual_cpus", NULL, "vCPUs that are plugged in", "vcpu", "current", PLAIN)
	GAUGE("info_maximum_memory_bytes", "bytes", "memory that the guest may be given", "balloon",
	      "maximum", .multiply = KIB)
	GAUGE("info_memory_usage_bytes", "bytes", "memory that the guest has", "balloon", "current",
	      .multiply = KIB)
	GAUGE("memory_stats_rss_bytes", "bytes", "memory of the host that its QEMU takes", "balloon",
	      "rss", .multiply = KIB)
	GAUGE("memory_stats_available_bytes", "bytes", "memory that the guest's kernel sees",
	      "balloon", "available", .multiply = KIB)
	GAUGE("memory_stats_unused_bytes", "bytes", "memory that the guest has left unused",
	      "balloon", "unused", .multiply = KIB)
	GAUGE("memory_stats_usable_bytes", "bytes", "memory that the guest could use without swapping",
	      "balloon", "usable", .multiply = KIB)
	GAUGE("memory_stats_disk_cache_bytes", "bytes", "memory that the guest could give up from caches",
	      "balloon", "disk_caches", .multiply = KIB)
	COUNTER("memory_stats_swap_in_bytes", "bytes", "swapped in by the guest", "balloon", "swap_in",
		.multiply = KIB)
	COUNTER("memory_stats_swap_out_bytes", "bytes", "swapped out by the guest", "balloon",
		"swap_out", .multiply = KIB)
	COUNTER("memory_stats_major_fault", NULL, "page faults of the guest that went to a disk",
		"balloon", "major_fault", PLAIN)
	COUNTER("memory_stats_minor_fault", NULL, "page faults of the guest that did not", "balloon",
		"minor_fault", PLAIN)
	GAUGE("vcpu_state", NULL, "state as libvirt numbers it: 0 offline, 1 running, 2 blocked",
	      "vcpu", "state", VCPU)
	COUNTER("vcpu_time_seconds", "seconds", "CPU time used by a vCPU", "vcpu", "time",
		.divide = NS, VCPU)
	COUNTER("vcpu_wait_seconds", "seconds", "time that a vCPU waited for I/O of the host", "vcpu",
		"wait", .divide = NS, VCPU)
	COUNTER("vcpu_delay_seconds", "seconds",
		"time that a vCPU could run and got no CPU of the host (steal)", "vcpu", "delay",
		.divide = NS, VCPU)
	COUNTER("block_stats_read_bytes", "bytes", "read from a disk", "block", "rd.bytes", DISK)
	COUNTER("block_stats_read_requests", NULL, "reads from a disk", "block", "rd.reqs", DISK)
	COUNTER("block_stats_read_time_seconds", "seconds", "time that reads took", "block", "rd.times",
		.divide = NS, DISK)
	COUNTER("block_stats_write_bytes", "bytes", "written to a disk", "block", "wr.bytes", DISK)
	COUNTER("block_stats_write_requests", NULL, "writes to a disk", "block", "wr.reqs", DISK)
	COUNTER("block_stats_write_time_seconds", "seconds", "time that writes took", "block",
		"wr.times", .divide = NS, DISK)
	COUNTER("block_stats_flush_requests", NULL, "flushes of a disk", "block", "fl.reqs", DISK)
	COUNTER("block_stats_flush_time_seconds", "seconds", "time that flushes took", "block",
		"fl.times", .divide = NS, DISK)
	GAUGE("block_stats_capacity_bytes", "bytes", "size of a disk as the guest sees it", "block",
	      "capacity", DISK)
	GAUGE("block_stats_allocation_bytes", "bytes", "highest byte of the host's file in use",
	      "block", "allocation", DISK)
	GAUGE("block_stats_physicalsize_bytes", "bytes", "size of the host's file or device", "block",
	      "physical", DISK)
	COUNTER("interface_stats_receive_bytes", "bytes", "received by a network card", "net",
		"rx.bytes", CARD)
	COUNTER("interface_stats_receive_packets", NULL, "packets received", "net", "rx.pkts", CARD)
	COUNTER("interface_stats_receive_errors", NULL, "packets received wrong", "net", "rx.errs", CARD)
	COUNTER("interface_stats_receive_drops", NULL, "received packets dropped", "net", "rx.drop",
		CARD)
	COUNTER("interface_stats_transmit_bytes", "bytes", "sent by a network card", "net", "tx.bytes",
		CARD)
	COUNTER("interface_stats_transmit_packets", NULL, "packets sent", "net", "tx.pkts", CARD)
	COUNTER("interface_stats_transmit_errors", NULL, "packets sent wrong", "net", "tx.errs", CARD)
	COUNTER("interface_stats_transmit_drops", NULL, "packets to be sent dropped", "net", "tx.drop",
		CARD)
	{.name = NULL},
};
// clang-format on

const char *const metric_formats[] = {"openmetrics", "prometheus", NULL};

// The older format knows a counter by its whole name, the newer one by its name without _total.
void metric_describe(struct text *text, enum metric_format format, const struct metric *metric)
{
	bool counter = metric->type == METRIC_COUNTER;
	const char *ending = counter && format == METRIC_PROMETHEUS ? "_total" : "";

	text_append_format(text, "# HELP %s%s %s\n", metric->name, ending, metric->help);
	text_append_format(text, "# TYPE %s%s %s\n", metric->name, ending,
			   counter ? "counter" : "gauge");
	if (format == METRIC_OPENMETRICS && metric->unit)
		text_append_format(text, "# UNIT %s %s\n", metric->name, metric->unit);
}

static void write_label(struct text *text, const char *name, const char *value)
{
	auto_free char *valid = value_utf8(value);

	text_append_format(text, "%s=\"", name);
	for (const char *c = valid; *c; c++) {
		if (*c == '\n')
			text_append(text, "\\n");
		else if (*c == '"' || *c == '\\')
			text_append_format(text, "\\%c", *c);
		else
			text_append_char(text, *c);
	}
	text_append_char(text, '"');
}

void metric_write(struct text *text, const struct sample *sample)
{
	const struct metric *metric = sample->metric;

	text_append_format(text, "%s%s", metric->name,
			   metric->type == METRIC_COUNTER ? "_total" : "");
	if (sample->guest) {
		text_append_char(text, '{');
		write_label(text, "domain", sample->guest);
		text_append_char(text, ',');
		write_label(text, "uuid", sample->uuid);
		if (sample->device) {
			text_append_char(text, ',');
			write_label(text, metric->label, sample->device);
		}
		text_append_char(text, '}');
	}
	text_append_format(text, " %llu", sample->number / sample->divide);
	// All divisors are powers of ten.
	if (sample->number % sample->divide) {
		text_append_char(text, '.');
		for (unsigned long long d = sample->divide, left = sample->number % d; left;
		     left %= d) {
			d /= 10;
			text_append_char(text, (char)('0' + left / d));
		}
	}
	text_append_char(text, '\n');
}

void metric_end(struct text *text, enum metric_format format)
{
	if (format == METRIC_OPENMETRICS)
		text_append(text, "# EOF\n");
}

static void sample_one(struct sample *sample, const virDomainStatsRecord *record, long index,
		       void (*each)(void *data, const struct sample *sample), void *data)
{
	const struct metric *metric = sample->metric;
	const virTypedParameter *figure = figure_find(record, metric->group, index, metric->field);

	if (!figure)
		return;
	sample->number = figure_value(figure) * (metric->multiply ? metric->multiply : 1);
	sample->divide = metric->divide ? metric->divide : 1;
	each(data, sample);
}

void metric_samples(const struct metric *metric, const virDomainStatsRecord *record,
		    void (*each)(void *data, const struct sample *sample), void *data)
{
	char uuid[VIR_UUID_STRING_BUFLEN] = "";
	struct sample sample = {
		.metric = metric, .guest = virDomainGetName(record->dom), .uuid = uuid};
	long count;

	virDomainGetUUIDString(record->dom, uuid);
	if (!metric->label) {
		sample_one(&sample, record, -1, each, data);
		return;
	}
	count = (long)figure_number(record, metric->group, -1, metric->named ? "count" : "maximum");
	for (long i = 0; i < count; i++) {
		auto_free char *number = text_format("%ld", i);
		const virTypedParameter *name =
			metric->named ? figure_find(record, metric->group, i, metric->named) : NULL;

		if (metric->named && !name)
			continue;
		sample.device = name ? name->value.s : number;
		sample_one(&sample, record, i, each, data);
	}
}
