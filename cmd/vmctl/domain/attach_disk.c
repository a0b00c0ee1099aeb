// SPDX-License-Identifier: GPL-3.0-or-later
// A disk for a guest, from options.
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/domain/device_address.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "virt/engine.h"
#include "xml/document.h"
#include "xml/path.h"

enum { WWN_DIGITS = 16 };

// The options that are one value each, in the order in which virsh writes them.
struct place {
	const char *option, *path;
};

static const struct place before_source[] = {
	{"driver", "driver/@name"}, {"subdriver", "driver/@type"}, {"iothread", "driver/@iothread"},
	{"cache", "driver/@cache"}, {"io", "driver/@io"},          {NULL, NULL},
};
static const struct place target[] = {
	{"target", "target/@dev"}, {"targetbus", "target/@bus"}, {NULL, NULL}};
static const struct place after_mode[] = {
	{"serial", "serial"}, {"alias", "alias/@name"}, {"wwn", "wwn"}, {NULL, NULL}};

static void write_places(struct call *call, const struct place *places, struct xml_element *disk)
{
	for (const struct place *p = places; p->option; p++)
		if (argument_given(call, p->option))
			path_set(disk, p->path, argument_text(call, p->option));
}

// "file", "block" or "network"; NULL with the error set.
static const char *source_type(struct call *call, struct error *err)
{
	const char *type = argument_text(call, "sourcetype"), *driver;
	bool network = argument_given(call, "source-protocol");
	struct stat status;

	if (type && !text_equal(type, "file") && !text_equal(type, "block") &&
	    !text_equal(type, "network")) {
		error_set(err, STATUS_USAGE, "Unknown source type: '%s'", type);
		return NULL;
	}
	if (type && network != text_equal(type, "network")) {
		error_set(err, STATUS_USAGE,
			  "--source-protocol and --sourcetype network need each other");
		return NULL;
	}
	if (type || network)
		return type ? type : "network";
	driver = argument_text(call, "driver");
	if (text_equal(driver, "file") || text_equal(driver, "tap"))
		return "file";
	return stat(argument_text(call, "source"), &status) == 0 && S_ISBLK(status.st_mode)
		       ? "block"
		       : "file";
}

// HOST is "name", "name:port", or an IPv6 address, in brackets where a port follows.
static void write_host_name(const char *host, struct xml_element *element)
{
	bool brackets = *host == '[' && strchr(host, ']');
	const char *begin = host + brackets;
	const char *end = brackets ? strchr(host, ']') : NULL, *port;
	auto_free char *name = NULL;

	if (!end)
		end = strchr(host, ':');
	if (!end || (!brackets && strchr(end + 1, ':')))
		end = begin + strlen(begin);
	port = strchr(end, ':');
	name = text_copy_bytes(begin, (size_t)(end - begin));
	path_set(element, "@name", name);
	if (port)
		path_set(element, "@port", port + 1);
}

static void write_source(struct call *call, const char *type, struct xml_element *disk)
{
	const char *source = argument_text(call, "source");
	const char *transport = argument_text(call, "source-host-transport");
	const char *host = argument_text(call, "source-host-name");
	const char *socket = argument_text(call, "source-host-socket");
	struct xml_element *element;

	if (!text_equal(type, "network")) {
		path_set(disk, text_equal(type, "file") ? "source/@file" : "source/@dev", source);
		return;
	}
	path_set(disk, "source/@protocol", argument_text(call, "source-protocol"));
	path_set(disk, "source/@name", source);
	if (!transport && !host && !socket)
		return;
	element = path_create(disk, "source/host");
	if (transport)
		path_set(element, "@transport", transport);
	if (host)
		write_host_name(host, element);
	if (socket)
		path_set(element, "@socket", socket);
}

static int check_wwn(const char *wwn, struct error *err)
{
	const char *digits = wwn && text_begins(wwn, "0x") ? wwn + 2 : wwn;

	if (!wwn || (strlen(digits) == WWN_DIGITS &&
		     strspn(digits, "0123456789abcdefABCDEF") == WWN_DIGITS))
		return 0;
	return error_set(err, STATUS_USAGE, "invalid WWN '%s': it has %d hexadecimal digits", wwn,
			 WWN_DIGITS);
}

