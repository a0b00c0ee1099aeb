// SPDX-License-Identifier: GPL-3.0-or-later
// What QEMU's monitors say by themselves.
#include <libvirt/libvirt-qemu.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/event/watch.h"
#include "cmd/vmctl/groups.h"
#include "output/report.h"
#include "virt/event_source.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/session.h"

static void on_event(virConnectPtr connection, virDomainPtr domain, const char *name,
		     long long seconds, unsigned micros, const char *details, void *data)
{
	auto_error struct error err = {0};
	struct json *json = details ? json_read(details, "QEMU's event", &err) : NULL;
	struct event *event =
		event_new(virDomainGetName(domain), "%s", details ? details : "<null>");

	(void)connection;
	event_set(event, "event", value_text(name));
	event_set(event, "seconds", value_integer(seconds));
	event_set(event, "microseconds", value_unsigned(micros));
	json_set_json(event->facts, "details", json);
	event_post(data, event);
}

// Makes virsh's line of it, in the command's own thread since --pretty is the command's.
static bool complete(struct call *call, struct event *event)
{
	const struct json *details = json_get(event->facts, "details");
	char *shown = argument_flag(call, "pretty") && details ? json_text(details) : NULL;
	char *line = text_format("event %s at %lld.%06llu for domain '%s': %s\n",
				 json_get_text(event->facts, "event"),
				 (long long)json_get_unsigned(event->facts, "seconds"),
				 json_get_unsigned(event->facts, "microseconds"), event->name,
				 shown ? shown : event->text);

	free(shown);
	free(event->text);
	event->text = line;
	return true;
}

static int watch_monitor(struct call *call, struct error *err)
{
	const char *object = argument_text(call, "domain");
	virConnectPtr connection = session_connection(call);
	auto_event_queue struct event_queue *queue = event_queue_new(err);
	struct watch watch = {.queue = queue, .wanted = complete};
	struct event_source *source;
	virDomainPtr domain = NULL;
	int handle;

	if (!queue)
		return -1;
	if (object) {
		domain = kind_find(&kind_domain, connection, NULL, object, BY_ANY, err);
		if (!domain)
			return -1;
	}
	source = event_source_new(queue, NULL);
	handle = virConnectDomainQemuMonitorEventRegister(
		connection, domain, argument_text(call, "event"), on_event, source,
		event_source_free, argument_bits(call));
	if (handle < 0) {
		virt_failure(err, "cannot watch QEMU's monitor");
		event_source_free(source);
	}
	if (domain)
		virDomainFree(domain);
	if (handle < 0)
		return -1;
	event_queue_keep(queue, connection, handle, virConnectDomainQemuMonitorEventDeregister);
	return events_report(call, &watch, err);
}

static const struct option options[] = {
	WATCHED("domain", kind_domain, "only of this guest"),
	TEXT("event", NULL, "only events of this name"),
	FLAG("pretty", 0, "indent the details"),
	FLAG("loop", 0, "go on until the timeout or ^C, not only until the first"),
	WATCH_TIMEOUT,
	FLAG("regex", VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_REGEX,
	     "the name is a regular expression"),
	FLAG("no-case", VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_NOCASE,
	     "upper and lower case of the name are the same"),
	FLAG("timestamp", 0, "show when each was seen"),
	END,
};

static const struct field results[] = {
	FIELD("time", NULL, FIELD_TIME, 0, "when it was seen"),
	FIELD("name", NULL, FIELD_TEXT, 0, "of the guest"),
	FIELD("event", NULL, FIELD_TEXT, 0, "QEMU's name of the event"),
	FIELD("seconds", NULL, FIELD_INTEGER, 0, "QEMU's time, since 1970"),
	FIELD("microseconds", NULL, FIELD_INTEGER, 0, "the rest of it"),
	FIELD("details", NULL, FIELD_ANY, FIELD_NULL, "what QEMU says of it"),
	FIELDS_END,
};

const struct command qemu_monitor_event_command = {
	.name = "qemu-monitor-event",
	.options = options,
	.rules = (const struct rule[]){REQUIRES("regex", "event"), REQUIRES("no-case", "event"),
				       RULES_END},
	.shape = SHAPE_STREAM,
	.results = results,
	.summary = "wait for what QEMU's monitor says",
	.run = watch_monitor,
};
