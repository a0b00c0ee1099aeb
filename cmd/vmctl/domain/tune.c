// SPDX-License-Identifier: GPL-3.0-or-later
// Limits on what a guest may use of the host: memory, disks, network, NUMA nodes.
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/iotune.h"
#include "cmd/vmctl/domain/rate.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "virt/parameters.h"

// clang-format off
#define MEMORY(SET, SHOW) \
	SET("hard-limit", VIR_DOMAIN_MEMORY_HARD_LIMIT, LIMIT, "most memory of the host, in KiB or such as 4G; -1: no limit") \
	SET("soft-limit", VIR_DOMAIN_MEMORY_SOFT_LIMIT, LIMIT, "limit while the host is short of memory") \
	SET("swap-hard-limit", VIR_DOMAIN_MEMORY_SWAP_HARD_LIMIT, LIMIT, "most memory and swap space together") \
	SET("min-guarantee", VIR_DOMAIN_MEMORY_MIN_GUARANTEE, LIMIT, "memory that it has in any case")
// clang-format on

PARAMETER_TABLES(memory, MEMORY, virDomainGetMemoryParameters, virDomainSetMemoryParameters,
		 DOMAIN(0, "guest whose memory is limited"))

const struct command memtune_command = {
	.name = "memtune",
	.target = MANY_DOMAINS(BY_ANY),
	TUNES_BY(memory, .getting = "Unable to get memory parameters",
		 .setting = "Unable to change memory parameters"),
	.summary = "show or set limits on the memory that a guest takes from the host",
};

// clang-format off
#define BLKIO(SET, SHOW) \
	SET("weight", VIR_DOMAIN_BLKIO_WEIGHT, NUMBER, "its share of disk access, beside other guests") \
	SET("device-weights", VIR_DOMAIN_BLKIO_DEVICE_WEIGHT, TEXT, "share of each disk of the host, as /dev/sda,WEIGHT,/dev/sdb,WEIGHT") \
	SET("device-read-iops-sec", VIR_DOMAIN_BLKIO_DEVICE_READ_IOPS, TEXT, "most reads a second, as /dev/sda,NUMBER,/dev/sdb,NUMBER") \
	SET("device-write-iops-sec", VIR_DOMAIN_BLKIO_DEVICE_WRITE_IOPS, TEXT, "most writes a second, as /dev/sda,NUMBER,/dev/sdb,NUMBER") \
	SET("device-read-bytes-sec", VIR_DOMAIN_BLKIO_DEVICE_READ_BPS, TEXT, "most bytes read a second, as /dev/sda,NUMBER,/dev/sdb,NUMBER") \
	SET("device-write-bytes-sec", VIR_DOMAIN_BLKIO_DEVICE_WRITE_BPS, TEXT, "most bytes written a second, as /dev/sda,NUMBER,/dev/sdb,NUMBER")
// clang-format on

PARAMETER_TABLES(blkio, BLKIO, virDomainGetBlkioParameters, virDomainSetBlkioParameters,
		 DOMAIN(0, "guest whose disk access is limited"))

static int check_weight(struct call *call, struct parameter_values *settings, struct error *err)
{
	(void)settings;
	if (argument_given(call, "weight") && argument_integer(call, "weight") == 0)
		return error_set(err, STATUS_USAGE, "Invalid value of 0 for I/O weight");
	return 0;
}

const struct command blkiotune_command = {
	.name = "blkiotune",
	.target = MANY_DOMAINS(BY_ANY),
	TUNES_BY(blkio, .collect = check_weight, .getting = "Unable to get blkio parameters",
		 .setting = "Unable to change blkio parameters"),
	.summary = "show or set a guest's share of the host's disks",
};

// clang-format off
#define IOTUNE(SET, SHOW) \
	IOTUNE_RATES(SET, SHOW) \
	SET("group-name", VIR_DOMAIN_BLOCK_IOTUNE_GROUP_NAME, TEXT, "disks of one group share the limits") \
	IOTUNE_BURSTS(SET, SHOW)
// libvirt's own names are options too.
#define UNDERSCORED(option_, field_, form_, help_) ALIAS(field_, option_),
// clang-format on

