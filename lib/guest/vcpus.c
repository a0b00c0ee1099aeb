// SPDX-License-Identifier: GPL-3.0-or-later
// `--vcpus`
#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/guest.h"
#include "guest/tables.h"
#include "xml/path.h"

enum { VCPUS_MOST = 65536 }; // more than any hypervisor has

struct vcpus {
	long long count, maximum; // 0: not asked for
};

static int set_vcpus(const struct suboption_call *call, struct error *err)
{
	return number_parse(call->value, 1, VCPUS_MOST, &((struct vcpus *)call->data)->count, err);
}

static int set_maximum(const struct suboption_call *call, struct error *err)
{
	return number_parse(call->value, 1, VCPUS_MOST, &((struct vcpus *)call->data)->maximum,
			    err);
}

static const struct suboption vcpus_rows[] = {
	CALL("maxvcpus", NULL, TEXT, set_maximum),
	ROW("cpuset", NULL, "vcpu/@cpuset", COMMAS),
	CALL("vcpus", NULL, TEXT, set_vcpus),
	ROW("sockets", NULL, "cpu/topology/@sockets", INTEGER),
	ROW("dies", NULL, "cpu/topology/@dies", INTEGER),
	ROW("cores", NULL, "cpu/topology/@cores", INTEGER),
	ROW("threads", NULL, "cpu/topology/@threads", INTEGER),
	CALL("vcpu", NULL, TEXT, set_vcpus),
	ROW("vcpu.current", NULL, NULL, INTEGER),
	ROW("vcpu.cpuset", NULL, NULL, COMMAS),
	ROW("vcpu.placement", "placement", NULL, TEXT),
	ROW("vcpus.vcpu#.id", NULL, NULL, INTEGER),
	ROW("vcpus.vcpu#.enabled", NULL, NULL, YES_NO),
	ROW("vcpus.vcpu#.hotpluggable", NULL, NULL, YES_NO),
	ROW("vcpus.vcpu#.order", NULL, NULL, INTEGER),
	ROWS_END,
};

static const char *const leading[] = {"vcpu", NULL};
static const struct suboption *const groups[] = {vcpus_rows, NULL};
const struct suboption_table vcpus_table = {
	.option = "--vcpus", .leading = leading, .groups = groups};

static long long topology(const struct guest *guest, const char *name)
{
	auto_error struct error ignored = {0};
	auto_free char *path = text_format("cpu/topology/@%s", name);
	auto_free char *text = path_get(guest->domain, path);
	long long number = 0;

	if (text)
		number_parse(text, 1, VCPUS_MOST, &number, &ignored);
	return number;
}

static void set_topology(struct guest *guest, const char *name, long long number)
{
	auto_free char *path = text_format("cpu/topology/@%s", name);
	auto_free char *text = text_format("%lld", number);

	path_set(guest->domain, path, text);
}

// Fills in what is missing of a topology: cores first, then sockets, then threads.
static int complete_topology(struct guest *guest, long long *count, struct error *err)
{
	static const char *const names[] = {"cores", "sockets", "threads"};
	long long dies = topology(guest, "dies"), product = dies ? dies : 1;
	bool missing = false;

	for (int i = 0; i < 3; i++) {
		long long number = topology(guest, names[i]);

		product *= number ? number : 1;
		missing = missing || !number;
	}
	if (!*count)
		*count = product;
	for (int i = 0; i < 3 && missing; i++)
		if (!topology(guest, names[i])) {
			long long number = product && *count % product == 0 ? *count / product : 1;

			set_topology(guest, names[i], number);
			product *= number;
		}
	if (product != *count)
		return error_set(err, STATUS_USAGE,
				 "--vcpus: sockets, dies, cores and threads make %lld vCPUs, not "
				 "%lld",
				 product, *count);
	return 0;
}

int guest_set_vcpus(struct guest *guest, const char *text, struct error *err)
{
	auto_free char *count = NULL, *current = NULL;
	struct vcpus vcpus = {0};
	long long total;

	if (suboptions_apply(&vcpus_table, text, guest->domain, &vcpus, err) < 0)
		return -1;
	total = vcpus.maximum ? vcpus.maximum : vcpus.count;
	if (path_has(guest->domain, "cpu/topology") && complete_topology(guest, &total, err) < 0)
		return -1;
	if (!total)
		return 0;
	count = text_format("%lld", total);
	path_set(guest->domain, "vcpu", count);
	if (vcpus.count && vcpus.maximum && vcpus.count != vcpus.maximum) {
		if (vcpus.count > vcpus.maximum)
			return error_set(err, STATUS_USAGE,
					 "--vcpus: %lld are more than maxvcpus=%lld", vcpus.count,
					 vcpus.maximum);
		current = text_format("%lld", vcpus.count);
		path_set(guest->domain, "vcpu/@current", current);
	}
	return 0;
}
