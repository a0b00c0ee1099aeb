// SPDX-License-Identifier: GPL-3.0-or-later
// `--cpu`
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/cpu_map.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/rows.h"
#include "xml/document.h"
#include "xml/path.h"

static void set_custom(struct xml_element *cpu, const char *model)
{
	path_set(cpu, "@mode", "custom");
	if (!path_has(cpu, "@match"))
		path_set(cpu, "@match", "exact");
	path_set(cpu, "model", model);
}

// Words that are no model but leave the choice to somebody else.
static const struct {
	const char *word, *mode; // NULL: guest_complete() or the hypervisor chooses
} words[] = {
	{"host-passthrough", "host-passthrough"},
	{"host-model", "host-model"},
	{"host", "host-model"}, // what older command lines call so
	{"maximum", "maximum"},
	{"none", NULL},
	{"hv-default", NULL},
	{"default", NULL},
};

// A choice made before goes with all that belongs to it; topology, NUMA and caches stay, and so
// does how it is matched where another mode follows.
static void forget_choice(struct xml_element *cpu, bool matched)
{
	static const char *const attributes[] = {"@mode", "@check", "@migratable"};

	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		path_remove(cpu, attributes[i]);
	if (!matched)
		path_remove(cpu, "@match");
	path_remove(cpu, "model");
	path_remove(cpu, "vendor");
	path_remove_all(cpu, "feature");
}

static int set_model(const struct suboption_call *call, struct error *err)
{
	(void)err;
	path_clear(call->element, "model");
	if (text_equal(call->value, "host-copy") || text_equal(call->value, "host-model-only")) {
		forget_choice(call->element, false);
		if (call->guest)
			call->guest->cpu_copies = true;
		return 0;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_equal(call->value, words[i].word)) {
			forget_choice(call->element, words[i].mode);
			if (words[i].mode)
				path_set(call->element, "@mode", words[i].mode);
			return 0;
		}
	if (*call->value)
		set_custom(call->element, call->value);
	return 0;
}

static int set_secure(const struct suboption_call *call, struct error *err)
{
	bool ignored;

	return suboption_boolean(call->name, call->value, call->data ? call->data : &ignored, err);
}

// `force=a`, `require=a`, ...: the name of the row is the policy.
static int set_feature(const struct suboption_call *call, struct error *err)
{
	(void)err;
	path_set(path_create_with(call->element, "feature", "name", call->value), "@policy",
		 call->name);
	return 0;
}

static const struct suboption cpu_rows[] = {
	CALL("secure", NULL, TEXT, set_secure),
	CALL("model", NULL, TEXT, set_model),
	ROW("model.fallback", NULL, NULL, TEXT),
	ROW("model.vendor_id", NULL, NULL, TEXT),
	ROW("vendor", NULL, "vendor", TEXT),
	ROW("mode", NULL, NULL, TEXT),
	ROW("match", NULL, NULL, TEXT),
	ROW("check", NULL, NULL, TEXT),
	ROW("migratable", NULL, NULL, ON_OFF),
	ROW("topology.sockets", NULL, NULL, INTEGER),
	ROW("topology.dies", NULL, NULL, INTEGER),
	ROW("topology.cores", NULL, NULL, INTEGER),
	ROW("topology.threads", NULL, NULL, INTEGER),
	ROW("cache.level", NULL, NULL, INTEGER),
	ROW("cache.mode", NULL, NULL, TEXT),
	ROW("maxphysaddr.mode", NULL, NULL, TEXT),
	ROW("maxphysaddr.bits", NULL, NULL, INTEGER),
	CALL("force", NULL, TEXT, set_feature),
	CALL("require", NULL, TEXT, set_feature),
	CALL("optional", NULL, TEXT, set_feature),
	CALL("disable", NULL, TEXT, set_feature),
	CALL("forbid", NULL, TEXT, set_feature),
	ROW("numa.cell#.id", AKA("cell#.id"), NULL, INTEGER),
	ROW("numa.cell#.cpus", AKA("cell#.cpus"), NULL, COMMAS),
	ROW("numa.cell#.memory", AKA("cell#.memory"), NULL, INTEGER),
	ROW("numa.cell#.unit", NULL, NULL, TEXT),
	ROW("numa.cell#.memAccess", NULL, NULL, TEXT),
	ROW("numa.cell#.discard", NULL, NULL, YES_NO),
	ROW("numa.cell#.distances.sibling#.id", AKA("cell#.distances.sibling#.id"), NULL, INTEGER),
	ROW("numa.cell#.distances.sibling#.value", AKA("cell#.distances.sibling#.value"), NULL,
	    INTEGER),
	ROW("numa.cell#.cache#.level", NULL, NULL, INTEGER),
	ROW("numa.cell#.cache#.associativity", NULL, NULL, TEXT),
	ROW("numa.cell#.cache#.policy", NULL, NULL, TEXT),
	ROW("numa.cell#.cache#.size.value", NULL, NULL, INTEGER),
	ROW("numa.cell#.cache#.size.unit", NULL, NULL, TEXT),
	ROW("numa.cell#.cache#.line.value", NULL, NULL, INTEGER),
	ROW("numa.cell#.cache#.line.unit", NULL, NULL, TEXT),
	ROW("numa.interconnects.latency#.initiator", NULL, NULL, INTEGER),
	ROW("numa.interconnects.latency#.target", NULL, NULL, INTEGER),
	ROW("numa.interconnects.latency#.cache", NULL, NULL, INTEGER),
	ROW("numa.interconnects.latency#.type", NULL, NULL, TEXT),
	ROW("numa.interconnects.latency#.value", NULL, NULL, INTEGER),
	ROW("numa.interconnects.latency#.unit", NULL, NULL, TEXT),
	ROW("numa.interconnects.bandwidth#.initiator", NULL, NULL, INTEGER),
	ROW("numa.interconnects.bandwidth#.target", NULL, NULL, INTEGER),
	ROW("numa.interconnects.bandwidth#.type", NULL, NULL, TEXT),
	ROW("numa.interconnects.bandwidth#.cache", NULL, NULL, INTEGER),
	ROW("numa.interconnects.bandwidth#.value", NULL, NULL, INTEGER),
	ROW("numa.interconnects.bandwidth#.unit", NULL, NULL, TEXT),
	ROWS_END,
};

