// SPDX-License-Identifier: GPL-3.0-or-later
// Which domain type, machine and emulator a guest gets.
#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "xml/document.h"
#include "xml/path.h"

bool complete_is_qemu(const struct guest *guest)
{
	return text_equal(guest->host->scheme, "qemu");
}

bool complete_is_x86(const struct guest *guest)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");

	return text_equal(arch, "x86_64") || text_equal(arch, "i686");
}

bool complete_is_arm(const struct guest *guest)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");

	return text_equal(arch, "aarch64") || text_equal(arch, "armv7l");
}

bool complete_is_pcie(const struct guest *guest)
{
	auto_free char *machine = path_get(guest->domain, "os/type/@machine");

	return text_begins(machine, "q35") || text_begins(machine, "pc-q35") ||
	       text_begins(machine, "virt");
}

// Architectures whose QEMU machine is "virt" boot like a PC: through UEFI, with PCIe.
bool complete_is_virt(const struct guest *guest)
{
	auto_free char *machine = path_get(guest->domain, "os/type/@machine");
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");

	return text_begins(machine, "virt") &&
	       (text_begins(arch, "aarch64") || text_begins(arch, "armv7") ||
		text_begins(arch, "riscv") || text_begins(arch, "loongarch"));
}

bool complete_is_own_arch(const struct guest *guest)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *host = host_architecture(guest->host);

	return text_equal(arch, host);
}

bool complete_type_is(const struct guest *guest, const char *type)
{
	auto_free char *own = path_get(guest->domain, "@type");

	return text_equal(own, type);
}

// Architectures that came after virtio: whatever runs there drives it.
static bool is_modern(const struct guest *guest)
{
	static const char *const architectures[] = {"riscv64", "s390x", "ppc64", "ppc64le",
						    "loongarch64"};
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");

	for (size_t i = 0; i < sizeof(architectures) / sizeof(*architectures); i++)
		if (text_equal(arch, architectures[i]))
			return true;
	return false;
}

bool complete_virtio(const struct guest *guest, enum os_device device)
{
	return complete_is_qemu(guest) && (is_modern(guest) || os_supports(guest->os, device));
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

static int no_offer(const char *arch, const char *type, struct error *err)
{
	error_set(err, STATUS_NOT_FOUND, "the host runs no guests%s%s%s%s", arch ? " for " : "",
		  arch ? arch : "", type ? " of type " : "", type ? type : "");
	if (type && text_equal(type, "kvm"))
		error_hint(err, "kvm-check tells why; --virt-type qemu runs without KVM");
	return -1;
}

static int set_machine(struct guest *guest, const struct host_offer *offer, const char *wanted,
		       struct error *err)
{
	auto_free char *given = path_get(guest->domain, "os/type/@machine");
	auto_free char *arch = path_get(offer->guest, "arch/@name");
	auto_list struct list machines = {0};
	const char *machine = wanted ? wanted : given;

	host_machines(offer, &machines);
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

int guest_choose_machine(struct guest *guest, const char *type, const char *machine,
			 struct error *err)
{
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *given = path_get(guest->domain, "@type");
	auto_free char *found = NULL, *emulator = NULL, *offered = NULL, *os_type = NULL;
	const char *wanted = type ? type : given;
	struct host_offer offer;

	if (!host_find_offer(guest->host, arch, wanted, &offer))
		return no_offer(arch, wanted, err);
	guest->offer = offer.guest;
	offered = path_get(offer.domain, "@type");
	path_set(guest->domain, "@type", offered);
	os_type = path_get(guest->domain, "os/type");
	if (!os_type || !*os_type)
		path_set(guest->domain, "os/type", "hvm");
	found = path_get(offer.guest, "arch/@name");
	path_set(guest->domain, "os/type/@arch", found);
	if (set_machine(guest, &offer, machine, err) < 0)
		return -1;
	emulator = path_get(offer.domain, "emulator");
	if (!emulator)
		emulator = path_get(offer.guest, "arch/emulator");
	if (emulator && !path_has(guest->domain, "devices/emulator"))
		path_set(guest->domain, "devices/emulator", emulator);
	return 0;
}
