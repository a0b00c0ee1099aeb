// SPDX-License-Identifier: GPL-3.0-or-later
// The host of the guest: what it offers, and whether its KVM is worth the name.
#include <dirent.h>
#include <libvirt/libvirt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/plan.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "kvm/kvm_memory.h"
#include "kvm/kvm_verdict.h"
#include "virt/cleanup.h"
#include "virt/connection.h"
#include "virt/failure.h"
#include "xml/path.h"

enum { FILE_MOST = 16 * 1024 * 1024 };

// Whether guests on this host should have KVM is decided by running one for a moment; what another
// host offers is believed.
static void judge_accelerator(struct installation *installation)
{
	auto_kvm_verdict struct kvm_verdict verdict = {0};
	struct host *host = installation->host;

	if (installation->planned || !installation->local || !text_equal(host->scheme, "qemu"))
		return;
	// What is only shown may rest on what an earlier run found out.
	if (argument_given(installation->call, "print-xml") ||
	    argument_flag(installation->call, "explain"))
		kvm_verdict_recall(&verdict);
	else
		kvm_verdict_get(&verdict);
	// A user who may not open the device says nothing about libvirt, which may.
	if (verdict.usable || verdict.kind == KVM_VERDICT_DENIED)
		return;
	host->kvm_refused = take(&verdict.reason);
}

// A URI whose paths are those of this machine.
static bool is_local(const char *uri)
{
	return text_begins(uri, "qemu:///") || text_begins(uri, "qemu+unix:///") ||
	       text_begins(uri, "test:///") || text_begins(uri, "lxc:///") ||
	       text_begins(uri, "xen:///") || text_begins(uri, "bhyve:///");
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

static void look_around(struct installation *installation)
{
	struct host *host = installation->host;

	if (installation->planned) {
		host->render_node = listed_render_node(installation->connection);
		return;
	}
	if (!installation->local || text_equal(host->scheme, "test"))
		return;
	host->bridge = default_bridge();
	host->render_node = find_render_node("/dev/dri/by-path");
}

int plan_host(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	struct connection_options options = {.uri = argument_text(call, "connect")};
	const char *path = argument_text(call, "host-caps");
	const char *other = argument_text(call, "host-uri");
	auto_free char *uri = NULL, *capabilities = NULL;

	installation->connection = connection_open(&options, err);
	if (!installation->connection)
		return -1;
	uri = virConnectGetURI(installation->connection);
	installation->planned = path || other;
	installation->local = is_local(uri) && (!other || is_local(other));
	capabilities = path ? file_read(path, FILE_MOST, NULL, err)
			    : virConnectGetCapabilities(installation->connection);
	if (!capabilities)
		return path ? -1 : virt_failure(err, "cannot ask what the host offers");
	if (!other)
		other = path ? "qemu:///system" : uri;
	installation->host = host_new(other, capabilities, err);
	if (!installation->host)
		return -1;
	judge_accelerator(installation);
	look_around(installation);
	return 0;
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

int plan_domain_capabilities(struct installation *installation, struct error *err)
{
	const char *path = argument_text(installation->call, "domain-caps");
	struct xml_element *domain = installation->guest->domain;
	auto_free char *emulator = path_get(domain, "devices/emulator");
	auto_free char *arch = path_get(domain, "os/type/@arch");
	auto_free char *machine = path_get(domain, "os/type/@machine");
	auto_free char *type = path_get(domain, "@type"), *text = NULL;

	if (argument_given(installation->call, "host-caps")) {
		text = path ? file_read(path, FILE_MOST, NULL, err) : NULL;
		if (path && !text)
			return -1;
		if (text)
			text = with_architecture(text, arch);
	} else {
		text = virConnectGetDomainCapabilities(installation->connection, emulator, arch,
						       machine, type, 0);
	}
	return text ? host_set_domain(installation->host, text, err) : 0;
}

static char *look_up_device(void *data, const char *name, struct error *err)
{
	struct installation *installation = data;
	virNodeDevicePtr device = virNodeDeviceLookupByName(installation->connection, name);
	char *text = device ? virNodeDeviceGetXMLDesc(device, 0) : NULL;

	if (!text) {
		virt_failure(err, "there is no device '%s' on the host", name);
		error_hint(err, "vmctl nodedev-list names them; an address is BUS:SLOT.FUNCTION, "
				"BUS.DEVICE or VENDOR:PRODUCT");
	}
	if (device)
		virNodeDeviceFree(device);
	return text;
}

static void look_up_usb(void *data, struct list *found)
{
	struct installation *installation = data;
	virNodeDevicePtr *all = NULL;
	int count = virConnectListAllNodeDevices(installation->connection, &all,
						 VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_DEV);

	for (int i = 0; i < count; i++) {
		char *text = virNodeDeviceGetXMLDesc(all[i], 0);

		if (text)
			list_add_owned(found, text);
		virNodeDeviceFree(all[i]);
	}
	free(all);
}

void plan_look_up(struct installation *installation)
{
	installation->guest->look_up =
		(struct guest_look_up){installation, look_up_device, look_up_usb};
}
