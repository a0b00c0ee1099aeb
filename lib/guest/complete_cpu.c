// SPDX-License-Identifier: GPL-3.0-or-later
// The CPU that a guest gets when none is named.
#include "base/cleanup.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "xml/document.h"
#include "xml/path.h"

static bool is_usable(const struct xml_element *cpu, const char *model)
{
	const struct xml_element *custom = path_find(cpu, "mode[@name='custom']");

	for (struct xml_element *m = xml_child(custom, "model"); m; m = xml_next(m, "model")) {
		auto_free char *name = path_get(m, "."), *usable = path_get(m, "@usable");

		if (text_equal(name, model))
			return !text_equal(usable, "no");
	}
	return true;
}

// The model of the host by its name, with what keeps it safe.
static void copy_host(struct guest *guest, const struct xml_element *cpu)
{
	auto_free char *model = path_get(xml_root(guest->host->xml), "host/cpu/model");

	if (!model || (cpu && !is_usable(cpu, model)))
		return;
	path_set(guest->domain, "cpu/@mode", "custom");
	path_set(guest->domain, "cpu/@match", "exact");
	path_set(guest->domain, "cpu/model", model);
	cpu_add_security(guest);
}

// The CPU of a KVM guest is as near to the host's as can be moved elsewhere.
static void complete_kvm(struct guest *guest, const struct xml_element *cpu)
{
	const char *migratable =
		"mode[@name='host-passthrough']/enum[@name='hostPassthroughMigratable']/value";
	auto_free char *fallback =
		cpu ? path_get(cpu, "mode[@name='host-model']/model/@fallback") : NULL;

	if ((cpu && path_has(cpu, migratable)) || !complete_is_x86(guest))
		path_set(guest->domain, "cpu/@mode", "host-passthrough");
	else if (text_equal(fallback, "forbid"))
		path_set(guest->domain, "cpu/@mode", "host-model");
	else
		copy_host(guest, cpu);
}

static const struct xml_element *offered_cpu(const struct guest *guest)
{
	return guest->host->domain ? path_find(xml_root(guest->host->domain), "cpu") : NULL;
}

void complete_chosen_cpu(struct guest *guest)
{
	if (guest->cpu_secure)
		cpu_add_security(guest);
	if (guest->cpu_copies)
		copy_host(guest, offered_cpu(guest));
}

void complete_cpu(struct guest *guest)
{
	const struct xml_element *cpu = offered_cpu(guest);
	auto_free char *maximum = cpu ? path_get(cpu, "mode[@name='maximum']/@supported") : NULL;

	complete_chosen_cpu(guest);
	if (guest_declines(guest, "cpu") || path_has(guest->domain, "cpu/@mode") ||
	    path_has(guest->domain, "cpu/model") || !complete_is_hvm(guest) ||
	    (!complete_is_x86(guest) && !complete_is_virt(guest)))
		return;
	// An ARM of 64 bits runs guests of 32 bits with a CPU like its own too.
	if (complete_type_is(guest, "kvm") &&
	    (complete_is_arm(guest) || (complete_is_own_arch(guest) && complete_is_x86(guest))))
		complete_kvm(guest, cpu);
	else if (complete_type_is(guest, "qemu") && text_equal(maximum, "yes"))
		path_set(guest->domain, "cpu/@mode", "maximum");
}
