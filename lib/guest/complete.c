// SPDX-License-Identifier: GPL-3.0-or-later
// The defaults of the guest as a whole.
#include "guest/complete.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/identity.h"
#include "xml/document.h"
#include "xml/insert.h"
#include "xml/path.h"

enum { CONTAINER_MEMORY = 1024 * 1024 }; // KiB

void complete_default(struct xml_element *element, const char *path, const char *value)
{
	if (!path_has(element, path))
		path_set(element, path, value);
}

struct xml_element *complete_add(struct guest *guest, const char *name)
{
	return guest->exists ? xml_append(guest->devices, name) : xml_insert(guest->devices, name);
}

int complete_count(const struct guest *guest, const char *name)
{
	int count = 0;

	for (struct xml_element *d = xml_child(guest->devices, name); d; d = xml_next(d, name))
		count++;
	return count;
}

static const struct {
	const char *name;
	void (*complete)(struct guest *guest, struct xml_element *device);
} devices[] = {
	{"interface", complete_one_network},  {"graphics", complete_one_graphics},
	{"video", complete_one_video},        {"input", complete_one_input},
	{"sound", complete_one_sound},        {"tpm", complete_one_tpm},
	{"memballoon", complete_one_balloon}, {"watchdog", complete_one_watchdog},
	{"vsock", complete_one_vsock},        {"filesystem", complete_one_filesystem},
	{"seclabel", complete_one_seclabel},
};

static void complete_one(struct guest *guest, struct xml_element *device)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (text_equal(devices[i].name, xml_name(device)))
			devices[i].complete(guest, device);
}

void complete_each(struct guest *guest, const char *name)
{
	for (struct xml_element *d = xml_child(guest->devices, name); d; d = xml_next(d, name))
		complete_one(guest, d);
}

int guest_complete_device(struct guest *guest, struct xml_element *device, struct error *err)
{
	if (text_equal(xml_name(device), "disk"))
		return complete_one_disk(guest, device, err);
	complete_one(guest, device);
	return 0;
}

static void set_metadata(struct guest *guest)
{
	const char *id = os_id(guest->os);

	if (id)
		path_set(guest->domain, "metadata/libosinfo:libosinfo/libosinfo:os/@id", id);
}

// The installer of a tree may need more than the system, since it loads itself into memory.
static void plan_tree_memory(struct guest *guest)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *given = path_get(guest->domain, "currentMemory");
	unsigned long long memory = os_resource(guest->os, arch, OS_NETWORK_MEMORY) / 1024;

	if (!guest->loads_tree || !given || strtoull(given, NULL, 10) >= memory)
		return;
	guest->install_memory = memory;
	list_add_format(&guest->warnings,
			"the guest has %llu MiB of memory while it is installed: '%s' needs them",
			memory / 1024, os_short_id(guest->os));
}

static int set_memory(struct guest *guest, struct error *err)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	unsigned long long memory = os_resource(guest->os, arch, OS_MEMORY) / 1024;
	auto_free char *kibibytes = NULL;

	if (path_has(guest->domain, "memory"))
		return 0;
	if (!memory && complete_is_container(guest))
		memory = CONTAINER_MEMORY;
	if (!memory) {
		error_set(err, STATUS_USAGE,
			  "--memory amount in MiB is required: no default is known for '%s'",
			  os_short_id(guest->os));
		return error_hint(err, "--memory 2048 gives the guest 2 GiB");
	}
	kibibytes = text_format("%llu", memory);
	path_set(guest->domain, "memory", kibibytes);
	path_set(guest->domain, "currentMemory", kibibytes);
	return 0;
}

// Of a topology that is given in part.
static int complete_topology(struct guest *guest, struct error *err)
{
	if (!path_has(guest->domain, "cpu/topology"))
		return 0;
	complete_default(guest->domain, "cpu/topology/@dies", "1");
	return vcpus_complete_topology(guest->domain, err);
}

// Where `current` or `placement` is said of vCPUs, their number still may be the default.
static void set_vcpus(struct guest *guest)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *given = path_get(guest->domain, "vcpu");
	unsigned long long cpus = (unsigned long long)vcpus_of_topology(guest->domain);
	auto_free char *count = NULL;

	if (!cpus && !complete_is_container(guest))
		cpus = os_resource(guest->os, arch, OS_CPUS);
	count = text_format("%llu", cpus ? cpus : 1);
	if (!given || !*given)
		path_set(guest->domain, "vcpu", count);
}

static void set_sleep(struct guest *guest)
{
	if (!complete_is_x86(guest) || !complete_is_hvm(guest))
		return;
	if (!complete_is_qemu(guest) && !complete_is_test(guest))
		return;
	complete_default(guest->domain, "pm/suspend-to-mem/@enabled", "no");
	complete_default(guest->domain, "pm/suspend-to-disk/@enabled", "no");
}

int guest_complete_platform(struct guest *guest, struct error *err)
{
	return complete_firmware(guest, err) < 0 ? -1 : complete_security(guest, err);
}

int guest_complete(struct guest *guest, struct error *err)
{
	auto_free char *uuid = identity_uuid();

	complete_boot_kinds(guest);
	complete_default(guest->domain, "uuid", uuid);
	set_metadata(guest);
	if (set_memory(guest, err) < 0)
		return -1;
	plan_tree_memory(guest);
	if (complete_topology(guest, err) < 0)
		return -1;
	set_vcpus(guest);
	if (complete_disks(guest, err) < 0)
		return -1;
	complete_container(guest);
	complete_networks(guest);
	complete_agent(guest);
	complete_display(guest);
	complete_controllers(guest);
	complete_extras(guest);
	complete_features(guest);
	complete_cpu(guest);
	complete_clock(guest);
	set_sleep(guest);
	guest_set_boot_order(guest);
	return 0;
}
