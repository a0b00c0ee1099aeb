// SPDX-License-Identifier: GPL-3.0-or-later
// `ip`: where a guest can be reached, from whoever knows it.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/guest/twins.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/addresses.h"
#include "virt/kinds.h"
#include "virt/words.h"

enum { PATIENCE = 6000 };

static char *source_names(unsigned bits)
{
	auto_list struct list names = {0};

	for (size_t i = 0; i < ADDRESSES_SOURCES; i++)
		if (bits & 1U << i)
			list_add(&names, words_address_sources[i]);
	return list_join(&names, ", ");
}

static int none(struct call *call, const struct addresses *addresses, struct error *err)
{
	auto_free char *asked = source_names(addresses->answered);
	auto_free char *late = source_names(addresses->late);

	error_set(err, STATUS_NOT_FOUND, "no address of '%s' is known", call_name(call));
	if (addresses->late)
		err->reason = text_format("no answer in time: %s", late);
	else if (!addresses->answered)
		err->reason = text_copy("neither leases nor agent nor ARP table could be asked");
	else
		err->reason = text_format("asked: %s", asked);
	return error_hint(err, "$vmctl wait --for ip -- '%s' waits until there is one",
			  call_name(call));
}

static int ip(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	auto_addresses struct addresses addresses = {0};
	bool first = argument_flag(call, "first"), only4 = argument_flag(call, "ipv4");
	size_t shown = 0;

	if (virDomainIsActive(domain) == 0)
		return error_set(err, STATUS_CONFLICT, "'%s' is not running", call_name(call));
	addresses_find(call, domain, PATIENCE, &addresses);
	report_list(call->report, NULL, first ? TABLE_BARE : TABLE_RULED, first ? 2 | 4 | 8 : 0);
	for (size_t i = 0; i < addresses.count && !(first && shown); i++) {
		const struct address *address = &addresses.items[i];
		auto_free char *known = source_names(address->sources);
		const struct value row[] = {value_text(address->text),
					    value_integer(address->prefix),
					    value_text(address->mac), value_text(known)};

		if (only4 && address->ipv6)
			continue;
		report_row(call->report, row);
		shown++;
	}
	if (!shown)
		return none(call, &addresses, err);
	// Of many each would ask all others: what they have is compared.
	if (!first && call->selected)
		twins_keep(call, &addresses);
	else if (!first)
		twins_warn(call, &addresses);
	return 0;
}

static const struct option options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose addresses are wanted"),
	FLAG("first", 0, "only the first address, for scripts"),
	FLAG("ipv4", 0, "no IPv6 addresses"),
	END,
};

static const struct field results[] = {
	FIELD("address", "Address", FIELD_TEXT, 0, "the address"),
	FIELD("prefix", "Prefix", FIELD_INTEGER, 0, "length of the network's part, in bits"),
	FIELD("mac", "MAC", FIELD_TEXT, FIELD_NULL, "MAC address of its network card"),
	FIELD("sources", "Known from", FIELD_TEXT, 0, "who knows it: lease, agent, arp"),
	FIELDS_END,
};

const struct command ip_command = {
	.name = "ip",
	.traits = COMMAND_WAITS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = options,
	.shape = SHAPE_LIST,
	.results = results,
	.summary = "show the addresses of a guest",
	.description = "Asks the leases of libvirt's networks, the guest agent and the host's ARP "
		       "table side by side. Addresses of the loopback and of the link alone are "
		       "left out. A warning names another guest of the host that has "
		       "one of them too.",
	.run = ip,
	.compare = twins_compare,
};
