// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/report.h"

#include <stdlib.h>

#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/report.h"
#include "cmd/kvm-check/report_text.h"
#include "kvm/kvm_capability.h"

static void report_host(struct report *report, const struct host *host)
{
	report_open(report, "host");
	report_value(report, "architecture", value_text(host->architecture));
	report_value(report, "kernel", value_text(host->release));
	report_value(report, "cpu", value_text(host->cpu.model));
	report_value(report, "recorded", value_boolean(!host->root.live));
	report_close(report);
}

static void report_commands(struct report *report, const struct finding *finding)
{
	report_open_list(report, "commands");
	for (size_t i = 0; i < finding->command_count; i++) {
		report_open_list(report, NULL);
		for (size_t j = 0; j < finding->commands[i].count; j++)
			report_field(report, NULL, "word",
				     value_text(finding->commands[i].items[j]));
		report_close(report);
	}
	report_close(report);
}

void report_findings(struct report *report, const struct examination *x)
{
	report_open_list(report, "checks");
	for (const struct finding *finding = x->findings; finding < x->findings + x->count;
	     finding++) {
		report_open(report, NULL);
		report_value(report, "group", value_text(finding->group->name));
		report_value(report, "check", value_text(finding->check->key));
		report_value(report, "subject", value_text(finding->subject));
		report_value(report, "verdict", value_text(check_verdict_word(finding->verdict)));
		report_value(report, "detail", value_text(finding->detail));
		report_value(report, "fix", value_text(finding->fix));
		report_value(report, "follows",
			     value_text(finding->cause ? finding->cause->key : NULL));
		report_commands(report, finding);
		report_close(report);
	}
	report_close(report);
}

static const char *const outcomes[] = {
	[KVM_SKIPPED] = "skipped",
	[KVM_PASSED] = "passed",
	[KVM_FAILED] = "failed",
	[KVM_HUNG] = "hung",
};

static void report_stages(struct report *report, const struct kvm_probe *probe)
{
	report_open_list(report, "stages");
	for (int i = 0; i < KVM_STAGES; i++) {
		const struct kvm_result *result = &probe->results[i];
		const char *detail = *result->detail ? result->detail : NULL;

		report_open(report, NULL);
		report_value(report, "stage", value_text(kvm_probe_key((enum kvm_stage)i)));
		report_value(report, "outcome", value_text(outcomes[result->outcome]));
		report_value(report, "nanoseconds", value_integer(result->nanoseconds));
		report_value(report, "detail", value_text(detail));
		report_close(report);
	}
	report_close(report);
}

static void report_capabilities(struct report *report, const struct kvm_probe *probe)
{
	report_open(report, "capabilities");
	for (unsigned i = 0; i < KVM_CAPABILITIES; i++)
		if (probe->capabilities[i] && kvm_capability_name(i))
			report_field(report, NULL, kvm_capability_name(i),
				     value_integer(probe->capabilities[i]));
	report_close(report);
}

static struct value measured(double value)
{
	return value > 0 ? value_real(value) : value_absent();
}

static void report_probe(struct report *report, const struct examination *x)
{
	const struct kvm_probe *probe = &x->probe;

	report_open(report, "probe");
	report_value(report, "verdict", value_text(kvm_verdict_word(x->verdict.kind)));
	report_value(report, "reason", value_text(x->verdict.reason));
	report_value(report, "slowdown", measured(x->verdict.slowdown));
	if (x->probed) {
		report_value(report, "api_version", value_integer(probe->version));
		report_value(report, "host_nanoseconds", measured(probe->host_speed));
		report_value(report, "guest_nanoseconds", measured(probe->guest_speed));
		report_stages(report, probe);
		report_capabilities(report, probe);
	}
	if (x->probed && probe->exits) {
		report_open(report, "exit");
		report_value(report, "count", value_unsigned(probe->exits));
		report_value(report, "minimum_nanoseconds", value_integer(probe->exit_least));
		report_value(report, "median_nanoseconds", value_integer(probe->exit_median));
		report_value(report, "percentile_99_nanoseconds", value_integer(probe->exit_most));
		report_close(report);
	}
	report_close(report);
}

static void report_decision(struct report *report, const struct examination *x)
{
	const struct decision *decision = &x->decision;

	if (!examination_about_guests(x))
		return;
	report_value(report, "accelerator", value_text(accelerator_word(decision->accelerator)));
	report_value(report, "one_fix_away", value_boolean(decision->one_fix));
	report_value(report, "reason", value_text(decision->reason));
}

static void report_counts(struct report *report, const struct examination *x)
{
	report_value(report, "passed", value_unsigned(x->counts[VERDICT_PASS]));
	report_value(report, "notes", value_unsigned(x->counts[VERDICT_NOTE]));
	report_value(report, "warnings", value_unsigned(x->counts[VERDICT_WARN]));
	report_value(report, "failed", value_unsigned(x->counts[VERDICT_FAIL]));
}

void report_bench(struct report *report, const struct examination *x)
{
	if (!report_is_json(report)) {
		report_bench_text(report, x, outcomes);
		return;
	}
	report_decision(report, x);
	report_host(report, x->host);
	report_probe(report, x);
}

void report_examination(struct report *report, const struct examination *x, enum report_depth depth)
{
	if (!report_is_json(report)) {
		report_text(report, x, depth);
		return;
	}
	report_decision(report, x);
	report_host(report, x->host);
	report_findings(report, x);
	if (x->judged)
		report_probe(report, x);
	report_counts(report, x);
}

void report_groups_of_checks(struct report *report)
{
	report_list(report, "groups", TABLE_RULED, 0);
	for (const struct check_group *group = check_groups; group->name; group++) {
		bool runs = false;

		for (const struct check *check = group->checks; check->key; check++)
			runs = runs || check->runs & PURPOSE_GUESTS;
		report_row(report,
			   (struct value[]){value_text(group->name), value_text(group->summary),
					    value_boolean(runs)});
	}
}
