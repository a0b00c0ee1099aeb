// SPDX-License-Identifier: GPL-3.0-or-later
// kvm-check load, unload, reload.
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/modules.h"
#include "cmd/kvm-check/results.h"
#include "host/guard.h"
#include "host/host.h"
#include "host/kmod_library.h"
#include "host/kvm_user.h"
#include "host/module_ban.h"
#include "host/module_info.h"
#include "host/module_load.h"
#include "host/module_persist.h"
#include "output/report.h"

// What a command works on: a module and the parameters that it was given.
struct job {
	struct guard guard;
	struct host host;
	struct kmod_library library;
	struct module_info info;
	struct list parameters;
	struct list loaded, unloaded, written, removed; // what was done
	struct list standing; // what keeps it from being loaded at boot all the same
};

static void job_clear(struct job *job)
{
	struct list *lists[] = {&job->parameters, &job->loaded,  &job->unloaded,
				&job->written,    &job->removed, &job->standing};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		list_clear(lists[i]);
	module_info_clear(&job->info);
	kmod_library_close(&job->library);
	host_close(&job->host);
	guard_clear(&job->guard);
}
#define auto_job __attribute__((cleanup(job_clear)))
#define JOB_EMPTY                                                                                  \
	{                                                                                          \
		.host.root.fd = -1, .library.directory = -1                                        \
	}

// The first look at all that the work will touch. What does not answer now is left alone, since the
// work itself, which must not end halfway, has no such bound.
struct look {
	struct job *job;
	const char *name; // NULL for that of the processor
};

static int look(void *data, struct error *err)
{
	struct look *look = data;
	struct job *job = look->job;
	auto_module_ban struct module_ban ban = {0};
	auto_list struct list boot = {0}, users = {0};

	// What the job will read of files is looked at within bounds here.
	boot = root_names(&job->host.root, "/etc/modules-load.d");
	users = kvm_user_find(&job->host);
	if (kmod_library_open(&job->library, &job->host, err) < 0)
		return -1;
	if (!look->name)
		look->name = module_of_processor(&job->host);
	if (!look->name)
		look->name = "kvm";
	module_info_read(&job->info, &job->host, &job->library, look->name);
	module_ban_find(&ban, &job->host, look->name);
	return 0;
}

static int open_job(struct job *job, const char *name, struct error *err)
{
	struct look first = {.job = job, .name = name};
	int status;

	job->host.root.guard = &job->guard;
	if (examination_open(&job->host, NULL, err) < 0)
		return -1;
	status = guard_try(&job->guard, look, &first, err);
	return status < 0 && job->guard.stuck ? error_wrap(err, "cannot inspect modules") : status;
}

// Words are a module, if the first is no NAME=VALUE, and parameters.
static int begin(struct job *job, const struct list *words, struct error *err)
{
	size_t first = words->count && !strchr(words->items[0], '=') ? 1 : 0;
	const char *name = first ? words->items[0] : NULL;

	if (name && !module_is_name(name))
		return error_set(err, STATUS_USAGE, "'%s' is not the name of a module", name);
	if (open_job(job, name, err) < 0)
		return -1;
	if (job->info.state >= MODULE_MISSING)
		return error_set(err, STATUS_NOT_FOUND, "this kernel has no module '%s'",
				 job->info.name);
	for (size_t i = first; i < words->count; i++)
		list_add(&job->parameters, words->items[i]);
	return module_load_check(&job->info, &job->parameters, err);
}

static void report_done(struct report *report, const char *key, const struct list *names)
{
	auto_free char *joined = list_join(names, " ");

	if (report_is_json(report)) {
		report_open_list(report, key);
		for (size_t i = 0; i < names->count; i++)
			report_value(report, key, value_text(names->items[i]));
		report_close(report);
	} else if (names->count) {
		report_message(report, "%s %s\n", field_find(load_results, key)->title, joined);
	}
}

// Does what stands in the options beside the work itself, and tells everything.
static int finish(struct call *call, struct job *job, bool persist, struct error *err)
{
	if (persist && module_persist(&job->host, job->info.name, &job->parameters, &job->written,
				      &job->standing, err) < 0)
		return -1;
	for (size_t i = 0; i < job->standing.count; i++)
		call_warning(call, "%s stands: it keeps %s from being loaded at boot",
			     job->standing.items[i], job->info.name);
	report_done(call->report, "unloaded", &job->unloaded);
	report_done(call->report, "loaded", &job->loaded);
	report_done(call->report, "written", &job->written);
	report_done(call->report, "removed", &job->removed);
	report_done(call->report, "standing", &job->standing);
	return 0;
}

