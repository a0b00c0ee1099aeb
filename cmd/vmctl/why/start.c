// SPDX-License-Identifier: GPL-3.0-or-later
// What a start needs of the hypervisor: its program, machine, accelerator, CPU, memory.
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/vmctl/why/why.h"
#include "host/account.h"
#include "host/reach.h"
#include "kvm/kvm_verdict.h"
#include "virt/cpus.h"
#include "virt/failure.h"
#include "xml/document.h"
#include "xml/path.h"

static void emulator(struct why *why)
{
	auto_free char *path = path_get(why->devices, "emulator");

	if (!path || root_exists(&why->host.root, path))
		return;
	why_say(why, WHY_CAUSE, "its emulator %s is not here", path);
	why_seen(why, "<emulator> of its definition, and the file system");
	why_edit(why, "change <emulator> to one that is here, or install QEMU");
}

// The machine types that libvirt knows for ARCHITECTURE, those of its emulator first.
static bool knows_machine(const struct xml *capabilities, const char *architecture,
			  const char *machine, struct list *known)
{
	for (struct xml_element *g = xml_child(xml_root(capabilities), "guest"); g;
	     g = xml_next(g, "guest")) {
		auto_free char *name = path_get(g, "arch/@name");

		if (architecture && !text_equal(name, architecture))
			continue;
		for (struct xml_element *m = xml_child(xml_child(g, "arch"), "machine"); m;
		     m = xml_next(m, "machine")) {
			auto_free char *type = path_get(m, ".");
			auto_free char *canonical = path_get(m, "@canonical");

			if (text_equal(type, machine) || text_equal(canonical, machine))
				return true;
			if (canonical) // "q35", which is the newest of its kind
				list_add(known, type);
		}
	}
	return false;
}

static void machine(struct why *why)
{
	auto_free char *name = path_get(why->root, "os/type/@machine");
	auto_free char *architecture = path_get(why->root, "os/type/@arch");
	auto_free char *text = virConnectGetCapabilities(why->connection);
	auto_error struct error ignored = {0};
	auto_xml struct xml *all = text ? xml_parse(text, "the capabilities", &ignored) : NULL;
	auto_list struct list known = {0};
	auto_free char *names = NULL, *mend = NULL;

	// Where it knows none at all it lacks the emulator, which others tell.
	if (!name || !all || knows_machine(all, architecture, name, &known) || !known.count)
		return;
	names = list_join(&known, ", ");
	mend = text_format("<type machine='...'>: one of those that are here, such as %s", names);
	why_say(why, WHY_CAUSE, "the QEMU of its host has no machine type %s", name);
	why_seen(why, "<type machine> of its definition, and libvirt's capabilities");
	why_edit(why, mend);
}

static void kvm_is_closed(struct why *why, const char *at)
{
	why_say(why, WHY_CAUSE, "it wants KVM, and QEMU's user (%s) cannot open %s", why->user.name,
		at);
	why_seen(why, "owner and mode of %s", at);
	why_mend(why, "chgrp kvm /dev/kvm; chmod 660 /dev/kvm (udev does it for good)");
}

static void kvm(struct why *why)
{
	auto_free char *type = path_get(why->root, "@type"), *at = NULL;
	auto_kvm_verdict struct kvm_verdict verdict = {0};

	if (!text_equal(type, "kvm"))
		return;
	if (why->user.name &&
	    reach_look(&why->user.account,
		       &(struct reach_wish){.path = "/dev/kvm", .opens = true, .writes = true},
		       &at) == REACH_DENIED) {
		kvm_is_closed(why, at);
		return;
	}
	kvm_verdict_get(&verdict);
	if (verdict.usable || verdict.kind == KVM_VERDICT_DENIED)
		return;
	why_say(why, WHY_CAUSE, "it wants KVM: %s", verdict.reason);
	why_seen(why, "/dev/kvm: guest code was run for a moment");
	why_edit(why, "<domain type='qemu'>, which needs no KVM and is slower; kvm-check tells how "
		      "KVM is to be had");
}

static void cpu_model(struct why *why, const struct xml_element *custom, const char *model)
{
	for (struct xml_element *m = xml_child(custom, "model"); m; m = xml_next(m, "model")) {
		auto_free char *name = path_get(m, "."), *usable = path_get(m, "@usable");
		auto_free char *type = path_get(why->root, "@type");

		if (!text_equal(name, model))
			continue;
		if (!text_equal(usable, "no") || !text_equal(type, "kvm"))
			return;
		why_say(why, WHY_CAUSE, "this host's CPU cannot be a %s", model);
		why_seen(why, "libvirt's domain capabilities: usable='no'");
		why_edit(why, "<cpu mode='host-model'/>, or a model that $vmctl domcapabilities "
			      "calls usable");
		return;
	}
	why_say(why, WHY_CAUSE, "its CPU model %s is known to nobody here", model);
	why_seen(why, "<cpu> of its definition, and libvirt's domain capabilities");
	why_edit(why, "a model of $vmctl hypervisor-cpu-models, or <cpu mode='host-model'/>");
}

