// SPDX-License-Identifier: GPL-3.0-or-later
// A network interface for a guest, from options.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/domain/device_address.h"
#include "cmd/vmctl/domain/rate.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "virt/engine.h"
#include "xml/document.h"
#include "xml/path.h"

static int write_pci_source(const char *source, struct xml_element *interface, struct error *err)
{
	struct device_address address;

	if (device_address_parse_pci(source, &address, err) < 0)
		return error_wrap(err, "the source of a hostdev interface is such as 0000:00:03.0");
	device_address_write(&address, false, path_create(interface, "source"));
	return 0;
}

static int write_socket_source(struct call *call, const char *source, struct xml_element *interface,
			       struct error *err)
{
	const char *mode = argument_text(call, "source-mode");

	if (!mode)
		return error_set(err, STATUS_USAGE, "a vhostuser interface needs --source-mode");
	path_set(interface, "source/@type", "unix");
	path_set(interface, "source/@path", source);
	path_set(interface, "source/@mode", mode);
	return 0;
}

static int write_source(struct call *call, struct xml_element *interface, struct error *err)
{
	const char *type = argument_text(call, "type"), *source = argument_text(call, "source");
	const char *mode = argument_text(call, "source-mode");

	if (mode && !text_equal(mode, "server") && !text_equal(mode, "client"))
		return error_set(err, STATUS_USAGE, "--source-mode is server or client, not '%s'",
				 mode);
	if (text_equal(type, "network"))
		path_set(interface, "source/@network", source);
	else if (text_equal(type, "bridge"))
		path_set(interface, "source/@bridge", source);
	else if (text_equal(type, "direct"))
		path_set(interface, "source/@dev", source);
	else if (text_equal(type, "hostdev"))
		return write_pci_source(source, interface, err);
	else if (text_equal(type, "vhostuser"))
		return write_socket_source(call, source, interface, err);
	else
		return error_set(err, STATUS_USAGE,
				 "an interface is of type network, bridge, direct, hostdev or "
				 "vhostuser, not '%s'",
				 type);
	return 0;
}

static void write_number(struct xml_element *element, const char *path, unsigned number)
{
	auto_free char *text = text_format("%u", number);

	if (number)
		path_set(element, path, text);
}

// OPTION is "inbound" or "outbound".
static int write_rate(struct call *call, const char *option, struct xml_element *interface,
		      struct error *err)
{
	const char *typed = argument_text(call, option);
	struct xml_element *element;
	struct rate rate;

	if (!typed)
		return 0;
	if (rate_parse(typed, option, &rate, err) < 0)
		return -1;
	if (!rate.average && !rate.floor)
		return error_set(err, STATUS_USAGE, "--%s needs an average%s", option,
				 text_equal(option, "inbound") ? " or a floor" : "");
	element = xml_append(path_create(interface, "bandwidth"), option);
	write_number(element, "@average", rate.average);
	write_number(element, "@peak", rate.peak);
	write_number(element, "@burst", rate.burst);
	write_number(element, "@floor", rate.floor);
	return 0;
}

static int write_interface(struct call *call, struct xml_element *interface, struct error *err)
{
	static const struct {
		const char *option, *path;
	} places[] = {
		{"target", "target/@dev"}, {"mac", "mac/@address"},  {"script", "script/@path"},
		{"model", "model/@type"},  {"alias", "alias/@name"},
	};

	path_set(interface, "@type", argument_text(call, "type"));
	if (argument_flag(call, "managed"))
		path_set(interface, "@managed", "yes");
	if (write_source(call, interface, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (argument_given(call, places[i].option))
			path_set(interface, places[i].path, argument_text(call, places[i].option));
	if (write_rate(call, "inbound", interface, err) < 0)
		return -1;
	return write_rate(call, "outbound", interface, err);
}

static int attach_interface(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = xml_new("interface");

	if (write_interface(call, xml_root(xml), err) < 0)
		return -1;
	return device_attach(call, xml_root(xml), err);
}

static const struct option interface_options[] = {
	DOMAIN(0, "guest that gets the interface"),
	NEEDED("type", NULL, "network, bridge, direct, hostdev or vhostuser"),
	NEEDED("source", NULL, "the network, bridge, device, PCI address or socket"),
	TEXT("target", NULL, "name of the interface on the host"),
	TEXT("mac", NULL, "MAC address"),
	TEXT("script", NULL, "script of the host that connects it"),
	TEXT("model", NULL, "model that the guest sees, such as virtio"),
	TEXT("alias", NULL, "alias of the device, which begins with ua-"),
	TEXT("inbound", NULL, "what it may receive: AVERAGE,PEAK,BURST,FLOOR in KiB/s and KiB"),
	TEXT("outbound", NULL, "what it may send: AVERAGE,PEAK,BURST"),
	DEVICE_OPTIONS,
	PRINT_XML,
	FLAG("managed", 0, "libvirt takes the device from the host and gives it back"),
	CHOICE("source-mode", socket_modes, "of a vhostuser socket: server or client"),
	END,
};

const struct command attach_interface_command = {
	.name = "attach-interface",
	.target = DOMAINS_OR_SHOWN(BY_ANY),
	.options = interface_options,
	.rules = device_rules,
	.results = device_results,
	.run = attach_interface,
	ACTION(.failed = "Failed to attach interface", .done = "Interface attached successfully"),
	.summary = "attach a network interface to a guest",
};
