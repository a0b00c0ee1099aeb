// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/condition.h"

#include <libvirt/virterror.h>
#include <string.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/list.h"
#include "base/number.h"
#include "base/pattern.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/guest/port.h"
#include "cmd/vmctl/guest/serial.h"
#include "virt/addresses.h"
#include "virt/agent.h"
#include "virt/agent_channel.h"
#include "virt/agent_process.h"
#include "virt/event_queue.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/session.h"

// Milliseconds: between looks at what was written, at what no event tells, and at what an event
// should have told; for the agent of a busy guest to answer; for a server to.
enum { HEARING = 100, INTERVAL = 500, REREAD = 5000, AGENT_PATIENCE = 10000, PATIENCE = 2000 };
enum { LAST_LINES = 10 };

struct condition_kind {
	const char *name;
	bool (*holds)(struct call *call, virDomainPtr domain, const struct condition *condition);
	int interval; // milliseconds between looks, where no event comes
	enum condition_argument { NO_ARGUMENT, A_PORT, A_PATTERN } argument; // NAME:ARGUMENT
};

// One wait for a guest.
struct waiting {
	struct call *call;
	virDomainPtr domain;
	struct condition *conditions;
	size_t count;
	bool any;
	struct serial *serial; // its console; NULL where nobody waits for what is written there
};

static int state_of(virDomainPtr domain)
{
	int state = -1, reason;

	if (virDomainGetState(domain, &state, &reason, 0) < 0)
		virResetLastError();
	return state;
}

static bool is_running(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	(void)call;
	(void)condition;
	return state_of(domain) == VIR_DOMAIN_RUNNING;
}

static bool is_paused(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	(void)call;
	(void)condition;
	return state_of(domain) == VIR_DOMAIN_PAUSED;
}

static bool is_gone(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	char uuid[VIR_UUID_STRING_BUFLEN];
	virDomainPtr found;
	bool gone;

	(void)condition;
	virDomainGetUUIDString(domain, uuid);
	found = virDomainLookupByUUIDString(session_connection(call), uuid);
	gone = !found && virt_failed_with(VIR_ERR_NO_DOMAIN);
	if (found)
		virDomainFree(found);
	virResetLastError();
	return gone;
}

// A transient guest that is off is gone.
static bool is_off(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	int state = state_of(domain);

	return state == VIR_DOMAIN_SHUTOFF || state == VIR_DOMAIN_CRASHED ||
	       (state < 0 && is_gone(call, domain, condition));
}

static bool has_agent(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	(void)call;
	(void)condition;
	return device_agent_connected(domain);
}

static bool has_address(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	auto_addresses struct addresses addresses = {0};

	(void)condition;
	addresses_find(call, domain, AGENT_PATIENCE, &addresses);
	return addresses.count > 0;
}

// Whether something listens on the port at one of the guest's addresses; GREETING is what it must
// say first, NULL for nothing.
static bool answers(struct call *call, virDomainPtr domain, unsigned port, const char *greeting)
{
	auto_addresses struct addresses addresses = {0};

	addresses_find(call, domain, AGENT_PATIENCE, &addresses);
	for (size_t i = 0; i < addresses.count; i++)
		if (port_answers(addresses.items[i].text, port, greeting, call->cancel, PATIENCE))
			return true;
	return false;
}

static bool has_port(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	long long port = 0;
	auto_error struct error ignored = {0};

	return number_parse(condition->argument, 1, 65535, &port, &ignored) == 0 &&
	       answers(call, domain, (unsigned)port, NULL);
}

static bool has_ssh(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	(void)condition;
	return answers(call, domain, 22, "SSH-");
}

// What cloud-init leaves when it is through, done or not; a guest without it never is.
static bool is_initialised(struct call *call, virDomainPtr domain,
			   const struct condition *condition)
{
	static const char script[] = "[ -e /run/cloud-init/result.json ]";
	const struct agent agent = {.call = call, .domain = domain};
	auto_error struct error ignored = {0};

	return has_agent(call, domain, condition) &&
	       agent_script(&agent, script, NULL, AGENT_PATIENCE, NULL, &ignored) == 0;
}

