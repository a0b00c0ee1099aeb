// SPDX-License-Identifier: GPL-3.0-or-later
// A virtio port that a running guest gets for one copy: bytes pass through it as fast as both sides
// can, also to a guest of another host, while the agent takes each byte apart several times.
#pragma once

#include <libvirt/libvirt.h>

struct agent;

struct channel {
	const struct agent *agent;
	char *port; // its device in the guest
	char *xml;
	char *alias;         // that libvirt knows it by
	virStreamPtr stream; // our end of it
};

// What libvirt knows the one of TAG by; the caller's.
char *channel_alias(const char *tag);

// NULL where libvirt or the guest does not let it be: then there is another way.
struct channel *channel_open(const struct agent *agent, const char *tag);

// Takes it out of the guest; NULL is none.
void channel_close(struct channel *channel);

static inline void cleanup_channel(struct channel **channel)
{
	channel_close(*channel);
}
#define auto_channel __attribute__((cleanup(cleanup_channel)))
