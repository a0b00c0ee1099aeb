// SPDX-License-Identifier: GPL-3.0-or-later
// kvm-check modules: what modules say about themselves.
#include "cmd/kvm-check/modules.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/kvm-check/results.h"
#include "host/guard.h"
#include "host/host.h"
#include "host/kmod_library.h"
#include "host/module_info.h"
#include "output/report.h"

const char *const modules_of_guests[] = {
	"kvm",        "kvm_intel", "kvm_amd", "kvm_hv", "kvm_pr",    "kvm_pvm",
	"irqbypass",  "tun",       "tap",     "vhost",  "vhost_net", "vhost_vsock",
	"vhost_scsi", "bridge",    "macvtap", "vfio",   "vfio_pci",  "vfio_iommu_type1",
	"vfio_ap",    "vfio_ccw",  "fuse",    "nbd",    NULL,
};

enum { TITLES = 12 }; // columns that the widest title takes

void modules_names(struct call *call, struct list *found)
{
	(void)call;
	for (const char *const *name = modules_of_guests; *name; name++)
		list_add(found, *name);
}

static void report_words(struct report *report, const char *key, const struct list *words)
{
	auto_free char *joined = list_join(words, ", ");
	const char *title = field_find(modules_results, key)->title;

	if (!report_is_json(report)) {
		report_field(report, words->count ? title : NULL, key, value_text(joined));
		return;
	}
	report_open_list(report, key);
	for (size_t i = 0; i < words->count; i++)
		report_value(report, key, value_text(words->items[i]));
	report_close(report);
}

// What the module does not tell has no line.
static void report_line(struct report *report, const char *key, const char *text)
{
	const char *title = field_find(modules_results, key)->title;

	report_field(report, text ? title : NULL, key, value_text(text));
}

static void report_parameters(struct report *report, const struct module_info *info)
{
	if (!info->count && !report_is_json(report))
		return;
	report_heading(report, "\n");
	report_list(report, "parameters", TABLE_RULED, 0);
	for (size_t i = 0; i < info->count; i++) {
		const struct module_parameter *parameter = &info->parameters[i];

		report_row(report, (struct value[]){value_text(parameter->name),
						    value_text(parameter->type),
						    value_text(parameter->value),
						    value_text(parameter->description)});
	}
}

static void report_module(struct report *report, const struct module_info *info)
{
	report_open(report, NULL);
	report_layout(report, TITLES);
	report_line(report, "name", info->name);
	report_line(report, "state", module_word(info->state));
	report_line(report, "file", info->file);
	report_line(report, "description", info->description);
	report_line(report, "version", info->version);
	report_line(report, "license", info->license);
	report_words(report, "authors", &info->authors);
	report_words(report, "depends", &info->depends);
	report_words(report, "soft_depends", &info->soft_depends);
	report_words(report, "users", &info->users);
	report_words(report, "aliases", &info->aliases);
	report_line(report, "source_version", info->source_version);
	report_line(report, "vermagic", info->vermagic);
	report_line(report, "signer", info->signer);
	report_line(report, "signature_id", info->signature_id);
	report_line(report, "signature_key", info->signature_key);
	report_line(report, "signature_hash", info->hash);
	report_line(report, "signature", info->signature);
	report_parameters(report, info);
	report_close(report);
}

// One line for each module that there is.
static void report_overview(struct report *report, struct host *host,
			    const struct kmod_library *library)
{
	report_open_list(report, NULL);
	report_heading(report, " %-18s%-11s%s\n %.*s\n", "Module", "State", "Description", 60,
		       "--------------------------------------------------------------------");
	for (const char *const *name = modules_of_guests; *name; name++) {
		auto_module_info struct module_info info = {0};

		module_info_read(&info, host, library, *name);
		if (info.state >= MODULE_MISSING)
			continue;
		report_open(report, NULL);
		report_field(report, NULL, "name", value_text(info.name));
		report_field(report, NULL, "state", value_text(module_word(info.state)));
		report_field(report, NULL, "description", value_text(info.description));
		report_close(report);
		report_heading(report, " %-18s%-11s%s\n", info.name, module_word(info.state),
			       info.description ? info.description : "-");
	}
	report_close(report);
}

static int report_named(struct report *report, struct host *host,
			const struct kmod_library *library, const struct list *names,
			struct error *err)
{
	report_open_list(report, NULL);
	for (size_t i = 0; i < names->count; i++) {
		auto_module_info struct module_info info = {0};

		module_info_read(&info, host, library, names->items[i]);
		if (info.state >= MODULE_MISSING)
			return error_set(err, STATUS_NOT_FOUND, "there is no module '%s'",
					 names->items[i]);
		if (i > 0)
			report_heading(report, "\n");
		report_module(report, &info);
	}
	report_close(report);
	return 0;
}

struct looking {
	struct call *call;
	struct guard *guard;
};

static int look(void *data, struct error *err)
{
	struct looking *looking = data;
	struct call *call = looking->call;
	auto_host struct host host = {.root = {.fd = -1, .guard = looking->guard}};
	auto_kmod_library struct kmod_library library = {.directory = -1};
	const struct list *names = argument_list(call, "module");

	if (host_open(&host, argument_text(call, "root"), err) < 0 ||
	    kmod_library_open(&library, &host, err) < 0)
		return -1;
	if (names->count)
		return report_named(call->report, &host, &library, names, err);
	report_overview(call->report, &host, &library);
	return 0;
}

static int modules(struct call *call, struct error *err)
{
	auto_guard struct guard guard = {0};
	struct looking looking = {.call = call, .guard = &guard};
	int status = guard_try(&guard, look, &looking, err);

	return status < 0 && guard.stuck ? error_wrap(err, "cannot inspect modules") : status;
}

// clang-format off
static const struct option modules_options[] = {
	{.kind = OPTION_TEXT, .name = "root", .value = "dir",
	 .help = "show the modules of the machine that was recorded below this directory"},
	{.kind = OPTION_REST, .traits = POSITIONAL, .name = "module", .candidates = modules_names,
	 .help = "show all about this module (default: a line for each that guests have to do with)"},
	END,
};
// clang-format on

const struct command modules_command = {
	.name = "modules",
	.traits = COMMAND_OFFLINE | COMMAND_READS,
	.options = modules_options,
	.shape = SHAPE_LIST,
	.results = modules_results,
	.summary = "show what kernel modules say about themselves, and their parameters now",
	.run = modules,
};