PARAMETERS_ASK(ask_iotune, virDomainGetBlockIoTune(call_domain(call),
						   values ? argument_text(call, "device") : NULL,
						   values, count, flags))
PARAMETERS_SET(set_iotune, virDomainSetBlockIoTune(call_domain(call), argument_text(call, "device"),
						   values, count, flags))

static const struct parameter iotune_rows[] = {PARAMETER_ROWS(IOTUNE) PARAMETERS_END};
static const struct field iotune_results[] = {NAME_FIELD, PARAMETER_RESULTS(IOTUNE) FIELDS_END};
static const struct option iotune_options[] = {
	DOMAIN(0, "guest whose disk is limited"),
	NEEDED("device", domain_disks, "disk, by its target such as vda or by its source"),
	PARAMETER_OPTIONS(IOTUNE) IOTUNE(UNDERSCORED, PARAMETER_NOTHING) AFFECTED,
	END,
};

const struct command blkdeviotune_command = {
	.name = "blkdeviotune",
	.target = MANY_DOMAINS(BY_ANY),
	.options = iotune_options,
	.rules = affected_rules,
	TUNES(iotune_results, .rows = iotune_rows, .ask = ask_iotune, .set = set_iotune,
	      .getting = "Unable to get block I/O throttle parameters",
	      .setting = "Unable to change block I/O throttle"),
	.summary = "show or set how much one disk of a guest may transfer",
};

PARAMETERS_ASK(ask_interface,
	       virDomainGetInterfaceParameters(call_domain(call), argument_text(call, "interface"),
					       values, count, flags))
PARAMETERS_SET(set_interface,
	       virDomainSetInterfaceParameters(call_domain(call), argument_text(call, "interface"),
					       values, count, flags))

// --inbound or --outbound; FIELDS are libvirt's for average, peak, burst and floor.
static int collect_rate(struct call *call, struct parameter_values *settings, const char *option,
			const char *const *fields, struct error *err)
{
	const char *typed = argument_text(call, option);
	struct rate rate;

	if (!typed)
		return 0;
	if (rate_parse(typed, option, &rate, err) < 0)
		return -1;
	if (!rate.average && !rate.floor && (rate.peak || rate.burst))
		return error_set(err, STATUS_USAGE, "--%s needs an average%s", option,
				 fields[3] ? " or a floor" : "");
	parameters_number(settings, fields[0], rate.average);
	if (rate.peak)
		parameters_number(settings, fields[1], rate.peak);
	if (rate.burst)
		parameters_number(settings, fields[2], rate.burst);
	if (rate.floor)
		parameters_number(settings, fields[3], rate.floor);
	return 0;
}

static int collect_rates(struct call *call, struct parameter_values *settings, struct error *err)
{
	static const char *const in[] = {
		VIR_DOMAIN_BANDWIDTH_IN_AVERAGE, VIR_DOMAIN_BANDWIDTH_IN_PEAK,
		VIR_DOMAIN_BANDWIDTH_IN_BURST, VIR_DOMAIN_BANDWIDTH_IN_FLOOR};
	static const char *const out[] = {VIR_DOMAIN_BANDWIDTH_OUT_AVERAGE,
					  VIR_DOMAIN_BANDWIDTH_OUT_PEAK,
					  VIR_DOMAIN_BANDWIDTH_OUT_BURST, NULL};

	if (collect_rate(call, settings, "inbound", in, err) < 0)
		return -1;
	return collect_rate(call, settings, "outbound", out, err);
}

#define RATE(field_, key_)                                                                         \
	{                                                                                          \
		NULL, field_, key_, PARAMETER_KIBIBYTES, NULL                                      \
	}
static const struct parameter interface_rows[] = {
	RATE(VIR_DOMAIN_BANDWIDTH_IN_AVERAGE, "inbound_average"),
	RATE(VIR_DOMAIN_BANDWIDTH_IN_PEAK, "inbound_peak"),
	RATE(VIR_DOMAIN_BANDWIDTH_IN_BURST, "inbound_burst"),
	RATE(VIR_DOMAIN_BANDWIDTH_IN_FLOOR, "inbound_floor"),
	RATE(VIR_DOMAIN_BANDWIDTH_OUT_AVERAGE, "outbound_average"),
	RATE(VIR_DOMAIN_BANDWIDTH_OUT_PEAK, "outbound_peak"),
	RATE(VIR_DOMAIN_BANDWIDTH_OUT_BURST, "outbound_burst"),
	PARAMETERS_END,
};

