// SPDX-License-Identifier: GPL-3.0-or-later
// --machine: the type of machine that a guest that exists has.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/convert.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/rows.h"
#include "xml/path.h"

// Families of machines, by the name that stands for their newest member.
static const struct {
	const char *alias, *prefix;
} families[] = {
	{"q35", "pc-q35-"},
	{"pc", "pc-i440fx-"},
	{"virt", "virt-"},
	{"pseries", "pseries-"},
	{"s390-ccw-virtio", "s390-ccw-virtio-"},
};

// The version at the end of a machine's name, behind BASE characters: "pc-q35-7.2".
struct version {
	size_t base;
	long parts[3];
};

static struct version read_version(const char *machine)
{
	struct version version = {.base = strcspn(machine, "0123456789")};
	const char *next;

	// "s390-ccw-virtio-7.2", "pc-i440fx-7.2": numbers of the family come before.
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (text_begins(machine, families[i].prefix)) {
			version.base = strlen(families[i].prefix);
			version.base += strcspn(machine + version.base, "0123456789");
		}
	next = machine + version.base;
	for (int i = 0; i < 3 && isdigit((unsigned char)*next); i++) {
		version.parts[i] = strtol(next, (char **)&next, 10);
		next += *next == '.';
	}
	return version;
}

static int compare(const struct version *a, const struct version *b)
{
	for (int i = 0; i < 3; i++)
		if (a->parts[i] != b->parts[i])
			return a->parts[i] < b->parts[i] ? -1 : 1;
	return 0;
}

// Of those that are called like MACHINE but for the version: the newest that is not newer, else the
// oldest. NULL where there is none.
static const char *nearest_version(const char *machine, const struct list *machines)
{
	struct version wanted = read_version(machine), best = {0};
	const char *found = NULL;

	for (size_t i = 0; machine[wanted.base] && i < machines->count; i++) {
		const char *name = machines->items[i];
		struct version own = read_version(name);
		bool better;

		if (own.base != wanted.base || strncmp(name, machine, own.base) != 0 ||
		    !name[own.base])
			continue;
		if (!found)
			better = true;
		else if (compare(&own, &wanted) <= 0)
			better = compare(&best, &wanted) > 0 || compare(&own, &best) > 0;
		else
			better = compare(&best, &wanted) > 0 && compare(&own, &best) < 0;
		if (better) {
			found = name;
			best = own;
		}
	}
	return found;
}

// A distribution's own type is near to none of the host's: what the family's name stands for.
static const char *of_family(const char *machine, const struct list *machines)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (text_begins(machine, families[i].prefix) &&
		    list_has(machines, families[i].alias))
			return families[i].alias;
	return NULL;
}

static int no_machine(const char *machine, const struct list *machines, struct error *err)
{
	auto_free char *all = list_join(machines, " ");

	error_set(err, STATUS_NOT_FOUND, "the host has no machine type like '%s'", machine);
	if (!machines->count)
		return -1;
	return error_hint(err, "there are: %s", all);
}

// The emulator of another distribution may be where this host has none.
static void set_emulator(struct guest *guest, const struct hypervisor_offer *offer)
{
	auto_free char *own = path_get(guest->domain, "devices/emulator");
	auto_free char *special = path_get(offer->domain, "emulator");
	auto_free char *general = path_get(offer->guest, "arch/emulator");
	const char *emulator = special ? special : general;

	if (own && emulator && !text_equal(own, emulator))
		path_set(guest->domain, "devices/emulator", emulator);
}

static int set_machine(struct option_edit *edit, const char *text, struct error *err)
{
	struct guest *guest = edit->guest;
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *type = path_get(guest->domain, "@type");
	auto_free char *os_type = path_get(guest->domain, "os/type");
	auto_free char *machine = path_get(guest->domain, "os/type/@machine");
	struct hypervisor_wish wish = {.os_type = os_type, .arch = arch, .type = type};
	auto_list struct list machines = {0};
	struct hypervisor_offer offer;
	const char *chosen = text;

	if (!hypervisor_find_offer(guest->host, &wish, &offer))
		return error_set(err, STATUS_NOT_FOUND,
				 "the host runs no guests of type '%s' for architecture '%s'",
				 type ? type : "", arch ? arch : "");
	hypervisor_machines(&offer, &machines);
	if (text_equal(text, "auto")) {
		// One that has no types of machines.
		if (!machine)
			return 0;
		chosen = list_has(&machines, machine) ? machine
						      : nearest_version(machine, &machines);
		if (!chosen)
			chosen = of_family(machine, &machines);
		set_emulator(guest, &offer);
	}
	if (!chosen || !list_has(&machines, chosen))
		return no_machine(chosen ? chosen : machine, &machines, err);
	path_set(guest->domain, "os/type/@machine", chosen);
	return 0;
}

const struct guest_option machine_option = {
	.home = ".",
	.traits = OPTION_NEEDS_HOST,
	.table = {.option = "--machine",
		  .leading = AKA(NULL),
		  .groups = GROUPS((const struct suboption[]){ROWS_END})},
	.apply = set_machine,
};
