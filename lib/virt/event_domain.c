// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to guests: libvirt's callbacks, one for each form that they have. The words are
// virsh's.
#include <libvirt/libvirt.h>
#include <stdlib.h>

#include "base/text.h"
#include "virt/event_source.h"
#include "virt/kinds.h"
#include "virt/typed.h"
#include "virt/words.h"

// clang-format off
#define OF_GUEST virConnectPtr connection __attribute__((unused)), virDomainPtr domain
#define WORDS(name_, ...) static const char *const name_[] = {__VA_ARGS__, NULL}
WORDS(changes, "Defined", "Undefined", "Started", "Suspended", "Resumed", "Stopped", "Shutdown",
      "PMSuspended", "Crashed");
// Of each change, in its order.
static const char *const details[][10] = {
	{"Added", "Updated", "Renamed", "Snapshot"},
	{"Removed", "Renamed"},
	{"Booted", "Migrated", "Restored", "Snapshot", "Event wakeup", "Recreated"},
	{"Paused", "Migrated", "I/O Error", "Watchdog", "Restored", "Snapshot", "API error",
	 "Post-copy", "Post-copy Error", "Guest shutdown"},
	{"Unpaused", "Migrated", "Snapshot", "Post-copy", "Post-copy Error"},
	{"Shutdown", "Destroyed", "Crashed", "Migrated", "Saved", "Failed", "Snapshot",
	 "Recreated"},
	{"Finished", "Finished after guest request", "Finished after host request"},
	{"Memory", "Disk"},
	{"Panicked", "Crashloaded"},
};
WORDS(watchdog_actions, "none", "pause", "reset", "poweroff", "shutdown", "debug", "inject-nmi");
WORDS(error_actions, "none", "pause", "report");
WORDS(phases, "connect", "initialize", "disconnect");
WORDS(addresses, "IPv4", "IPv6", "unix");
WORDS(job_states, "completed", "failed", "canceled", "ready");
WORDS(disk_changes, "changed", "dropped");
WORDS(trays, "opened", "closed");
WORDS(agent_states, "unknown", "connected", "disconnected");
WORDS(agent_reasons, "unknown", "domain started", "channel event");
WORDS(metadata, "description", "title", "element");
WORDS(recipients, "hypervisor", "guest");
WORDS(failure_actions, "ignore", "inject", "fatal", "reset");
// clang-format on

static void on_plain(OF_GUEST, void *data)
{
	event_post(data, event_new(virDomainGetName(domain), "\n"));
}

static void on_power(OF_GUEST, int reason, void *data)
{
	(void)reason;
	on_plain(connection, domain, data);
}

static void on_change(OF_GUEST, int change, int detail, void *data)
{
	bool known = change >= 0 && (size_t)change < sizeof(details) / sizeof(*details);
	const char *what = WORD(changes, change, "unknown");
	const char *how = known ? WORD(details[change], detail, "unknown") : "unknown";
	struct event *event = event_new(virDomainGetName(domain), ": %s %s\n", what, how);

	event_set(event, "change", value_text(what));
	event_set(event, "detail", value_text(how));
	event_post(data, event);
}

static void on_clock(OF_GUEST, long long offset, void *data)
{
	struct event *event = event_new(virDomainGetName(domain), ": %lld\n", offset);

	event_set(event, "utc_offset", value_integer(offset));
	event_post(data, event);
}

static void on_watchdog(OF_GUEST, int action, void *data)
{
	const char *what = WORD(watchdog_actions, action, "unknown");
	struct event *event = event_new(virDomainGetName(domain), ": %s\n", what);

	event_set(event, "action", value_text(what));
	event_post(data, event);
}

static struct event *disk_error(virDomainPtr domain, const char *path, const char *alias,
				int action, const char *reason)
{
	const char *what = WORD(error_actions, action, "unknown");
	struct event *event = event_new(virDomainGetName(domain), ": %s (%s) %s%s%s\n", path, alias,
					what, reason ? " due to " : "", reason ? reason : "");

	event_set(event, "path", value_text(path));
	event_set(event, "alias", value_text(alias));
	event_set(event, "action", value_text(what));
	return event;
}

static void on_disk_error(OF_GUEST, const char *path, const char *alias, int action, void *data)
{
	event_post(data, disk_error(domain, path, alias, action, NULL));
}

static void on_disk_error_reason(OF_GUEST, const char *path, const char *alias, int action,
				 const char *reason, void *data)
{
	struct event *event = disk_error(domain, path, alias, action, reason ? reason : "");

	event_set(event, "reason", value_text(reason));
	event_post(data, event);
}

static struct json *address_json(const virDomainEventGraphicsAddress *address)
{
	struct json *json = json_new_object();

	json_set(json, "family", value_text(WORD(addresses, address->family, "unknown")));
	json_set(json, "node", value_text(address->node));
	json_set(json, "service", value_text(address->service));
	return json;
}

