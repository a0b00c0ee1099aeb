// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for what happens to guests, networks, pools, devices and secrets. One handler; the
// families of events (lib/virt/event_queue.h) tell what there is.
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/event/watch.h"
#include "cmd/vmctl/groups.h"
#include "output/report.h"
#include "virt/kinds.h"
#include "virt/session.h"

// UTC.
static char *time_text(long long microseconds, char between, const char *zone)
{
	auto_free char *when = instant_utc(microseconds / 1000000);

	return text_format("%.10s%c%s.%03lld%s", when, between, when + strlen("2026-01-31 "),
			   microseconds / 1000 % 1000, zone);
}

static void report_text(struct call *call, const struct watch *watch, const struct event *event)
{
	if (argument_flag(call, "timestamp")) {
		auto_free char *when = time_text(event->time, ' ', "+0000");

		report_heading(call->report, "%s: ", when);
	}
	if (event->kind) {
		const char *quote = watch->family->quoted ? "'" : "";

		report_heading(call->report, "event '%s' for %s %s%s%s", event->kind->name,
			       watch->family->noun, quote, event->name, quote);
	}
	report_heading(call->report, "%s", event->text);
}

static void report_fact(void *data, const char *key, const struct json *fact)
{
	report_json(data, key, fact);
}

static void report_facts(struct call *call, const struct event *event)
{
	auto_free char *when = time_text(event->time, 'T', "Z");

	report_value(call->report, "time", value_text(when));
	if (event->kind)
		report_value(call->report, "event", value_text(event->kind->name));
	report_value(call->report, "name", value_text(event->name));
	json_visit(event->facts, report_fact, call->report);
}

// Counts the events until the wait is over; -1 when it broke.
static int receive(struct call *call, const struct watch *watch, int *count, struct error *err)
{
	long long seconds = argument_integer(call, "timeout");
	long long end = seconds ? clock_milliseconds() + seconds * 1000 : 0;
	bool loop = argument_flag(call, "loop");

	do {
		auto_event struct event *event = NULL;
		int got =
			event_queue_next(watch->queue, call->cancel, clock_left(end), &event, err);

		if (got < 0)
			return -1;
		if (got == 0) {
			report_heading(call->report, "event loop timed out\n");
			break;
		}
		if (watch->wanted && !watch->wanted(call, event))
			continue;
		if (report_is_json(call->report))
			report_facts(call, event);
		else
			report_text(call, watch, event);
		if (report_next(call->report, err) < 0)
			return -1;
		(*count)++;
	} while (loop || !*count);
	return 0;
}

int events_report(struct call *call, const struct watch *watch, struct error *err)
{
	auto_error struct error broken = {0};
	int count = 0, signal, failed;

	interrupt_hold();
	failed = receive(call, watch, &count, &broken);
	interrupt_let();
	if (failed) {
		signal = interrupt_signal();
		// ^C is the usual end of a loop.
		if (!signal)
			return error_move(err, &broken);
		report_heading(call->report, "event loop interrupted\n");
		call->status = count ? 0 : STATUS_SIGNAL + signal;
	} else {
		call->status = count ? 0 : STATUS_TIMEOUT;
	}
	if (!report_is_json(call->report)) {
		report_heading(call->report, "events received: %d\n", count);
		return report_next(call->report, err);
	}
	return 0;
}

static int list_kinds(struct call *call, const struct event_family *family, struct error *err)
{
	for (const struct event_kind *kind = family->kinds; kind->name; kind++) {
		report_value(call->report, "event", value_text(kind->name));
		report_heading(call->report, "%s\n", kind->name);
		if (report_next(call->report, err) < 0)
			return -1;
	}
	return 0;
}

static int watch_kinds(struct call *call, const struct watch *watch, const struct event_kind *one,
		       void *object, struct error *err)
{
	const struct event_family *family = watch->family;

	for (const struct event_kind *kind = one ? one : family->kinds; kind->name; kind++) {
		auto_error struct error failed = {0};

		if (event_queue_watch(watch->queue, session_connection(call), family, kind, object,
				      &failed) < 0) {
			// An older host does not know the later kinds.
			if (kind == one || kind == family->kinds)
				return error_move(err, &failed);
			break;
		}
		if (one)
			break;
	}
	return 0;
}

static int unknown_kind(const struct call *call, const char *name, struct error *err)
{
	error_set(err, STATUS_USAGE, "unknown event type %s", name);
	return error_hint(err, "$0 %s --list shows those there are", call->command->name);
}

static int watch_family(struct call *call, const struct event_family *family, bool all,
			const char *option, struct error *err)
{
	const char *name = argument_text(call, "event"), *object = argument_text(call, option);
	auto_event_queue struct event_queue *queue = NULL;
	struct watch watch = {.family = family};
	const struct event_kind *kind = name ? event_kind_find(family, name) : NULL;
	void *handle = NULL;
	int failed;

	if (argument_flag(call, "list"))
		return list_kinds(call, family, err);
	if (!name && !all)
		return error_set(err, STATUS_USAGE, "--list or --event TYPE is missing");
	if (name && !kind)
		return unknown_kind(call, name, err);
	queue = watch.queue = event_queue_new(err);
	if (!queue)
		return -1;
	if (object) {
		handle = kind_find(family->kind, session_connection(call), NULL, object, BY_ANY,
				   err);
		if (!handle)
			return -1;
	}
	failed = watch_kinds(call, &watch, kind, handle, err);
	if (handle)
		family->kind->release(handle);
	return failed < 0 ? -1 : events_report(call, &watch, err);
}

