// SPDX-License-Identifier: GPL-3.0-or-later
// What slows a guest down: limits, how it writes, others that want the same CPUs, swap, emulation.
#include <stdlib.h>
#include <string.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/why/why.h"
#include "kvm/kvm_verdict.h"
#include "virt/cleanup.h"
#include "virt/figures.h"
#include "xml/document.h"
#include "xml/path.h"

enum {
	WATCHED = 400, // milliseconds
	STEAL = 20,    // percent that are felt
	SWAPPED = 64,  // MiB that are felt
	BALLOONED = 2, // so many times less than it could have
};

static void limits(struct why *why)
{
	auto_free char *quota = path_get(why->root, "cputune/quota");
	auto_free char *period = path_get(why->root, "cputune/period");
	long long share = quota ? strtoll(quota, NULL, 10) : 0;
	long long of = period ? strtoll(period, NULL, 10) : 100000;

	if (share > 0 && of > 0) {
		why_say(why, WHY_CAUSE, "each of its vCPUs may use %lld %% of a CPU",
			share * 100 / of);
		why_seen(why, "<cputune> of its definition");
		why_mend(why, "$vmctl schedinfo -- '%s' vcpu_quota=-1", why->name);
	}
	for (struct xml_element *d = xml_child(why->devices, "disk"); d; d = xml_next(d, "disk")) {
		struct xml_element *tune = xml_child(d, "iotune");
		struct xml_element *limit = tune ? xml_child(tune, NULL) : NULL;
		auto_free char *target = path_get(d, "target/@dev");
		auto_free char *value = limit ? path_get(limit, ".") : NULL;

		if (!limit)
			continue;
		why_say(why, WHY_CAUSE, "disk %s is limited: %s is %s", target, xml_name(limit),
			value);
		why_seen(why, "<iotune> of its definition");
		why_mend(why,
			 "$vmctl blkdeviotune -- '%s' '%s' shows the limits, and 0 takes one away",
			 why->name, target);
	}
}

static void cache(struct why *why)
{
	for (struct xml_element *d = xml_child(why->devices, "disk"); d; d = xml_next(d, "disk")) {
		auto_free char *mode = path_get(d, "driver/@cache");
		auto_free char *target = path_get(d, "target/@dev");

		if (!text_equal(mode, "writethrough") && !text_equal(mode, "directsync"))
			continue;
		why_say(why, WHY_LIKELY,
			"disk %s: each write waits until the host's disk has it (cache=%s)", target,
			mode);
		why_seen(why, "<driver cache> of its definition");
		why_edit(why, "<driver cache='none'>, where the guest flushes as all of today do");
	}
}

// Nanoseconds that its vCPUs could have run and got no CPU.
static unsigned long long delay_of(struct why *why)
{
	virDomainPtr domains[] = {why->domain, NULL};
	auto_domain_stats virDomainStatsRecordPtr *records = NULL;
	unsigned long long sum = 0;
	long count;

	if (virDomainListGetStats(domains, VIR_DOMAIN_STATS_VCPU, &records,
				  VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT) < 1)
		return 0;
	count = (long)figure_number(records[0], "vcpu", -1, "maximum");
	for (long i = 0; i < count; i++)
		sum += figure_number(records[0], "vcpu", i, "delay");
	return sum;
}

static void contention(struct why *why)
{
	auto_free char *wanted = path_get(why->root, "vcpu");
	virNodeInfo node;
	unsigned long long before = delay_of(why), waited;
	long long begun = clock_nanoseconds();
	long long percent;

	cancel_poll(why->call->cancel, NULL, 0, WATCHED);
	waited = delay_of(why);
	percent = waited > before
			  ? (long long)((waited - before) * 100) / (clock_nanoseconds() - begun)
			  : 0;
	if (percent >= STEAL) {
		why_say(why, WHY_LIKELY, "its vCPUs wait for a CPU of the host %lld %% of the time",
			percent);
		why_seen(why, "vcpu.N.delay of $vmctl domstats, for %d ms", WATCHED);
		why_mend(why,
			 "$vmctl top --sort steal shows who competes; move or limit one of them");
	}
	if (wanted && virNodeGetInfo(why->connection, &node) == 0 &&
	    strtoul(wanted, NULL, 10) > node.cpus) {
		why_say(why, WHY_LIKELY,
			"it has %s vCPUs on a host of %u CPUs: they wait for each "
			"other",
			wanted, node.cpus);
		why_seen(why, "<vcpu> of its definition, and $vmctl nodeinfo");
		why_mend(why, "$vmctl setvcpus --config -- '%s' %u, then restart it", why->name,
			 node.cpus);
	}
}

