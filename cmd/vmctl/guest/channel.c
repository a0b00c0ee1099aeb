// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/channel.h"

#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "virt/agent.h"
#include "virt/agent_process.h"

enum { PATIENCE = 15000 }; // milliseconds that a guest has to see it

static const char wait_script[] = "n=0; while [ ! -c \"$1\" ]; do\n"
				  "  n=$((n + 1)); [ $n -lt 50 ] || exit 1; sleep 0.1 || sleep 1\n"
				  "done\n";

static int attach(struct channel *channel, const char *name)
{
	virDomainPtr domain = channel->agent->domain;
	auto_error struct error unseen = {0};

	if (virDomainAttachDeviceFlags(domain, channel->xml, VIR_DOMAIN_AFFECT_LIVE) < 0)
		return -1;
	channel->stream = virStreamNew(virDomainGetConnect(domain), 0);
	if (!channel->stream || virDomainOpenChannel(domain, name, channel->stream, 0) < 0)
		return -1;
	return agent_script(channel->agent, wait_script, (const char *const[]){channel->port, NULL},
			    PATIENCE, NULL, &unseen);
}

char *channel_alias(const char *tag)
{
	return text_format("ua-vmkit-%s", tag);
}

struct channel *channel_open(const struct agent *agent, const char *tag)
{
	struct channel *channel = memory_new(1, sizeof(*channel));
	auto_free char *name = text_format("org.vmkit.copy.%s", tag);

	channel->agent = agent;
	channel->port = text_format("/dev/virtio-ports/%s", name);
	channel->alias = channel_alias(tag);
	channel->xml = text_format("<channel type='unix'><target type='virtio' name='%s'/>"
				   "<alias name='%s'/></channel>",
				   name, channel->alias);
	if (attach(channel, name) == 0)
		return channel;
	channel_close(channel);
	virResetLastError();
	return NULL;
}

void channel_close(struct channel *channel)
{
	if (!channel)
		return;
	if (channel->stream) {
		virStreamAbort(channel->stream);
		virStreamFree(channel->stream);
	}
	// The guest has to agree, and does so in its own time.
	virDomainDetachDeviceAlias(channel->agent->domain, channel->alias, VIR_DOMAIN_AFFECT_LIVE);
	virResetLastError();
	free(channel->port);
	free(channel->xml);
	free(channel->alias);
	free(channel);
}
