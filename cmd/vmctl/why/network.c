// SPDX-License-Identifier: GPL-3.0-or-later
// Why a running guest has no network: its link, its bridge, its lease, forwarding, the firewall.
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/vmctl/why/firewall.h"
#include "cmd/vmctl/why/why.h"
#include "virt/addresses.h"
#include "xml/document.h"
#include "xml/path.h"

enum { UP = 1, PATIENCE = 2000 }; // IFF_UP; milliseconds for who may know addresses

// A network card of the guest.
struct card {
	struct why *why;
	const struct xml_element *element;
	char *mac, *device, *bridge;
	char *named;           // the network of libvirt's that it is in; NULL: in none
	virNetworkPtr network; // NULL: there is none of that name
	struct xml *xml;       // of the network
	const char *mode;      // "nat", "route", ...; NULL: it leads nowhere
	char *mode_text;
};

static void cable(struct card *card)
{
	struct why *why = card->why;
	auto_free char *state = path_get(card->element, "link/@state");

	if (!text_equal(state, "down"))
		return;
	why_say(why, WHY_CAUSE, "the link of its card %s is down: the cable is unplugged",
		card->mac);
	why_seen(why, "$vmctl domif-getlink -- '%s' %s", why->name, card->mac);
	why_mend(why, "$vmctl domif-setlink -- '%s' %s up", why->name, card->mac);
}

static bool network_is_up(struct card *card)
{
	struct why *why = card->why;

	if (!card->named || (card->network && virNetworkIsActive(card->network) != 0))
		return true;
	why_say(why, WHY_CAUSE, "the network '%s' of its card %s is %s", card->named, card->mac,
		card->network ? "not active any more" : "not there any more");
	why_seen(why, "$vmctl net-list --all");
	why_mend(why, "$vmctl net-start -- '%s'; $vmctl restart -- '%s'", card->named, why->name);
	return false;
}

static bool bridge_is_up(struct card *card)
{
	struct why *why = card->why;
	auto_free char *path = text_format("/sys/class/net/%s", card->bridge);
	auto_free char *file = text_format("%s/flags", path);
	auto_free char *flags = root_line(&why->host.root, file);

	if (!root_exists(&why->host.root, path)) {
		why_say(why, WHY_CAUSE, "its bridge %s is not there", card->bridge);
		why_seen(why, "%s", path);
		if (card->named)
			why_mend(why,
				 "$vmctl net-destroy -- '%s'; $vmctl net-start -- '%s'; $vmctl "
				 "restart -- '%s'",
				 card->named, card->named, why->name);
		else
			why_mend(
				why,
				"ip link add '%s' type bridge; ip link set '%s' up; $vmctl restart "
				"-- '%s'",
				card->bridge, card->bridge, why->name);
		return false;
	}
	if (!flags || strtoul(flags, NULL, 0) & UP)
		return true;
	why_say(why, WHY_CAUSE, "its bridge %s is down", card->bridge);
	why_seen(why, "%s", file);
	why_mend(why, "ip link set '%s' up", card->bridge);
	return false;
}

static void membership(struct card *card)
{
	struct why *why = card->why;
	auto_free char *path = text_format("/sys/class/net/%s/brport/bridge", card->device);
	auto_free char *master = root_link(&why->host.root, path);

	if (text_equal(master, card->bridge))
		return;
	why_say(why, WHY_CAUSE, "its card %s (%s) is not in the bridge %s%s%s", card->mac,
		card->device, card->bridge, master ? " but in " : "", master ? master : "");
	why_seen(why, "%s", path);
	why_mend(why, "ip link set '%s' master '%s'", card->device, card->bridge);
}

static void forwarding(struct card *card)
{
	struct why *why = card->why;

	if (!text_equal(card->mode, "nat") && !text_equal(card->mode, "route"))
		return;
	if (root_number(&why->host.root, "/proc/sys/net/ipv4/ip_forward", 1) != 0)
		return;
	why_say(why, WHY_CAUSE, "its host forwards nothing to other networks");
	why_seen(why, "/proc/sys/net/ipv4/ip_forward is 0");
	why_mend(why, "sysctl -w net.ipv4.ip_forward=1");
}