static void on_graphics(OF_GUEST, int phase, const virDomainEventGraphicsAddress *local,
			const virDomainEventGraphicsAddress *remote, const char *scheme,
			const virDomainEventGraphicsSubject *subject, void *data)
{
	struct text text = {0};
	struct json *identities = json_new_array();
	struct event *event;

	for (int i = 0; i < subject->nidentity; i++) {
		const virDomainEventGraphicsSubjectIdentity *one = &subject->identities[i];
		struct json *json = json_new_object();

		text_append_format(&text, "\t%s=%s\n", one->type, one->name);
		json_set(json, "type", value_text(one->type));
		json_set(json, "name", value_text(one->name));
		json_append_json(identities, json);
	}
	event = event_new(virDomainGetName(domain), ": %s local[%s %s %s] remote[%s %s %s] %s\n%s",
			  WORD(phases, phase, "unknown"), WORD(addresses, local->family, "unknown"),
			  local->node, local->service, WORD(addresses, remote->family, "unknown"),
			  remote->node, remote->service, scheme, text_string(&text));
	event_set(event, "phase", value_text(WORD(phases, phase, "unknown")));
	json_set_json(event->facts, "local", address_json(local));
	json_set_json(event->facts, "remote", address_json(remote));
	event_set(event, "auth_scheme", value_text(scheme));
	json_set_json(event->facts, "identities", identities);
	event_post(data, event);
	text_clear(&text);
}

static void on_block_job(OF_GUEST, const char *disk, int type, int status, void *data)
{
	const char *job = word_block_job(type);
	const char *state = WORD(job_states, status, "unknown");
	struct event *event =
		event_new(virDomainGetName(domain), ": %s for %s %s\n", job, disk, state);

	event_set(event, "job", value_text(job));
	event_set(event, "disk", value_text(disk));
	event_set(event, "status", value_text(state));
	event_post(data, event);
}

static void on_disk(OF_GUEST, const char *old, const char *source, const char *alias, int reason,
		    void *data)
{
	const char *what = WORD(disk_changes, reason, "unknown");
	struct event *event = event_new(virDomainGetName(domain), " disk %s: %s -> %s: %s\n", alias,
					old ? old : "<null>", source ? source : "<null>", what);

	event_set(event, "alias", value_text(alias));
	event_set(event, "old_path", value_text(old));
	event_set(event, "path", value_text(source));
	event_set(event, "change", value_text(what));
	event_post(data, event);
}

static void on_tray(OF_GUEST, const char *alias, int reason, void *data)
{
	const char *what = WORD(trays, reason, "unknown");
	struct event *event = event_new(virDomainGetName(domain), " disk %s: %s\n", alias, what);

	event_set(event, "alias", value_text(alias));
	event_set(event, "change", value_text(what));
	event_post(data, event);
}

static void on_balloon(OF_GUEST, unsigned long long kib, void *data)
{
	struct event *event = event_new(virDomainGetName(domain), ": %lluKiB\n", kib);

	event_set(event, "size", value_unsigned(kib * 1024));
	event_post(data, event);
}

static void on_device(OF_GUEST, const char *alias, void *data)
{
	struct event *event = event_new(virDomainGetName(domain), ": %s\n", alias);

	event_set(event, "alias", value_text(alias));
	event_post(data, event);
}

static void post_parameters(virDomainPtr domain, virTypedParameterPtr parameters, int count,
			    void *data)
{
	struct text text = {0};
	struct event *event;

	for (int i = 0; i < count; i++) {
		char *value = typed_event_text(&parameters[i]);

		text_append_format(&text, "\t%s: %s\n", parameters[i].field, value);
		free(value);
	}
	event = event_new(virDomainGetName(domain), ":\n%s", text_string(&text));
	json_set_json(event->facts, "parameters", typed_json(parameters, (size_t)count));
	event_post(data, event);
	text_clear(&text);
}

static void on_tunable(OF_GUEST, virTypedParameterPtr parameters, int count, void *data)
{
	post_parameters(domain, parameters, count, data);
}

static void on_agent(OF_GUEST, int state, int reason, void *data)
{
	const char *what = WORD(agent_states, state, "unsupported value");
	const char *why = WORD(agent_reasons, reason, "unsupported value");
	struct event *event =
		event_new(virDomainGetName(domain), ": state: '%s' reason: '%s'\n", what, why);

	event_set(event, "change", value_text(what));
	event_set(event, "reason", value_text(why));
	event_post(data, event);
}

static void on_iteration(OF_GUEST, int iteration, void *data)
{
	struct event *event = event_new(virDomainGetName(domain), ": iteration: '%d'\n", iteration);

	event_set(event, "iteration", value_integer(iteration));
	event_post(data, event);
}

struct event *event_metadata(const char *name, int type, const char *uri)
{
	const char *what = WORD(metadata, type, "unsupported value");
	struct event *event = event_new(name, ": type %s, uri %s\n", what, uri ? uri : "<null>");

	event_set(event, "change", value_text(what));
	event_set(event, "uri", value_text(uri));
	return event;
}

static void on_metadata(OF_GUEST, int type, const char *uri, void *data)
{
	event_post(data, event_metadata(virDomainGetName(domain), type, uri));
}

