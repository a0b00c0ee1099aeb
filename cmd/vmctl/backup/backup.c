// SPDX-License-Identifier: GPL-3.0-or-later
// Backups of running guests: begun here; domjobinfo and domjobabort follow and end them.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/hints.h"

enum { DEFINITION_MOST = 10 * 1024 * 1024 }; // bytes of a file

// The XML of the file that OPTION names, which becomes the caller's; nothing where it is not given.
static int read_xml(struct call *call, const char *option, char **xml, struct error *err)
{
	const char *file = argument_text(call, option);

	if (!file)
		return 0;
	*xml = file_read(file, DEFINITION_MOST, NULL, err);
	return *xml ? 0 : -1;
}

// libvirt calls what needs a running guest unsupported where it does not run.
static int begin_failure(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);

	virt_failure_plain(err);
	if (virDomainIsActive(domain) == 0)
		err->status = STATUS_CONFLICT;
	domain_hint(err, domain);
	return error_wrap(err, "Failed to begin a backup of domain '%s'", call_name(call));
}

static int backup_begin(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_free char *backup = NULL, *checkpoint = NULL;

	if (read_xml(call, "backupxml", &backup, err) < 0 ||
	    read_xml(call, "checkpointxml", &checkpoint, err) < 0)
		return -1;
	if (virDomainBackupBegin(domain, backup ? backup : "<domainbackup/>", checkpoint,
				 argument_bits(call)) < 0)
		return begin_failure(call, err);
	report_value(call->report, "name", value_text(call_name(call)));
	report_message(call->report, "Backup started\n");
	return 0;
}

// A flag that an older library lacks is refused before it is used.
static const struct option begin_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "running guest that is backed up"),
	TEXT("backupxml", NULL, "file with XML that says what goes where (default: all disks)"),
	TEXT("checkpointxml", NULL, "file with XML of a checkpoint that is made with it"),
	FLAG("reuse-external", VIR_DOMAIN_BACKUP_BEGIN_REUSE_EXTERNAL, "into files that are there"),
	NEWER_FLAG("preserve-domain-on-shutdown", VIR_DOMAIN_BACKUP_BEGIN_PRESERVE_SHUTDOWN_DOMAIN,
		   11010000,
		   "the guest stays, paused, where it is shut down before the backup is complete"),
	END,
};

const struct command backup_begin_command = {
	.name = "backup-begin",
	.summary = "begin a backup of a running guest",
	.description = "The backup goes on after the command has ended: domjobinfo shows how far "
		       "it is, domjobabort ends it.",
	.target = MANY_DOMAINS(BY_ANY),
	.options = begin_options,
	.results = named_results,
	.run = backup_begin,
};

static int backup_dumpxml(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_free char *xml = virDomainBackupGetXMLDesc(domain, 0);

	if (!xml)
		return domain_failure(err, domain, "Failed to get the backup of domain '%s'",
				      virDomainGetName(domain));
	return document_report(call, xml, err);
}

const struct command backup_dumpxml_command = {
	.name = "backup-dumpxml",
	.summary = "show the backup that is running, as XML",
	.traits = COMMAND_READS,
	.target = ONE_DOMAIN(BY_ANY),
	.options = (const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE,
						  "guest that is being backed up"),
					   XPATH, END},
	.results = xml_results,
	.run = backup_dumpxml,
};
