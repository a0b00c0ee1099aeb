// SPDX-License-Identifier: GPL-3.0-or-later
// `--vcpus`
#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/rows.h"
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

// "auto" leaves the choice to the host.
static int set_cpuset(const struct suboption_call *call, struct error *err)
{
	(void)err;
	if (!*call->value)
		path_clear(call->element, "vcpu/@cpuset");
	else if (text_equal(call->value, "auto"))
		path_set(call->element, "vcpu/@placement", "auto");
	else
		path_set(call->element, "vcpu/@cpuset", call->value);
	return 0;
}

static const struct suboption vcpus_rows[] = {
	CALL("maxvcpus", NULL, TEXT, set_maximum),
	CALL("cpuset", NULL, COMMAS, set_cpuset),
	CALL("vcpus", NULL, TEXT, set_vcpus),
	ROW("sockets", NULL, "cpu/topology/@sockets", INTEGER),
	ROW("dies", NULL, "cpu/topology/@dies", INTEGER),
	ROW("cores", NULL, "cpu/topology/@cores", INTEGER),
	ROW("threads", NULL, "cpu/topology/@threads", INTEGER),
	CALL("vcpu", NULL, TEXT, set_vcpus),
	ROW("vcpu.current", NULL, NULL, INTEGER),
	CALL("vcpu.cpuset", NULL, COMMAS, set_cpuset),
	ROW("vcpu.placement", AKA("placement"), NULL, TEXT),
	ROW("vcpus.vcpu#.id", NULL, NULL, INTEGER),
	ROW("vcpus.vcpu#.enabled", NULL, NULL, YES_NO),
	ROW("vcpus.vcpu#.hotpluggable", NULL, NULL, YES_NO),
	ROW("vcpus.vcpu#.order", NULL, NULL, INTEGER),
	ROWS_END,
};

static long long topology(const struct xml_element *domain, const char *name)
{
	auto_error struct error ignored = {0};
	auto_free char *path = text_format("cpu/topology/@%s", name);
	auto_free char *text = path_get(domain, path);
	long long number = 0;

	if (text)
		number_parse(text, 1, VCPUS_MOST, &number, &ignored);
	return number;
}

static void set_topology(struct xml_element *domain, const char *name, long long number)
{
	auto_free char *path = text_format("cpu/topology/@%s", name);
	auto_free char *text = text_format("%lld", number);

	path_set(domain, path, text);
}

long long vcpus_of_topology(const struct xml_element *domain)
{
	static const char *const names[] = {"sockets", "dies", "cores", "threads"};
	long long product = 1;

	if (!path_has(domain, "cpu/topology"))
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		long long number = topology(domain, names[i]);

		product *= number ? number : 1;
	}
	return product;
}

// Fills in what is missing of a topology: cores first, then sockets, then threads.
static int fill_topology(struct xml_element *domain, long long *count, struct error *err)
{
	static const char *const names[] = {"cores", "sockets", "threads"};
	long long product = vcpus_of_topology(domain);
	bool missing = false;

	for (int i = 0; i < 3; i++)
		missing = missing || !topology(domain, names[i]);
	if (!*count)
		*count = product;
	for (int i = 0; i < 3 && missing; i++)
		if (!topology(domain, names[i])) {
			long long number = product && *count % product == 0 ? *count / product : 1;

			set_topology(domain, names[i], number);
			product *= number;
		}
	if (product != *count)
		return error_set(err, STATUS_USAGE,
				 "--vcpus: sockets, dies, cores and threads make %lld vCPUs, not "
				 "%lld",
				 product, *count);
	return 0;
}

int vcpus_complete_topology(struct xml_element *domain, struct error *err)
{
	auto_free char *given = path_get(domain, "vcpu");
	long long count = 0;

	if (given && *given && number_parse(given, 1, VCPUS_MOST, &count, err) < 0)
		return -1;
	return fill_topology(domain, &count, err);
}

static int set_counts(struct option_edit *edit, const struct vcpus *vcpus, struct error *err)
{
	long long total = vcpus->maximum ? vcpus->maximum : vcpus->count;
	auto_free char *count = NULL, *current = NULL;

	if (path_has(edit->element, "cpu/topology") &&
	    fill_topology(edit->element, &total, err) < 0)
		return -1;
	if (!total)
		return 0;
	count = text_format("%lld", total);
	path_set(edit->element, "vcpu", count);
	if (!vcpus->count || !vcpus->maximum)
		return 0;
	current = text_format("%lld", vcpus->count);
	path_set(edit->element, "vcpu/@current", current);
	return 0;
}

// A guest cannot start with more than it may have.
static int check_current(const struct option_edit *edit, struct error *err)
{
	auto_free char *current = path_get(edit->element, "vcpu/@current");
	auto_free char *most = path_get(edit->element, "vcpu");
	long long started = 0, all = 0;

	if (!current || !most || number_parse(current, 0, VCPUS_MOST, &started, err) < 0 ||
	    number_parse(most, 0, VCPUS_MOST, &all, err) < 0)
		return current && most ? -1 : 0;
	if (started <= all)
		return 0;
	return error_set(err, STATUS_USAGE,
			 "--vcpus: a guest cannot start with %lld vCPUs if it may have no more "
			 "than %lld",
			 started, all);
}

static int apply_vcpus(struct option_edit *edit, const char *text, struct error *err)
{
	struct vcpus vcpus = {0};
	struct suboption_target target = {edit->element, edit->guest, &vcpus};

	if (suboptions_apply(&edit->option->table, text, &target, err) < 0 ||
	    set_counts(edit, &vcpus, err) < 0)
		return -1;
	return check_current(edit, err);
}

const struct guest_option vcpus_option = {
	.home = ".",
	.traits = 0,
	.table = {.option = "--vcpus", .leading = AKA("vcpu"), .groups = GROUPS(vcpus_rows)},
	.apply = apply_vcpus,
};
