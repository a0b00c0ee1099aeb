// SPDX-License-Identifier: GPL-3.0-or-later
// The channel between libvirt and the agent in a guest.
#pragma once

#include <libvirt/libvirt.h>

struct error;
struct xml;

// Whether a guest, whose XML is XML, has a channel for its agent, and the agent listens on it.
enum agent_channel { AGENT_NONE, AGENT_AWAY, AGENT_CONNECTED };
enum agent_channel agent_channel(const struct xml *xml);

// Where ERR says that DOMAIN, which runs, has no guest agent that libvirt can ask, the hint becomes
// what brings one: the channel to it, or the agent itself.
void agent_channel_hint(struct error *err, virDomainPtr domain);

// The same where the agent of DOMAIN was waited for in vain.
void agent_channel_hint_away(struct error *err, virDomainPtr domain);
