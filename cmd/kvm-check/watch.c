// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/watch.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/command.h"
#include "host/guard.h"
#include "host/host.h"
#include "host/kvm_statistics.h"
#include "output/report.h"

struct line {
	const char *name;
	long long total;
	double rate; // a second
};

// The total of all exits first, then what happens most.
static int compare(const void *a, const void *b)
{
	const struct line *left = a, *right = b;

	if (text_equal(left->name, "exits") != text_equal(right->name, "exits"))
		return text_equal(left->name, "exits") ? -1 : 1;
	if (left->rate != right->rate)
		return left->rate > right->rate ? -1 : 1;
	return strcmp(left->name, right->name);
}

static double rate(const struct kvm_statistics *now, const struct kvm_statistics *before, size_t i)
{
	double seconds = (double)(now->taken - before->taken) / 1e9;
	long long more = now->values[i] - kvm_statistics_value(before, now->names.items[i]);

	// The counts of a VM go with it.
	return seconds > 0 && before->names.count && more > 0 ? (double)more / seconds : 0;
}

static void report_table_of(struct report *report, const struct kvm_statistics *now,
			    const struct kvm_statistics *before)
{
	auto_free struct line *lines = memory_new(now->names.count, sizeof(*lines));
	size_t count = 0;

	for (size_t i = 0; i < now->names.count; i++)
		if (now->values[i])
			lines[count++] = (struct line){now->names.items[i], now->values[i],
						       rate(now, before, i)};
	qsort(lines, count, sizeof(*lines), compare);
	report_fresh_screen(report);
	report_heading(report, "KVM, %zu VM%s\n", now->vms, now->vms == 1 ? "" : "s");
	report_heading(report, " %-28s %14s %16s\n", "Event", "A second", "Total");
	for (size_t i = 0; i < count; i++)
		report_heading(report, " %-28s %14.1f %16lld\n", lines[i].name, lines[i].rate,
			       lines[i].total);
}

static void report_object(struct report *report, const struct kvm_statistics *now,
			  const struct kvm_statistics *before)
{
	auto_free char *stamp = instant_exact(time(NULL));

	report_value(report, "time", value_text(stamp));
	report_value(report, "vms", value_unsigned(now->vms));
	report_open(report, "statistics");
	for (size_t i = 0; i < now->names.count; i++) {
		report_open(report, now->names.items[i]);
		report_field(report, NULL, "total", value_integer(now->values[i]));
		report_field(report, NULL, "per_second", value_real(rate(now, before, i)));
		report_close(report);
	}
	report_close(report);
}

// Each showing is a report of its own, a JSON document on a line. The last is written as those of
// other commands are; where a signal ends it all has been written.
static void begin_report(struct call *call, bool json)
{
	int fd = fileno(call->context->out);
	struct report_looks looks = {.json = json, .one_line = true, .terminal = isatty(fd) != 0};

	report_free(call->report);
	call->report = report_new(call->context->out, looks, call->command->results, SHAPE_OBJECT);
}

static void wait_until(long long when)
{
	while (!interrupt_signal() && clock_left(when) > 0)
		interrupt_poll(NULL, 0, clock_left(when));
}

struct reading {
	struct kvm_statistics *now;
	const struct host *host;
};

static int read_now(void *data, struct error *err)
{
	struct reading *reading = data;

	return kvm_statistics_read(reading->now, reading->host, err);
}

// Within bounds, as all looks at the host.
static int read_within_bounds(struct kvm_statistics *now, const struct host *host,
			      struct error *err)
{
	struct reading reading = {.now = now, .host = host};

	return guard_try(host->root.guard, read_now, &reading, err);
}

static int show(struct call *call, const struct host *host, bool json,
		struct kvm_statistics *before, struct error *err)
{
	struct kvm_statistics now;

	if (read_within_bounds(&now, host, err) < 0)
		return -1;
	begin_report(call, json);
	if (json)
		report_object(call->report, &now, before);
	else
		report_table_of(call->report, &now, before);
	kvm_statistics_clear(before);
	*before = now;
	return 0;
}

int watch_run(struct call *call, const struct host *host, struct error *err)
{
	enum { MILLISECONDS = 1000 };
	long long seconds =
		argument_given(call, "interval") ? argument_integer(call, "interval") : 1;
	long long count = argument_integer(call, "count"), next = clock_milliseconds();
	auto_kvm_statistics struct kvm_statistics before = {0};
	bool json = report_is_json(call->report);

	interrupt_catch();
	for (long long i = 1; !interrupt_signal(); i++) {
		if (show(call, host, json, &before, err) < 0)
			return -1;
		if (i == count)
			return 0;
		if (report_finish(call->report, false, err) < 0)
			return -1;
		begin_report(call, false);
		next += seconds * MILLISECONDS;
		wait_until(next);
	}
	return 0;
}