static bool has_written(struct call *call, virDomainPtr domain, const struct condition *condition)
{
	(void)call;
	(void)domain;
	return regexec(&condition->pattern, serial_text(condition->serial), 0, NULL, 0) == 0;
}

static const struct condition_kind kinds[] = {
	{"running", is_running, REREAD, NO_ARGUMENT},
	{"off", is_off, REREAD, NO_ARGUMENT},
	{"paused", is_paused, REREAD, NO_ARGUMENT},
	{"gone", is_gone, REREAD, NO_ARGUMENT},
	{"agent", has_agent, REREAD, NO_ARGUMENT},
	{"ip", has_address, INTERVAL, NO_ARGUMENT},
	{"ssh", has_ssh, INTERVAL, NO_ARGUMENT},
	{"port", has_port, INTERVAL, A_PORT},
	{"cloud-init", is_initialised, INTERVAL, NO_ARGUMENT},
	{"serial", has_written, HEARING, A_PATTERN},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

void conditions_add_names(struct list *found)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].argument == NO_ARGUMENT)
			list_add(found, kinds[i].name);
}

static int parse_argument(struct condition *condition, struct error *err)
{
	long long port;

	if (condition->kind->argument == A_PORT &&
	    number_parse(condition->argument, 1, 65535, &port, err) < 0)
		return error_wrap(err, "'%s' has no port number", condition->typed);
	if (condition->kind->argument == A_PATTERN &&
	    pattern_compile(&condition->pattern, condition->argument, err) < 0) {
		condition->kind = NULL;
		return -1;
	}
	return 0;
}

static int parse_one(const char *name, struct condition *condition, struct error *err)
{
	const char *colon = strchr(name, ':');
	size_t length = colon ? (size_t)(colon - name) : strlen(name);

	for (size_t i = 0; i < KINDS; i++) {
		if (strlen(kinds[i].name) != length || strncmp(kinds[i].name, name, length) != 0 ||
		    (kinds[i].argument != NO_ARGUMENT) != (colon != NULL))
			continue;
		*condition = (struct condition){
			.kind = &kinds[i], .argument = colon ? colon + 1 : NULL, .typed = name};
		return parse_argument(condition, err);
	}
	error_set(err, STATUS_USAGE, "nothing called '%s' can be waited for", name);
	return error_hint(err, "there are running, off, paused, gone, agent, ip, ssh, cloud-init, "
			       "port:N and serial:REGEX");
}

int conditions_parse(const struct list *names, struct condition *conditions, struct error *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (parse_one(names->items[i], &conditions[i], err) < 0)
			return -1;
	return 0;
}

void conditions_clear(struct condition *conditions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (conditions[i].kind && conditions[i].kind->argument == A_PATTERN)
			regfree(&conditions[i].pattern);
}

// Looks at those that are not met yet and whose time has come, after an event at all. True: that
// is enough.
static bool enough(struct waiting *waiting, bool told)
{
	size_t met = 0;

	for (size_t i = 0; i < waiting->count; i++) {
		struct condition *condition = &waiting->conditions[i];

		if (!condition->met && (told || clock_milliseconds() >= condition->due)) {
			condition->met =
				condition->kind->holds(waiting->call, waiting->domain, condition);
			condition->due = clock_milliseconds() + condition->kind->interval;
		}
		met += condition->met;
	}
	return waiting->any ? met > 0 : met == waiting->count;
}

// Milliseconds until the next look, or END.
static int pause_of(const struct waiting *waiting, long long end)
{
	int left = clock_left(end), pause = left >= 0 && left < REREAD ? left : REREAD;

	for (size_t i = 0; i < waiting->count; i++) {
		int due = clock_left(waiting->conditions[i].due);

		if (!waiting->conditions[i].met && due < pause)
			pause = due;
	}
	return pause;
}