static void on_threshold(OF_GUEST, const char *disk, const char *path, unsigned long long threshold,
			 unsigned long long excess, void *data)
{
	struct event *event = event_new(virDomainGetName(domain), ": dev: %s(%s) %llu %llu\n", disk,
					path ? path : "<null>", threshold, excess);

	event_set(event, "disk", value_text(disk));
	event_set(event, "path", value_text(path));
	event_set(event, "threshold", value_unsigned(threshold));
	event_set(event, "excess", value_unsigned(excess));
	event_post(data, event);
}

static void on_memory_failure(OF_GUEST, int recipient, int action, unsigned flags, void *data)
{
	const char *who = WORD(recipients, recipient, "unsupported value");
	const char *what = WORD(failure_actions, action, "unsupported value");
	bool required = flags & VIR_DOMAIN_MEMORY_FAILURE_ACTION_REQUIRED;
	bool recursive = flags & VIR_DOMAIN_MEMORY_FAILURE_RECURSIVE;
	struct event *event = event_new(virDomainGetName(domain),
					":\nrecipient: %s\naction: %s\nflags:\n"
					"\taction required: %d\n\trecursive: %d\n",
					who, what, required, recursive);

	event_set(event, "recipient", value_text(who));
	event_set(event, "action", value_text(what));
	event_set(event, "action_required", value_boolean(required));
	event_set(event, "recursive", value_boolean(recursive));
	event_post(data, event);
}

static void on_memory_size(OF_GUEST, const char *alias, unsigned long long kib, void *data)
{
	struct event *event =
		event_new(virDomainGetName(domain), ":\nalias: %s\nsize: %llu\n", alias, kib);

	event_set(event, "alias", value_text(alias));
	event_set(event, "size", value_unsigned(kib * 1024));
	event_post(data, event);
}

#if LIBVIR_CHECK_VERSION(11, 2, 0)
static void on_mac(OF_GUEST, const char *alias, const char *old, const char *mac, void *data)
{
	struct event *event = event_new(virDomainGetName(domain),
					":\nalias: %s\noldMAC: %s\nnewMAC: %s\n", alias, old, mac);

	event_set(event, "alias", value_text(alias));
	event_set(event, "old_mac", value_text(old));
	event_set(event, "mac", value_text(mac));
	event_post(data, event);
}
#endif

static int begin(virConnectPtr connection, void *object, int id, void (*callback)(void), void *data,
		 virFreeCallback release)
{
	return virConnectDomainEventRegisterAny(connection, object, id,
						VIR_DOMAIN_EVENT_CALLBACK(callback), data, release);
}

// clang-format off
#define ON(name_, id_, callback_) {(name_), VIR_DOMAIN_EVENT_ID_##id_, (void (*)(void))(callback_)}
static const struct event_kind kinds[] = {
	ON("lifecycle", LIFECYCLE, on_change),
	ON("reboot", REBOOT, on_plain),
	ON("rtc-change", RTC_CHANGE, on_clock),
	ON("watchdog", WATCHDOG, on_watchdog),
	ON("io-error", IO_ERROR, on_disk_error),
	ON("graphics", GRAPHICS, on_graphics),
	ON("io-error-reason", IO_ERROR_REASON, on_disk_error_reason),
	ON("control-error", CONTROL_ERROR, on_plain),
	ON("block-job", BLOCK_JOB, on_block_job),
	ON("disk-change", DISK_CHANGE, on_disk),
	ON("tray-change", TRAY_CHANGE, on_tray),
	ON("pm-wakeup", PMWAKEUP, on_power),
	ON("pm-suspend", PMSUSPEND, on_power),
	ON("balloon-change", BALLOON_CHANGE, on_balloon),
	ON("pm-suspend-disk", PMSUSPEND_DISK, on_power),
	ON("device-removed", DEVICE_REMOVED, on_device),
	ON("block-job-2", BLOCK_JOB_2, on_block_job),
	ON("tunable", TUNABLE, on_tunable),
	ON("agent-lifecycle", AGENT_LIFECYCLE, on_agent),
	ON("device-added", DEVICE_ADDED, on_device),
	ON("migration-iteration", MIGRATION_ITERATION, on_iteration),
	ON("job-completed", JOB_COMPLETED, on_tunable),
	ON("device-removal-failed", DEVICE_REMOVAL_FAILED, on_device),
	ON("metadata-change", METADATA_CHANGE, on_metadata),
	ON("block-threshold", BLOCK_THRESHOLD, on_threshold),
	ON("memory-failure", MEMORY_FAILURE, on_memory_failure),
	ON("memory-device-size-change", MEMORY_DEVICE_SIZE_CHANGE, on_memory_size),
#if LIBVIR_CHECK_VERSION(11, 2, 0)
	ON("nic-mac-change", NIC_MAC_CHANGE, on_mac),
#endif
	{0},
};
// clang-format on

const struct event_family domain_events = {
	.kind = &kind_domain,
	.noun = "domain",
	.quoted = true,
	.kinds = kinds,
	.begin = begin,
	.end = virConnectDomainEventDeregisterAny,
};
