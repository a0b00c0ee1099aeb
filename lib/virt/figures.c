// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/figures.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/workers.h"
#include "cli/call.h"
#include "output/value.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "virt/typed.h"

// Of so many questions each may meet another guest that hangs; the last one is for what libvirt
// knows without any QEMU.
enum {
	QUESTIONS = 4,
	NEVER_WAIT = VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_INTERFACE,
};

// What a thread that may be left behind works on.
struct question {
	virConnectPtr connection;
	unsigned groups, flags;
	virDomainStatsRecordPtr *records;
	int count;
	struct error err;
	atomic_bool done;
};

static void ask(void *data, size_t index)
{
	struct question *question = data;

	(void)index;
	question->count = virConnectGetAllDomainStats(question->connection, question->groups,
						      &question->records, question->flags);
	if (question->count < 0)
		virt_failure(&question->err, "Failed to get the figures of guests");
	question->done = true;
}

static int by_name(const void *a, const void *b)
{
	return strcasecmp(virDomainGetName((*(const virDomainStatsRecordPtr *)a)->dom),
			  virDomainGetName((*(const virDomainStatsRecordPtr *)b)->dom));
}

// 1: answered; 0: left behind; -1: failed.
static int ask_once(struct call *call, const struct figures_wish *wish, unsigned groups,
		    struct figures *figures, struct error *err)
{
	struct question *question = memory_new(1, sizeof(*question));
	struct cancel bound = {0};
	int result = 1;

	question->connection = session_connection(call);
	virConnectRef(question->connection);
	question->groups = groups;
	question->flags = wish->flags | VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT;
	cancel_begin(&bound, call->cancel);
	cancel_after(&bound, wish->milliseconds);
	if (!workers_run(&(struct work){.count = 1, .run = ask, .data = question, .width = 1},
			 &bound, 0)) {
		call->context->left_behind = true;
		return cancel_check(call->cancel, err);
	}
	virConnectClose(question->connection);
	if (question->done && question->count >= 0) {
		figures->records = question->records;
		figures->count = (size_t)question->count;
	} else {
		result = question->done ? error_move(err, &question->err)
					: cancel_check(call->cancel, err);
	}
	free(question);
	return result;
}

int figures_ask(struct call *call, const struct figures_wish *wish, struct figures *figures,
		struct error *err)
{
	struct figures found = {0};
	int answered = 0;

	while (answered == 0 && found.questions < QUESTIONS) {
		bool last = ++found.questions == QUESTIONS;

		answered = ask_once(call, wish, last ? (unsigned)NEVER_WAIT : wish->groups, &found,
				    err);
	}
	if (answered < 0)
		return -1;
	if (answered == 0) {
		error_set(err, STATUS_TIMEOUT,
			  "the host has not told the states of its guests in "
			  "time");
		return error_hint(err,
				  "--timeout gives it longer; $vmctl version shows whether its "
				  "daemon answers at all");
	}
	if (found.count)
		qsort(found.records, found.count, sizeof(*found.records), by_name);
	*figures = found;
	return 0;
}

void figures_clear(struct figures *figures)
{
	if (figures->records)
		virDomainStatsRecordListFree(figures->records);
	*figures = (struct figures){0};
}

const virTypedParameter *figure_find(const virDomainStatsRecord *record, const char *prefix,
				     long index, const char *field)
{
	char name[VIR_TYPED_PARAM_FIELD_LENGTH];

	if (index < 0)
		snprintf(name, sizeof(name), "%s.%s", prefix, field);
	else
		snprintf(name, sizeof(name), "%s.%ld.%s", prefix, index, field);
	return virTypedParamsGet(record->params, record->nparams, name);
}

unsigned long long figure_value(const virTypedParameter *figure)
{
	struct value value = figure ? typed_value(figure) : value_absent();

	if (value.type == VALUE_UNSIGNED)
		return value.natural;
	return value.type == VALUE_INTEGER && value.integer > 0 ? (unsigned long long)value.integer
								: 0;
}

unsigned long long figure_number(const virDomainStatsRecord *record, const char *prefix, long index,
				 const char *field)
{
	return figure_value(figure_find(record, prefix, index, field));
}

bool figures_answered(const virDomainStatsRecord *record)
{
	return !figure_find(record, "balloon", -1, "current") ||
	       figure_find(record, "balloon", -1, "rss") ||
	       figure_find(record, "balloon", -1, "last-update");
}
