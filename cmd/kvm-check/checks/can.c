// SPDX-License-Identifier: GPL-3.0-or-later
// What one guest needs of this host: its accelerator, emulator, CPU, memory.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/kvm-check/can.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/checks/can_devices.h"
#include "cmd/kvm-check/package.h"
#include "host/cpu_model.h"

static const char *get(const struct examination *x, const char *path)
{
	return flat_get(&x->guest->xml, path);
}

// How KVM is to be had, from what the host's own checks found.
static void hand_on_fix(const struct examination *x, struct fix *fix)
{
	const struct examination *host = x->guest->host;
	size_t root = host->decision.root;

	fix->text = root < host->count && host->findings[root].command_count
			    ? "or give the guest the type qemu, which is slower (vmctl edit)"
			    : "give the guest the type qemu, which is slower (vmctl edit)";
	for (size_t i = 0; root < host->count && i < host->findings[root].command_count; i++)
		fix_words(fix, (const char *const *)host->findings[root].commands[i].items);
}

static void accelerator(struct examination *x)
{
	const char *type = get(x, "/domain@type");
	const struct decision *decision = &x->guest->host->decision;
	struct fix fix = {0};

	hand_on_fix(x, &fix);
	if (text_equal(type, "qemu"))
		check_pass(x, "TCG (type qemu): no KVM is needed");
	else if (!text_equal(type, "kvm"))
		check_fail(x, NULL, "type %s is not for QEMU", type ? type : "none");
	else if (decision->accelerator == ACCELERATOR_KVM)
		check_pass(x, "KVM: %s", decision->reason);
	else if (decision->accelerator == ACCELERATOR_TCG)
		check_fail(x, &fix, "type kvm, but %s", decision->reason);
	else
		check_warn(x, &fix, "type kvm, and it is unknown whether it works: %s",
			   decision->reason);
}

static void emulator(struct examination *x)
{
	struct guest *guest = (struct guest *)x->guest;
	const char *named = get(x, "/domain/devices/emulator");
	const char *architecture = get(x, "/domain/os/type@arch");
	auto_free char *wanted =
		text_format("qemu-system-%s", architecture ? architecture : x->host->architecture);

	if (named && *named)
		guest->emulator = root_exists(&x->host->root, named) ? text_copy(named) : NULL;
	else if (!architecture || host_is(x->host, architecture))
		guest->emulator = qemu_find(x->host);
	else
		guest->emulator = qemu_find_tool(x->host, wanted);
	if (guest->emulator) {
		qemu_ask(&guest->qemu, x->host, guest->emulator);
		check_pass(x, "%s%s%s", guest->emulator, guest->qemu.version ? ", " : "",
			   guest->qemu.version ? guest->qemu.version : "");
	} else if (host_is_fragment(x->host)) {
		check_silent(x);
	} else {
		check_fail(x,
			   FIX("install QEMU, or change <emulator>",
			       .line = package_install(x, PACKAGE_QEMU)),
			   "%s is not here", named && *named ? named : wanted);
	}
}

// Guests of 32 bits run on their 64-bit kin.
static bool runs_natively(const struct examination *x, const char *architecture)
{
	return !architecture || host_is(x->host, architecture) ||
	       (text_equal(architecture, "i686") && host_is(x->host, "x86_64")) ||
	       (text_equal(architecture, "armv7l") && host_is(x->host, "aarch64")) ||
	       (text_equal(architecture, "ppc64") && host_is(x->host, "ppc64le"));
}

static void architecture(struct examination *x)
{
	const char *name = get(x, "/domain/os/type@arch");

	if (!name)
		return;
	if (!x->guest->kvm || runs_natively(x, name))
		check_pass(x, "%s", name);
	else
		check_fail(x, FIX("give the guest the type qemu"),
			   "%s: KVM here runs only guests of %s", name, x->host->architecture);
}

static bool has_word(const char *words, const char *word)
{
	auto_list struct list list = list_split(words ? words : "", " ");

	return list_has(&list, word);
}

