// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/bulk.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/confirm.h"
#include "cli/dispatch.h"
#include "output/report.h"

enum {
	WIDTH = 5,     // the daemon works on so many requests of one client at a time,
	WAITERS = 64,  // which matters less where they wait for something else
	GRACE = 1000,  // milliseconds that a call has to end after ^C,
	UNDOES = 6000, // and one that has to end something elsewhere first
	SHOWN = 20,    // names in a question
};

void calls_add(struct calls *calls, const struct call *call, void *session, const char *host,
	       struct object within, struct object object)
{
	struct call *item;

	if (calls->count == calls->capacity) {
		calls->capacity = calls->capacity ? 2 * calls->capacity : 4;
		calls->items = memory_resize(calls->items, calls->capacity, sizeof(*calls->items));
	}
	item = &calls->items[calls->count++];
	*item = *call;
	item->report = NULL; // each has its own
	item->session = session;
	item->host = host;
	item->within = within;
	item->object = object;
}

void calls_miss(struct calls *calls, const struct call *call, const char *host, const char *typed,
		const struct error *err)
{
	struct call missing = *call;

	missing.host = host;
	missing.object.typed = typed;
	missing.selected = true;
	call_error(&missing, err);
	calls->missing++;
}

static void calls_clear(struct calls *calls)
{
	for (size_t i = 0; i < calls->count; i++) {
		calls->items[i].context->program->release(&calls->items[i]);
		report_free(calls->items[i].report);
	}
	free(calls->items);
	*calls = (struct calls){0};
}
#define auto_calls __attribute__((cleanup(calls_clear)))

// What became of one of many.
enum outcome { NOT_BEGUN, RUNNING, DONE, FAILED };

struct bulk {
	struct calls calls;
	struct error *errors;
	_Atomic int *outcomes; // enum outcome
	unsigned *lanes;       // the host of each
};

static void run_piece(void *data, size_t index)
{
	struct bulk *bulk = data;
	struct call *call = &bulk->calls.items[index];
	const struct program *program = call->context->program;
	bool apart = call->command->traits & COMMAND_WAITS && program->part;
	int failed;

	bulk->outcomes[index] = RUNNING;
	if (apart)
		program->part(call);
	failed = call->command->run(call, &bulk->errors[index]);
	if (apart)
		program->rejoin(call);
	bulk->outcomes[index] = failed < 0 ? FAILED : DONE;
}

static unsigned lane_of_session(void *data, size_t index)
{
	const struct bulk *bulk = data;

	return bulk->lanes[index];
}

// Calls of one host stand together.
static unsigned *lanes_new(const struct calls *calls)
{
	unsigned *lanes = memory_new(calls->count, sizeof(*lanes));

	for (size_t i = 1; i < calls->count; i++)
		lanes[i] = lanes[i - 1] + (calls->items[i].session != calls->items[i - 1].session);
	return lanes;
}

// Adds what CALL is about to NAMES, which has COUNT already.
static void add_name(struct text *names, size_t count, const struct call *call)
{
	text_append_format(names, "%s%s%s%s", count ? ", " : "", call->host ? call->host : "",
			   call->host && call->object.typed ? ":" : "",
			   call->object.typed ? call->object.typed : "");
}

// What destroys shows the list and asks.
static int ask(const struct call *call, const struct calls *calls, struct error *err)
{
	auto_text struct text what = {0};

	if (!(call->command->target->traits & TARGET_ASKS))
		return 0;
	text_append_format(&what, "%s of these %zu: ", call->command->name, calls->count);
	for (size_t i = 0; i < calls->count && i < SHOWN; i++)
		add_name(&what, i, &calls->items[i]);
	if (calls->count > SHOWN)
		text_append_format(&what, " and %zu more", calls->count - SHOWN);
	return confirm((struct call *)call, text_string(&what), err);
}

static struct report_label label_of(const struct call *call)
{
	return (struct report_label){.host = call->host,
				     .object = call->selected ? call->object.typed : NULL};
}

struct sums {
	size_t done, failed, not_begun, left;
	struct text names; // of those that are left; WIDTH a host at most
};

static void sums_clear(struct sums *sums)
{
	text_clear(&sums->names);
}
#define auto_sums __attribute__((cleanup(sums_clear)))

