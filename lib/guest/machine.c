// SPDX-License-Identifier: GPL-3.0-or-later
// Which domain type, machine and emulator a guest gets.
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "xml/document.h"
#include "xml/path.h"

// The text at PATH of the domain is VALUE.
static bool is_at(const struct guest *guest, const char *path, const char *value)
{
	auto_free char *own = path_get(guest->domain, path);

	return text_equal(own, value);
}

static bool begins_at(const struct guest *guest, const char *path, const char *prefix)
{
	auto_free char *own = path_get(guest->domain, path);

	return text_begins(own, prefix);
}

bool complete_is_qemu(const struct guest *guest)
{
	return text_equal(guest->host->scheme, "qemu");
}

bool complete_is_test(const struct guest *guest)
{
	return text_equal(guest->host->scheme, "test");
}

bool complete_is_x86(const struct guest *guest)
{
	return is_at(guest, "os/type/@arch", "x86_64") || is_at(guest, "os/type/@arch", "i686");
}

bool complete_is_arm(const struct guest *guest)
{
	return is_at(guest, "os/type/@arch", "aarch64") ||
	       begins_at(guest, "os/type/@arch", "armv7");
}

bool complete_arch_is(const struct guest *guest, const char *arch)
{
	return begins_at(guest, "os/type/@arch", arch);
}

bool complete_machine_is(const struct guest *guest, const char *machine)
{
	auto_free char *own = path_get(guest->domain, "os/type/@machine");

	if (text_equal(machine, "q35"))
		return own && strstr(own, "q35");
	return text_begins(own, machine);
}

bool complete_is_virt(const struct guest *guest)
{
	if (complete_arch_is(guest, "loongarch"))
		return true;
	return complete_machine_is(guest, "virt") &&
	       (complete_is_arm(guest) || complete_arch_is(guest, "riscv"));
}

bool complete_is_pcie(const struct guest *guest)
{
	return complete_is_virt(guest) ||
	       (complete_is_x86(guest) && complete_machine_is(guest, "q35"));
}

bool complete_is_own_arch(const struct guest *guest)
{
	auto_free char *host = hypervisor_architecture(guest->host);

	return is_at(guest, "os/type/@arch", host);
}

bool complete_is_hvm(const struct guest *guest)
{
	return is_at(guest, "os/type", "hvm");
}

bool complete_is_container(const struct guest *guest)
{
	return is_at(guest, "os/type", "exe");
}

bool complete_type_is(const struct guest *guest, const char *type)
{
	return is_at(guest, "@type", type);
}

// Machines that came after virtio: whatever runs there drives it, but for Windows on ARM.
static bool is_modern(const struct guest *guest)
{
	if (complete_is_arm(guest) && complete_is_virt(guest))
		return !os_is_windows(guest->os);
	return complete_arch_is(guest, "s390x") || complete_machine_is(guest, "pseries") ||
	       complete_arch_is(guest, "riscv") || complete_arch_is(guest, "loongarch64");
}

// A guest that has such a device drives it, whatever its system is.
static bool has_device(const struct guest *guest, enum os_device device)
{
	static const struct {
		enum os_device device;
		const char *name, *path;
	} signs[] = {{OS_VIRTIO_BLOCK, "disk", "target/@bus"},
		     {OS_VIRTIO_NETWORK, "interface", "model/@type"},
		     {OS_VIRTIO_SERIAL, "channel", "target/@type"}};

	for (size_t i = 0; guest->exists && i < sizeof(signs) / sizeof(*signs); i++)
		for (struct xml_element *d = xml_child(guest->devices, signs[i].name);
		     d && signs[i].device == device; d = xml_next(d, signs[i].name)) {
			auto_free char *value = path_get(d, signs[i].path);

			if (text_equal(value, "virtio"))
				return true;
		}
	return false;
}

bool complete_virtio(const struct guest *guest, enum os_device device)
{
	return complete_is_qemu(guest) && complete_is_hvm(guest) &&
	       (is_modern(guest) || os_supports(guest->os, device) || has_device(guest, device));
}

// The machine type for a guest that names none; NULL: the hypervisor's own choice.
static const char *default_machine(const struct guest *guest, const char *arch,
				   const struct list *machines)
{
	static const struct {
		const char *arch, *machine;
	} fixed[] = {
		{"ppc64", "pseries"}, {"ppc64le", "pseries"},       {"aarch64", "virt"},
		{"armv7l", "virt"},   {"s390x", "s390-ccw-virtio"}, {"riscv64", "virt"},
		{"riscv32", "virt"},  {"loongarch64", "virt"},
	};
	// A system that knows only the older, transitional virtio network finds none behind PCIe.
	bool old_virtio = os_supports(guest->os, OS_VIRTIO_NETWORK) &&
			  !os_supports(guest->os, OS_VIRTIO_1_NETWORK);

	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		if (text_equal(fixed[i].arch, arch))
			return fixed[i].machine;
	if (complete_is_qemu(guest) && list_has(machines, "q35") &&
	    os_supports(guest->os, OS_Q35) && !old_virtio)
		return "q35";
	return machines->count ? machines->items[0] : NULL;
}