static void machine(struct examination *x)
{
	const char *name = get(x, "/domain/os/type@machine");
	const struct qemu *qemu = &x->guest->qemu;

	if (!name)
		return;
	if (has_word(qemu->types ? qemu->types : qemu->machines, name))
		check_pass(x, "%s", name);
	else if (!qemu->types)
		check_note(x, "%s: not known whether QEMU has it", name);
	else
		check_fail(x,
			   FIX(check_text(
				   x, "install a newer QEMU, or change it to one that is here (%s)",
				   qemu->machines ? qemu->machines : "qemu -machine help")),
			   "%s: QEMU %s has no such machine type", name,
			   qemu->version ? qemu->version : "here");
}

static void named_model(struct examination *x, const char *name)
{
	auto_free char *known = x->host->root.live && x->guest->emulator
					? qemu_ask_models(x->guest->emulator)
					: NULL;
	const struct cpu_model *model = cpu_model_find(name);
	auto_list struct list missing = {0};
	auto_free char *shown = NULL;
	const struct fix *fix = FIX("take a model that this CPU has (kvm-check compare names the "
				    "best), or mode host-model");

	if (model && host_is_x86(x->host) && x->guest->kvm)
		missing = cpu_model_missing(model, x->host->cpu.flags);
	shown = list_join(&missing, " ");
	if (known && !has_word(known, name))
		check_fail(x, fix, "%s: this QEMU knows no such model", name);
	else if (missing.count)
		check_fail(x, fix, "%s: this CPU lacks %s", name, shown);
	else if (!x->guest->kvm || model)
		check_pass(x, "%s", name);
	else
		check_note(x, "%s: not known here what it needs", name);
}

// The features that the guest insists on, in the kernel's words.
static void required(struct examination *x)
{
	size_t count = flat_count(&x->guest->xml, "/domain/cpu/feature");
	auto_list struct list missing = {0};
	auto_free char *shown = NULL;

	for (size_t i = 1; i <= count; i++) {
		auto_free char *policy = text_format("/domain/cpu/feature[%zu]@policy", i);
		auto_free char *path = text_format("/domain/cpu/feature[%zu]@name", i);
		auto_free char *flag = text_copy(get(x, path));

		if (!flag || !text_equal(get(x, policy), "require"))
			continue;
		for (char *c = flag; *c; c++)
			*c = *c == '.' || *c == '-' ? '_' : *c;
		if (!cpu_has(&x->host->cpu, flag))
			list_add(&missing, get(x, path));
	}
	shown = list_join(&missing, " ");
	check_about(x, "CPU features");
	if (missing.count)
		check_warn(x, FIX("vmctl hypervisor-cpu-compare tells for sure"),
			   "it requires %s, which this CPU does not show by that name", shown);
}

static void cpu(struct examination *x)
{
	const char *mode = get(x, "/domain/cpu@mode"), *model = get(x, "/domain/cpu/model");

	if (text_equal(mode, "host-passthrough") && !x->guest->kvm) {
		check_fail(x, FIX("mode maximum, or a model"), "host-passthrough needs KVM");
	} else if (mode && !text_equal(mode, "custom")) {
		check_pass(x, "%s", mode);
	} else if (model && *model) {
		named_model(x, model);
	} else {
		check_pass(x, "QEMU's default");
	}
	if (x->guest->kvm && host_is_x86(x->host))
		required(x);
}

static void vcpus(struct examination *x)
{
	const char *text = get(x, "/domain/vcpu");
	long wanted = text ? strtol(text, NULL, 10) : 1;
	long here = host_cpus(x->host);

	if (!here)
		return;
	if (wanted > here)
		check_warn(x, FIX("give it at most as many as there are"),
			   "%ld, on a host of %ld CPUs: they wait for each other", wanted, here);
	else
		check_pass(x, "%ld of %ld", wanted, here);
}