// `+vmx` forces a feature, `-vmx` disables it.
static bool expand(const char *part, const char **name, const char **value)
{
	if ((*part != '+' && *part != '-') || !part[1])
		return false;
	*name = *part == '+' ? "force" : "disable";
	*value = part + 1;
	return true;
}

// Of a guest that exists, whatever of a topology is left out is one of its kind: libvirt wants all
// three. A new one's follows from its vCPUs, which may be told later.
static void complete_topology(struct xml_element *cpu)
{
	static const char *const names[] = {"sockets", "cores", "threads"};

	for (size_t i = 0; path_find(cpu, "topology") && i < sizeof(names) / sizeof(*names); i++) {
		auto_free char *path = text_format("topology/@%s", names[i]);

		if (!path_has(cpu, path))
			path_set(cpu, path, "1");
	}
}

static int apply_cpu(struct option_edit *edit, const char *text, struct error *err)
{
	bool secure = true;
	struct suboption_target target = {edit->element, edit->guest, &secure};
	auto_free char *before = path_get(edit->element, "model"), *model = NULL, *mode = NULL;

	if (suboptions_apply(&edit->option->table, text, &target, err) < 0)
		return -1;
	if (!edit->guest || edit->guest->exists)
		complete_topology(edit->element);
	mode = path_get(edit->element, "@mode");
	model = path_get(edit->element, "model");
	if (!edit->guest)
		return 0;
	if (model && (!mode || text_equal(mode, "custom")) && !text_equal(model, before))
		edit->guest->cpu_secure = secure;
	if ((text_equal(text, "none") || text_equal(text, "hv-default")) &&
	    !list_has(&edit->guest->declined, "cpu"))
		list_add(&edit->guest->declined, "cpu");
	return 0;
}

const struct guest_option cpu_option = {
	.home = "cpu",
	.traits = OPTION_READS_NONE | OPTION_NEEDS_HOST,
	.table = {.option = "--cpu",
		  .leading = AKA("model"),
		  .groups = GROUPS(cpu_rows),
		  .expand = expand},
	.apply = apply_cpu,
};

// Whether the CPU that the host offers to guests has it: listed, or part of its model.
static bool is_offered(const struct xml_element *mode, const char *feature)
{
	auto_free char *model = path_get(mode, "model");

	for (struct xml_element *f = xml_child(mode, "feature"); f; f = xml_next(f, "feature")) {
		auto_free char *name = path_get(f, "@name"), *policy = path_get(f, "@policy");

		if (text_equal(name, feature))
			return !text_equal(policy, "disable");
	}
	return model && cpu_map_has(model, feature);
}

void cpu_add_security(struct guest *guest)
{
	static const char *const features[] = {"ibpb", "md-clear", "spec-ctrl", "ssbd",
					       "virt-ssbd"};
	const struct xml_element *mode =
		guest->host->domain
			? path_find(xml_root(guest->host->domain), "cpu/mode[@name='host-model']")
			: NULL;
	struct xml_element *cpu = path_create(guest->domain, "cpu");
	struct xml_element *given = xml_child(cpu, "feature");

	for (size_t i = 0; mode && i < sizeof(features) / sizeof(*features); i++) {
		auto_free char *path = text_format("feature[@name='%s']", features[i]);
		struct xml_element *added;

		if (!is_offered(mode, features[i]) || path_find(cpu, path))
			continue;
		added = path_create_with(cpu, "feature", "name", features[i]);
		path_set(added, "@policy", "require");
		// What was asked for comes behind: the last counts.
		if (given)
			xml_move_before(added, given);
	}
}
