// SPDX-License-Identifier: GPL-3.0-or-later
// `await`: until something is true of a guest.
#include <libvirt/virterror.h>
#include <limits.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/agent_channel.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "virt/event_queue.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "xml/document.h"

// 1 and 0 for yes and no, -1 for a failure. A transient guest that has stopped is gone.
static int is_inactive(virDomainPtr domain, struct error *err)
{
	int active = virDomainIsActive(domain);

	if (active >= 0)
		return !active;
	return virt_failed_with(VIR_ERR_NO_DOMAIN) ? 1 : virt_failure_plain(err);
}

static int has_agent(virDomainPtr domain, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(domain, 0, err);
	enum agent_channel agent;

	if (!xml)
		return -1;
	if (virDomainGetID(domain) == (unsigned)-1) {
		error_set(err, STATUS_CONFLICT, "domain '%s' is not running",
			  virDomainGetName(domain));
		return error_hint(err, "$vmctl start -- '%s' starts it", virDomainGetName(domain));
	}
	agent = agent_channel(xml);
	if (agent != AGENT_NONE)
		return agent == AGENT_CONNECTED;
	return error_set(err, STATUS_CONFLICT, "domain '%s' has no channel for a guest agent",
			 virDomainGetName(domain));
}

static const char *const conditions[] = {"domain-inactive", "guest-agent-available", NULL};
static const struct {
	int (*holds)(virDomainPtr domain, struct error *err);
	const char *event; // after which it may hold
} checks[] = {{is_inactive, "lifecycle"}, {has_agent, "agent-lifecycle"}};

static int await(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_event_queue struct event_queue *queue = event_queue_new(err);
	long long seconds = argument_integer(call, "timeout");
	long long end = seconds ? clock_milliseconds() + seconds * 1000 : 0;
	unsigned chosen = 0;
	int holds, got = 1;

	if (!queue || argument_choice(call, "condition", &chosen, err) < 0 ||
	    event_queue_watch(queue, session_connection(call), &domain_events,
			      event_kind_find(&domain_events, checks[chosen].event), domain,
			      err) < 0)
		return -1;
	// Looked at after the watch has begun, so that nothing is missed in between.
	while ((holds = checks[chosen].holds(domain, err)) == 0) {
		auto_event struct event *event = NULL;

		got = event_queue_next(queue, call->cancel, clock_left(end), &event, err);
		if (got <= 0)
			break;
	}
	if (holds < 0 || got < 0)
		return -1;
	if (!holds)
		return error_set(err, STATUS_TIMEOUT,
				 "'%s' was not true of domain '%s' within %lld s",
				 conditions[chosen], virDomainGetName(domain), seconds);
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	return 0;
}

static const struct option await_options[] = {
	DOMAIN(0, "guest that is waited for"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "condition",
	 .words = conditions,
	 .help = "domain-inactive or guest-agent-available"},
	{.kind = OPTION_INTEGER,
	 .name = "timeout",
	 .least = 1,
	 .most = INT_MAX / 1000,
	 .help = "give up after this many seconds, with status 5"},
	END,
};

const struct command await_command = {
	.name = "await",
	.target = MANY_DOMAINS(BY_ANY),
	.options = await_options,
	.results = named_results,
	.summary = "wait until a guest has stopped, or its guest agent is there",
	.run = await,
};
