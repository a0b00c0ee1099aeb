// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of guests in files: saved and restored, dumped.
#include <libvirt/libvirt.h>
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/job.h"
#include "virt/parameters.h"
#include "virt/session.h"

static const struct field saved_results[] = {
	NAME_FIELD,
	FIELD("file", NULL, FIELD_TEXT, 0, "where it was written"),
	FIELDS_END,
};

// The memory of a guest being written. It is shared with a thread.
struct saving {
	virDomainPtr domain; // owned, like the texts
	char *file;          // NULL: libvirt keeps it
	char *xml;           // that it gets when it is restored; NULL for its own
	unsigned bits, format;
	struct parameter_values parameters; // owned; none where an older call does
	int (*write)(const struct saving *saving);
	const char *label, *verb, *done; // of the bar and of sentences
};

static void saving_free(void *data)
{
	struct saving *saving = data;

	virDomainFree(saving->domain);
	free(saving->file);
	free(saving->xml);
	parameters_clear(&saving->parameters);
	free(saving);
}

static int write_memory(void *data, struct error *err)
{
	const struct saving *saving = data;

	return saving->write(saving) < 0 ? virt_failure_plain(err) : 0;
}

// The XML that --xml names to *XML, NULL where it is not given.
static int read_xml(struct call *call, char **xml, struct error *err)
{
	const char *file = argument_text(call, "xml");

	if (file)
		*xml = definition_read(file, err);
	return file && !*xml ? -1 : 0;
}

// Does what GIVEN says to the call's guest and takes its XML over.
static int save_by_job(struct call *call, struct saving given, struct error *err)
{
	struct saving *saving = memory_new(1, sizeof(*saving));
	virDomainPtr domain = call_domain(call);
	const char *file = given.file;

	*saving = given;
	saving->domain = domain;
	virDomainRef(domain);
	saving->file = text_copy(file);
	saving->bits = argument_bits(call);
	if (job_run(call, domain,
		    &(const struct job){.label = given.label,
					.verbose = argument_flag(call, "verbose"),
					.work = write_memory,
					.data = saving,
					.release = saving_free},
		    err) < 0) {
		domain_hint(err, domain);
		return error_wrap(err, "Failed to %s domain '%s' %s%s", given.verb,
				  call->object.typed, file ? "to " : "state", file ? file : "");
	}
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	if (file)
		report_value(call->report, "file", value_text(file));
	report_message(call->report, "\nDomain '%s' %s%s\n", call->object.typed, given.done,
		       file ? file : "");
	return 0;
}

#define IMAGE_FORMAT VIR_DOMAIN_SAVE_PARAM_IMAGE_FORMAT
#define PARALLEL_CHANNELS VIR_DOMAIN_SAVE_PARAM_PARALLEL_CHANNELS

static const struct parameter save_rows[] = {
	{"image-format", IMAGE_FORMAT, IMAGE_FORMAT, PARAMETER_TEXT, NULL},
	{"file", VIR_DOMAIN_SAVE_PARAM_FILE, VIR_DOMAIN_SAVE_PARAM_FILE, PARAMETER_TEXT, NULL},
	{"parallel-channels", PARALLEL_CHANNELS, PARALLEL_CHANNELS, PARAMETER_INTEGER, NULL},
	PARAMETERS_END};
static const struct parameter *const restore_rows = save_rows + 1; // the file tells its format

#define CHANNELS(help_)                                                                            \
	{                                                                                          \
		.kind = OPTION_INTEGER, .name = "parallel-channels", .since = 11002000,            \
		.least = 1, .most = INT_MAX, .help = (help_)                                       \
	}

// What the call with parameters takes; nothing where no option needs that call.
static int collect(struct call *call, const struct parameter *rows, const char *xml,
		   struct parameter_values *parameters, struct error *err)
{
	if (!argument_given(call, "parallel-channels") &&
	    !(rows == save_rows && argument_given(call, "image-format")))
		return 0;
	if (parameters_collect(parameters, call, rows, err) < 0)
		return -1;
	return xml ? parameters_text(parameters, VIR_DOMAIN_SAVE_PARAM_DXML, VIR_TYPED_PARAM_STRING,
				     xml, err)
		   : 0;
}