// MiB of its QEMU that are swapped out.
static long long swapped(struct why *why)
{
	auto_free char *file = text_format("/run/libvirt/qemu/%s.pid", why->name);
	auto_free char *pid = root_line(&why->host.root, file), *path = NULL, *status = NULL;
	const char *line;

	if (!pid)
		return 0;
	path = text_format("/proc/%s/status", pid);
	status = root_read(&why->host.root, path, ROOT_LINE);
	line = status ? strstr(status, "VmSwap:") : NULL;
	return line ? strtoll(line + strlen("VmSwap:"), NULL, 10) / 1024 : 0;
}

static void swap(struct why *why)
{
	long long out = swapped(why);

	if (out < SWAPPED)
		return;
	why_say(why, WHY_LIKELY, "the host has swapped out %lld MiB of it", out);
	why_seen(why, "VmSwap of its QEMU in /proc");
	why_mend(why, "end something else, or give guests less memory: $vmctl top --sort memory");
}

static void balloon(struct why *why)
{
	auto_free char *most = path_get(why->root, "memory");
	auto_free char *now = path_get(why->root, "currentMemory");
	unsigned long long may = most ? strtoull(most, NULL, 10) : 0;
	unsigned long long has = now ? strtoull(now, NULL, 10) : may;
	auto_free char *shown = size_text(has * 1024), *all = size_text(may * 1024);

	if (!has || has * BALLOONED > may)
		return;
	why_say(why, WHY_LIKELY, "its balloon leaves it %s of its %s of memory", shown, all);
	why_seen(why, "<currentMemory> of its definition, $vmctl dommemstat -- '%s'", why->name);
	why_mend(why, "$vmctl setmem -- '%s' %lluK", why->name, may);
}

static void emulation(struct why *why)
{
	auto_free char *type = path_get(why->root, "@type");
	auto_kvm_verdict struct kvm_verdict verdict = {0};

	if (!text_equal(type, "qemu"))
		return;
	if (why->local)
		kvm_verdict_get(&verdict);
	if (verdict.usable) {
		why_say(why, WHY_CAUSE, "it is emulated (TCG), though KVM works here");
		why_seen(why,
			 "<domain type='qemu'>, and /dev/kvm: guest code was run for a moment");
		why_edit(why, "<domain type='kvm'>, then restart it");
		return;
	}
	why_say(why, WHY_LIKELY, "it is emulated (TCG)%s%s", verdict.reason ? ", since " : "",
		verdict.reason ? verdict.reason : "");
	why_seen(why, "<domain type='qemu'> of its definition");
	why_mend(why, "kvm-check tells how its host gets KVM");
}

static void kvm_is_emulated(struct why *why)
{
	auto_free char *type = path_get(why->root, "@type");
	auto_kvm_verdict struct kvm_verdict verdict = {0};

	if (!text_equal(type, "kvm"))
		return;
	kvm_verdict_get(&verdict);
	if (verdict.kind != KVM_VERDICT_INTERPRETS)
		return;
	why_say(why, WHY_CAUSE, "it runs on KVM that is of no use: %s", verdict.reason);
	why_seen(why, "/dev/kvm: guest code was run for a moment");
	why_edit(why, "<domain type='qemu'>");
}

const struct why_check why_speed_checks[] = {
	{"kvm", WHY_SPEED, true, kvm_is_emulated},
	{"limits", WHY_SPEED, false, limits},
	{"swap", WHY_SPEED, true, swap},
	{"balloon", WHY_SPEED, false, balloon},
	{"cache", WHY_SPEED, false, cache},
	{"contention", WHY_SPEED, false, contention},
	{"emulation", WHY_SPEED, false, emulation},
	{NULL, 0, false, NULL},
};
