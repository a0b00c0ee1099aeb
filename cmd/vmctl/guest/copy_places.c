// SPDX-License-Identifier: GPL-3.0-or-later
// Completion of GUEST:PATH: the guests, and what their agent says of a directory.
#include <ctype.h>
#include <string.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/guest/copy.h"
#include "virt/agent_process.h"
#include "virt/cleanup.h"
#include "virt/kinds.h"
#include "virt/session.h"

enum { PATIENCE = 300 }; // milliseconds: somebody waits for TAB

// What begins with $1, directories with a slash behind; no more than anybody reads.
static const char script[] = "n=0\n"
			     "for f in \"$1\"*; do\n"
			     "  [ -e \"$f\" ] || [ -L \"$f\" ] || continue\n"
			     "  [ ! -d \"$f\" ] || f=$f/\n"
			     "  printf '%s\\n' \"$f\"\n"
			     "  n=$((n + 1)); [ $n -lt 500 ] || break\n"
			     "done\n";

static bool is_printable(const char *name)
{
	while (*name && !iscntrl((unsigned char)*name))
		name++;
	return !*name;
}

// One that does not answer in time adds nothing.
static void add_paths(struct call *call, virDomainPtr domain, const char *path, struct list *found)
{
	struct cancel soon;
	struct call bounded = *call;
	struct agent agent = {.call = &bounded, .domain = domain};
	auto_error struct error ignored = {0};
	auto_free char *output = NULL;
	auto_list struct list paths = {0};

	cancel_begin(&soon, call->cancel);
	cancel_after(&soon, PATIENCE);
	bounded.cancel = &soon;
	agent_script(&agent, script, (const char *const[]){path, NULL}, PATIENCE, &output,
		     &ignored);
	paths = list_split(output ? output : "", "\n");
	for (size_t i = 0; i < paths.count; i++)
		if (is_printable(paths.items[i]))
			list_add(found, paths.items[i]);
}

static void add_places(struct call *call, const char *guest, const char *path, struct list *found)
{
	auto_error struct error ignored = {0};
	auto_list struct list paths = {0};
	auto_domain virDomainPtr domain =
		kind_find(&kind_domain, session_connection(call), NULL, guest, BY_ANY, &ignored);

	// Others do not answer.
	if (domain && device_agent_connected(domain))
		add_paths(call, domain, path, &paths);
	for (size_t i = 0; i < paths.count; i++)
		list_add_format(found, "%s:%s", guest, paths.items[i]);
}

void copy_places(struct call *call, struct list *found)
{
	static const struct option running = {.object = &kind_domain,
					      .filter = VIR_CONNECT_LIST_DOMAINS_ACTIVE};
	const char *colon = strchr(call->typed, ':');
	auto_free char *guest =
		colon ? text_copy_bytes(call->typed, (size_t)(colon - call->typed)) : NULL;
	auto_list struct list guests = {0};
	auto_error struct error ignored = {0};

	if (guest && strchr(guest, '/'))
		return;
	if (!guest) {
		call->context->program->objects(call, &running, &guests);
		for (size_t i = 0; i < guests.count; i++)
			list_add_format(found, "%s:", guests.items[i]);
		return;
	}
	// The agent is asked to run something: a connection that only reads may not.
	if (session_write(call, &ignored) == 0)
		add_places(call, guest, colon + 1, found);
}