static int write_save(const struct saving *saving)
{
	if (saving->parameters.count)
		return virDomainSaveParams(saving->domain, saving->parameters.values,
					   saving->parameters.count, saving->bits);
	return saving->bits || saving->xml
		       ? virDomainSaveFlags(saving->domain, saving->file, saving->xml, saving->bits)
		       : virDomainSave(saving->domain, saving->file);
}

static int save(struct call *call, struct error *err)
{
	struct saving saving = {.file = (char *)argument_text(call, "file"),
				.write = write_save,
				.label = "Save",
				.verb = "save",
				.done = "saved to "};

	if (read_xml(call, &saving.xml, err) < 0)
		return -1;
	if (collect(call, save_rows, saving.xml, &saving.parameters, err) < 0) {
		free(saving.xml);
		return -1;
	}
	return save_by_job(call, saving, err);
}

static const char *const image_formats_of_saves[] = {"raw",  "gzip", "bzip2",  "xz",
						     "lzop", "zstd", "sparse", NULL};

#define AFTERWARDS                                                                                 \
	FLAG("running", VIR_DOMAIN_SAVE_RUNNING, "let it run once it is restored"),                \
		FLAG("paused", VIR_DOMAIN_SAVE_PAUSED, "leave it paused once it is restored")

static const struct option save_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to save"),
	NEEDED("file", NULL, "file to write, on the guest's host"),
	FLAG("bypass-cache", VIR_DOMAIN_SAVE_BYPASS_CACHE, "leave the file system's cache alone"),
	TEXT("xml", NULL, "file with the XML that it gets when it is restored"),
	AFTERWARDS,
	FLAG("verbose", 0, "show its progress"),
	{.kind = OPTION_TEXT,
	 .name = "image-format",
	 .since = 11002000,
	 .words = image_formats_of_saves,
	 .help = "format of the file, such as zstd or sparse (default: as the daemon is set up)"},
	CHANNELS("with the format sparse: number of channels to write it over"),
	END,
};

const struct command save_command = {
	.name = "save",
	.target = ONE_DOMAIN(BY_ANY),
	.options = save_options,
	.results = saved_results,
	.summary = "write the memory of a guest to a file and stop it",
	.description =
		"Writes the memory of a running guest to a file and stops the guest. restore "
		"starts it again from where it was.",
	.run = save,
};

static int restore(struct call *call, struct error *err)
{
	virConnectPtr connection = session_connection(call);
	const char *file = argument_text(call, "file");
	unsigned bits = argument_bits(call);
	auto_parameters struct parameter_values parameters = {0};
	auto_free char *xml = NULL;

	if (read_xml(call, &xml, err) < 0 || collect(call, restore_rows, xml, &parameters, err) < 0)
		return -1;
	if ((parameters.count
		     ? virDomainRestoreParams(connection, parameters.values, parameters.count, bits)
	     : bits || xml ? virDomainRestoreFlags(connection, file, xml, bits)
			   : virDomainRestore(connection, file)) < 0)
		return virt_failure(err, "Failed to restore domain from %s", file);
	report_value(call->report, "file", value_text(file));
	report_message(call->report, "Domain restored from %s\n", file);
	return 0;
}

static const struct option restore_options[] = {
	NEEDED("file", NULL, "file that save wrote"),
	FLAG("bypass-cache", VIR_DOMAIN_SAVE_BYPASS_CACHE, "leave the file system's cache alone"),
	TEXT("xml", NULL, "file with the XML that it gets"),
	FLAG("running", VIR_DOMAIN_SAVE_RUNNING, "let it run, even if it was paused"),
	FLAG("paused", VIR_DOMAIN_SAVE_PAUSED, "leave it paused"),
	FLAG("reset-nvram", VIR_DOMAIN_SAVE_RESET_NVRAM, "reset its NVRAM to the template"),
	CHANNELS("of a file in the format sparse: number of channels to read it over"),
	END,
};

static const struct field restored_results[] = {
	FIELD("file", NULL, FIELD_TEXT, 0, "what it was restored from"),
	FIELDS_END,
};

const struct command restore_command = {
	.name = "restore",
	.options = restore_options,
	.results = restored_results,
	.summary = "start a guest from a file that save wrote",
	.run = restore,
};

