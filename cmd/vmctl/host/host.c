// SPDX-License-Identifier: GPL-3.0-or-later
// The host and its hypervisor.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"

// virsh ends these documents with a newline of its own.
static int message_capabilities(struct call *call, const char *xml, struct error *err)
{
	auto_free char *lines = text_format("%s\n", xml);

	return document_report(call, argument_given(call, "xpath") ? xml : lines, err);
}

static int capabilities(struct call *call, struct error *err)
{
	auto_free char *xml = virConnectGetCapabilities(session_connection(call));

	if (!xml)
		return virt_failure(err, "failed to get capabilities");
	return message_capabilities(call, xml, err);
}

// What virsh has since 10.
#define EXPRESSION                                                                                 \
	{.kind = OPTION_TEXT,                                                                      \
	 .name = "xpath",                                                                          \
	 .value = "expression",                                                                    \
	 .help = "show only what this XPath selects"},                                             \
		FLAG("wrap", 0, "wrap what was selected in one root element")

static const struct option capabilities_options[] = {EXPRESSION, END};

const struct command capabilities_command = {
	.name = "capabilities",
	.traits = COMMAND_READS,
	.options = capabilities_options,
	.results = xml_results,
	.summary = "show what the host and its hypervisor can do, as XML",
	.run = capabilities,
};

static int domcapabilities(struct call *call, struct error *err)
{
	auto_free char *xml = virConnectGetDomainCapabilities(
		session_connection(call), argument_text(call, "emulatorbin"),
		argument_text(call, "arch"), argument_text(call, "machine"),
		argument_text(call, "virttype"), argument_bits(call));

	if (!xml)
		return virt_failure(err, "failed to get emulator capabilities");
	return message_capabilities(call, xml, err);
}

static const struct option domcapabilities_options[] = {
	CHOICE("virttype", domain_types, "type of domain (default: the best there is)"),
	TEXT("emulatorbin", NULL, "path of the emulator"),
	CHOICE("arch", architectures, "architecture of the guest"),
	TEXT("machine", NULL, "machine type of the guest"),
	EXPRESSION,
	NEWER_FLAG("disable-deprecated-features",
		   VIR_CONNECT_GET_DOMAIN_CAPABILITIES_DISABLE_DEPRECATED_FEATURES, 11000000,
		   "without CPU features that are deprecated"),
	NEWER_FLAG("expand-cpu-features", VIR_CONNECT_GET_DOMAIN_CAPABILITIES_EXPAND_CPU_FEATURES,
		   12002000, "list the features of the host's CPU model too"),
	NEWER_FLAG("supported-cpu-features",
		   VIR_CONNECT_GET_DOMAIN_CAPABILITIES_SUPPORTED_CPU_FEATURES, 12005000,
		   "list the CPU features that the hypervisor supports"),
	END,
};

const struct command domcapabilities_command = {
	// Not for a read-only connection: libvirt runs the emulator that the caller names.
	.name = "domcapabilities", .options = domcapabilities_options,
	.results = xml_results,    .summary = "show what a guest of this host may have, as XML",
	.run = domcapabilities,
};

static int hostname(struct call *call, struct error *err)
{
	auto_free char *name = virConnectGetHostname(session_connection(call));

	if (!name)
		return virt_failure(err, "failed to get hostname");
	report_value(call->report, "hostname", value_text(name));
	return 0;
}

static const struct field hostname_results[] = {
	FIELD("hostname", "", FIELD_TEXT, 0, "the name of the host"), FIELDS_END};

const struct command hostname_command = {
	.name = "hostname",
	.traits = COMMAND_READS,
	.results = hostname_results,
	.summary = "show the name of the host",
	.run = hostname,
};

static int uri(struct call *call, struct error *err)
{
	auto_free char *text = virConnectGetURI(session_connection(call));

	if (!text)
		return virt_failure(err, "failed to get URI");
	report_value(call->report, "uri", value_text(text));
	return 0;
}

static const struct field uri_results[] = {
	FIELD("uri", "", FIELD_TEXT, 0, "the URI of the connection"), FIELDS_END};

const struct command uri_command = {
	.name = "uri",
	.traits = COMMAND_READS,
	.results = uri_results,
	.summary = "show the URI of the connection",
	.run = uri,
};

