// SPDX-License-Identifier: GPL-3.0-or-later
// What `metrics` tells of guests: a row for each metric, from which its text and its JSON come.
#pragma once

#include <stdbool.h>

#include "virt/figures.h"

struct report;
struct text;

enum metric_type { METRIC_GAUGE, METRIC_COUNTER };

// Its figure is "GROUP.FIELD" of libvirt's statistics, or "GROUP.N.FIELD" of each of several.
struct metric {
	const char *name; // with its unit, without the _total of a counter
	enum metric_type type;
	const char *unit; // OpenMetrics': "seconds", "bytes"; NULL for none
	const char *help;
	const char *group, *field;
	unsigned long long multiply, divide; // from libvirt's unit; 0 stands for 1
	const char *label; // of each of several: how they are told apart; NULL: there is one
	const char *named; // the field that names it; NULL: its number does
};

extern const struct metric metrics_all[]; // ends with a NULL name

// One figure of one guest. Texts are lent.
struct sample {
	const struct metric *metric;
	const char *guest;
	const char *uuid;
	const char *device; // which of several, NULL where there is one
	unsigned long long number, divide;
};

// How samples are written. The first is the format that Prometheus asks for and the standard; the
// second its older one, which is all that the node exporter reads.
enum metric_format { METRIC_OPENMETRICS, METRIC_PROMETHEUS };
extern const char *const metric_formats[]; // their names; ends with NULL

// What stands above the samples of a metric.
void metric_describe(struct text *text, enum metric_format format, const struct metric *metric);
void metric_write(struct text *text, const struct sample *sample); // the same in both
void metric_end(struct text *text, enum metric_format format);

// Calls EACH for all that RECORD tells of METRIC.
void metric_samples(const struct metric *metric, const virDomainStatsRecord *record,
		    void (*each)(void *data, const struct sample *sample), void *data);
