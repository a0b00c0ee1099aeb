// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/messages.h"

#include <stdarg.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "output/report.h"
#include "virt/kinds.h"

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
	report_field(call->report, NULL, "name", value_text(virDomainGetName(call_domain(call))));
	report_message(call->report, "Domain '%s' %s\n", call->object.typed, what);
}

void message_updated(struct call *call, const char *noun, bool active)
{
	bool live = argument_flag(call, "live"), config = argument_flag(call, "config");

	if (!live && !config) {
		live = active;
		config = !active;
	}
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "live", value_boolean(live));
	report_value(call->report, "config", value_boolean(config));
	report_message(call->report, "Updated %s %s%s%s%s", noun, call_name(call),
		       config ? " persistent config" : "", config && live ? " and" : "",
		       live ? " live state" : "");
}