// Whether a parameter has the wanted value; the kernel shows a bool as Y or N.
static bool has_value(const struct module_info *info, const char *word)
{
	size_t length = strcspn(word, "=");
	auto_free char *name = text_copy_bytes(word, length);
	const struct module_parameter *parameter = module_info_parameter(info, name);
	const char *wanted = word + length + (word[length] == '=');
	const char *now = parameter ? parameter->value : NULL;

	if (!now)
		return false;
	if (text_equal(now, "Y") || text_equal(now, "N"))
		return (*now == 'Y') == (*wanted == '1' || *wanted == 'y' || *wanted == 'Y');
	return text_equal(now, wanted);
}

// One that is there already need not be loaded, unless it is to have other parameters.
static int check_loaded(const struct job *job, struct error *err)
{
	for (size_t i = 0; i < job->parameters.count; i++) {
		const char *word = job->parameters.items[i];

		if (has_value(&job->info, word))
			continue;
		error_set(err, STATUS_CONFLICT, "%s is %s with other parameters than %s",
			  job->info.name, module_word(job->info.state), word);
		if (job->info.state == MODULE_BUILT_IN)
			return error_hint(err, "boot with '%s.%s'", job->info.name, word);
		return error_hint(err, "kvm-check reload %s '%s'", job->info.name, word);
	}
	return 0;
}

static int load(struct call *call, struct error *err)
{
	auto_job struct job job = JOB_EMPTY;

	if (begin(&job, argument_list(call, "module"), err) < 0)
		return -1;
	if (module_serves(job.info.state)) {
		if (check_loaded(&job, err) < 0)
			return -1;
		report_message(call->report, "%s is %s already\n", job.info.name,
			       module_word(job.info.state));
	} else if (module_load(&job.library, &job.host, job.info.name, &job.parameters, &job.loaded,
			       err) < 0) {
		return -1;
	}
	return finish(call, &job, argument_flag(call, "persist"), err);
}

static int unload(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "module");
	auto_job struct job job = JOB_EMPTY;
	struct list words = {.items = (char *[]){(char *)name}, .count = name ? 1 : 0};

	if (begin(&job, &words, err) < 0 ||
	    module_unload(&job.library, &job.host, job.info.name, &job.unloaded, err) < 0)
		return -1;
	if (argument_flag(call, "forget") &&
	    module_forget(&job.host, job.info.name, &job.removed, err) < 0)
		return -1;
	if (job.unloaded.count == 0)
		report_message(call->report, "%s is not loaded\n", job.info.name);
	return finish(call, &job, false, err);
}

static int reload(struct call *call, struct error *err)
{
	auto_job struct job job = JOB_EMPTY;
	auto_error struct error ignored = {0};

	if (begin(&job, argument_list(call, "module"), err) < 0 ||
	    module_unload(&job.library, &job.host, job.info.name, &job.unloaded, err) < 0)
		return -1;
	if (module_load(&job.library, &job.host, job.info.name, &job.parameters, &job.loaded, err) <
	    0) {
		// As it was, as far as it can be.
		if (module_load(&job.library, &job.host, job.info.name, &(struct list){0},
				&job.loaded, &ignored) == 0)
			error_wrap(err, "%s is loaded without the new parameters", job.info.name);
		return -1;
	}
	return finish(call, &job, argument_flag(call, "persist"), err);
}

// clang-format off
static const struct option load_options[] = {
	{.kind = OPTION_FLAG, .name = "persist",
	 .help = "also at each boot, by files in /etc/modules-load.d and /etc/modprobe.d"},
	{.kind = OPTION_REST, .traits = POSITIONAL, .name = "module", .candidates = modules_names,
	 .help = "module (default: the one for this processor's virtualisation), and NAME=VALUE for "
		 "each of its parameters"},
	END,
};

static const struct option unload_options[] = {
	{.kind = OPTION_FLAG, .name = "forget",
	 .help = "remove the files that load --persist has written"},
	TEXT("module", modules_names, "module (default: the one for this processor's virtualisation)"),
	END,
};
// clang-format on

const struct command load_command = {
	.name = "load",
	.traits = COMMAND_OFFLINE,
	.results = load_results,
	.options = load_options,
	.summary = "load a kernel module and what it depends on",
	.run = load,
};

const struct command unload_command = {
	.name = "unload",
	.traits = COMMAND_OFFLINE,
	.results = load_results,
	.options = unload_options,
	.summary = "unload a kernel module and what nothing else uses any more",
	.description = "Unload a kernel module and what nothing else uses any more. While guests "
		       "run, KVM's modules stay, and the guests are named.",
	.run = unload,
};

const struct command reload_command = {
	.name = "reload",
	.traits = COMMAND_OFFLINE,
	.results = load_results,
	.options = load_options,
	.summary = "unload a kernel module and load it again, with other parameters",
	.run = reload,
};
