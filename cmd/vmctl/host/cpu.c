// SPDX-License-Identifier: GPL-3.0-or-later
// Models of CPUs: what there are, how they compare, what several hosts have in common.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

enum { CPU_XML_MOST = 10 * 1024 * 1024 }; // bytes, as virsh reads

static void report_models(struct call *call, const struct list *models)
{
	report_open_list(call->report, "models");
	for (size_t i = 0; i < models->count; i++)
		report_value(call->report, "models", value_text(models->items[i]));
	report_close(call->report);
}

static const struct field model_results[] = {
	FIELD("models", "", FIELD_TEXTS, FIELD_NULL, "names of models; null: any name will do"),
	FIELDS_END};

static int cpu_models(struct call *call, struct error *err)
{
	auto_list struct list models = {0};
	char **names = NULL;
	int count = virConnectGetCPUModelNames(session_connection(call),
					       argument_text(call, "arch"), &names, 0);

	if (count < 0)
		return virt_failure(err, "failed to get CPU model names");
	for (int i = 0; i < count; i++)
		list_add_owned(&models, names[i]);
	free(names);
	if (count) {
		report_models(call, &models);
		return 0;
	}
	report_field(call->report, NULL, "models", value_absent());
	if (!report_is_json(call->report))
		report_message(call->report, "all CPU models are accepted\n");
	return 0;
}

const struct command cpu_models_command = {
	.name = "cpu-models",
	.traits = COMMAND_READS,
	.options = (const struct option[]){{.kind = OPTION_TEXT,
					    .traits = REQUIRED | POSITIONAL,
					    .name = "arch",
					    .words = architectures,
					    .help = "architecture, such as x86_64"},
					   END},
	.results = model_results,
	.summary = "list the CPU models that libvirt knows for an architecture",
	.run = cpu_models,
};

// The CPU of what a file may hold: a <cpu>, or the XML of a guest, a host or its hypervisor. NULL
// for none.
static struct xml_element *cpu_of(struct xml_element *element)
{
	const char *name = xml_name(element);
	struct xml_element *mode;

	if (text_equal(name, "cpu"))
		return element;
	if (text_equal(name, "domain"))
		return xml_child(element, "cpu");
	if (text_equal(name, "capabilities"))
		return path_find(element, "host/cpu");
	if (!text_equal(name, "domainCapabilities"))
		return NULL;
	mode = path_find(element, "cpu/mode[@name='host-model']");
	if (mode) {
		auto_free char *supported = path_get(mode, "@supported");

		if (!text_equal(supported, "yes"))
			return NULL;
		// The hypervisor's model of the host is a CPU but for its name.
		xml_rename(mode, "cpu");
		path_remove(mode, "@name");
		path_remove(mode, "@supported");
	}
	return mode;
}

// All CPUs that the file describes, as XML.
static int read_cpus(const char *file, struct list *cpus, struct error *err)
{
	auto_free char *text = file_read(file, CPU_XML_MOST, NULL, err), *whole = NULL;
	const char *begin = text;
	auto_xml struct xml *xml = NULL;

	if (!text)
		return -1;
	if (text_begins(text, "<?xml") && strstr(text, "?>"))
		begin = strstr(text, "?>") + 2;
	whole = text_format("<container>%s</container>", begin);
	xml = xml_parse_verbatim(whole, file, err);
	if (!xml)
		return -1;
	for (struct xml_element *e = xml_child(xml_root(xml), NULL); e; e = xml_next(e, NULL)) {
		const struct xml_element *cpu = cpu_of(e);

		if (cpu)
			list_add_owned(cpus, xml_element_string(cpu));
	}
	if (cpus->count)
		return 0;
	return error_set(err, STATUS_FAILED,
			 "File '%s' does not contain any <cpu> element or valid domain XML, host "
			 "capabilities XML, or domain capabilities XML",
			 file);
}

#define HYPERVISOR_OPTIONS                                                                         \
	CHOICE("virttype", domain_types, "type of domain, such as kvm"),                           \
		TEXT("emulator", NULL, "path of the emulator"),                                    \
		CHOICE("arch", architectures, "architecture of the guest"),                        \
		TEXT("machine", NULL, "machine type of the guest")