// What was written last is heard even where nobody waited for it, as long as that takes the console
// from nobody.
static void tell_last_lines(const struct waiting *waiting, struct error *err)
{
	auto_serial struct serial *log = waiting->serial ? NULL : serial_new(waiting->domain, true);
	struct serial *serial = waiting->serial ? waiting->serial : log;
	auto_error struct error ignored = {0};
	const char *lines;

	if (log)
		serial_hear(log, &ignored);
	lines = serial_last_lines(serial, LAST_LINES);
	if (*lines)
		error_set(err, STATUS_TIMEOUT, "the last lines of its console:\n%s", lines);
	else if (waiting->serial)
		error_set(err, STATUS_TIMEOUT, "it wrote nothing to its console");
}

static int missing(const struct waiting *waiting, struct error *err)
{
	auto_list struct list names = {0};
	auto_free char *joined = NULL;

	for (size_t i = 0; i < waiting->count; i++)
		if (!waiting->conditions[i].met)
			list_add(&names, waiting->conditions[i].typed);
	joined = list_join(&names, ", ");
	tell_last_lines(waiting, err);
	if (err->status)
		error_wrap(err, "'%s': timed out, still missing: %s", call_name(waiting->call),
			   joined);
	else
		error_set(err, STATUS_TIMEOUT, "'%s': timed out, still missing: %s",
			  call_name(waiting->call), joined);
	if (waiting->domain && list_has(&names, "agent"))
		agent_channel_hint_away(err, waiting->domain);
	return -1;
}

static int wait_here(struct waiting *waiting, struct event_queue *queue, long long milliseconds,
		     struct error *err)
{
	long long end = milliseconds ? clock_milliseconds() + milliseconds : 0;
	bool told = false;

	for (;;) {
		auto_event struct event *event = NULL;

		if (waiting->serial && serial_hear(waiting->serial, err) < 0)
			return -1;
		if (enough(waiting, told))
			return 0;
		if (end && clock_left(end) == 0)
			return missing(waiting, err);
		if (event_queue_next(queue, waiting->call->cancel, pause_of(waiting, end), &event,
				     err) < 0)
			return -1;
		told = event != NULL;
	}
}

// The console is opened only where somebody waits for what is written there.
static void attach_serial(struct waiting *waiting)
{
	for (size_t i = 0; i < waiting->count; i++) {
		if (waiting->conditions[i].kind->argument != A_PATTERN)
			continue;
		if (!waiting->serial)
			waiting->serial = serial_new(waiting->domain, false);
		waiting->conditions[i].serial = waiting->serial;
	}
}

int conditions_wait(struct call *call, virDomainPtr domain, struct condition *conditions,
		    size_t count, bool any, long long milliseconds, struct error *err)
{
	static const char *const watched[] = {"lifecycle", "agent-lifecycle"};
	struct waiting waiting = {.call = call,
				  .domain = domain,
				  .conditions = conditions,
				  .count = count,
				  .any = any};
	auto_event_queue struct event_queue *queue = event_queue_new(err);
	int failed = queue ? 0 : -1;

	// Registered before the first look: what happens between them is not missed.
	for (size_t i = 0; !failed && i < sizeof(watched) / sizeof(*watched); i++) {
		auto_error struct error unknown = {0};

		// A driver without an agent knows no events of one.
		if (event_queue_watch(queue, session_connection(call), &domain_events,
				      event_kind_find(&domain_events, watched[i]), domain,
				      &unknown) < 0 &&
		    i == 0)
			failed = error_move(err, &unknown);
	}
	if (failed)
		return -1;
	interrupt_hold();
	attach_serial(&waiting);
	failed = wait_here(&waiting, queue, milliseconds, err);
	interrupt_let();
	serial_free(waiting.serial);
	return failed;
}

int condition_wait(struct call *call, virDomainPtr domain, const char *name, long long milliseconds,
		   struct error *err)
{
	struct condition condition = {0};
	int failed = parse_one(name, &condition, err);

	if (!failed)
		failed = conditions_wait(call, domain, &condition, 1, false, milliseconds, err);
	conditions_clear(&condition, 1);
	return failed;
}
