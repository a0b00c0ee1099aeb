// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/agent_channel.h"

#include <libvirt/virterror.h>
#include <stdbool.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "virt/definition.h"
#include "xml/document.h"
#include "xml/path.h"

#define ADD                                                                                        \
	"modify --add-device --channel unix,target.type=virtio,target.name=org.qemu.guest_agent.0"

enum agent_channel agent_channel(const struct xml *xml)
{
	const struct xml_element *devices = xml_child(xml_root(xml), "devices");

	for (struct xml_element *c = devices ? xml_child(devices, "channel") : NULL; c;
	     c = xml_next(c, "channel")) {
		auto_free char *name = path_get(c, "target/@name");
		auto_free char *state = path_get(c, "target/@state");

		if (text_equal(name, "org.qemu.guest_agent.0"))
			return text_equal(state, "connected") ? AGENT_CONNECTED : AGENT_AWAY;
	}
	return AGENT_NONE;
}

static void hint_channel(struct error *err, virDomainPtr domain, const struct xml_element *running)
{
	const char *name = virDomainGetName(domain);
	auto_error struct error ignored = {0};
	auto_xml struct xml *lasting = NULL;

	// A channel can be plugged in where there is what it is plugged into.
	if (path_has(running, "devices/controller[@type='virtio-serial']")) {
		error_hint(err,
			   "the guest has no channel to an agent: $vmctl " ADD
			   " --update%s -- '%s' gives it one",
			   virDomainIsPersistent(domain) == 0 ? " --no-define" : "", name);
		return;
	}
	if (virDomainIsPersistent(domain) == 0) {
		error_hint(err,
			   "the guest has no channel to an agent; this belongs into the XML that "
			   "it is created from: <channel type='unix'><target type='virtio' "
			   "name='org.qemu.guest_agent.0'/></channel>");
		return;
	}
	lasting = definition_xml(domain, VIR_DOMAIN_XML_INACTIVE, &ignored);
	if (lasting && agent_channel(lasting) != AGENT_NONE)
		error_hint(err,
			   "the guest has its channel to an agent from its next start on: $vmctl "
			   "shutdown -- '%s', then $vmctl start -- '%s'",
			   name, name);
	else
		error_hint(err,
			   "the guest has no channel to an agent: $vmctl " ADD
			   " -- '%s' gives it one at its next start",
			   name);
}

// Where no agent has answered on the CHANNEL of a guest.
static void hint_agent(struct error *err, virDomainPtr domain, enum agent_channel channel)
{
	if (channel == AGENT_CONNECTED)
		error_hint(err, "an agent listens in the guest and is too slow, or hangs: try "
				"again, or restart qemu-guest-agent in there");
	else
		error_hint(err,
			   "install qemu-guest-agent in the guest, and start it there: systemctl "
			   "start qemu-guest-agent; $vmctl wait --for agent -- '%s' waits until it "
			   "answers",
			   virDomainGetName(domain));
}

void agent_channel_hint_away(struct error *err, virDomainPtr domain)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *running =
		virDomainIsActive(domain) == 1 ? definition_xml(domain, 0, &ignored) : NULL;
	auto_free char *type = running ? path_get(xml_root(running), "@type") : NULL;
	enum agent_channel channel;

	if (!text_equal(type, "qemu") && !text_equal(type, "kvm"))
		return;
	channel = agent_channel(running);
	if (channel == AGENT_NONE)
		hint_channel(err, domain, xml_root(running));
	else if (err->code != VIR_ERR_ARGUMENT_UNSUPPORTED)
		hint_agent(err, domain, channel);
}

void agent_channel_hint(struct error *err, virDomainPtr domain)
{
	// The first is said of a missing channel, and of few other arguments.
	if (err->code == VIR_ERR_ARGUMENT_UNSUPPORTED || err->code == VIR_ERR_AGENT_UNRESPONSIVE)
		agent_channel_hint_away(err, domain);
}