static const struct field compare_results[] = {
	FIELD("result", NULL, FIELD_TEXT, 0,
	      "identical, superset (the host's has more), or incompatible"),
	FIELDS_END,
};

// What virsh says of the result; %s is the file.
struct comparison {
	const char *incompatible, *identical, *superset, *failed;
};

static int report_comparison(struct call *call, int result, const struct comparison *words,
			     struct error *err)
{
	const char *file = argument_text(call, "file"), *word = "incompatible";
	const char *sentence = words->incompatible, *place;

	if (result == VIR_CPU_COMPARE_IDENTICAL) {
		word = "identical";
		sentence = words->identical;
	} else if (result == VIR_CPU_COMPARE_SUPERSET) {
		word = "superset";
		sentence = words->superset;
	} else if (result != VIR_CPU_COMPARE_INCOMPATIBLE) {
		return virt_failure(err, "%s with %s", words->failed, file);
	} else {
		call->status = STATUS_CHECK;
	}
	place = strstr(sentence, "%s");
	report_field(call->report, NULL, "result", value_text(word));
	report_heading(call->report, "%.*s%s%s\n", (int)(place - sentence), sentence, file,
		       place + 2);
	return 0;
}

static int cpu_compare(struct call *call, struct error *err)
{
	static const struct comparison words = {
		"CPU described in %s is incompatible with host CPU",
		"CPU described in %s is identical to host CPU",
		"Host CPU is a superset of CPU described in %s",
		"Failed to compare host CPU",
	};
	auto_list struct list cpus = {0};

	if (read_cpus(argument_text(call, "file"), &cpus, err) < 0)
		return -1;
	return report_comparison(
		call,
		virConnectCompareCPU(session_connection(call), cpus.items[0], argument_bits(call)),
		&words, err);
}

static int hypervisor_cpu_compare(struct call *call, struct error *err)
{
	static const struct comparison words = {
		"CPU described in %s is incompatible with the CPU provided by hypervisor on the "
		"host",
		"CPU described in %s is identical to the CPU provided by hypervisor on the host",
		"The CPU provided by hypervisor on the host is a superset of CPU described in %s",
		"Failed to compare hypervisor CPU",
	};
	auto_list struct list cpus = {0};

	if (read_cpus(argument_text(call, "file"), &cpus, err) < 0)
		return -1;
	return report_comparison(
		call,
		virConnectCompareHypervisorCPU(
			session_connection(call), argument_text(call, "emulator"),
			argument_text(call, "arch"), argument_text(call, "machine"),
			argument_text(call, "virttype"), cpus.items[0], argument_bits(call)),
		&words, err);
}

#define CPU_FILE NEEDED("file", NULL, "file with the XML of a CPU, a guest or a host")
#define COMPARE_FLAGS                                                                              \
	FLAG("error", VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE,                                   \
	     "say what is missing where it is incompatible"),                                      \
		FLAG("validate", VIR_CONNECT_COMPARE_CPU_VALIDATE_XML,                             \
		     "check the XML against the schema")

const struct command cpu_compare_command = {
	.name = "cpu-compare",
	.traits = COMMAND_READS,
	.options = (const struct option[]){CPU_FILE, COMPARE_FLAGS, END},
	.results = compare_results,
	.summary = "compare a CPU with the one of the host",
	.run = cpu_compare,
};

const struct command hypervisor_cpu_compare_command = {
	.name = "hypervisor-cpu-compare",
	.options = (const struct option[]){CPU_FILE, HYPERVISOR_OPTIONS, COMPARE_FLAGS, END},
	.results = compare_results,
	.summary = "compare a CPU with the one that the hypervisor gives guests",
	.run = hypervisor_cpu_compare,
};

static int report_baseline(struct call *call, char *xml, struct error *err)
{
	auto_free char *owned = xml;

	if (!owned)
		return virt_failure(err, "failed to compute a baseline CPU");
	report_document(call->report, "xml", owned);
	return 0;
}

