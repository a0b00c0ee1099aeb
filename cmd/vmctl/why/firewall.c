// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/why/firewall.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/text.h"
#include "cmd/vmctl/why/why.h"

enum { PATIENCE = 5000, MOST = 4 << 20, DEPTH = 3 }; // milliseconds; bytes; jumps

// A chain of nftables', as `nft list ruleset` shows it.
struct chain {
	char *family, *table, *name;
	struct text body;
	bool judges; // what is forwarded
	bool drops;  // what no rule takes
};

struct chains {
	struct chain *items;
	size_t count;
};

// Also what iptables has set, where that is the one of today. Lent; asked once for all cards.
static const char *rules(struct why *why, struct error *err)
{
	static const char *const argv[] = {"nft", "list", "ruleset", NULL};

	if (!why->rules)
		why->rules = process_output(
			&(struct process){.argv = argv, .timeout = PATIENCE, .most = MOST}, err);
	return why->rules;
}

static void chains_clear(struct chains *chains)
{
	for (size_t i = 0; i < chains->count; i++) {
		free(chains->items[i].family);
		free(chains->items[i].table);
		free(chains->items[i].name);
		text_clear(&chains->items[i].body);
	}
	free(chains->items);
}

static bool is_beside(const struct chain *chain, const struct chain *other)
{
	return text_equal(chain->family, other->family) && text_equal(chain->table, other->table);
}

// Whether a rule of it, or of a chain that it jumps to, lets the bridge's packets through.
static bool lets_through(const struct chains *chains, const struct chain *chain, const char *bridge,
			 int depth)
{
	auto_list struct list rules = list_split(text_string(&chain->body), "\n");
	auto_free char *quoted = text_format("\"%s\"", bridge);

	for (size_t i = 0; i < rules.count; i++) {
		const char *jump = strstr(rules.items[i], "jump ");

		if (strstr(rules.items[i], quoted) && strstr(rules.items[i], "accept"))
			return true;
		for (size_t k = 0; jump && depth < DEPTH && k < chains->count; k++)
			if (is_beside(chain, &chains->items[k]) &&
			    text_equal(chains->items[k].name, jump + strlen("jump ")) &&
			    lets_through(chains, &chains->items[k], bridge, depth + 1))
				return true;
	}
	return false;
}

static void tell_drop(struct why *why, const struct chain *chain, const char *bridge, bool docker)
{
	why_say(why, WHY_CAUSE,
		"the firewall drops what the bridge %s forwards: the chain %s of the table %s %s "
		"drops by default%s",
		bridge, chain->name, chain->family, chain->table, docker ? " (Docker set it)" : "");
	why_seen(why, "nft list chain %s %s %s", chain->family, chain->table, chain->name);
	if (docker)
		why_mend(why,
			 "iptables -I DOCKER-USER -i '%s' -j ACCEPT; iptables -I DOCKER-USER -o "
			 "'%s' -j "
			 "ACCEPT",
			 bridge, bridge);
	else
		why_mend(why,
			 "nft insert rule %s %s %s iifname '%s' accept; nft insert rule %s %s %s "
			 "oifname '%s' accept",
			 chain->family, chain->table, chain->name, bridge, chain->family,
			 chain->table, chain->name, bridge);
}

// "table ip filter {" and "chain FORWARD {" to their names.
static char *word(const char *line, size_t number)
{
	auto_list struct list words = list_split(line, " \t{");

	return words.count > number ? text_copy(words.items[number]) : NULL;
}

static void add_chain(struct chains *chains, const char *family, const char *table,
		      const char *line)
{
	chains->items = memory_resize(chains->items, chains->count + 1, sizeof(*chains->items));
	chains->items[chains->count++] = (struct chain){
		.family = text_copy(family), .table = text_copy(table), .name = word(line, 1)};
}

static struct chains read_chains(const char *all)
{
	auto_list struct list lines = list_split(all, "\n");
	auto_free char *family = NULL, *table = NULL;
	struct chains chains = {0};

	for (size_t i = 0; i < lines.count; i++) {
		char *line = text_strip(lines.items[i]);
		struct chain *last = chains.count ? &chains.items[chains.count - 1] : NULL;

		if (text_begins(line, "table ")) {
			free(family);
			free(table);
			family = word(line, 1);
			table = word(line, 2);
		} else if (text_begins(line, "chain ")) {
			add_chain(&chains, family, table, line);
		} else if (last && text_begins(line, "type filter hook forward")) {
			last->judges = true;
			last->drops = strstr(line, "policy drop") != NULL;
		} else if (last) {
			text_append(&last->body, line);
			text_append_char(&last->body, '\n');
		}
	}
	return chains;
}

static bool filters_bridges(struct why *why)
{
	return root_number(&why->host.root, "/proc/sys/net/bridge/bridge-nf-call-iptables", 0) == 1;
}

static void nat(struct why *why, const struct chains *chains)
{
	// With iptables, and with nftables.
	for (size_t i = 0; i < chains->count; i++)
		if (text_begins(chains->items[i].table, "libvirt_network") ||
		    (text_equal(chains->items[i].family, "ip") &&
		     text_equal(chains->items[i].table, "nat") &&
		     text_equal(chains->items[i].name, "LIBVIRT_PRT")))
			return;
	why_say(why, WHY_CAUSE, "libvirt's rules for NAT are gone: somebody flushed the firewall");
	why_seen(why, "nft list ruleset: no chain LIBVIRT_PRT in the table nat");
	why_mend(why, "systemctl reload libvirtd (or restart virtnetworkd) puts them back");
}

void firewall_look(struct why *why, const char *bridge, const char *mode)
{
	auto_error struct error err = {0};
	const char *all;
	struct chains chains;

	// What stays on a bridge passes no chain, unless the host says so.
	if (!mode && !filters_bridges(why))
		return;
	all = rules(why, &err);
	if (!all) {
		why_say(why, WHY_UNKNOWN, "the rules of its host's firewall cannot be read: %s",
			err.reason ? err.reason : err.message);
		why_mend(why, "apt install nftables; run it as root");
		return;
	}
	chains = read_chains(all);
	if (text_equal(mode, "nat"))
		nat(why, &chains);
	for (size_t i = 0; i < chains.count; i++)
		if (chains.items[i].judges && chains.items[i].drops &&
		    !lets_through(&chains, &chains.items[i], bridge, 0))
			tell_drop(why, &chains.items[i], bridge,
				  strstr(text_string(&chains.items[i].body), "DOCKER") != NULL);
	chains_clear(&chains);
}
