// SPDX-License-Identifier: GPL-3.0-or-later
// `--cpu`
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "guest/tables.h"
#include "xml/document.h"
#include "xml/path.h"

struct cpu {
	struct xml_element *element;
	bool custom; // a model by its name
	bool secure; // with the features that keep it safe
};

static void set_custom(struct cpu *cpu, const char *model)
{
	path_set(cpu->element, "@mode", "custom");
	path_set(cpu->element, "@match", "exact");
	path_set(cpu->element, "model", model);
	cpu->custom = true;
}

static int set_model(const struct suboption_call *call, struct error *err)
{
	static const char *const modes[] = {"host-passthrough", "host-model", "maximum"};
	struct cpu *cpu = call->data;

	(void)err;
	if (text_equal(call->value, "host-model-only") || text_equal(call->value, "host-copy")) {
		path_set(cpu->element, "@mode", "host-model");
		return 0;
	}
	// These leave the choice to the hypervisor, or to guest_complete().
	if (text_equal(call->value, "none") || text_equal(call->value, "hv-default") ||
	    text_equal(call->value, "default"))
		return 0;
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (text_equal(call->value, modes[i])) {
			path_set(cpu->element, "@mode", call->value);
			return 0;
		}
	set_custom(cpu, call->value);
	return 0;
}

static int set_secure(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value, &((struct cpu *)call->data)->secure, err);
}

static void add_feature(struct xml_element *cpu, const char *policy, const char *name)
{
	path_set(path_create_with(cpu, "feature", "name", name), "@policy", policy);
}

// `force=a`, `require=a`, ...: the name of the row is the policy.
static int set_feature(const struct suboption_call *call, struct error *err)
{
	(void)err;
	add_feature(call->element, call->name, call->value);
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
	ROW("numa.cell#.id", "cell#.id", NULL, INTEGER),
	ROW("numa.cell#.cpus", "cell#.cpus", NULL, COMMAS),
	ROW("numa.cell#.memory", "cell#.memory", NULL, INTEGER),
	ROW("numa.cell#.unit", NULL, NULL, TEXT),
	ROW("numa.cell#.memAccess", NULL, NULL, TEXT),
	ROW("numa.cell#.discard", NULL, NULL, YES_NO),
	ROW("numa.cell#.distances.sibling#.id", "cell#.distances.sibling#.id", NULL, INTEGER),
	ROW("numa.cell#.distances.sibling#.value", "cell#.distances.sibling#.value", NULL, INTEGER),
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

static const char *const leading[] = {"model", NULL};
static const struct suboption *const groups[] = {cpu_rows, NULL};
const struct suboption_table cpu_table = {
	.option = "--cpu", .leading = leading, .groups = groups, .expand = expand};

int guest_set_cpu(struct guest *guest, const char *text, struct error *err)
{
	struct cpu cpu = {.element = path_create(guest->domain, "cpu"), .secure = true};

	if (suboptions_apply(&cpu_table, text, cpu.element, &cpu, err) < 0)
		return -1;
	guest->cpu_none = text_equal(text, "none") || text_equal(text, "hv-default");
	guest->cpu_secure = cpu.custom && cpu.secure;
	return 0;
}

void cpu_add_security(struct guest *guest)
{
	static const char *const features[] = {"spec-ctrl", "ssbd", "ibpb", "virt-ssbd",
					       "md-clear"};
	const struct xml_element *model =
		guest->host->domain
			? path_find(xml_root(guest->host->domain), "cpu/mode[@name='host-model']")
			: NULL;

	for (size_t i = 0; model && i < sizeof(features) / sizeof(*features); i++) {
		auto_free char *path = text_format("feature[@name='%s']", features[i]);

		if (path_has(model, path))
			add_feature(path_create(guest->domain, "cpu"), "require", features[i]);
	}
}
