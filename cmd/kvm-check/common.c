// SPDX-License-Identifier: GPL-3.0-or-later
// What hosts have in common, and which of them stands in the way of more.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/compare.h"
#include "host/cpu_model.h"

static void add(struct common *common, const struct profile *host, char *what)
{
	list_add(&common->hindering, host->name);
	list_add_owned(&common->obstacles, what);
}

static bool same(const char *a, const char *b)
{
	return a && b && text_equal(a, b);
}

static void compare_architectures(struct common *common)
{
	const struct profile *first = &common->hosts[0];

	common->possible = true;
	for (size_t i = 1; i < common->count; i++)
		if (!text_equal(common->hosts[i].architecture, first->architecture)) {
			common->possible = false;
			add(common, &common->hosts[i],
			    text_format("any move: it is %s, %s is %s",
					common->hosts[i].architecture, first->name,
					first->architecture));
		}
}

static bool has_model(const struct profile *host, const struct cpu_model *model)
{
	auto_list struct list missing = cpu_model_missing(model, host->flags);

	return missing.count == 0 && (!model->vendor || text_equal(model->vendor, host->vendor));
}

static void add_lacking(struct common *common, const struct cpu_model *model)
{
	for (size_t i = 0; i < common->count; i++) {
		const struct profile *host = &common->hosts[i];
		auto_list struct list missing = cpu_model_missing(model, host->flags);
		auto_free char *shown = list_join(&missing, " ");

		if (missing.count)
			add(common, host, text_format("%s: it lacks %s", model->name, shown));
	}
}

// Models belong to one maker's CPUs.
static bool same_makers(struct common *common)
{
	const struct profile *first = &common->hosts[0];
	bool equal = true;

	for (size_t i = 1; i < common->count; i++) {
		const struct profile *host = &common->hosts[i];

		if (same(host->vendor, first->vendor))
			continue;
		equal = false;
		add(common, host,
		    text_format("all models but kvm64: its CPU is %s, that of %s %s",
				host->vendor ? host->vendor : "of an unknown maker", first->name,
				first->vendor ? first->vendor : "of an unknown maker"));
	}
	return equal;
}

// The best model that all have, and who lacks the best one that any has.
static void compare_models(struct common *common)
{
	const struct cpu_model *best = NULL, *model;
	bool comparable = same_makers(common);

	for (size_t i = 0; !common->cpu && (model = cpu_model_at(i)); i++) {
		size_t having = 0;

		for (size_t j = 0; j < common->count; j++)
			having += has_model(&common->hosts[j], model);
		if (having && !best)
			best = model;
		if (having == common->count)
			common->cpu = text_copy(model->name);
	}
	if (comparable && best && !text_equal(best->name, common->cpu))
		add_lacking(common, best);
}

// Elsewhere there are no models to choose from: the CPUs must be the same.
static void compare_cpus(struct common *common)
{
	const struct profile *first = &common->hosts[0];
	bool equal = first->cpu;

	if (text_equal(first->architecture, "x86_64") || text_equal(first->architecture, "i686")) {
		compare_models(common);
		return;
	}
	for (size_t i = 1; i < common->count; i++)
		if (!same(common->hosts[i].cpu, first->cpu)) {
			equal = false;
			add(common, &common->hosts[i],
			    text_format("moves with KVM: its CPU is %s, that of %s %s",
					common->hosts[i].cpu ? common->hosts[i].cpu : "unknown",
					first->name, first->cpu ? first->cpu : "unknown"));
		}
	if (equal)
		common->cpu = text_copy("host-passthrough");
}

// "pc-q35-7.2": the length of "pc-q35", and the version as one number; 0 where it has none.
static size_t split_type(const char *type, int *version)
{
	const char *dash = strrchr(type, '-');
	int major, minor, end = 0;

	if (!dash || sscanf(dash, "-%d.%d%n", &major, &minor, &end) != 2 || dash[end])
		return 0;
	*version = major * 1000 + minor;
	return (size_t)(dash - type);
}

static bool all_have(const struct common *common, const char *type)
{
	for (size_t i = 0; i < common->count; i++)
		if (!list_has(&common->hosts[i].machine_types, type))
			return false;
	return true;
}

// The newest type of the kind TYPE is of, among those of HOST that WANTED says yes to.
static const char *newest(const struct common *common, const struct profile *host, const char *type,
			  bool shared)
{
	int version = 0, best = -1, ignored = 0;
	size_t length = split_type(type, &ignored);
	const char *found = NULL;

	for (size_t i = 0; i < host->machine_types.count; i++) {
		const char *other = host->machine_types.items[i];

		if (split_type(other, &version) != length || strncmp(other, type, length) != 0 ||
		    version <= best || (shared && !all_have(common, other)))
			continue;
		best = version;
		found = other;
	}
	return found;
}

// The kinds that people use; the others are boards of their own.
static void compare_types(struct common *common)
{
	static const char *const kinds[] = {"pc-q35-0.0", "pc-i440fx-0.0", "virt-0.0",
					    "s390-ccw-virtio-0.0", "pseries-0.0"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const char *shared = newest(common, &common->hosts[0], kinds[i], true);
		const char *best = NULL;
		int version, most = -1;

		for (size_t j = 0; j < common->count; j++) {
			const char *own = newest(common, &common->hosts[j], kinds[i], false);

			if (own && split_type(own, &version) && version > most) {
				most = version;
				best = own;
			}
		}
		if (shared)
			list_add(&common->types, shared);
		for (size_t j = 0; best && j < common->count; j++)
			if (common->hosts[j].machine_types.count &&
			    !list_has(&common->hosts[j].machine_types, best))
				add(common, &common->hosts[j],
				    text_format("%s: its QEMU is %s", best,
						common->hosts[j].qemu ? common->hosts[j].qemu
								      : "of unknown version"));
	}
}

static void compare_accelerators(struct common *common)
{
	for (size_t i = 0; i < common->count; i++)
		if (!text_equal(common->hosts[i].accelerator, "kvm"))
			add(common, &common->hosts[i],
			    text_copy(text_equal(common->hosts[i].accelerator, "tcg")
					      ? "guests with KVM: it cannot use KVM"
					      : "guests with KVM: it is unknown whether it can use "
						"KVM"));
}

void common_find(struct common *common, const struct profile *hosts, size_t count)
{
	*common = (struct common){.hosts = hosts, .count = count};
	compare_architectures(common);
	if (common->possible) {
		compare_cpus(common);
		compare_types(common);
	}
	compare_accelerators(common);
}

void common_clear(struct common *common)
{
	free(common->cpu);
	list_clear(&common->types);
	list_clear(&common->hindering);
	list_clear(&common->obstacles);
}