static int write_managed_save(const struct saving *saving)
{
	return virDomainManagedSave(saving->domain, saving->bits);
}

static int managedsave(struct call *call, struct error *err)
{
	return save_by_job(call,
			   (struct saving){.write = write_managed_save,
					   .label = "Managedsave",
					   .verb = "save",
					   .done = "state saved by libvirt"},
			   err);
}

const struct command managedsave_command = {
	.name = "managedsave",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to save"),
					FLAG("bypass-cache", VIR_DOMAIN_SAVE_BYPASS_CACHE,
					     "leave the file system's cache alone"),
					AFTERWARDS, FLAG("verbose", 0, "show its progress"), END},
	.summary = "save a guest where libvirt keeps it until its next start",
	.description =
		"Writes the memory of a running guest to a file of libvirt's own and stops the "
		"guest. start goes on from there.",
	.results = named_results,
	.run = managedsave,
};

static int managedsave_remove(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *typed = call->object.typed;
	int has = virDomainHasManagedSaveImage(domain, 0);

	if (has < 0)
		return domain_failure(err, domain, "Failed to check for domain managed save image");
	if (has && virDomainManagedSaveRemove(domain, 0) < 0)
		return domain_failure(err, domain,
				      "Failed to remove managed save image for domain '%s'", typed);
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	report_value(call->report, "removed", value_boolean(has));
	report_message(call->report,
		       has ? "Removed managedsave image for domain '%s'"
			   : "Domain '%s' has no manage save image; removal skipped",
		       typed);
	return 0;
}

static const struct field removed_results[] = {
	NAME_FIELD,
	FIELD("removed", NULL, FIELD_BOOLEAN, 0, "whether there was one"),
	FIELDS_END,
};

const struct command managedsave_remove_command = {
	.name = "managedsave-remove",
	.target = MANY_DOMAINS_ASKED(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE, "guest whose managed save is removed"),
	.results = removed_results,
	.summary = "remove the managed save of a guest",
	.run = managedsave_remove,
};

// In the order of enum virDomainCoreDumpFormat.
static const char *const formats[] = {"elf",          "kdump-zlib", "kdump-lzo",
				      "kdump-snappy", "win-dmp",    NULL};

static int write_dump(const struct saving *saving)
{
	if (!(saving->bits & VIR_DUMP_MEMORY_ONLY))
		return virDomainCoreDump(saving->domain, saving->file, saving->bits);
	return virDomainCoreDumpWithFormat(saving->domain, saving->file, saving->format,
					   saving->bits);
}

static int dump(struct call *call, struct error *err)
{
	struct saving dumping = {.file = (char *)argument_text(call, "file"),
				 .write = write_dump,
				 .label = "Dump",
				 .verb = "core dump",
				 .done = "dumped to ",
				 .format = VIR_DOMAIN_CORE_DUMP_FORMAT_RAW};

	if (argument_choice(call, "format", &dumping.format, err) < 0)
		return -1;
	return save_by_job(call, dumping, err);
}

static const struct option dump_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose memory is dumped"),
	NEEDED("file", NULL, "file to write, on the guest's host"),
	FLAG("live", VIR_DUMP_LIVE, "let the guest run meanwhile"),
	FLAG("crash", VIR_DUMP_CRASH, "stop the guest afterwards, as crashed"),
	FLAG("bypass-cache", VIR_DUMP_BYPASS_CACHE, "leave the file system's cache alone"),
	FLAG("reset", VIR_DUMP_RESET, "reset the guest afterwards"),
	FLAG("verbose", 0, "show its progress"),
	FLAG("memory-only", VIR_DUMP_MEMORY_ONLY, "only its memory, as crash tools read it"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "format",
	 .words = formats,
	 .help = "with --memory-only: elf (the default), kdump-zlib, kdump-lzo, kdump-snappy or "
		 "win-dmp"},
	END,
};

const struct command dump_command = {
	.name = "dump",
	.target = ONE_DOMAIN(BY_ANY),
	.options = dump_options,
	.rules = (const struct rule[]){REQUIRES("format", "memory-only"), RULES_END},
	.results = saved_results,
	.summary = "write the memory of a guest to a file for analysis",
	.run = dump,
};
