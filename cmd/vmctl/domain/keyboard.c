// SPDX-License-Identifier: GPL-3.0-or-later
// `send-key`: keys pressed on a guest's keyboard.
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/keycodes.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/hints.h"

enum { CODE_MOST = 0xffff };

// A name, or a number as C writes it.
static int parse_key(unsigned set, const char *word, unsigned *code, struct error *err)
{
	char *end = NULL;
	unsigned long number;

	if (keycode_find(set, word, code))
		return 0;
	number = strtoul(word, &end, 0);
	if (*word < '0' || *word > '9' || *end || number > CODE_MOST) {
		error_set(err, STATUS_USAGE, "invalid keycode: '%s'", word);
		if (keycode_name(set, 0))
			error_hint(err, "a number up to 65535, or a name such as %s",
				   keycode_name(set, 1));
		return -1;
	}
	*code = (unsigned)number;
	return 0;
}

static int send_key(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	const struct list *words = argument_list(call, "keycode");
	unsigned set = VIR_KEYCODE_SET_LINUX, codes[VIR_DOMAIN_SEND_KEY_MAX_KEYS];

	if (argument_choice(call, "codeset", &set, err) < 0)
		return -1;
	if (words->count > VIR_DOMAIN_SEND_KEY_MAX_KEYS)
		return error_set(err, STATUS_USAGE, "too many keycodes: at most %d",
				 VIR_DOMAIN_SEND_KEY_MAX_KEYS);
	for (size_t i = 0; i < words->count; i++)
		if (parse_key(set, words->items[i], &codes[i], err) < 0)
			return -1;
	if (virDomainSendKey(domain, set, (unsigned)argument_integer(call, "holdtime"), codes,
			     (int)words->count, 0) < 0)
		return domain_failure(err, domain, "Failed to send keys to domain '%s'",
				      virDomainGetName(domain));
	report_value(call->report, "name", value_text(virDomainGetName(domain)));
	return 0;
}

// The names that the chosen set has.
static void key_names(struct call *call, struct list *found)
{
	auto_error struct error ignored = {0};
	unsigned set = VIR_KEYCODE_SET_LINUX;

	argument_choice(call, "codeset", &set, &ignored);
	for (unsigned i = 0; keycode_name(set, i); i++)
		list_add(found, keycode_name(set, i));
}

static const struct option send_key_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that gets the keys"),
	{.kind = OPTION_TEXT,
	 .name = "codeset",
	 .words = keycode_sets,
	 .help = "how keys are numbered (default: linux)"},
	{.kind = OPTION_INTEGER,
	 .name = "holdtime",
	 .most = INT_MAX,
	 .help = "milliseconds that they are held"},
	{.kind = OPTION_REST,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "keycode",
	 .candidates = key_names,
	 .help = "keys that are pressed together, by number or name, such as KEY_LEFTCTRL"},
	END,
};

const struct command send_key_command = {
	.name = "send-key",
	.target = MANY_DOMAINS(BY_ANY),
	.options = send_key_options,
	.results = named_results,
	.summary = "press keys on the keyboard of a guest",
	.run = send_key,
};
