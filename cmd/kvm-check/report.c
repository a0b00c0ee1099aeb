// SPDX-License-Identifier: GPL-3.0-or-later
#include "output/report.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/report.h"
#include "kvm/kvm_figure.h"

static void report_host(struct report *report, const struct host *host)
{
	report_open(report, "host");
	report_field(report, NULL, "architecture", value_text(host->architecture));
	report_field(report, NULL, "kernel", value_text(host->release));
	report_field(report, NULL, "cpu", value_text(host->cpu.model));
	report_field(report, NULL, "recorded", value_boolean(!host->root.live));
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

static void report_findings(struct report *report, const struct examination *x)
{
	report_open_list(report, "checks");
	for (const struct finding *finding = x->findings; finding < x->findings + x->count;
	     finding++) {
		report_open(report, NULL);
		report_field(report, NULL, "group", value_text(finding->group->name));
		report_field(report, NULL, "check", value_text(finding->check->key));
		report_field(report, NULL, "subject", value_text(finding->subject));
		report_field(report, NULL, "verdict",
			     value_text(check_verdict_word(finding->verdict)));
		report_field(report, NULL, "detail", value_text(finding->detail));
		report_field(report, NULL, "fix", value_text(finding->fix));
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
		report_field(report, NULL, "stage", value_text(kvm_probe_key((enum kvm_stage)i)));
		report_field(report, NULL, "outcome", value_text(outcomes[result->outcome]));
		report_field(report, NULL, "nanoseconds", value_integer(result->nanoseconds));
		report_field(report, NULL, "detail", value_text(detail));
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
	report_field(report, NULL, "verdict", value_text(kvm_verdict_word(x->verdict.kind)));
	report_field(report, NULL, "reason", value_text(x->verdict.reason));
	report_field(report, NULL, "slowdown", measured(x->verdict.slowdown));
	if (x->probed) {
		report_field(report, NULL, "api_version", value_integer(probe->version));
		report_field(report, NULL, "host_nanoseconds", measured(probe->host_speed));
		report_field(report, NULL, "guest_nanoseconds", measured(probe->guest_speed));
		report_stages(report, probe);
		report_capabilities(report, probe);
	}
	if (x->probed && probe->exits) {
		report_open(report, "exit");
		report_field(report, NULL, "count", value_unsigned(probe->exits));
		report_field(report, NULL, "minimum_nanoseconds", value_integer(probe->exit_least));
		report_field(report, NULL, "median_nanoseconds", value_integer(probe->exit_median));
		report_field(report, NULL, "percentile_99_nanoseconds",
			     value_integer(probe->exit_most));
		report_close(report);
	}
	report_close(report);
}

// Whether the question was about guests that KVM could run.
static bool about_guests(const struct examination *x)
{
	return x->judged || x->all_purposes & (PURPOSE_GUESTS | PURPOSE_QEMU | PURPOSE_CH);
}

// Without a probe: what the other checks say of KVM.
static bool looks_usable(const struct examination *x)
{
	for (size_t i = 0; i < x->count; i++) {
		const char *group = x->findings[i].group->name;

		if (x->findings[i].verdict == VERDICT_FAIL &&
		    (text_equal(group, "cpu") || text_equal(group, "kernel") ||
		     text_equal(group, "device")))
			return false;
	}
	return true;
}

static const char *reason(const struct examination *x, bool usable)
{
	if (x->judged)
		return x->verdict.reason;
	return usable ? "nothing speaks against KVM; whether it works was not tried"
		      : "KVM is not to be had, see what failed";
}

static void report_summary(struct report *report, const struct examination *x, bool quiet)
{
	bool usable = x->judged ? x->verdict.usable : looks_usable(x);
	const char *use = !usable     ? "Use TCG (libvirt's domain type qemu)"
			  : x->judged ? "Use KVM"
				      : "Try KVM";

	if (about_guests(x)) {
		report_field(report, NULL, "accelerator", value_text(usable ? "kvm" : "tcg"));
		report_field(report, NULL, "reason", value_text(reason(x, usable)));
	}
	report_field(report, NULL, "passed", value_unsigned(x->counts[VERDICT_PASS]));
	report_field(report, NULL, "notes", value_unsigned(x->counts[VERDICT_NOTE]));
	report_field(report, NULL, "warnings", value_unsigned(x->counts[VERDICT_WARN]));
	report_field(report, NULL, "failed", value_unsigned(x->counts[VERDICT_FAIL]));
	if (quiet)
		return;
	report_heading(report, "\n");
	if (about_guests(x))
		report_heading(report, "%s: %s. ", use, reason(x, usable));
	report_heading(report, "%zu passed, %zu warning%s, %zu failed.\n", x->counts[VERDICT_PASS],
		       x->counts[VERDICT_WARN], x->counts[VERDICT_WARN] == 1 ? "" : "s",
		       x->counts[VERDICT_FAIL]);
}

// The stages with their figures, for --bench.
void report_bench(struct report *report, const struct examination *x)
{
	static const struct field columns[] = {{.title = "Stage", .key = "stage"},
					       {.title = "Result", .key = "result"},
					       {.title = "Time (ms)", .key = "time"},
					       {.title = "Figure", .key = "figure"},
					       {0}};

	if (report_is_json(report)) {
		report_host(report, x->host);
		report_probe(report, x);
		return;
	}
	report_table(report, NULL, TABLE_RULED, columns, 0);
	for (int i = 0; i < KVM_STAGES; i++) {
		enum kvm_stage stage = (enum kvm_stage)i;
		const struct kvm_result *result = &x->probe.results[i];
		auto_free char *figure = kvm_figure(&x->probe, stage);
		auto_free char *took = text_format("%9.3f", (double)result->nanoseconds / 1e6);

		report_row(report,
			   (struct value[]){value_text(kvm_probe_title(stage)),
					    value_text(outcomes[result->outcome]), value_text(took),
					    value_text(result->outcome == KVM_PASSED
							       ? figure
							       : result->detail)});
	}
	report_heading(report, "\n%s.\n", x->verdict.reason);
}

enum { GROUP, VERDICT, TITLE, DETAIL, FIX, COLUMNS };

static void report_table_of_findings(struct report *report, const struct examination *x, bool quiet)
{
	static const struct field columns[] = {
		[GROUP] = {.title = "Group", .key = "group", .flags = COLUMN_HEADING},
		[VERDICT] = {.title = "Verdict", .key = "verdict", .flags = COLUMN_VERDICT},
		[TITLE] = {.title = "Check", .key = "title"},
		[DETAIL] = {.title = "Finding", .key = "detail"},
		[FIX] = {.title = "fix:", .key = "fix", .flags = COLUMN_DETAIL},
		[COLUMNS] = {0},
	};
	static const char *const words[] = {"PASS", "note", "WARN", "FAIL"};

	report_table(report, NULL, TABLE_PLAIN, columns, 0);
	for (const struct finding *finding = x->findings; finding < x->findings + x->count;
	     finding++) {
		bool bad = finding->verdict > VERDICT_NOTE;

		if (quiet && !bad)
			continue;
		report_row(report,
			   (struct value[COLUMNS]){
				   [GROUP] = value_text(finding->group->title),
				   [VERDICT] = value_text(words[finding->verdict]),
				   [TITLE] = value_text(finding->subject ? finding->subject
									 : finding->check->title),
				   [DETAIL] = value_text(finding->detail),
				   [FIX] = value_text(bad ? finding->fix : NULL),
			   });
	}
}

void report_examination(struct report *report, const struct examination *x, bool quiet)
{
	if (!report_is_json(report)) {
		report_table_of_findings(report, x, quiet);
	} else {
		report_host(report, x->host);
		report_findings(report, x);
		if (x->judged)
			report_probe(report, x);
	}
	report_summary(report, x, quiet);
}

void report_groups_of_checks(struct report *report)
{
	static const struct field columns[] = {{.title = "Group", .key = "group"},
					       {.title = "Checks", .key = "summary"},
					       {.title = "Default", .key = "default"},
					       {0}};

	report_table(report, NULL, TABLE_RULED, columns, 0);
	for (const struct check_group *group = check_groups; group->name; group++) {
		bool runs = false;

		for (const struct check *check = group->checks; check->key; check++)
			runs = runs || check->runs & PURPOSE_GUESTS;
		report_row(report,
			   (struct value[]){value_text(group->name), value_text(group->summary),
					    value_boolean(runs)});
	}
}
