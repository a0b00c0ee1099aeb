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
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/guest/port.h"
#include "virt/addresses.h"
#include "virt/agent.h"
#include "virt/agent_process.h"
#include "virt/event_queue.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/session.h"
#include "xml/document.h"

// Milliseconds: between looks at what no event tells, and at what an event should have told; for
// the agent of a busy guest to answer; for a server to.
enum { INTERVAL = 500, REREAD = 5000, AGENT_PATIENCE = 10000, PATIENCE = 2000 };

struct condition_kind {
	const char *name;
	bool (*holds)(struct call *call, virDomainPtr domain, const char *argument);
	bool polled;   // no event tells it
	bool argument; // NAME:ARGUMENT, a port
};

static int state_of(virDomainPtr domain)
{
	int state = -1, reason;

	if (virDomainGetState(domain, &state, &reason, 0) < 0)
		virResetLastError();
	return state;
}

static bool is_running(struct call *call, virDomainPtr domain, const char *argument)
{
	(void)call;
	(void)argument;
	return state_of(domain) == VIR_DOMAIN_RUNNING;
}

static bool is_paused(struct call *call, virDomainPtr domain, const char *argument)
{
	(void)call;
	(void)argument;
	return state_of(domain) == VIR_DOMAIN_PAUSED;
}

static bool is_gone(struct call *call, virDomainPtr domain, const char *argument)
{
	char uuid[VIR_UUID_STRING_BUFLEN];
	virDomainPtr found;
	bool gone;

	(void)argument;
	virDomainGetUUIDString(domain, uuid);
	found = virDomainLookupByUUIDString(session_connection(call), uuid);
	gone = !found && virt_failed_with(VIR_ERR_NO_DOMAIN);
	if (found)
		virDomainFree(found);
	virResetLastError();
	return gone;
}

// A transient guest that is off is gone.
static bool is_off(struct call *call, virDomainPtr domain, const char *argument)
{
	int state = state_of(domain);

	return state == VIR_DOMAIN_SHUTOFF || state == VIR_DOMAIN_CRASHED ||
	       (state < 0 && is_gone(call, domain, argument));
}

static bool has_agent(struct call *call, virDomainPtr domain, const char *argument)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = device_xml(domain, 0, &ignored);

	(void)call;
	(void)argument;
	virResetLastError();
	return xml && device_agent(xml) == AGENT_CONNECTED;
}

static bool has_address(struct call *call, virDomainPtr domain, const char *argument)
{
	auto_addresses struct addresses addresses = {0};

	(void)argument;
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

static bool has_port(struct call *call, virDomainPtr domain, const char *argument)
{
	long long port = 0;
	auto_error struct error ignored = {0};

	return number_parse(argument, 1, 65535, &port, &ignored) == 0 &&
	       answers(call, domain, (unsigned)port, NULL);
}

static bool has_ssh(struct call *call, virDomainPtr domain, const char *argument)
{
	(void)argument;
	return answers(call, domain, 22, "SSH-");
}

// What cloud-init leaves when it is through, done or not; a guest without it never is.
static bool is_initialised(struct call *call, virDomainPtr domain, const char *argument)
{
	static const char script[] = "[ -e /run/cloud-init/result.json ]";
	const struct agent agent = {.call = call, .domain = domain};
	auto_error struct error ignored = {0};

	return has_agent(call, domain, argument) &&
	       agent_script(&agent, script, NULL, AGENT_PATIENCE, NULL, &ignored) == 0;
}

static const struct condition_kind kinds[] = {
	{"running", is_running, false, false},
	{"off", is_off, false, false},
	{"paused", is_paused, false, false},
	{"gone", is_gone, false, false},
	{"agent", has_agent, false, false},
	{"ip", has_address, true, false},
	{"ssh", has_ssh, true, false},
	{"port", has_port, true, true},
	{"cloud-init", is_initialised, true, false},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

void conditions_add_names(struct list *found)
{
	for (size_t i = 0; i < KINDS; i++)
		if (!kinds[i].argument)
			list_add(found, kinds[i].name);
}

static int parse_one(const char *name, struct condition *condition, struct error *err)
{
	const char *colon = strchr(name, ':');
	size_t length = colon ? (size_t)(colon - name) : strlen(name);
	long long port;

	for (size_t i = 0; i < KINDS; i++) {
		if (strlen(kinds[i].name) != length || strncmp(kinds[i].name, name, length) != 0 ||
		    kinds[i].argument != (colon != NULL))
			continue;
		*condition = (struct condition){
			.kind = &kinds[i], .argument = colon ? colon + 1 : NULL, .typed = name};
		if (colon && number_parse(colon + 1, 1, 65535, &port, err) < 0)
			return error_wrap(err, "'%s' names no port", name);
		return 0;
	}
	error_set(err, STATUS_USAGE, "nothing called '%s' can be waited for", name);
	return error_hint(
		err, "there are running, off, paused, gone, agent, ip, ssh, cloud-init and port:N");
}

int conditions_parse(const struct list *names, struct condition *conditions, struct error *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (parse_one(names->items[i], &conditions[i], err) < 0)
			return -1;
	return 0;
}

// Looks at those that are not met yet. True: that is enough.
static bool enough(struct call *call, virDomainPtr domain, struct condition *conditions,
		   size_t count, bool any)
{
	size_t met = 0;

	for (size_t i = 0; i < count; i++) {
		struct condition *condition = &conditions[i];

		condition->met =
			condition->met || condition->kind->holds(call, domain, condition->argument);
		met += condition->met;
	}
	return any ? met > 0 : met == count;
}

static int missing(struct call *call, const struct condition *conditions, size_t count,
		   struct error *err)
{
	auto_list struct list names = {0};
	auto_free char *joined = NULL;

	for (size_t i = 0; i < count; i++)
		if (!conditions[i].met)
			list_add(&names, conditions[i].typed);
	joined = list_join(&names, ", ");
	return error_set(err, STATUS_TIMEOUT, "'%s': the time is up, still missing: %s",
			 call_name(call), joined);
}

static int wait_here(struct call *call, virDomainPtr domain, struct event_queue *queue,
		     struct condition *conditions, size_t count, bool any, long long milliseconds,
		     struct error *err)
{
	long long end = milliseconds ? clock_milliseconds() + milliseconds : 0;
	int interval = REREAD;

	for (size_t i = 0; i < count; i++)
		if (conditions[i].kind->polled)
			interval = INTERVAL;
	while (!enough(call, domain, conditions, count, any)) {
		auto_event struct event *event = NULL;
		int left = clock_left(end);

		if (end && left == 0)
			return missing(call, conditions, count, err);
		if (event_queue_next(queue, call->cancel,
				     left >= 0 && left < interval ? left : interval, &event,
				     err) < 0)
			return -1;
	}
	return 0;
}

int conditions_wait(struct call *call, virDomainPtr domain, struct condition *conditions,
		    size_t count, bool any, long long milliseconds, struct error *err)
{
	static const char *const watched[] = {"lifecycle", "agent-lifecycle"};
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
	failed = wait_here(call, domain, queue, conditions, count, any, milliseconds, err);
	interrupt_let();
	return failed;
}

int condition_wait(struct call *call, virDomainPtr domain, const char *name, long long milliseconds,
		   struct error *err)
{
	struct condition condition;

	if (parse_one(name, &condition, err) < 0)
		return -1;
	return conditions_wait(call, domain, &condition, 1, false, milliseconds, err);
}
