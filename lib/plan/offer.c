// SPDX-License-Identifier: GPL-3.0-or-later
#include "plan/offer.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "guest/hypervisor.h"
#include "virt/failure.h"
#include "xml/path.h"

enum { FILE_MOST = 16 * 1024 * 1024 };

struct offer_files offer_files_of(const struct call *call)
{
	return (struct offer_files){argument_text(call, "host-caps"),
				    argument_text(call, "domain-caps"),
				    argument_text(call, "host-uri")};
}

bool offer_is_planned(const struct offer_files *files)
{
	return files->capabilities || files->uri;
}

char *offer_uri(virConnectPtr connection, const struct offer_files *files)
{
	if (files->uri)
		return text_copy(files->uri);
	return files->capabilities ? text_copy("qemu:///system") : virConnectGetURI(connection);
}

static bool is_local(const char *uri)
{
	return text_begins(uri, "qemu:///") || text_begins(uri, "qemu+unix:///") ||
	       text_begins(uri, "test:///") || text_begins(uri, "lxc:///") ||
	       text_begins(uri, "xen:///") || text_begins(uri, "bhyve:///") ||
	       text_begins(uri, "vz:///");
}

bool offer_is_local(virConnectPtr connection, const struct offer_files *files)
{
	auto_free char *uri = virConnectGetURI(connection), *meant = offer_uri(connection, files);

	return is_local(uri) && is_local(meant);
}

// The bridge that the default route goes through: guests plugged into it are on the host's own
// network.
static char *default_bridge(void)
{
	auto_error struct error ignored = {0};
	auto_free char *routes = file_read("/proc/net/route", FILE_MOST, NULL, &ignored);
	auto_list struct list lines = list_split(routes ? routes : "", "\n");

	for (size_t i = 1; i < lines.count; i++) {
		char name[64], target[16];
		auto_free char *bridge = NULL;

		if (sscanf(lines.items[i], "%63s %15s", name, target) != 2 ||
		    !text_equal(target, "00000000"))
			continue;
		bridge = text_format("/sys/class/net/%s/bridge", name);
		return file_is_directory(bridge) ? text_copy(name) : NULL;
	}
	return NULL;
}

// A node of a graphics card that draws without a display, by the name that stays the same.
static char *find_render_node(const char *directory)
{
	DIR *nodes = opendir(directory);
	struct dirent *entry;
	char *found = NULL;

	while (nodes && !found && (entry = readdir(nodes)))
		if (text_ends(entry->d_name, "-render"))
			found = text_format("%s/%s", directory, entry->d_name);
	if (nodes)
		closedir(nodes);
	return found;
}

// The same from the node devices that libvirt knows of the host.
static char *listed_render_node(virConnectPtr connection)
{
	virNodeDevicePtr *all = NULL;
	int count = virConnectListAllNodeDevices(connection, &all,
						 VIR_CONNECT_LIST_NODE_DEVICES_CAP_DRM);
	char *found = NULL;

	for (int i = 0; i < count; i++) {
		auto_free char *text = found ? NULL : virNodeDeviceGetXMLDesc(all[i], 0);
		char *start = text ? strstr(text, "type='link'>/dev/dri/by-path/") : NULL;

		if (start && strstr(start, "-render<")) {
			start = strchr(start, '>') + 1;
			found = text_copy_bytes(start, strcspn(start, "<"));
		}
		virNodeDeviceFree(all[i]);
	}
	free(all);
	return found;
}

static void look_around(virConnectPtr connection, const struct offer_files *files,
			struct hypervisor *host)
{
	if (offer_is_planned(files)) {
		host->render_node = listed_render_node(connection);
		return;
	}
	if (!offer_is_local(connection, files) || text_equal(host->scheme, "test"))
		return;
	host->bridge = default_bridge();
	host->render_node = find_render_node("/dev/dri/by-path");
}

struct hypervisor *offer_ask(virConnectPtr connection, const struct offer_files *files,
			     struct error *err)
{
	const char *path = files->capabilities;
	auto_free char *uri = offer_uri(connection, files);
	auto_free char *capabilities = path ? file_read(path, FILE_MOST, NULL, err)
					    : virConnectGetCapabilities(connection);
	struct hypervisor *host;

	if (!capabilities) {
		if (!path)
			virt_failure(err, "cannot ask what the host offers");
		return NULL;
	}
	host = hypervisor_new(uri, capabilities, err);
	if (host)
		look_around(connection, files, host);
	return host;
}

// A file describes the host for any guest; its architecture is then the one that was asked for.
static char *with_architecture(char *text, const char *arch)
{
	char *start = strstr(text, "<arch>"), *end = start ? strstr(start, "</arch>") : NULL;
	char *changed;

	if (!end)
		return text;
	changed = text_format("%.*s<arch>%s%s", (int)(start - text), text, arch, end);
	free(text);
	return changed;
}

int offer_ask_domain(virConnectPtr connection, const struct offer_files *files,
		     struct hypervisor *host, const struct xml_element *domain, struct error *err)
{
	auto_free char *emulator = path_get(domain, "devices/emulator");
	auto_free char *arch = path_get(domain, "os/type/@arch");
	auto_free char *machine = path_get(domain, "os/type/@machine");
	auto_free char *type = path_get(domain, "@type"), *text = NULL;

	if (files->capabilities) {
		text = files->domain ? file_read(files->domain, FILE_MOST, NULL, err) : NULL;
		if (files->domain && !text)
			return -1;
		if (text)
			text = with_architecture(text, arch);
	} else {
		text = virConnectGetDomainCapabilities(connection, emulator, arch, machine, type,
						       0);
	}
	return text ? hypervisor_set_domain(host, text, err) : 0;
}

static char *look_up_device(void *data, const char *name, struct error *err)
{
	virConnectPtr connection = data;
	virNodeDevicePtr device = virNodeDeviceLookupByName(connection, name);
	char *text = device ? virNodeDeviceGetXMLDesc(device, 0) : NULL;

	if (!text) {
		virt_failure(err, "there is no device '%s' on the host", name);
		error_hint(err, "$vmctl nodedev-list names them; an address is BUS:SLOT.FUNCTION, "
				"BUS.DEVICE or VENDOR:PRODUCT");
	}
	if (device)
		virNodeDeviceFree(device);
	return text;
}

static void look_up_usb(void *data, struct list *found)
{
	virConnectPtr connection = data;
	virNodeDevicePtr *all = NULL;
	int count = virConnectListAllNodeDevices(connection, &all,
						 VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_DEV);

	for (int i = 0; i < count; i++) {
		char *text = virNodeDeviceGetXMLDesc(all[i], 0);

		if (text)
			list_add_owned(found, text);
		virNodeDeviceFree(all[i]);
	}
	free(all);
}

struct guest_look_up offer_look_up(virConnectPtr connection)
{
	return (struct guest_look_up){connection, look_up_device, look_up_usb};
}
