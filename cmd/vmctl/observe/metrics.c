// SPDX-License-Identifier: GPL-3.0-or-later
// `metrics`: figures of all guests for Prometheus and what reads its formats.
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/observe/metric.h"
#include "output/report.h"

enum { SECONDS = 5, MODE = 0644 };

// Of the host as a whole.
static const struct metric up = {.name = "libvirt_up", .help = "whether libvirt has answered"};
static const struct metric answered = {
	.name = "libvirt_domain_answered",
	.help = "whether the QEMU of a running guest has told its figures, busy ones have not"};

// Where samples go: as text, and as JSON if that is wanted.
struct writing {
	struct report *report;
	enum metric_format format;
	struct text text;
};

static void report_sample(struct report *report, const struct sample *sample)
{
	const struct metric *metric = sample->metric;
	bool counter = metric->type == METRIC_COUNTER;
	auto_free char *name = text_format("%s%s", metric->name, counter ? "_total" : "");

	report_open(report, NULL);
	report_value(report, "metric", value_text(name));
	report_value(report, "type", value_text(counter ? "counter" : "gauge"));
	report_value(report, "unit", value_text(metric->unit));
	report_value(report, "name", value_text(sample->guest));
	report_value(report, "uuid", value_text(sample->uuid));
	report_value(report, "device", value_text(sample->device));
	report_value(report, "value", value_real((double)sample->number / (double)sample->divide));
	report_close(report);
}

static void write_sample(void *data, const struct sample *sample)
{
	struct writing *writing = data;

	metric_write(&writing->text, sample);
	if (report_is_json(writing->report))
		report_sample(writing->report, sample);
}

// The samples of a metric stand together, whichever guests they are of.
static void write_metric(struct writing *writing, const struct metric *metric,
			 const struct figures *figures)
{
	metric_describe(&writing->text, writing->format, metric);
	for (size_t i = 0; i < figures->count; i++)
		metric_samples(metric, figures->records[i], write_sample, writing);
}

static void write_answered(struct writing *writing, const struct figures *figures)
{
	metric_describe(&writing->text, writing->format, &answered);
	for (size_t i = 0; i < figures->count; i++) {
		const virDomainStatsRecord *record = figures->records[i];
		char uuid[VIR_UUID_STRING_BUFLEN] = "";

		virDomainGetUUIDString(record->dom, uuid);
		if (figure_number(record, "state", -1, "state") == VIR_DOMAIN_RUNNING)
			write_sample(writing,
				     &(struct sample){.metric = &answered,
						      .guest = virDomainGetName(record->dom),
						      .uuid = uuid,
						      .number = figures_answered(record),
						      .divide = 1});
	}
}

static void write_all(struct writing *writing, const struct figures *figures)
{
	report_open_list(writing->report, NULL);
	metric_describe(&writing->text, writing->format, &up);
	write_sample(writing, &(struct sample){.metric = &up, .number = 1, .divide = 1});
	write_answered(writing, figures);
	for (const struct metric *metric = metrics_all; metric->name; metric++)
		write_metric(writing, metric, figures);
	metric_end(&writing->text, writing->format);
	report_close(writing->report);
}

static int metrics(struct call *call, struct error *err)
{
	const char *output = argument_text(call, "output");
	unsigned format = text_ends(output, ".prom") ? METRIC_PROMETHEUS : METRIC_OPENMETRICS;
	long long seconds =
		argument_given(call, "timeout") ? argument_integer(call, "timeout") : SECONDS;
	auto_figures struct figures figures = {0};
	struct writing writing = {.report = call->report};
	int failed = 0;

	if (argument_choice(call, "format", &format, err) < 0 ||
	    figures_ask(call, &(struct figures_wish){.milliseconds = (int)seconds * 1000}, &figures,
			err) < 0)
		return -1;
	writing.format = format;
	write_all(&writing, &figures);
	if (!output)
		report_heading(call->report, "%s", text_string(&writing.text));
	else
		failed = file_replace(output, text_string(&writing.text), writing.text.length, MODE,
				      err);
	text_clear(&writing.text);
	return failed;
}

static const struct option options[] = {
	{.kind = OPTION_TEXT,
	 .name = "format",
	 .words = metric_formats,
	 .help = "the format: openmetrics, or prometheus, which is all that the node "
		 "exporter reads"},
	{.kind = OPTION_TEXT,
	 .name = "output",
	 .value = "FILE",
	 .help = "into this file, replaced as a whole; of the format prometheus where it ends in "
		 ".prom"},
	{.kind = OPTION_INTEGER,
	 .name = "timeout",
	 .value = "SECONDS",
	 .least = 1,
	 .most = 3600,
	 .help = "how long a guest that hangs may hold up the answer, 5 where it is not given"},
	END,
};

static const struct field results[] = {
	FIELD("metric", NULL, FIELD_TEXT, 0, "what is measured"),
	FIELD("type", NULL, FIELD_TEXT, 0, "gauge, or counter, which only grows"),
	FIELD("unit", NULL, FIELD_TEXT, FIELD_NULL, "seconds or bytes"),
	FIELD("name", NULL, FIELD_TEXT, FIELD_NULL, "of the guest"),
	FIELD("uuid", NULL, FIELD_TEXT, FIELD_NULL, "of the guest"),
	FIELD("device", NULL, FIELD_TEXT, FIELD_NULL, "which vCPU, disk or network card"),
	FIELD("value", NULL, FIELD_REAL, 0, "the figure"),
	FIELDS_END,
};

const struct command metrics_command = {
	.name = "metrics",
	.traits = COMMAND_READS | COMMAND_ALONE | COMMAND_BARE,
	.options = options,
	.shape = SHAPE_LIST,
	.results = results,
	.summary = "show figures of all guests for Prometheus",
	.description =
		"Writes OpenMetrics text, from one question for all guests. A guest that hangs "
		"does not hold up the others: it has only what is known without it, and "
		"libvirt_domain_answered is 0. With --output FILE.prom it is what the node "
		"exporter's textfile directory takes.",
	.run = metrics,
};
