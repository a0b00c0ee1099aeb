// SPDX-License-Identifier: GPL-3.0-or-later
// `--clock`
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/rows.h"
#include "xml/path.h"

// "pit_tickpolicy=delay" is of the timer that is called pit.
static int set_timer(const struct suboption_call *call, struct error *err)
{
	auto_free char *name = text_copy_bytes(call->name, strcspn(call->name, "_"));
	const char *attribute = strchr(call->name, '_') + 1;
	auto_free char *path = text_format("@%s", attribute);
	bool present = false;

	if (text_equal(attribute, "present") && *call->value &&
	    suboption_boolean(call->name, call->value, &present, err) < 0)
		return -1;
	path_set(path_create_with(call->element, "timer", "name", name), path,
		 !text_equal(attribute, "present") ? call->value
		 : present                         ? "yes"
						   : "no");
	return 0;
}

// Taken since virt-install takes it, and as there it does nothing: these timers have no policy.
static int ignore(const struct suboption_call *call, struct error *err)
{
	(void)call;
	(void)err;
	return 0;
}

static const struct suboption clock_rows[] = {
	CALL("platform_tickpolicy",
	     AKA("hpet_tickpolicy", "tsc_tickpolicy", "kvmclock_tickpolicy",
		 "hypervclock_tickpolicy"),
	     TEXT, ignore),
	CALL("pit_tickpolicy", NULL, TEXT, set_timer),
	CALL("rtc_tickpolicy", NULL, TEXT, set_timer),
	CALL("platform_present", NULL, TEXT, set_timer),
	CALL("pit_present", NULL, TEXT, set_timer),
	CALL("rtc_present", NULL, TEXT, set_timer),
	CALL("hpet_present", NULL, TEXT, set_timer),
	CALL("tsc_present", NULL, TEXT, set_timer),
	CALL("kvmclock_present", NULL, TEXT, set_timer),
	CALL("hypervclock_present", NULL, TEXT, set_timer),
	ROW("offset", NULL, NULL, TEXT),
	ROW("timer#.name", NULL, NULL, TEXT),
	ROW("timer#.present", NULL, NULL, YES_NO),
	ROW("timer#.tickpolicy", NULL, NULL, TEXT),
	ROW("timer#.track", NULL, NULL, TEXT),
	ROW("timer#.mode", NULL, NULL, TEXT),
	ROW("timer#.frequency", NULL, NULL, INTEGER),
	ROW("timer#.catchup.threshold", NULL, NULL, INTEGER),
	ROW("timer#.catchup.slew", NULL, NULL, INTEGER),
	ROW("timer#.catchup.limit", NULL, NULL, INTEGER),
	ROWS_END,
};

const struct guest_option clock_option = {
	.home = "clock",
	.traits = 0,
	.table = {.option = "--clock", .leading = AKA(NULL), .groups = GROUPS(clock_rows)},
};
