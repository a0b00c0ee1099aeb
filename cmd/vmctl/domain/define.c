// SPDX-License-Identifier: GPL-3.0-or-later
// Definitions of guests: made, shown, removed.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/console.h"
#include "cmd/vmctl/domain/descriptors.h"
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"

DEFINE_COMMAND(define, "define", kind_domain, "guest", "Failed to define domain from %s",
	       FLAG("validate", VIR_DOMAIN_DEFINE_VALIDATE,
		    "check it against libvirt's schema first"));

static int create(struct call *call, struct error *err)
{
	const char *path = argument_text(call, "file");
	auto_free char *xml = definition_read(path, err);
	auto_error struct error unattached = {0};
	auto_descriptors struct descriptors files = {0};
	auto_domain virDomainPtr domain = NULL;

	if (!xml || descriptors_parse(argument_text(call, "pass-fds"), &files, err) < 0)
		return -1;
	if (files.count)
		domain = virDomainCreateXMLWithFiles(session_connection(call), xml, files.count,
						     files.numbers, argument_bits(call));
	else
		domain = virDomainCreateXML(session_connection(call), xml, argument_bits(call));
	if (!domain) {
		virt_failure(err, "Failed to create domain from %s", path);
		return kind_refused(&kind_domain, session_connection(call), xml, err);
	}
	message_domain(call, domain, "created from %s", path);
	// The guest runs all the same.
	if (argument_flag(call, "console") && console_attach(call, domain, &unattached) < 0)
		call_warning(call, "%s", unattached.message);
	return 0;
}

static const struct option create_options[] = {
	NEEDED("file", NULL, "file with the domain XML"),
	FLAG("console", 0, "attach to its console once it runs"),
	FLAG("paused", VIR_DOMAIN_START_PAUSED, "leave its CPUs stopped"),
	FLAG("autodestroy", VIR_DOMAIN_START_AUTODESTROY, "stop it when this connection ends"),
	PASS_FDS,
	FLAG("validate", VIR_DOMAIN_START_VALIDATE, "check it against libvirt's schema first"),
	FLAG("reset-nvram", VIR_DOMAIN_START_RESET_NVRAM, "reset its NVRAM to the template"),
	END,
};

const struct command create_command = {
	.name = "create",
	.options = create_options,
	.summary = "start a guest from domain XML without defining it",
	.description = "Starts a transient guest: when it stops, libvirt forgets it.",
	.results = named_results,
	.run = create,
};

// With --once at the next boot alone.
static int autostart(struct call *call, struct error *err)
{
	const char *typed = call->object.typed;
	bool disable = argument_flag(call, "disable");

	if (!argument_flag(call, "once"))
		return object_autostart(call, err);
	if (virDomainSetAutostartOnce(call_domain(call), !disable) < 0)
		return virt_failure(err, "Failed to %s domain '%s' as autostarted on next boot",
				    disable ? "unmark" : "mark", typed);
	report_value(call->report, "name", value_text(call_name(call)));
	report_message(call->report, "Domain '%s' %smarked as autostarted on next boot\n", typed,
		       disable ? "un" : "");
	return 0;
}

const struct command autostart_command = {
	.name = "autostart",
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){
			DOMAIN(VIR_CONNECT_LIST_DOMAINS_PERSISTENT, "guest to start with the host"),
			FLAG("disable", 0, "do not start it with the host"),
			NEWER_FLAG("once", 0, 11002000, "at the next boot alone"), END},
	.summary = "start a guest when the host boots",
	.results = named_results,
	.run = autostart,
};

static const struct option dumpxml_options[] = {
	DOMAIN(0, "guest whose XML is wanted"),
	FLAG("inactive", VIR_DOMAIN_XML_INACTIVE, "the XML it boots with next"),
	{.kind = OPTION_FLAG,
	 .traits = WRITES,
	 .name = "security-info",
	 .bit = VIR_DOMAIN_XML_SECURE,
	 .help = "with passwords"},
	FLAG("update-cpu", VIR_DOMAIN_XML_UPDATE_CPU, "with the CPU that this host would give it"),
	{.kind = OPTION_FLAG,
	 .traits = WRITES,
	 .name = "migratable",
	 .bit = VIR_DOMAIN_XML_MIGRATABLE,
	 .help = "as a migration would send it"},
	XPATH,
	END,
};

const struct command dumpxml_command = {
	.name = "dumpxml",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = dumpxml_options,
	.summary = "show the domain XML of a guest",
	.results = xml_results,
	.run = object_dumpxml,
};

static int domrename(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const char *name = argument_text(call, "new-name");

	if (virDomainRename(domain, name, 0) < 0)
		return domain_failure(err, domain, "Failed to rename domain '%s'",
				      virDomainGetName(domain));
	report_value(call->report, "name", value_text(name));
	report_message(call->report, "Domain successfully renamed\n");
	return 0;
}

const struct command domrename_command = {
	.name = "domrename",
	.target = ONE_DOMAIN(BY_ANY),
	.options = (const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_INACTIVE,
						  "guest that is shut off"),
					   NEEDED("new-name", NULL, "its new name"), END},
	.results = named_results,
	.summary = "give a guest another name",
	.run = domrename,
};