// The kinds of events, for completion.
static void add_kinds(const struct event_family *family, struct list *found)
{
	for (const struct event_kind *kind = family->kinds; kind->name; kind++)
		list_add(found, kind->name);
}

static const struct field address_fields[] = {
	FIELD("family", NULL, FIELD_TEXT, 0, "IPv4, IPv6 or unix"),
	FIELD("node", NULL, FIELD_TEXT, FIELD_NULL, "address"),
	FIELD("service", NULL, FIELD_TEXT, FIELD_NULL, "port"),
	FIELDS_END,
};

static const struct field identity_fields[] = {
	FIELD("type", NULL, FIELD_TEXT, 0, "what the name is of"),
	FIELD("name", NULL, FIELD_TEXT, 0, "who connected"),
	FIELDS_END,
};

// What only some events have is not there in the others.
// clang-format off
#define SOME(key_, type_, help_) FIELD(key_, NULL, type_, FIELD_ASKED | FIELD_NULL, help_)
static const struct field event_results[] = {
	FIELD("time", NULL, FIELD_TIME, FIELD_ASKED, "when it was seen"),
	FIELD("event", NULL, FIELD_TEXT, 0, "the kind of event"),
	SOME("name", FIELD_TEXT, "of the guest or object; of a secret its UUID"),
	SOME("change", FIELD_TEXT, "what became of it"),
	SOME("detail", FIELD_TEXT, "why or how"),
	SOME("reason", FIELD_TEXT, "why"),
	SOME("action", FIELD_TEXT, "what is done about it"),
	SOME("action_required", FIELD_BOOLEAN, "the guest's memory failure must be acted upon"),
	SOME("recursive", FIELD_BOOLEAN, "it happened while an earlier one was handled"),
	SOME("recipient", FIELD_TEXT, "whose memory failed: the hypervisor's or the guest's"),
	SOME("alias", FIELD_TEXT, "the device"),
	SOME("path", FIELD_TEXT, "the disk's file or source"),
	SOME("old_path", FIELD_TEXT, "the disk's source before"),
	SOME("disk", FIELD_TEXT, "the disk's target or path"),
	SOME("job", FIELD_TEXT, "the kind of block job"),
	SOME("status", FIELD_TEXT, "of the block job: completed, failed, canceled or ready"),
	SOME("utc_offset", FIELD_SECONDS, "of the guest's clock"),
	SOME("size", FIELD_BYTES, "of the memory"),
	SOME("threshold", FIELD_BYTES, "that was passed"),
	SOME("excess", FIELD_BYTES, "by how much"),
	SOME("iteration", FIELD_INTEGER, "of the migration"),
	SOME("uri", FIELD_TEXT, "name space of the metadata"),
	SOME("phase", FIELD_TEXT, "of the client of a display"),
	FIELD_OF("local", FIELD_OBJECT, FIELD_ASKED, address_fields, "the display's end"),
	FIELD_OF("remote", FIELD_OBJECT, FIELD_ASKED, address_fields, "the client's end"),
	SOME("auth_scheme", FIELD_TEXT, "how the client authenticated"),
	FIELD_OF("identities", FIELD_LIST, FIELD_ASKED, identity_fields, "its identities"),
	FIELD_OF("parameters", FIELD_OBJECT, FIELD_ASKED, NULL, "by libvirt's names"),
	SOME("mac", FIELD_TEXT, "MAC address"),
	SOME("old_mac", FIELD_TEXT, "MAC address before"),
	FIELDS_END,
};

#define EVENT_COMMAND(symbol_, name_, family_, all_, option_, noun_, only_all_, rules_) \
	static int symbol_##_watch(struct call *call, struct error *err) \
	{ \
		return watch_family(call, &(family_), (all_), option_, err); \
	} \
	static void symbol_##_kinds(struct call *call, struct list *found) \
	{ \
		(void)call; \
		add_kinds(&(family_), found); \
	} \
	static const struct option symbol_##_options[] = { \
		WATCHED(option_, kind_##noun_, "only of this one"), \
		TEXT("event", symbol_##_kinds, "the kind of event to wait for"), \
		only_all_ \
		FLAG("loop", 0, "go on until the timeout or ^C, not only until the first"), \
		WATCH_TIMEOUT, \
		LIST_KINDS, \
		FLAG("timestamp", 0, "show when each was seen"), \
		END, \
	}; \
	const struct command symbol_##_command = { \
		.name = (name_), .traits = COMMAND_READS, .options = symbol_##_options, \
		.rules = rules_, .shape = SHAPE_STREAM, .results = event_results, \
		.summary = "wait for events, or list the kinds of events", \
		.run = symbol_##_watch, \
	}

#define LIST_KINDS \
	{ \
		.kind = OPTION_FLAG, .traits = ALONE, .name = "list", \
		.help = "list the kinds of events" \
	}
#define ALL_EVENTS FLAG("all", 0, "wait for all kinds of events"),
static const struct rule all_rules[] = {EXCLUSIVE("all", "event"), EXCLUSIVE("list", "all"),
					EXCLUSIVE("list", "event"), RULES_END};

EVENT_COMMAND(event, "event", domain_events, argument_flag(call, "all"), "domain", domain,
	      ALL_EVENTS, all_rules);
EVENT_COMMAND(net_event, "net-event", network_events, false, "network", network, , NULL);
EVENT_COMMAND(pool_event, "pool-event", pool_events, false, "pool", pool, , NULL);
EVENT_COMMAND(nodedev_event, "nodedev-event", device_events, false, "device", nodedev, , NULL);
EVENT_COMMAND(secret_event, "secret-event", secret_events, false, "secret", secret, , NULL);
// clang-format on