static void cpu(struct why *why)
{
	auto_free char *mode = path_get(why->root, "cpu/@mode");
	auto_free char *model = path_get(why->root, "cpu/model");
	struct xml_element *modes =
		why->capabilities ? xml_child(xml_root(why->capabilities), "cpu") : NULL;

	// Without either the hypervisor takes what it can.
	if (!mode && !model)
		return;
	for (struct xml_element *m = modes ? xml_child(modes, "mode") : NULL; m;
	     m = xml_next(m, "mode")) {
		auto_free char *name = path_get(m, "@name");
		auto_free char *supported = path_get(m, "@supported");

		if (!text_equal(name, mode ? mode : "custom"))
			continue;
		if (text_equal(supported, "no")) {
			why_say(why, WHY_CAUSE, "the CPU mode %s needs KVM, and it has not that",
				name);
			why_seen(why, "<cpu> of its definition, and libvirt's domain capabilities");
			why_edit(why, "<cpu mode='maximum'/>");
		} else if (text_equal(name, "custom") && model) {
			cpu_model(why, m, model);
		}
	}
}

static void vcpus(struct why *why)
{
	auto_free char *wanted = path_get(why->root, "vcpu");
	auto_free char *most =
		why->capabilities ? path_get(xml_root(why->capabilities), "vcpu/@max") : NULL;

	if (!wanted || !most || strtol(wanted, NULL, 10) <= strtol(most, NULL, 10))
		return;
	why_say(why, WHY_CAUSE, "it wants %s vCPUs, and its machine has at most %s", wanted, most);
	why_seen(why, "<vcpu> of its definition, and libvirt's domain capabilities");
	why_edit(why, "fewer in <vcpu>, or another machine type");
}

static void pin(struct why *why, const struct xml_element *element, int count)
{
	auto_free char *set = path_get(element, "@cpuset");
	auto_error struct error ignored = {0};
	int last = set ? cpus_last(set, &ignored) : -1;

	if (last < count)
		return;
	why_say(why, WHY_CAUSE, "it is pinned to CPU %d, and its host has CPUs 0 to %d only", last,
		count - 1);
	why_seen(why, "cpuset of its definition, and $vmctl nodecpumap");
	why_edit(why, "cpuset: CPUs that are there");
}

static void pinning(struct why *why)
{
	static const char *const pins[] = {"vcpupin", "emulatorpin", "iothreadpin"};
	struct xml_element *tune = xml_child(why->root, "cputune");
	auto_error struct error ignored = {0};
	int count = cpus_count(why->connection, &ignored);

	if (count <= 0)
		return;
	pin(why, xml_child(why->root, "vcpu"), count);
	for (size_t i = 0; tune && i < sizeof(pins) / sizeof(*pins); i++)
		for (struct xml_element *p = xml_child(tune, pins[i]); p; p = xml_next(p, pins[i]))
			pin(why, p, count);
}

struct host_memory {
	virNodeMemoryStats figures[32]; // KiB
	int count;
};

static void ask_memory(struct why *why, struct host_memory *memory)
{
	enum { MOST = sizeof(memory->figures) / sizeof(*memory->figures) };
	int count = 0;

	memory->count = 0;
	if (virNodeGetMemoryStats(why->connection, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, &count,
				  0) == 0 &&
	    count <= MOST &&
	    virNodeGetMemoryStats(why->connection, VIR_NODE_MEMORY_STATS_ALL_CELLS, memory->figures,
				  &count, 0) == 0)
		memory->count = count;
}

static unsigned long long part_of(const struct host_memory *memory, const char *name)
{
	for (int i = 0; i < memory->count; i++)
		if (text_equal(memory->figures[i].field, name))
			return memory->figures[i].value;
	return 0;
}

