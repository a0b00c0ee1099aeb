// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/messages.h"

#include <stdarg.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cmd/vmctl/targets.h"
#include "output/report.h"
#include "xml/document.h"

void message_domain(struct call *call, virDomainPtr domain, const char *format, ...)
{
	const char *name = virDomainGetName(domain);
	auto_text struct text what = {0};
	va_list list;

	va_start(list, format);
	text_append_list(&what, format, list);
	va_end(list);
	report_field(call->report, NULL, "name", value_text(name));
	report_message(call->report, "Domain '%s' %s\n", name, text_string(&what));
}

void message_target(struct call *call, const char *what)
{
	const char *typed = argument_text(call, call->command->target->option);

	report_field(call->report, NULL, "name", value_text(virDomainGetName(target_domain(call))));
	report_message(call->report, "Domain '%s' %s\n", typed, what);
}

void message_named(struct call *call, const char *kind, const char *name, const char *what)
{
	report_field(call->report, NULL, "name", value_text(name));
	report_message(call->report, "%s %s %s\n", kind, name, what);
}

char *message_size(unsigned long long bytes)
{
	const char *unit;
	double scaled = size_scale(bytes, &unit);

	return text_format("%.2f %s", scaled, unit);
}

int message_xml(struct call *call, const char *xml, struct error *err)
{
	const char *xpath = argument_text(call, "xpath");
	auto_xml struct xml *document = NULL;
	auto_list struct list found = {0};
	auto_free char *selected = NULL, *lines = NULL;

	if (!xpath) {
		report_document(call->report, "xml", xml);
		return 0;
	}
	document = xml_parse(xml, "the document", err);
	if (!document)
		return -1;
	if (xml_select(document, xpath, argument_flag(call, "wrap"), &found, err) < 0) {
		// To virsh an expression that cannot be read selects nothing, and that is a
		// success.
		if (err->status != STATUS_USAGE)
			return -1;
		call_warning(call, "%s", err->message);
		error_clear(err);
	}
	selected = list_join(&found, "\n");
	lines = text_format("%s%s", selected, found.count ? "\n" : "");
	report_document(call->report, "xml", lines);
	return 0;
}
