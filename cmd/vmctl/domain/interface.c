// SPDX-License-Identifier: GPL-3.0-or-later
// The network interfaces of a guest.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/definition.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "xml/document.h"
#include "xml/path.h"

// What the interface is plugged into: the caller's, NULL where nothing is named.
static char *interface_source(const struct xml_element *interface)
{
	static const char *const paths[] = {"source/@network", "source/@bridge", "source/@dev",
					    "source/@name", "source/@path"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char *source = path_get(interface, paths[i]);

		if (source)
			return source;
	}
	return NULL;
}

static struct value or_dash(const char *text)
{
	return text ? value_text(text) : value_shown(value_absent(), "-");
}

static const struct field domiflist_results[] = {
	FIELD("interface", "Interface", FIELD_TEXT, FIELD_NULL, "its name on the host"),
	FIELD("type", "Type", FIELD_TEXT, FIELD_NULL, "such as network or bridge"),
	FIELD("source", "Source", FIELD_TEXT, FIELD_NULL, "what it is plugged into"),
	FIELD("model", "Model", FIELD_TEXT, FIELD_NULL, "model that the guest sees"),
	FIELD("mac", "MAC", FIELD_TEXT, FIELD_NULL, "its MAC address"),
	FIELDS_END,
};

static int domiflist(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(call_domain(call), argument_bits(call), err);
	const struct xml_element *devices;

	if (!xml)
		return -1;
	devices = device_list(xml);
	report_list(call->report, NULL, TABLE_RULED, 0);
	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *name = path_get(i, "target/@dev"), *type = path_get(i, "@type");
		auto_free char *source = interface_source(i);
		auto_free char *model = path_get(i, "model/@type");
		auto_free char *mac = path_get(i, "mac/@address");

		report_row(call->report,
			   (struct value[]){or_dash(name), or_dash(type), or_dash(source),
					    or_dash(model), or_dash(mac)});
	}
	return 0;
}

static const struct option domiflist_options[] = {
	DOMAIN(0, "guest whose interfaces are wanted"),
	FLAG("inactive", VIR_DOMAIN_XML_INACTIVE, "those it boots with next"),
	END,
};

const struct command domiflist_command = {
	.name = "domiflist",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domiflist_options,
	.shape = SHAPE_LIST,
	.results = domiflist_results,
	.summary = "list the network interfaces of a guest",
	.run = domiflist,
};

static int domifstat(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *device = argument_text(call, "interface");
	virDomainInterfaceStatsStruct stats;

	if (virDomainInterfaceStats(domain, device, &stats, sizeof(stats)) < 0)
		return domain_failure(err, domain, "Failed to get interface stats %s %s",
				      virDomainGetName(domain), device);
	{
		const struct {
			const char *key;
			long long value;
		} figures[] = {
			{"rx_bytes", stats.rx_bytes}, {"rx_packets", stats.rx_packets},
			{"rx_errs", stats.rx_errs},   {"rx_drop", stats.rx_drop},
			{"tx_bytes", stats.tx_bytes}, {"tx_packets", stats.tx_packets},
			{"tx_errs", stats.tx_errs},   {"tx_drop", stats.tx_drop},
		};

		report_field(call->report, NULL, "interface", value_text(device));
		for (size_t i = 0; i < sizeof(figures) / sizeof(*figures); i++) {
			auto_free char *title = text_format("%s %s", device, figures[i].key);

			// -1: the driver does not know it.
			if (figures[i].value >= 0)
				report_field(call->report, title, figures[i].key,
					     value_integer(figures[i].value));
		}
	}
	return 0;
}

static const struct option domifstat_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose figures are wanted"),
	NEEDED("interface", domain_interfaces, "name or MAC address of the interface"),
	END,
};

#define FIGURE(key_, type_, help_) FIELD(key_, NULL, type_, FIELD_ASKED, help_)
static const struct field domifstat_results[] = {
	FIELD("interface", NULL, FIELD_TEXT, 0, "the interface as it was named"),
	FIGURE("rx_bytes", FIELD_BYTES, "received"),
	FIGURE("rx_packets", FIELD_INTEGER, "packets received"),
	FIGURE("rx_errs", FIELD_INTEGER, "errors in receiving"),
	FIGURE("rx_drop", FIELD_INTEGER, "packets dropped that came in"),
	FIGURE("tx_bytes", FIELD_BYTES, "sent"),
	FIGURE("tx_packets", FIELD_INTEGER, "packets sent"),
	FIGURE("tx_errs", FIELD_INTEGER, "errors in sending"),
	FIGURE("tx_drop", FIELD_INTEGER, "packets dropped that were to go out"),
	FIELDS_END,
};

const struct command domifstat_command = {
	.name = "domifstat",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domifstat_options,
	.results = domifstat_results,
	.summary = "show the traffic of a guest's network interface",
	.run = domifstat,
};
