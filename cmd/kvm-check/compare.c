// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/kvm-check/report.h"
#include "output/report.h"

enum {
	MOST = 16 * 1024 * 1024, // bytes of a file
	PATIENCE = 30000,        // milliseconds for a host
};

struct hosts {
	struct profile *profiles;
	size_t count;
};

static void hosts_clear(struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		profile_clear(&hosts->profiles[i]);
	free(hosts->profiles);
}

static int add_look(struct hosts *hosts, const char *name, const char *path, struct error *err)
{
	struct profile profile = {0};

	if (profile_look(&profile, name, path, err) < 0)
		return -1;
	hosts->profiles =
		memory_resize(hosts->profiles, hosts->count + 1, sizeof(*hosts->profiles));
	hosts->profiles[hosts->count++] = profile;
	return 0;
}

// kvm-check there tells about itself.
static int add_remote(struct hosts *hosts, const char *name, struct error *err)
{
	const char *const argv[] = {"ssh", "-o", "BatchMode=yes", "-o",      "ConnectTimeout=10",
				    "--",  name, "kvm-check",     "compare", "--json",
				    NULL};
	struct process process = {.argv = argv, .timeout = PATIENCE, .most = MOST};
	auto_free char *text = process_output(&process, err);
	size_t first = hosts->count;

	if (!text) {
		error_wrap(err, "cannot ask the host '%s'", name);
		return error_hint(err,
				  "ssh -- '%s' kvm-check compare --json; or name a recording's "
				  "directory with a '/'",
				  name);
	}
	if (profile_read(text, name, &hosts->profiles, &hosts->count, err) < 0)
		return -1;
	for (size_t i = first; i < hosts->count; i++) {
		free(hosts->profiles[i].name);
		hosts->profiles[i].name = text_copy(name);
	}
	return 0;
}

static int add_host(struct hosts *hosts, const char *name, struct error *err)
{
	auto_free char *text = NULL;

	if (text_equal(name, "localhost"))
		return add_look(hosts, name, NULL, err);
	if (!strchr(name, '/') && !file_exists(name))
		return add_remote(hosts, name, err);
	if (file_is_directory(name))
		return add_look(hosts, name, name, err);
	text = file_read(name, MOST, NULL, err);
	return text ? profile_read(text, name, &hosts->profiles, &hosts->count, err) : -1;
}

static void report_host(struct report *report, const struct profile *host)
{
	auto_list struct list flags = list_split(host->flags ? host->flags : "", " ");

	report_open(report, NULL);
	report_value(report, "name", value_text(host->name));
	report_value(report, "architecture", value_text(host->architecture));
	report_value(report, "vendor", value_text(host->vendor));
	report_value(report, "cpu", value_text(host->cpu));
	report_value(report, "kernel", value_text(host->kernel));
	report_value(report, "qemu", value_text(host->qemu));
	report_value(report, "libvirt", value_text(host->libvirt));
	report_value(report, "accelerator", value_text(host->accelerator));
	report_texts(report, "flags", &flags);
	report_texts(report, "machine_types", &host->machine_types);
	report_close(report);
}

static void report_data(struct report *report, const struct common *common)
{
	report_value(report, "possible", value_boolean(common->possible));
	report_value(report, "cpu_model", value_text(common->cpu));
	report_texts(report, "machine_types", &common->types);
	report_open_list(report, "obstacles");
	for (size_t i = 0; i < common->obstacles.count; i++) {
		report_open(report, NULL);
		report_value(report, "host", value_text(common->hindering.items[i]));
		report_value(report, "of", value_text(common->obstacles.items[i]));
		report_close(report);
	}
	report_close(report);
	report_open_list(report, "hosts");
	for (size_t i = 0; i < common->count; i++)
		report_host(report, &common->hosts[i]);
	report_close(report);
}

static void say_sentence(struct report *report, const struct common *common)
{
	auto_free char *types = list_join(&common->types, ", ");
	auto_free char *sentence = NULL;

	if (!common->possible)
		sentence = text_copy("Guests cannot move between these hosts: their architectures "
				     "differ");
	else
		sentence = text_format("%s: CPU %s, machine type %s",
				       common->count > 1
					       ? "Guests that move between these hosts may use"
					       : "Guests here may use",
				       common->cpu ? common->cpu : "unknown (the CPUs differ)",
				       common->types.count ? types : "unknown");
	report_paragraph(report, "", sentence);
}

