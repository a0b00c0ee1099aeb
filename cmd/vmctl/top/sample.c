// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/top/sample.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/call.h"
#include "output/json.h"
#include "virt/figures.h"
#include "virt/targets.h"
#include "virt/words.h"

enum {
	PATIENCE = 3000, // milliseconds that a guest which hangs may hold up a question
	GROUPS = VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_CPU_TOTAL | VIR_DOMAIN_STATS_BALLOON |
		 VIR_DOMAIN_STATS_VCPU | VIR_DOMAIN_STATS_INTERFACE | VIR_DOMAIN_STATS_BLOCK,
};

// From nanoseconds in a second to percent; from KiB to bytes.
#define PERCENT 1e-7
#define KIB 1024

// clang-format off
#define ROWS(X) \
	X(CPU, "cpu_percent", "CPU%", FIELD_PERCENT, "CPU time, of one CPU", \
	  "cpu", "time", NULL, PERCENT, true) \
	X(STEAL, "steal_percent", "STEAL%", FIELD_PERCENT, \
	  "time that its vCPUs could run and got no CPU", "vcpu", "delay", "maximum", PERCENT, true) \
	X(WAIT, "wait_percent", "WAIT%", FIELD_PERCENT, \
	  "time that its vCPUs waited for I/O of the host", "vcpu", "wait", "maximum", PERCENT, true) \
	X(MEMORY, "memory", "MEMORY", FIELD_BYTES, "memory that it has", \
	  "balloon", "current", NULL, KIB, false) \
	X(RESIDENT, "resident", "RSS", FIELD_BYTES, "memory of the host that its QEMU takes", \
	  "balloon", "rss", NULL, KIB, false) \
	X(READ, "read_rate", "READ/s", FIELD_BYTES_PER_SECOND, "read from all its disks", \
	  "block", "rd.bytes", "count", 1, true) \
	X(WRITE, "write_rate", "WRITE/s", FIELD_BYTES_PER_SECOND, "written to all its disks", \
	  "block", "wr.bytes", "count", 1, true) \
	X(RECEIVE, "receive_rate", "RECV/s", FIELD_BYTES_PER_SECOND, "received by all its cards", \
	  "net", "rx.bytes", "count", 1, true) \
	X(SEND, "send_rate", "SEND/s", FIELD_BYTES_PER_SECOND, "sent by all its cards", \
	  "net", "tx.bytes", "count", 1, true)

#define ROW(name_, key_, title_, type_, help_, group_, field_, count_, scale_, rate_) \
	[TOP_##name_] = {key_, title_, type_, help_, group_, field_, count_, scale_, rate_},
const struct top_row top_rows[TOP_FIGURES] = {ROWS(ROW)};

#define ROW_FIELD(name_, key_, title_, type_, help_, group_, field_, count_, scale_, rate_) \
	FIELD(key_, NULL, type_, FIELD_NULL, help_),
const struct field top_guest_fields[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "of the guest"),
	FIELD("host", NULL, FIELD_TEXT, FIELD_NULL, "that it is on, where there are several"),
	FIELD("state", NULL, FIELD_TEXT, 0, "such as running"),
	FIELD("answered", NULL, FIELD_BOOLEAN, 0, "whether its QEMU has told its figures"),
	ROWS(ROW_FIELD)
	FIELDS_END,
};
// clang-format on

static void count_row(const struct top_row *row, const virDomainStatsRecord *record,
		      struct top_guest *guest, size_t at)
{
	long parts = row->count ? (long)figure_number(record, row->group, -1, row->count) : 1;

	for (long i = 0; i < parts; i++) {
		const virTypedParameter *figure =
			figure_find(record, row->group, row->count ? i : -1, row->field);

		if (!figure)
			continue;
		guest->counted[at] = true;
		guest->counts[at] += (double)figure_value(figure) * row->scale;
	}
}

static void take_guest(struct top_guest *guest, const virDomainStatsRecord *record,
		       const char *host)
{
	int state = (int)figure_number(record, "state", -1, "state");

	*guest = (struct top_guest){.name = text_copy(virDomainGetName(record->dom)),
				    .host = text_copy(host),
				    .state = text_copy(word_domain_state(state)),
				    .answered = figures_answered(record)};
	for (size_t i = 0; i < TOP_FIGURES; i++)
		count_row(&top_rows[i], record, guest, i);
}

static int ask_host(struct call *own, void *data, struct error *err)
{
	struct top_sample *sample = data;
	auto_figures struct figures figures = {0};

	if (figures_ask(own,
			&(struct figures_wish){.groups = GROUPS,
					       .flags = VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE,
					       .milliseconds = PATIENCE},
			&figures, err) < 0)
		return -1;
	sample->guests = memory_resize(sample->guests, sample->count + figures.count + 1,
				       sizeof(*sample->guests));
	for (size_t i = 0; i < figures.count; i++)
		take_guest(&sample->guests[sample->count++], figures.records[i], own->host);
	return 0;
}