static int nodeinfo(struct call *call, struct error *err)
{
	struct report *report = call->report;
	auto_free char *frequency = NULL, *memory = NULL;
	virNodeInfo info;

	if (virNodeGetInfo(session_connection(call), &info) < 0)
		return virt_failure(err, "failed to get node information");
	frequency = text_format("%u MHz", info.mhz);
	memory = text_format("%lu KiB", info.memory);
	report_layout(report, 20);
	report_value(report, "cpu_model", value_text(info.model));
	report_value(report, "cpus", value_unsigned(info.cpus));
	report_value(report, "cpu_mhz", value_shown(value_unsigned(info.mhz), frequency));
	report_value(report, "sockets", value_unsigned(info.sockets));
	report_value(report, "cores_per_socket", value_unsigned(info.cores));
	report_value(report, "threads_per_core", value_unsigned(info.threads));
	report_value(report, "numa_cells", value_unsigned(info.nodes));
	report_value(report, "memory",
		     value_shown(value_unsigned((unsigned long long)info.memory * 1024), memory));
	return 0;
}

static const struct field nodeinfo_results[] = {
	FIELD("cpu_model", "CPU model:", FIELD_TEXT, 0, "architecture of its CPUs"),
	FIELD("cpus", "CPU(s):", FIELD_INTEGER, 0, "CPUs that are on"),
	FIELD("cpu_mhz", "CPU frequency:", FIELD_MEGAHERTZ, 0, "their frequency; 0: not known"),
	FIELD("sockets", "CPU socket(s):", FIELD_INTEGER, 0, "sockets of a NUMA node"),
	FIELD("cores_per_socket", "Core(s) per socket:", FIELD_INTEGER, 0, "cores of a socket"),
	FIELD("threads_per_core", "Thread(s) per core:", FIELD_INTEGER, 0, "threads of a core"),
	FIELD("numa_cells", "NUMA cell(s):", FIELD_INTEGER, 0, "NUMA nodes"),
	FIELD("memory", "Memory size:", FIELD_BYTES, 0, "its memory"),
	FIELDS_END,
};

const struct command nodeinfo_command = {
	.name = "nodeinfo",
	.traits = COMMAND_READS,
	.results = nodeinfo_results,
	.summary = "show the CPUs and the memory of the host",
	.run = nodeinfo,
};

// libvirt packs a version into one number: major * 1000000 + minor * 1000 + release.
static void report_version(struct report *report, const char *title, const char *key,
			   const char *name, unsigned long version)
{
	auto_free char *number = text_format("%lu.%lu.%lu", version / 1000000,
					     version / 1000 % 1000, version % 1000);
	auto_free char *shown = text_format("%s%s%s", name, *name ? " " : "", number);

	report_field(report, title, key, value_shown(value_text(number), shown));
}

static int version(struct call *call, struct error *err)
{
	virConnectPtr connection = session_connection(call);
	const char *hypervisor = virConnectGetType(connection);
	struct report *report = call->report;
	unsigned long library, interface, running;

	if (!hypervisor)
		return virt_failure(err, "failed to get hypervisor type");
	if (virGetVersion(&library, hypervisor, &interface) < 0)
		return virt_failure(err, "failed to get the library version");
	if (virConnectGetVersion(connection, &running) < 0)
		return virt_failure(err, "failed to get the hypervisor version");
	report_version(report, "Compiled against library:", "compiled_against", "libvirt",
		       LIBVIR_VERSION_NUMBER);
	report_version(report, "Using library:", "library", "libvirt", library);
	report_version(report, "Using API:", "api", hypervisor, interface);
	if (running)
		report_version(report, "Running hypervisor:", "hypervisor_version", hypervisor,
			       running);
	else
		report_field(report, "Cannot extract running", "hypervisor_version",
			     value_shown(value_absent(), "hypervisor version"));
	report_field(report, NULL, "hypervisor", value_text(hypervisor));
	if (!argument_flag(call, "daemon"))
		return 0;
	if (virConnectGetLibVersion(connection, &running) < 0)
		return virt_failure(err, "failed to get the daemon version");
	report_version(report, "Running against daemon:", "daemon", "", running);
	return 0;
}

static const struct field version_results[] = {
	FIELD("compiled_against", NULL, FIELD_TEXT, 0, "libvirt that this program was built with"),
	FIELD("library", NULL, FIELD_TEXT, 0, "libvirt that it uses"),
	FIELD("api", NULL, FIELD_TEXT, 0, "version of the driver"),
	FIELD("hypervisor_version", NULL, FIELD_TEXT, FIELD_NULL, "version of the hypervisor"),
	FIELD("hypervisor", NULL, FIELD_TEXT, 0, "its name, such as QEMU"),
	FIELD("daemon", NULL, FIELD_TEXT, FIELD_ASKED, "libvirt that the daemon is of"),
	FIELDS_END,
};

static const struct option version_options[] = {
	FLAG("daemon", 0, "and of the daemon"),
	END,
};

const struct command version_command = {
	.name = "version",
	.traits = COMMAND_READS,
	.options = version_options,
	.results = version_results,
	.summary = "show the versions of libvirt and the hypervisor",
	.run = version,
};