// The server that gives leases.
static bool dnsmasq_runs(struct card *card)
{
	struct why *why = card->why;
	auto_free char *file = text_format("/run/libvirt/network/%s.pid", card->named);
	auto_free char *pid = root_line(&why->host.root, file), *path = NULL;

	path = pid ? text_format("/proc/%s", pid) : NULL;
	if (path && root_exists(&why->host.root, path))
		return true;
	why_say(why, WHY_CAUSE, "the DHCP server (dnsmasq) of the network '%s' is gone",
		card->named);
	why_seen(why, "%s and /proc", file);
	why_mend(why, "systemctl restart libvirtd (or virtnetworkd) starts it again");
	return false;
}

static void lease(struct card *card)
{
	struct why *why = card->why;
	virNetworkDHCPLeasePtr *leases = NULL;
	int count;

	if (!path_has(xml_root(card->xml), "ip/dhcp") || (why->local && !dnsmasq_runs(card)))
		return;
	count = virNetworkGetDHCPLeases(card->network, card->mac, &leases, 0);
	for (int i = 0; i < count; i++) {
		why_say(why, WHY_NOTE, "its card %s has the lease %s", card->mac,
			leases[i]->ipaddr);
		why_seen(why, "$vmctl net-dhcp-leases -- '%s'", card->named);
		virNetworkDHCPLeaseFree(leases[i]);
	}
	free(leases);
	if (count != 0)
		return;
	why_say(why, WHY_LIKELY, "its card %s has no lease: the guest has not asked for one",
		card->mac);
	why_seen(why, "$vmctl net-dhcp-leases -- '%s'", card->named);
	why_mend(why,
		 "in the guest ($vmctl console -- '%s'): switch DHCP on for the card, or give it a "
		 "fixed address",
		 why->name);
}

static bool read_card(struct card *card)
{
	auto_free char *text = NULL;
	auto_error struct error ignored = {0};

	card->mac = path_get(card->element, "mac/@address");
	card->device = path_get(card->element, "target/@dev");
	card->bridge = path_get(card->element, "source/@bridge");
	card->named = path_get(card->element, "source/@network");
	if (card->named)
		card->network = virNetworkLookupByName(card->why->connection, card->named);
	text = card->network ? virNetworkGetXMLDesc(card->network, 0) : NULL;
	card->xml = text ? xml_parse(text, "the network's XML", &ignored) : NULL;
	if (card->xml)
		card->mode_text = path_get(xml_root(card->xml), "forward/@mode");
	card->mode = card->mode_text;
	if (card->xml && !card->mode && path_has(xml_root(card->xml), "forward"))
		card->mode = "nat";
	return card->mac != NULL;
}

static void clear_card(struct card *card)
{
	free(card->mac);
	free(card->device);
	free(card->bridge);
	free(card->named);
	if (card->network)
		virNetworkFree(card->network);
	free(card->mode_text);
	xml_free(card->xml);
}

static void look(struct card *card)
{
	struct why *why = card->why;

	cable(card);
	if (!network_is_up(card))
		return;
	if (why->local && card->bridge) {
		if (!bridge_is_up(card))
			return;
		if (card->device)
			membership(card);
		forwarding(card);
		firewall_look(why, card->bridge, card->mode);
	}
	if (card->xml)
		lease(card);
}

static void cards(struct why *why)
{
	size_t count = 0;

	for (struct xml_element *i = xml_child(why->devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		struct card card = {.why = why, .element = i};

		if (read_card(&card))
			look(&card);
		clear_card(&card);
		count++;
	}
	if (count)
		return;
	why_say(why, WHY_CAUSE, "it has no network card");
	why_seen(why, "$vmctl domiflist -- '%s'", why->name);
	why_mend(why,
		 "$vmctl attach-interface --live --config --model virtio -- '%s' network default",
		 why->name);
}

static void addresses(struct why *why)
{
	auto_addresses struct addresses found = {0};

	if (!xml_child(why->devices, "interface"))
		return;
	addresses_find(why->call, why->domain, PATIENCE, &found);
	for (size_t i = 0; i < found.count; i++) {
		why_say(why, WHY_NOTE, "it can be reached at %s", found.items[i].text);
		why_seen(why, "$vmctl ip -- '%s'", why->name);
	}
}

const struct why_check why_network_checks[] = {
	{"network_cards", WHY_NETWORK, false, cards},
	{"addresses", WHY_NETWORK, false, addresses},
	{NULL, 0, false, NULL},
};
