// SPDX-License-Identifier: GPL-3.0-or-later
// The clock that guests' time is made from.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"

#define DIRECTORY "/sys/devices/system/clocksource/clocksource0/"

static void slow(struct examination *x, const char *current)
{
	auto_free char *others = root_line(&x->host->root, DIRECTORY "available_clocksource");

	check_warn(x,
		   FIX(check_text(x, "see in the kernel's log why %s was given up%s%s",
				  host_is_x86(x->host) ? "the TSC" : "a better one",
				  others ? "; there are: " : "", others ? others : "")),
		   "%s: slow to read, and guests get no fast clock of their own", current);
}

static void source(struct examination *x)
{
	auto_free char *current = root_line(&x->host->root, DIRECTORY "current_clocksource");

	if (!current)
		return;
	if (text_equal(current, "hpet") || text_equal(current, "acpi_pm") ||
	    text_equal(current, "jiffies") || text_equal(current, "refined-jiffies"))
		slow(x, current);
	else
		check_pass(x, "%s", current);
}

static void steady(struct examination *x)
{
	const struct cpu *cpu = &x->host->cpu;

	if (!host_is_x86(x->host))
		return;
	if (cpu_has(cpu, "constant_tsc") && cpu_has(cpu, "nonstop_tsc"))
		check_pass(x, "the TSC runs at one speed, always");
	else
		check_note(x, "constant_tsc and nonstop_tsc are not both shown: guests may not get "
			      "a fast clock");
}

const struct check clock_checks[] = {
	CHECK("clock_source", "source", PURPOSE_GUESTS, 0, source),
	CHECK("steady_tsc", "TSC", 0, 0, steady),
	CHECKS_END,
};