// The address must fit the bus that the name of the target tells.
static int write_address(struct call *call, struct xml_element *disk, struct error *err)
{
	static const struct {
		const char *target;
		unsigned buses;
		const char *wanted;
	} rows[] = {
		{"vd", ADDRESS_PCI | ADDRESS_CCW, "pci:0000.00.00.00 or ccw:00.0.0000"},
		{"sd", ADDRESS_SCSI | ADDRESS_USB | ADDRESS_SATA,
		 "scsi:00.00.00 or usb:00.00 or sata:00.00.00"},
		{"hd", ADDRESS_IDE, "ide:00.00.00"},
	};
	const char *typed = argument_text(call, "address"), *name = argument_text(call, "target");
	struct device_address address;

	if (!typed)
		return 0;
	if (device_address_parse(typed, &address, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (text_begins(name, rows[i].target) && !(rows[i].buses & address.bus))
			return error_set(err, STATUS_USAGE,
					 "the address of '%s' is such as %s, not '%s'", name,
					 rows[i].wanted, typed);
	device_address_write(&address, argument_flag(call, "multifunction"), disk);
	return 0;
}

// The groups whose limits apply to it.
static void write_throttle_groups(struct call *call, struct xml_element *disk)
{
	const char *typed = argument_text(call, "throttle-groups");
	auto_list struct list groups = list_split(typed ? typed : "", ",");

	for (size_t i = 0; i < groups.count; i++)
		path_set(xml_append(path_create(disk, "throttlefilters"), "throttlefilter"),
			 "@group", groups.items[i]);
}

static int write_disk(struct call *call, struct xml_element *disk, struct error *err)
{
	const char *mode = argument_text(call, "mode"), *type = source_type(call, err);

	if (!type || check_wwn(argument_text(call, "wwn"), err) < 0)
		return -1;
	if (mode && !text_equal(mode, "readonly") && !text_equal(mode, "shareable"))
		return error_set(err, STATUS_USAGE, "--mode is readonly or shareable, not '%s'",
				 mode);
	path_set(disk, "@type", type);
	if (argument_given(call, "type"))
		path_set(disk, "@device", argument_text(call, "type"));
	if (argument_flag(call, "rawio"))
		path_set(disk, "@rawio", "yes");
	write_places(call, before_source, disk);
	write_source(call, type, disk);
	write_places(call, target, disk);
	write_throttle_groups(call, disk);
	if (mode)
		path_create(disk, mode);
	write_places(call, after_mode, disk);
	return write_address(call, disk, err);
}

static int attach_disk(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = xml_new("disk");

	if (write_disk(call, xml_root(xml), err) < 0)
		return -1;
	return device_attach(call, xml_root(xml), err);
}

static const struct option disk_options[] = {
	DOMAIN(0, "guest that gets the disk"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL | EMPTY_OK,
	 .name = "source",
	 .help = "file, device of the host, or name on the network; empty: a drive without media"},
	NEEDED("target", NULL, "name of the disk in the guest's definition, such as vdb"),
	TEXT("targetbus", NULL, "bus that it is on, such as virtio"),
	TEXT("driver", NULL, "driver of the host, such as qemu"),
	TEXT("subdriver", NULL, "format of its data, such as qcow2"),
	TEXT("iothread", NULL, "IOThread that serves it"),
	TEXT("cache", NULL, "how the host caches it, such as none"),
	TEXT("io", NULL, "how the host reads and writes it, such as native"),
	TEXT("type", NULL, "kind of drive, such as cdrom"),
	TEXT("mode", NULL, "readonly, or shareable with other guests"),
	ALIAS("shareable", "mode=shareable"),
	TEXT("sourcetype", NULL, "file, block or network"),
	TEXT("serial", NULL, "serial number that the guest sees"),
	TEXT("wwn", NULL, "world wide name that the guest sees"),
	TEXT("alias", NULL, "alias of the device, which begins with ua-"),
	FLAG("rawio", 0, "the guest may send raw SCSI commands"),
	TEXT("address", NULL, "where it is plugged in, such as pci:0000.00.05.0"),
	FLAG("multifunction", 0, "more functions may be at that PCI address"),
	PRINT_XML,
	TEXT("source-protocol", NULL, "protocol of a source on the network, such as nbd"),
	TEXT("source-host-name", NULL, "host of that source: NAME or NAME:PORT"),
	TEXT("source-host-transport", NULL, "how that host is reached: tcp, rdma or unix"),
	TEXT("source-host-socket", NULL, "socket of the host's that reaches that source"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "throttle-groups",
	 .value = "groups",
	 .since = 11002000,
	 .help = "groups whose limits apply to it, separated by commas"},
	DEVICE_OPTIONS,
	END,
};

static const struct rule disk_rules[] = {
	DEVICE_RULES,
	REQUIRES("source-host-name", "source-protocol"),
	REQUIRES("source-host-transport", "source-protocol"),
	REQUIRES("source-host-socket", "source-protocol"),
	REQUIRES("source-host-socket", "source-host-transport"),
	EXCLUSIVE("source-host-name", "source-host-socket"),
	RULES_END,
};

const struct command attach_disk_command = {
	.name = "attach-disk",
	.target = DOMAINS_OR_SHOWN(BY_ANY),
	.options = disk_options,
	.rules = disk_rules,
	.results = device_results,
	.run = attach_disk,
	ACTION(.failed = "Failed to attach disk", .done = "Disk attached successfully"),
	.summary = "attach a disk to a guest",
};