static void report_people(struct report *report, const struct common *common)
{
	say_sentence(report, common);
	for (size_t i = 0; i < common->count; i++) {
		const struct profile *host = &common->hosts[i];
		auto_free char *label = text_format("%s%s: ", i ? "" : "\n", host->name);
		auto_free char *what =
			text_format("%s, %s, kernel %s, QEMU %s, libvirt %s, %s",
				    host->architecture, host->cpu ? host->cpu : "unknown CPU",
				    host->kernel ? host->kernel : "unknown",
				    host->qemu ? host->qemu : "unknown",
				    host->libvirt ? host->libvirt : "unknown", host->accelerator);

		report_heading(report, "%s", i ? "" : "\n");
		report_paragraph(report, label + (i == 0), what);
	}
	for (size_t i = 0; i < common->obstacles.count; i++) {
		auto_free char *label = text_format("%s prevents ", common->hindering.items[i]);

		report_heading(report, "%s", i ? "" : "\n");
		report_paragraph(report, label, common->obstacles.items[i]);
	}
}

static int compare(struct call *call, struct error *err)
{
	const struct list *names = argument_list(call, "host");
	__attribute__((cleanup(hosts_clear))) struct hosts hosts = {0};
	auto_common struct common common = {0};

	if (!names->count && add_host(&hosts, "localhost", err) < 0)
		return -1;
	for (size_t i = 0; i < names->count; i++)
		if (add_host(&hosts, names->items[i], err) < 0)
			return -1;
	common_find(&common, hosts.profiles, hosts.count);
	if (report_is_json(call->report))
		report_data(call->report, &common);
	else
		report_people(call->report, &common);
	call->status = common.possible ? STATUS_OK : STATUS_CHECK;
	return 0;
}

// clang-format off
static const struct option compare_options[] = {
	{.kind = OPTION_REST, .traits = POSITIONAL, .name = "host",
	 .help = "localhost, a host to be asked by ssh, the directory of a recording, or a file that "
		 "compare --json has written (default: this host)"},
	END,
};

static const struct field obstacle_fields[] = {
	FIELD("host", NULL, FIELD_TEXT, 0, "that prevents it"),
	FIELD("of", NULL, FIELD_TEXT, 0, "what, and why"),
	FIELDS_END,
};

static const struct field profile_fields[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "as it was called"),
	FIELD("architecture", NULL, FIELD_TEXT, 0, "as uname -m names it, or unknown"),
	FIELD("vendor", NULL, FIELD_TEXT, FIELD_NULL, "of its CPU"),
	FIELD("cpu", NULL, FIELD_TEXT, FIELD_NULL, "its model"),
	FIELD("kernel", NULL, FIELD_TEXT, FIELD_NULL, "its release"),
	FIELD("qemu", NULL, FIELD_TEXT, FIELD_NULL, "its version"),
	FIELD("libvirt", NULL, FIELD_TEXT, FIELD_NULL, "its version"),
	FIELD("accelerator", NULL, FIELD_TEXT, 0, "kvm, tcg or unknown"),
	FIELD("flags", NULL, FIELD_TEXTS, 0, "of its CPU, in the kernel's words"),
	FIELD("machine_types", NULL, FIELD_TEXTS, 0, "that its QEMU has"),
	FIELDS_END,
};

static const struct field compare_results[] = {
	FIELD("possible", NULL, FIELD_BOOLEAN, 0, "whether guests can move between them at all"),
	FIELD("cpu_model", NULL, FIELD_TEXT, FIELD_NULL, "the best that all have; null where none is known"),
	FIELD("machine_types", NULL, FIELD_TEXTS, 0, "the newest of each kind that all have"),
	FIELD_OF("obstacles", FIELD_LIST, 0, obstacle_fields, "which host prevents what"),
	FIELD_OF("hosts", FIELD_LIST, 0, profile_fields, "that were compared"),
	FIELDS_END,
};
// clang-format on

const struct command compare_command = {
	.name = "compare",
	.traits = COMMAND_OFFLINE | COMMAND_READS,
	.options = compare_options,
	.results = compare_results,
	.summary = "say what guests may use to be able to move between hosts",
	.run = compare,
};
