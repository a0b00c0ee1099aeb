// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of guests in files: saved and restored, dumped.
#include <libvirt/virterror.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"

static const struct field saved_results[] = {
	NAME_FIELD,
	FIELD("file", NULL, FIELD_TEXT, 0, "where it was written"),
	FIELDS_END,
};

// What is said once FILE was written.
static int done(struct call *call, const char *file, const char *what)
{
	report_value(call->report, "name", value_text(virDomainGetName(call_domain(call))));
	report_value(call->report, "file", value_text(file));
	report_message(call->report, "\nDomain '%s' %s %s\n", call->object.typed, what, file);
	return 0;
}

// The XML that --xml names to *XML, NULL where it is not given.
static int read_xml(struct call *call, char **xml, struct error *err)
{
	const char *file = argument_text(call, "xml");

	if (file)
		*xml = definition_read(file, err);
	return file && !*xml ? -1 : 0;
}

static int save(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *file = argument_text(call, "file");
	unsigned bits = argument_bits(call);
	auto_free char *xml = NULL;

	if (read_xml(call, &xml, err) < 0)
		return -1;
	if ((bits || xml ? virDomainSaveFlags(domain, file, xml, bits)
			 : virDomainSave(domain, file)) < 0)
		return domain_failure(err, domain, "Failed to save domain '%s' to %s",
				      virDomainGetName(domain), file);
	return done(call, file, "saved to");
}

#define AFTERWARDS                                                                                 \
	FLAG("running", VIR_DOMAIN_SAVE_RUNNING, "let it run once it is restored"),                \
		FLAG("paused", VIR_DOMAIN_SAVE_PAUSED, "leave it paused once it is restored")

static const struct option save_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to save"),
	NEEDED("file", NULL, "file to write, on the guest's host"),
	FLAG("bypass-cache", VIR_DOMAIN_SAVE_BYPASS_CACHE, "leave the file system's cache alone"),
	TEXT("xml", NULL, "file with the XML that it gets when it is restored"),
	AFTERWARDS,
	FLAG("verbose", 0, "show how far it is"),
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
	auto_free char *xml = NULL;

	if (read_xml(call, &xml, err) < 0)
		return -1;
	if ((bits || xml ? virDomainRestoreFlags(connection, file, xml, bits)
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
	FLAG("reset-nvram", VIR_DOMAIN_SAVE_RESET_NVRAM, "make its NVRAM anew from the template"),
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

ACT(act_managed_save, virDomainManagedSave(object, bits))
const struct command managedsave_command = {
	.name = "managedsave",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest to save"),
					FLAG("bypass-cache", VIR_DOMAIN_SAVE_BYPASS_CACHE,
					     "leave the file system's cache alone"),
					AFTERWARDS, FLAG("verbose", 0, "show how far it is"), END},
	.summary = "save a guest where libvirt keeps it until its next start",
	.description =
		"Writes the memory of a running guest to a file of libvirt's own and stops the "
		"guest. start goes on from there.",
	DOES(.act = act_managed_save, .failed = "Failed to save domain '%s' state",
	     .done = "\nDomain '%s' state saved by libvirt", .typed = true),
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
	.summary = "throw the managed save of a guest away",
	.run = managedsave_remove,
};

// In the order of enum virDomainCoreDumpFormat.
static const char *const formats[] = {"elf",          "kdump-zlib", "kdump-lzo",
				      "kdump-snappy", "win-dmp",    NULL};

static int dump(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *file = argument_text(call, "file");
	unsigned bits = argument_bits(call), format = VIR_DOMAIN_CORE_DUMP_FORMAT_RAW;

	if (argument_choice(call, "format", &format, err) < 0)
		return -1;
	if ((bits & VIR_DUMP_MEMORY_ONLY ? virDomainCoreDumpWithFormat(domain, file, format, bits)
					 : virDomainCoreDump(domain, file, bits)) < 0)
		return domain_failure(err, domain, "Failed to core dump domain '%s' to %s",
				      virDomainGetName(domain), file);
	return done(call, file, "dumped to");
}

static const struct option dump_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose memory is dumped"),
	NEEDED("file", NULL, "file to write, on the guest's host"),
	FLAG("live", VIR_DUMP_LIVE, "let the guest run meanwhile"),
	FLAG("crash", VIR_DUMP_CRASH, "stop the guest afterwards, as crashed"),
	FLAG("bypass-cache", VIR_DUMP_BYPASS_CACHE, "leave the file system's cache alone"),
	FLAG("reset", VIR_DUMP_RESET, "reset the guest afterwards"),
	FLAG("verbose", 0, "show how far it is"),
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