// Bytes of <memory unit='...'>, KiB where there is none.
static unsigned long long memory_of(const struct examination *x)
{
	static const struct {
		const char *name;
		unsigned long long size;
	} units[] = {{"b", 1},           {"bytes", 1},        {"KB", 1000},
		     {"MB", 1000000},    {"GB", 1000000000},  {"MiB", 1ULL << 20},
		     {"M", 1ULL << 20},  {"GiB", 1ULL << 30}, {"G", 1ULL << 30},
		     {"TiB", 1ULL << 40}};
	const char *text = get(x, "/domain/memory"), *unit = get(x, "/domain/memory@unit");
	unsigned long long size = 1024;

	for (size_t i = 0; unit && i < sizeof(units) / sizeof(*units); i++)
		if (text_equal(unit, units[i].name))
			size = units[i].size;
	return text ? strtoull(text, NULL, 10) * size : 0;
}

static void memory(struct examination *x)
{
	unsigned long long wanted = memory_of(x), left = host_memory(x->host, "MemAvailable:");
	const char *unit, *other;
	double shown = size_scale(wanted, &unit), here = size_scale(left, &other);

	if (!wanted || !left || get(x, "/domain/memoryBacking/hugepages"))
		return;
	if (wanted > left)
		check_warn(x, FIX("give it less, or end something"),
			   "%.1f %s, of which %.1f %s are free: the kernel may end it", shown, unit,
			   here, other);
	else
		check_pass(x, "%.1f %s of %.1f %s that are free", shown, unit, here, other);
}

static void huge_pages(struct examination *x)
{
	const char *named = get(x, "/domain/memoryBacking/hugepages/page@size");
	const char *unit = get(x, "/domain/memoryBacking/hugepages/page@unit");
	unsigned long long size = named ? strtoull(named, NULL, 10) : 2048; // KiB
	auto_free char *path = NULL;
	long long unused, wanted;
	const struct fix *fix = NULL;

	if (!get(x, "/domain/memoryBacking/hugepages"))
		return;
	if (text_equal(unit, "M") || text_equal(unit, "MiB"))
		size *= 1024;
	if (text_equal(unit, "G") || text_equal(unit, "GiB"))
		size *= 1024ULL * 1024;
	path = text_format("/sys/kernel/mm/hugepages/hugepages-%llukB/free_hugepages", size);
	unused = root_number(&x->host->root, path, -1);
	wanted = size ? (long long)((memory_of(x) / 1024 + size - 1) / size) : 0;
	fix = FIX(check_text(x,
			     "reserve more: write their number to "
			     "/sys/kernel/mm/hugepages/hugepages-%llukB/nr_hugepages (it is taken "
			     "from all other programs)",
			     size));
	if (unused >= wanted)
		check_pass(x, "%lld of %lld free ones of %llu KiB", wanted, unused, size);
	else if (unused < 0)
		check_fail(x, fix, "this host has none of %llu KiB", size);
	else
		check_fail(x, fix, "%lld of %llu KiB, of which %lld are free", wanted, size,
			   unused);
}

static const struct check checks[] = {
	CHECK("accelerator", "accelerator", 0, 0, accelerator),
	CHECK("emulator", "emulator", 0, 0, emulator),
	CHECK("architecture", "architecture", 0, 0, architecture),
	CHECK("machine_type", "machine type", 0, 0, machine),
	CHECK("cpu_model", "CPU", 0, 0, cpu),
	CHECK("vcpus", "vCPUs", 0, 0, vcpus),
	CHECK("guest_memory", "memory", 0, 0, memory),
	CHECK("guest_huge_pages", "huge pages", 0, 0, huge_pages),
	CHECK("guest_firmware", "boot", 0, 0, can_firmware),
	CHECK("guest_disks", "disk", 0, 0, can_disks),
	CHECK("guest_interfaces", "network", 0, 0, can_interfaces),
	CHECK("guest_host_devices", "host device", 0, 0, can_host_devices),
	CHECK("guest_helpers", "helper", 0, 0, can_helpers),
	CHECKS_END,
};

const struct check_group can_group = {"can", "What it needs", "what a guest needs", checks};