static char *time_now(void)
{
	struct timespec now;
	auto_free char *seconds = NULL;

	clock_gettime(CLOCK_REALTIME, &now);
	seconds = instant_exact(now.tv_sec);
	return text_format("%.*s.%03ldZ", (int)strlen(seconds) - 1, seconds, now.tv_nsec / 1000000);
}

int top_ask(struct call *call, struct top_sample *sample, struct error *err)
{
	*sample = (struct top_sample){.time = time_now(), .milliseconds = clock_milliseconds()};
	return targets_each(call, ask_host, sample, err);
}

static const struct top_guest *find(const struct top_sample *sample, const struct top_guest *like)
{
	for (size_t i = 0; i < sample->count; i++)
		if (text_equal(sample->guests[i].name, like->name) &&
		    text_equal(sample->guests[i].host, like->host))
			return &sample->guests[i];
	return NULL;
}

void top_compare(struct top_sample *sample, const struct top_sample *before)
{
	double seconds = (double)(sample->milliseconds - before->milliseconds) / 1000;

	for (size_t i = 0; i < sample->count; i++) {
		struct top_guest *guest = &sample->guests[i];
		const struct top_guest *old = find(before, guest);

		for (size_t k = 0; k < TOP_FIGURES; k++) {
			bool rate = top_rows[k].rate;

			// A guest that was started anew counts from nothing.
			guest->known[k] = guest->counted[k] &&
					  (!rate || (old && old->counted[k] && seconds > 0 &&
						     old->counts[k] <= guest->counts[k]));
			if (!guest->known[k])
				continue;
			guest->figures[k] = rate ? (guest->counts[k] - old->counts[k]) / seconds
						 : guest->counts[k];
		}
	}
}

void top_clear(struct top_sample *sample)
{
	for (size_t i = 0; i < sample->count; i++) {
		free(sample->guests[i].name);
		free(sample->guests[i].host);
		free(sample->guests[i].state);
	}
	free(sample->guests);
	free(sample->time);
	*sample = (struct top_sample){0};
}

struct json *top_guest_json(const struct top_guest *guest)
{
	struct json *json = json_new_object();

	json_set(json, "name", value_text(guest->name));
	json_set(json, "host", value_text(guest->host));
	json_set(json, "state", value_text(guest->state));
	json_set(json, "answered", value_boolean(guest->answered));
	for (size_t i = 0; i < TOP_FIGURES; i++) {
		double figure = guest->figures[i];
		struct value value = value_integer((long long)(figure + 0.5));

		if (top_rows[i].type == FIELD_PERCENT) // to a hundredth
			value = value_real((double)(long long)(figure * 100 + 0.5) / 100);
		json_set(json, top_rows[i].key, guest->known[i] ? value : value_absent());
	}
	return json;
}

// A number of any type; false for null and what is none.
static bool read_number(const struct json *json, double *number)
{
	struct value value = json ? json_value(json) : value_absent();

	if (value.type == VALUE_REAL)
		*number = value.real;
	else if (value.type == VALUE_INTEGER)
		*number = (double)value.integer;
	else if (value.type == VALUE_UNSIGNED)
		*number = (double)value.natural;
	else
		return false;
	return true;
}

static void read_guest(const struct json *json, struct top_guest *guest)
{
	const char *name = json_get_text(json, "name"), *state = json_get_text(json, "state");

	*guest = (struct top_guest){.name = text_copy(name ? name : ""),
				    .host = text_copy(json_get_text(json, "host")),
				    .state = text_copy(state ? state : ""),
				    .answered = json_get_boolean(json, "answered")};
	for (size_t i = 0; i < TOP_FIGURES; i++)
		guest->known[i] = read_number(json_get(json, top_rows[i].key), &guest->figures[i]);
}

int top_read(const char *line, struct top_sample *sample, struct error *err)
{
	auto_json struct json *json = json_read(line, "the recording", err);
	const struct json *guests = json ? json_get(json, "guests") : NULL;
	const char *when = json ? json_get_text(json, "time") : NULL;
	struct tm utc = {0};
	const char *rest = when ? strptime(when, "%Y-%m-%dT%H:%M:%S", &utc) : NULL;

	if (!json)
		return -1;
	if (!rest || !json_is_array(guests))
		return error_set(err, STATUS_FAILED,
				 "not a recording of top: a line lacks its time or its guests");
	*sample = (struct top_sample){
		.time = text_copy(when),
		.milliseconds = (long long)timegm(&utc) * 1000 +
				(*rest == '.' ? strtol(rest + 1, NULL, 10) : 0),
		.guests = memory_new(json_count(guests) + 1, sizeof(*sample->guests)),
		.count = json_count(guests)};
	for (size_t i = 0; i < sample->count; i++)
		read_guest(json_at(guests, i), &sample->guests[i]);
	return 0;
}