static void memory(struct why *why)
{
	auto_free char *text = path_get(why->root, "memory"); // KiB, as libvirt writes it
	unsigned long long wanted = text ? strtoull(text, NULL, 10) : 0;
	struct host_memory host;
	unsigned long long all, unused;
	auto_free char *needs = size_text(wanted * 1024), *has = NULL, *left = NULL;

	ask_memory(why, &host);
	all = part_of(&host, VIR_NODE_MEMORY_STATS_TOTAL);
	unused = part_of(&host, VIR_NODE_MEMORY_STATS_FREE) +
		 part_of(&host, VIR_NODE_MEMORY_STATS_CACHED) +
		 part_of(&host, VIR_NODE_MEMORY_STATS_BUFFERS);
	has = size_text(all * 1024);
	left = size_text(unused * 1024);
	if (!all || path_has(why->root, "memoryBacking/hugepages"))
		return;
	if (wanted > all)
		why_say(why, WHY_CAUSE, "it wants %s of memory, its host has %s", needs, has);
	else if (wanted > unused)
		why_say(why, WHY_LIKELY, "it wants %s of memory, %s are free", needs, left);
	else
		return;
	why_seen(why, "<memory> of its definition, and $vmctl nodememstats");
	why_edit(why, "less in <memory>; or end something else");
}

static void huge_pages(struct why *why)
{
	auto_free char *named = path_get(why->root, "memoryBacking/hugepages/page/@size");
	auto_free char *text = path_get(why->root, "memory"), *path = NULL;
	unsigned long long size = named ? strtoull(named, NULL, 10) : 2048; // KiB
	unsigned long long wanted = text && size ? strtoull(text, NULL, 10) / size : 0;
	long long left;

	if (!path_has(why->root, "memoryBacking/hugepages"))
		return;
	path = text_format("/sys/kernel/mm/hugepages/hugepages-%llukB", size);
	auto_free char *unused = text_format("%s/free_hugepages", path);
	left = root_number(&why->host.root, unused, 0);
	if (left >= (long long)wanted)
		return;
	why_say(why, WHY_CAUSE, "it wants %llu huge pages of %llu KiB, %lld are free", wanted, size,
		left);
	why_seen(why, "%s", unused);
	why_mend(why, "echo %llu >%s/nr_hugepages", wanted - (unsigned long long)left, path);
}

// What a definition names besides its disks.
static void boot_files(struct why *why)
{
	static const struct {
		const char *path, *what;
	} files[] = {{"os/loader", "firmware"},
		     {"os/nvram/@template", "template of its UEFI variables"},
		     {"os/kernel", "kernel"},
		     {"os/initrd", "initrd"},
		     {"os/dtb", "device tree"}};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		auto_free char *path = path_get(why->root, files[i].path), *mend = NULL;

		if (!path || *path != '/' || root_exists(&why->host.root, path))
			continue;
		mend = text_format("change <%s>, or bring the file back", files[i].path + 3);
		why_say(why, WHY_CAUSE, "its %s %s does not exist", files[i].what, path);
		why_seen(why, "<os> of its definition, and the file system");
		why_edit(why, mend);
	}
}

// Whatever else libvirt finds wrong with it before it runs QEMU.
static void libvirt(struct why *why)
{
	auto_free char *text =
		virDomainGetXMLDesc(why->domain, VIR_DOMAIN_XML_SECURE | VIR_DOMAIN_XML_INACTIVE);
	auto_free char *line =
		text ? virConnectDomainXMLToNative(why->connection, "qemu-argv", text, 0) : NULL;
	auto_error struct error err = {0};

	if (line || !text || virt_failed_with(VIR_ERR_OPERATION_INVALID) ||
	    virt_failed_with(VIR_ERR_NO_SUPPORT) || virt_failed_with(VIR_ERR_OPERATION_DENIED))
		return;
	virt_failure_plain(&err);
	why_say(why, WHY_CAUSE, "libvirt does not take it: %s", err.message);
	why_seen(why, "$vmctl domxml-to-native qemu-argv -- '%s'", why->name);
	why_edit(why, "change what it names");
}

static void accelerator(struct why *why)
{
	if (!why->refusal)
		return;
	why_say(why, WHY_CAUSE, "the hypervisor cannot run such a guest: %s", why->refusal);
	why_seen(why, "libvirt's domain capabilities for its type, emulator and machine");
	why_edit(why, "another type, emulator, architecture or machine");
}

const struct why_check why_start_checks[] = {
	{"emulator", WHY_START, true, emulator},
	{"machine_type", WHY_START, false, machine},
	{"kvm", WHY_START, true, kvm},
	{"cpu", WHY_START, false, cpu},
	{"vcpus", WHY_START, false, vcpus},
	{"pinning", WHY_START, false, pinning},
	{"memory", WHY_START, false, memory},
	{"huge_pages", WHY_START, true, huge_pages},
	{"boot_files", WHY_START, true, boot_files},
	{"hypervisor", WHY_START, false, accelerator},
	{NULL, 0, false, NULL},
};

const struct why_check why_last_checks[] = {
	{"libvirt", WHY_START, false, libvirt},
	{NULL, 0, false, NULL},
};