static int cpu_baseline(struct call *call, struct error *err)
{
	auto_list struct list cpus = {0};

	if (read_cpus(argument_text(call, "file"), &cpus, err) < 0)
		return -1;
	return report_baseline(call,
			       virConnectBaselineCPU(session_connection(call),
						     (const char **)cpus.items,
						     (unsigned)cpus.count, argument_bits(call)),
			       err);
}

#define BASELINE_FLAGS                                                                             \
	FLAG("features", VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES,                                 \
	     "list the features of its model too"),                                                \
		FLAG("migratable", VIR_CONNECT_BASELINE_CPU_MIGRATABLE,                            \
		     "leave out features that hinder migration")

const struct command cpu_baseline_command = {
	.name = "cpu-baseline",
	.traits = COMMAND_READS,
	.options = (const struct option[]){CPU_FILE, BASELINE_FLAGS, END},
	.results = xml_results,
	.summary = "find the CPU that several hosts have in common",
	.run = cpu_baseline,
};

// The CPUs of --file, or one of the model --model.
static int typed_cpus(struct call *call, struct list *cpus, struct error *err)
{
	const char *model = argument_text(call, "model");
	auto_xml struct xml *xml = NULL;

	if (!model)
		return read_cpus(argument_text(call, "file"), cpus, err);
	xml = xml_new("cpu");
	path_set(xml_root(xml), "model", model);
	list_add_owned(cpus, xml_string(xml));
	return 0;
}

static int hypervisor_cpu_baseline(struct call *call, struct error *err)
{
	auto_list struct list cpus = {0};

	if (typed_cpus(call, &cpus, err) < 0)
		return -1;
	return report_baseline(call,
			       virConnectBaselineHypervisorCPU(
				       session_connection(call), argument_text(call, "emulator"),
				       argument_text(call, "arch"), argument_text(call, "machine"),
				       argument_text(call, "virttype"), (const char **)cpus.items,
				       (unsigned)cpus.count, argument_bits(call)),
			       err);
}

const struct command hypervisor_cpu_baseline_command = {
	.name = "hypervisor-cpu-baseline",
	.options =
		(const struct option[]){
			TEXT("file", NULL, "file with the XML of CPUs"), HYPERVISOR_OPTIONS,
			BASELINE_FLAGS, TEXT("model", NULL, "instead of a file, one CPU model"),
			NEWER_FLAG("ignore-host", VIR_CONNECT_BASELINE_CPU_IGNORE_HOST, 11006000,
				   "whatever the host's own CPU lacks"),
			END},
	.rules = (const struct rule[]){ONE_OF("file", "model"), RULES_END},
	.results = xml_results,
	.summary = "find the CPU that several hypervisors can give guests",
	.run = hypervisor_cpu_baseline,
};

static int hypervisor_cpu_models(struct call *call, struct error *err)
{
	auto_free char *text = virConnectGetDomainCapabilities(
		session_connection(call), argument_text(call, "emulator"),
		argument_text(call, "arch"), argument_text(call, "machine"),
		argument_text(call, "virttype"), 0);
	auto_xml struct xml *xml = NULL;
	auto_list struct list models = {0};
	const struct xml_element *mode;

	if (!text)
		return virt_failure(err, "failed to get hypervisor CPU model names");
	xml = xml_parse(text, "the capabilities", err);
	if (!xml)
		return -1;
	mode = path_find(xml_root(xml), "cpu/mode[@name='custom']");
	for (struct xml_element *m = xml_child(mode, "model"); m; m = xml_next(m, "model")) {
		auto_free char *usable = path_get(m, "@usable");

		if (argument_flag(call, "all") || text_equal(usable, "yes"))
			list_add_owned(&models, path_get(m, "."));
	}
	report_models(call, &models);
	return 0;
}

const struct command hypervisor_cpu_models_command = {
	.name = "hypervisor-cpu-models",
	.options =
		(const struct option[]){HYPERVISOR_OPTIONS,
					FLAG("all", 0, "those too that this host cannot run"), END},
	.results = model_results,
	.summary = "list the CPU models that the hypervisor can give guests",
	.run = hypervisor_cpu_models,
};