static int no_offer(const struct hypervisor_wish *wish, const struct hypervisor *host,
		    struct error *err)
{
	auto_free char *arch = wish->arch ? text_copy(wish->arch) : hypervisor_architecture(host);

	if (!hypervisor_runs(host, NULL, wish->arch) && !wish->os_type)
		error_set(err, STATUS_NOT_FOUND,
			  "Host does not support any virtualization options for architecture '%s'",
			  arch);
	else if (wish->os_type && !hypervisor_runs(host, wish->os_type, wish->arch))
		error_set(err, STATUS_NOT_FOUND,
			  "Host does not support virtualization type '%s' for architecture '%s'",
			  wish->os_type, arch);
	else if (wish->type)
		error_set(err, STATUS_NOT_FOUND,
			  "Host does not support domain type '%s' for architecture '%s'",
			  wish->type, arch);
	else
		error_set(err, STATUS_NOT_FOUND,
			  "Host does not support machine type '%s' for "
			  "architecture '%s'",
			  wish->machine ? wish->machine : "", arch);
	if (text_equal(wish->type, "kvm"))
		error_hint(err, "kvm-check tells why; --virt-type qemu runs without KVM");
	return -1;
}

static int set_machine(struct guest *guest, const struct hypervisor_offer *offer,
		       const char *wanted, struct error *err)
{
	auto_free char *given = path_get(guest->domain, "os/type/@machine");
	auto_free char *arch = path_get(offer->guest, "arch/@name");
	auto_list struct list machines = {0};
	const char *machine = wanted ? wanted : given;

	hypervisor_machines(offer, &machines);
	if (machine && machines.count && !list_has(&machines, machine)) {
		auto_free char *all = list_join(&machines, " ");

		error_set(err, STATUS_NOT_FOUND, "the host has no machine type '%s'", machine);
		return error_hint(err, "there are: %s", all);
	}
	if (!machine)
		machine = default_machine(guest, arch, &machines);
	if (machine)
		path_set(guest->domain, "os/type/@machine", machine);
	return 0;
}

// The emulator, and the loader of a guest that has one of its own.
static void set_programs(struct guest *guest, const struct hypervisor_offer *offer)
{
	static const char *const names[] = {"emulator", "loader"};
	static const char *const paths[] = {"devices/emulator", "os/loader"};
	const char *scheme = guest->host->scheme;
	bool xen = text_equal(scheme, "xen");

	for (int i = 0; i < 2; i++) {
		auto_free char *above = text_format("arch/%s", names[i]);
		auto_free char *path = path_get(offer->domain, names[i]);

		if (!path)
			path = path_get(offer->guest, above);
		if (!path || path_has(guest->domain, paths[i]) || text_equal(scheme, "vz") ||
		    (xen && !complete_is_hvm(guest)))
			continue;
		path_set(guest->domain, paths[i], path);
	}
}

static struct hypervisor_offer find_offer(const struct guest *guest,
					  const struct hypervisor_wish *wish)
{
	struct hypervisor_offer offer;

	hypervisor_find_offer(guest->host, wish, &offer);
	return offer;
}

int guest_choose_offer(struct guest *guest, const char *type, const char *machine,
		       struct error *err)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *given = path_get(guest->domain, "@type");
	auto_free char *wanted = path_get(guest->domain, "os/type/@machine");
	auto_free char *os_type = path_get(guest->domain, "os/type");
	struct hypervisor_wish wish = {.os_type = os_type && *os_type ? os_type : NULL,
				       .arch = arch,
				       .type = type ? type : given,
				       .machine = machine ? machine : wanted};
	struct hypervisor_offer offer = find_offer(guest, &wish);
	auto_free char *found = NULL, *offered = NULL, *offered_os = NULL;

	if (!offer.domain)
		return no_offer(&wish, guest->host, err);
	offered = path_get(offer.domain, "@type");
	offered_os = path_get(offer.guest, "os_type");
	found = path_get(offer.guest, "arch/@name");
	if (!given)
		path_set(guest->domain, "@type", offered);
	if (!wish.os_type)
		path_set(guest->domain, "os/type", offered_os);
	path_set(guest->domain, "os/type/@arch", found);
	return 0;
}

int guest_choose_machine(struct guest *guest, const char *machine, struct error *err)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *type = path_get(guest->domain, "@type");
	auto_free char *os_type = path_get(guest->domain, "os/type");
	struct hypervisor_wish wish = {.os_type = os_type, .arch = arch, .type = type};
	struct hypervisor_offer offer = find_offer(guest, &wish);

	if (!offer.domain)
		return no_offer(&wish, guest->host, err);
	guest->offer = offer.guest;
	if (set_machine(guest, &offer, machine, err) < 0)
		return -1;
	set_programs(guest, &offer);
	return 0;
}
