// SPDX-License-Identifier: GPL-3.0-or-later
// A clone that is reset by its own agent: it runs for that, without its network, on which it would
// still be taken for the original.
#include <libvirt/libvirt.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/clone/cloner.h"
#include "cmd/vmctl/clone/reset.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/guest/condition.h"
#include "cmd/vmctl/guest/stop.h"
#include "guest/guest.h"
#include "virt/agent.h"
#include "virt/agent_channel.h"
#include "virt/agent_process.h"
#include "virt/definition.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "xml/document.h"
#include "xml/path.h"

// For the guest to boot, for what is done in it (milliseconds), and for its end.
enum { BOOT_TIME = 300000, SCRIPT_TIME = 120000, STOP_SECONDS = 60 };

bool reset_has_agent(const struct cloner *cloner)
{
	return agent_channel(cloner->guest->xml) != AGENT_NONE;
}

static int unplug(virDomainPtr domain, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(domain, 0, err);

	if (!xml)
		return -1;
	for (struct xml_element *i = xml_child(device_list(xml), "interface"); i;
	     i = xml_next(i, "interface")) {
		auto_free char *device = NULL;

		path_set(i, "link/@state", "down");
		device = xml_element_string(i);
		if (virDomainUpdateDeviceFlags(domain, device, VIR_DOMAIN_AFFECT_LIVE) < 0)
			return virt_failure(err, "the clone's network cannot be unplugged");
	}
	return 0;
}

static int start(struct cloner *cloner, struct error *err)
{
	if (virDomainCreateWithFlags(cloner->made, VIR_DOMAIN_START_PAUSED) < 0)
		return domain_failure(err, cloner->made, "the clone does not start");
	if (unplug(cloner->made, err) < 0)
		return -1;
	if (virDomainResume(cloner->made) < 0)
		return virt_failure(err, "the clone does not run");
	if (condition_wait(cloner->call, cloner->made, "agent", BOOT_TIME, err) == 0)
		return 0;
	error_wrap(err, "the clone's agent does not answer");
	return error_hint(err, "--reset-by cloud-init needs none");
}

static int run_scripts(struct cloner *cloner, struct error *err)
{
	const struct agent agent = {.call = cloner->call, .domain = cloner->made};
	auto_free char *hostname = reset_hostname(cloner->name);
	const char *const arguments[] = {hostname, NULL};

	for (size_t i = 0; i < cloner->reset.count; i++)
		if (agent_script(&agent, reset_named(cloner->reset.items[i])->script, arguments,
				 SCRIPT_TIME, NULL, err) < 0)
			return error_wrap(err, "--reset %s", cloner->reset.items[i]);
	return 0;
}

// What was written is on its disks before its power may be cut.
static int end(struct cloner *cloner, struct error *err)
{
	const struct agent agent = {.call = cloner->call, .domain = cloner->made};
	const struct stop stop = {.call = cloner->call,
				  .domain = cloner->made,
				  .name = cloner->name,
				  .grace = STOP_SECONDS,
				  .force = true};
	static const char *const poweroff[] = {"systemctl", "--no-block", "poweroff", NULL};
	auto_error struct error ignored = {0};
	const char *how;

	if (agent_script(&agent, "sync", (const char *const[]){NULL}, SCRIPT_TIME, NULL, err) < 0)
		return -1;
	// The agent's own shutdown wants a message bus, which small guests have not.
	agent_process_start(&agent, &(struct agent_process){.argv = poweroff}, &ignored);
	if (stop_guest(&stop, &how, err) < 0)
		return -1;
	if (text_equal(how, "force"))
		list_add(&cloner->notes, "it did not end when it was asked to: its power was cut");
	return 0;
}

int reset_by_agent(struct cloner *cloner, struct error *err)
{
	if (!text_equal(cloner->reset_by, "agent"))
		return 0;
	if (start(cloner, err) < 0 || run_scripts(cloner, err) < 0 || end(cloner, err) < 0)
		return error_wrap(err, "the clone '%s' cannot be reset", cloner->name);
	return 0;
}