// Puts the answers together in their order and says what failed.
static void gather(struct call *call, struct bulk *bulk, struct sums *sums)
{
	report_many(call->report);
	for (size_t i = 0; i < bulk->calls.count; i++) {
		struct call *item = &bulk->calls.items[i];

		switch ((enum outcome)atomic_load(&bulk->outcomes[i])) {
		case DONE:
			report_adopt(call->report, item->report, label_of(item));
			call->status = call->status ? call->status : item->status;
			sums->done++;
			break;
		case FAILED:
			call_error(item, &bulk->errors[i]);
			sums->failed++;
			break;
		case RUNNING:
			add_name(&sums->names, sums->left, item);
			sums->left++;
			break;
		case NOT_BEGUN:
			sums->not_begun++;
			break;
		}
	}
	sums->failed += bulk->calls.missing;
}

static int sum_up(struct call *call, const struct sums *sums, struct error *err)
{
	size_t all = sums->done + sums->failed + sums->not_begun + sums->left;
	auto_error struct error ended = {0};

	if (sums->not_begun + sums->left && cancel_check(call->cancel, &ended) < 0) {
		error_set(err, ended.status, "%s: %s", call->command->name, ended.message);
		err->reason = text_format("%zu of %zu done, %zu failed, %zu not begun", sums->done,
					  all, sums->failed, sums->not_begun);
		if (sums->left)
			error_hint(err, "%s had begun and may still take effect: look again",
				   text_string(&sums->names));
		return -1;
	}
	if (!sums->failed)
		return 0;
	if (!sums->done && all == sums->failed && all == 1)
		return error_set(err, STATUS_PARTIAL, "%s: nothing done", call->command->name);
	return error_set(err, STATUS_PARTIAL, "%s: %zu of %zu failed", call->command->name,
			 sums->failed, all);
}

static void compare(const struct call *call, struct bulk *bulk)
{
	struct call **done = memory_new(bulk->calls.count + 1, sizeof(*done));
	size_t count = 0;

	for (size_t i = 0; i < bulk->calls.count; i++)
		if (atomic_load(&bulk->outcomes[i]) == DONE)
			done[count++] = &bulk->calls.items[i];
	call->command->compare(done, count);
	free((void *)done);
}

static void bulk_free(struct bulk *bulk)
{
	for (size_t i = 0; i < bulk->calls.count; i++)
		error_clear(&bulk->errors[i]);
	calls_clear(&bulk->calls);
	free(bulk->errors);
	free((void *)bulk->outcomes);
	free(bulk->lanes);
	free(bulk);
}

static int run_many(struct call *call, struct calls *calls, struct error *err)
{
	struct bulk *bulk = memory_new(1, sizeof(*bulk));
	auto_sums struct sums sums = {0};
	bool ended;
	int result;

	bulk->calls = *calls;
	*calls = (struct calls){0};
	bulk->errors = memory_new(bulk->calls.count, sizeof(*bulk->errors));
	bulk->outcomes = memory_new(bulk->calls.count, sizeof(*bulk->outcomes));
	bulk->lanes = lanes_new(&bulk->calls);
	for (size_t i = 0; i < bulk->calls.count; i++)
		bulk->calls.items[i].report = dispatch_report(&bulk->calls.items[i]);
	interrupt_hold();
	ended = workers_run(
		&(struct work){.count = bulk->calls.count,
			       .run = run_piece,
			       .data = bulk,
			       .lane = lane_of_session,
			       .width = call->command->traits & COMMAND_WAITS ? WAITERS : WIDTH},
		call->cancel, call->command->traits & COMMAND_PROGRAM ? UNDOES : GRACE);
	interrupt_let();
	gather(call, bulk, &sums);
	if (call->command->compare)
		compare(call, bulk);
	result = sum_up(call, &sums, err);
	// What is still running in its thread keeps what it uses.
	if (ended)
		bulk_free(bulk);
	else
		call->arguments->held = call->context->left_behind = true;
	return result;
}

// The only one: it reports for itself.
static int run_one(struct call *call, struct calls *calls, struct error *err)
{
	int result;

	call->session = calls->items[0].session;
	call->within = calls->items[0].within;
	call->object = calls->items[0].object;
	result = call->command->run(call, err);
	// What it defined is the call's object now, and is released with the others.
	calls->items[0].object = call->object;
	return result;
}

int bulk_run(struct call *call, struct error *err)
{
	auto_calls struct calls calls = {0};

	if (call->context->program->divide(call, &calls, err) < 0)
		return -1;
	if (!calls.many)
		return run_one(call, &calls, err);
	if (call->command->traits & (COMMAND_TERMINAL | COMMAND_ALONE))
		return error_set(err, STATUS_USAGE, "'%s' works on one guest of one host",
				 call->command->name);
	for (size_t i = 0; i < calls.count; i++)
		calls.items[i].selected = calls.items[i].object.kind != NULL;
	if (calls.count && call->command->target && ask(call, &calls, err) < 0)
		return -1;
	return run_many(call, &calls, err);
}
