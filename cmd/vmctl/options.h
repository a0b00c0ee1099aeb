// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that the tables of many commands share.
#pragma once

#include "cli/command.h"
#include "cmd/vmctl/candidates.h"
#include "virt/kinds.h"
#include "virt/newer.h"

// clang-format off
// The guest that a command acts on, of those that libvirt's list has with the flags FILTER_.
#define DOMAIN(filter_, help_) NEEDED_OBJECT(kind_domain, "domain", filter_, help_)
// The options of a command that has no other.
#define ONLY_DOMAIN(filter_, help_) \
	.options = (const struct option[]){DOMAIN(filter_, help_), END}
#define POOL(filter_) NEEDED_OBJECT(kind_pool, "pool", filter_, "pool, by its name or UUID")
#define NETWORK(filter_) \
	NEEDED_OBJECT(kind_network, "network", filter_, "network, by its name or UUID")
#define SECRET NEEDED_OBJECT(kind_secret, "secret", 0, "secret, by its UUID")
#define VOLUME NEEDED_OBJECT(kind_volume, "vol", 0, "volume, by its name, key or path")
#define IN_POOL \
	{ .kind = OPTION_TEXT, .traits = POSITIONAL, .name = "pool", .object = &kind_pool, \
	  .help = "pool that the volume is in, by its name or UUID" }

// What the option above names is the command's target; BY_ are the ways that virsh allows.
#define ONE_DOMAIN(by_) &(const struct target){&kind_domain, "domain", by_, 0}
// As virsh has it, none may be passed.
#define PASS_FDS \
	{ .kind = OPTION_TEXT, .traits = POSITIONAL | EMPTY_OK, .name = "pass-fds", \
	  .help = "open file descriptors N,M,... for the guest" }
// Of a command with --print-xml, for which the guest need not be there.
#define DOMAINS_OR_SHOWN(by_) \
	&(const struct target){&kind_domain, "domain", by_, TARGET_MANY | TARGET_SHOWN}
#define MANY_DOMAINS(by_) &(const struct target){&kind_domain, "domain", by_, TARGET_MANY}
#define MANY_DOMAINS_ASKED(by_) \
	&(const struct target){&kind_domain, "domain", by_, TARGET_MANY | TARGET_ASKS}
#define POOL_TARGET &(const struct target){&kind_pool, "pool", BY_ANY, 0}
#define NETWORK_TARGET &(const struct target){&kind_network, "network", BY_ANY, 0}
#define SECRET_TARGET &(const struct target){&kind_secret, "secret", BY_ANY, 0}
#define MANY_VOLUMES_ASKED \
	&(const struct target){&kind_volume, "vol", BY_ANY, TARGET_MANY | TARGET_ASKS}
#define VOLUME_TARGET &(const struct target){&kind_volume, "vol", BY_ANY, 0}
// Without a pool a name says nothing.
#define VOLUME_ALONE_TARGET &(const struct target){&kind_volume, "vol", BY_OTHER, 0}

// Which configuration of a guest is meant: the running one, the one it boots with next, or both.
#define CONFIG(help_) FLAG("config", VIR_DOMAIN_AFFECT_CONFIG, help_)
#define LIVE(help_) FLAG("live", VIR_DOMAIN_AFFECT_LIVE, help_)
#define CURRENT(help_) FLAG("current", VIR_DOMAIN_AFFECT_CURRENT, help_)

#define CURRENT_ALONE \
	(const struct rule[]){EXCLUSIVE("current", "live"), EXCLUSIVE("current", "config"), \
			      RULES_END}

// A value that may be left out, mostly one of these words; the hypervisor may know others.
#define CHOICE(name_, words_, help_) \
	{ .kind = OPTION_TEXT, .traits = POSITIONAL, .name = (name_), .words = (words_), \
	  .help = (help_) }

// A flag that libvirt has since a version newer than 9.0, such as 11002000 (virt/newer.h).
#define NEWER_FLAG(name_, bit_, since_, help_) \
	{ .kind = OPTION_FLAG, .name = (name_), .bit = (bit_), .since = (since_), .help = (help_) }

// What report_xml() heeds.
#define XPATH \
	NAMED("xpath", NULL, "show only what this XPath selects"), \
	FLAG("wrap", 0, "wrap what was selected in one root element")
// clang-format on