#define RATE_FIELD(key_, type_, help_) FIELD(key_, NULL, type_, FIELD_NULL | FIELD_ASKED, help_)
static const struct field interface_results[] = {
	NAME_FIELD,
	RATE_FIELD("inbound_average", FIELD_BYTES_PER_SECOND, "what may come in; null: no limit"),
	RATE_FIELD("inbound_peak", FIELD_BYTES_PER_SECOND, "at most, in a burst"),
	RATE_FIELD("inbound_burst", FIELD_BYTES, "that may come in at peak speed"),
	RATE_FIELD("inbound_floor", FIELD_BYTES_PER_SECOND, "what may come in in any case"),
	RATE_FIELD("outbound_average", FIELD_BYTES_PER_SECOND, "what may go out; null: no limit"),
	RATE_FIELD("outbound_peak", FIELD_BYTES_PER_SECOND, "at most, in a burst"),
	RATE_FIELD("outbound_burst", FIELD_BYTES, "that may go out at peak speed"),
	PARAMETER_OTHER FIELDS_END,
};

static const struct option interface_options[] = {
	DOMAIN(0, "guest whose network traffic is limited"),
	NEEDED("interface", domain_interfaces, "interface, by its MAC address or its target"),
	TEXT("inbound", NULL, "what it may receive: AVERAGE,PEAK,BURST,FLOOR in KiB/s and KiB"),
	TEXT("outbound", NULL, "what it may send: AVERAGE,PEAK,BURST"),
	AFFECTED,
	END,
};

const struct command domiftune_command = {
	.name = "domiftune",
	.target = MANY_DOMAINS(BY_ANY),
	.options = interface_options,
	.rules = affected_rules,
	TUNES(interface_results, .rows = interface_rows, .ask = ask_interface, .set = set_interface,
	      .collect = collect_rates, .getting = "Unable to get interface parameters",
	      .setting = "Unable to set interface parameters"),
	.summary = "show or set how much a network interface of a guest may transfer",
};

PARAMETERS_ASK(ask_numa, virDomainGetNumaParameters(call_domain(call), values, count, flags))
PARAMETERS_SET(set_numa, virDomainSetNumaParameters(call_domain(call), values, count, flags))

static const char *const numa_modes[] = {"strict", "preferred", "interleave", "restrictive", NULL};

static const struct parameter numa_rows[] = {
	{"mode", VIR_DOMAIN_NUMA_MODE, "mode", PARAMETER_WORD, numa_modes},
	{"nodeset", VIR_DOMAIN_NUMA_NODESET, "nodeset", PARAMETER_TEXT, NULL},
	PARAMETERS_END,
};

static const struct field numa_results[] = {
	NAME_FIELD,
	FIELD("mode", NULL, FIELD_TEXT, FIELD_NULL | FIELD_ASKED,
	      "strict, preferred, interleave or restrictive"),
	FIELD("nodeset", NULL, FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "nodes, such as 0-1"),
	PARAMETER_OTHER FIELDS_END,
};

static const struct option numa_options[] = {
	DOMAIN(0, "guest whose memory is placed"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "mode",
	 .words = numa_modes,
	 .help = "how strictly, or libvirt's number of it"},
	TEXT("nodeset", NULL, "NUMA nodes that its memory comes from, such as 0,2-3"),
	AFFECTED,
	END,
};

const struct command numatune_command = {
	.name = "numatune",
	.target = MANY_DOMAINS(BY_ANY),
	.options = numa_options,
	.rules = affected_rules,
	TUNES(numa_results, .rows = numa_rows, .ask = ask_numa, .set = set_numa,
	      .getting = "Unable to get numa parameters",
	      .setting = "Unable to change numa parameters"),
	.summary = "show or set the NUMA nodes of the host that a guest's memory is on",
};
