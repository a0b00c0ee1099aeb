// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/select.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/bulk.h"
#include "cli/selector.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/labels.h"
#include "virt/session.h"
#include "virt/words.h"

// What there is on the host, each with what a selector may ask of it.
struct objects {
	const struct kind *kind;
	void **handles; // as the kind's list gives them; NULL where one was taken
	size_t count;
	struct selected *facts;
	struct list *labels; // of each; NULL where none were asked for
};

static void objects_clear(struct objects *objects)
{
	for (size_t i = 0; i < objects->count; i++) {
		if (objects->handles[i])
			objects->kind->release(objects->handles[i]);
		if (objects->labels)
			list_clear(&objects->labels[i]);
	}
	free(objects->handles);
	free(objects->facts);
	free(objects->labels);
	*objects = (struct objects){0};
}
#define auto_objects __attribute__((cleanup(objects_clear)))

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct selected *)a)->name, ((const struct selected *)b)->name);
}

// The states of all domains by one question; a driver that cannot answer it leaves them unknown.
static void fetch_states(virConnectPtr connection, struct objects *objects)
{
	auto_domain_stats virDomainStatsRecordPtr *records = NULL;
	int count = virConnectGetAllDomainStats(connection, VIR_DOMAIN_STATS_STATE, &records, 0);

	for (int i = 0; i < count; i++) {
		struct selected key = {.name = virDomainGetName(records[i]->dom)};
		struct selected *facts =
			bsearch(&key, objects->facts, objects->count, sizeof(key), by_name);
		int state = VIR_DOMAIN_NOSTATE;

		virTypedParamsGetInt(records[i]->params, records[i]->nparams, "state.state",
				     &state);
		if (facts)
			facts->state = word_domain_state(state);
	}
	// The test driver has no statistics.
	for (size_t i = 0; count < 0 && i < objects->count; i++) {
		int state, reason;

		if (virDomainGetState(objects->handles[i], &state, &reason, 0) == 0)
			objects->facts[i].state = word_domain_state(state);
	}
}

// Which are active, of a kind whose objects do not tell by themselves.
static void fetch_activity(virConnectPtr connection, void *within, struct objects *objects)
{
	const struct kind *kind = objects->kind;
	void **active = NULL;

	if (!kind->active || kind->list(connection, within, &active, kind->active) < 0)
		return;
	for (void **object = active; *object; object++) {
		struct selected key = {.name = kind->name(*object)};
		struct selected *facts =
			bsearch(&key, objects->facts, objects->count, sizeof(key), by_name);

		if (facts)
			facts->active = true;
	}
	kind_release_all(kind, active);
}

static int by_object_name(const void *a, const void *b, void *kind)
{
	const struct kind *of = kind;

	return strcmp(of->name(*(void *const *)a), of->name(*(void *const *)b));
}

static int fetch(const struct call *call, void *within, const struct selector *selector,
		 struct objects *objects, struct error *err)
{
	const struct kind *kind = call->command->target->kind;
	virConnectPtr connection = session_connection(call);
	int count = kind->list(connection, within, &objects->handles, 0);
	bool states = false;

	if (count < 0)
		return virt_failure(err, "failed to list what there is of: %s", kind->noun);
	objects->kind = kind;
	objects->count = (size_t)count;
	qsort_r(objects->handles, objects->count, sizeof(void *), by_object_name, (void *)kind);
	objects->facts = memory_new(objects->count, sizeof(*objects->facts));
	for (size_t i = 0; i < objects->count; i++) {
		objects->facts[i].name = kind->name(objects->handles[i]);
		if (kind == &kind_domain)
			objects->facts[i].active =
				virDomainGetID(objects->handles[i]) != (unsigned)-1;
	}
	for (size_t i = 0; i < selector->terms.count; i++)
		states = states || *selector->terms.items[i] == '@';
	if (states && kind == &kind_domain)
		fetch_states(connection, objects);
	else if (states)
		fetch_activity(connection, within, objects);
	if (kind == &kind_domain && selector_wants_labels(selector)) {
		objects->labels = memory_new(objects->count, sizeof(*objects->labels));
		labels_fetch((virDomainPtr *)objects->handles, objects->count, objects->labels,
			     call->cancel);
		for (size_t i = 0; i < objects->count; i++)
			objects->facts[i].labels = &objects->labels[i];
	}
	return 0;
}

// A name that selected nothing.
static void miss(struct call *call, struct calls *calls, const char *host, const char *term)
{
	auto_error struct error missing = {0};

	error_set(&missing, STATUS_NOT_FOUND, "failed to get %s '%s'",
		  call->command->target->kind->noun, term);
	calls_miss(calls, call, host, term, &missing);
}

static void hand_over(struct call *call, struct calls *calls, const char *host,
		      struct objects *objects, size_t i)
{
	struct object object = {.kind = objects->kind,
				.handle = objects->handles[i],
				.typed = objects->facts[i].name};

	// The name is lent by the handle, which is the call's from now on.
	objects->handles[i] = NULL;
	calls_add(calls, call, call->session, host, (struct object){0}, object);
}

int select_targets(struct call *call, struct calls *calls, const char *host, void *within,
		   struct error *err)
{
	const char *word = argument_text(call, call->command->target->option);
	auto_selector struct selector selector = {0};
	auto_objects struct objects objects = {0};
	auto_free bool *taken = NULL;
	size_t before = calls->count;

	if (selector_parse(word, &selector, err) < 0 ||
	    fetch(call, within, &selector, &objects, err) < 0)
		return -1;
	calls->many = true;
	taken = memory_new(objects.count, sizeof(*taken));
	for (size_t t = 0; t < selector.terms.count; t++) {
		const char *term = selector.terms.items[t];
		bool any = false;

		for (size_t i = 0; i < objects.count; i++) {
			bool takes = selector_takes(term, &objects.facts[i]);

			any = any || takes;
			taken[i] = taken[i] || takes;
		}
		if (!any && selector_is_name(term) && selector.terms.count > 1)
			miss(call, calls, host, term);
	}
	for (size_t i = 0; i < objects.count; i++)
		if (taken[i])
			hand_over(call, calls, host, &objects, i);
	if (calls->count > before || calls->missing)
		return 0;
	return error_set(err, STATUS_NOT_FOUND, "'%s' selects no %s", word, objects.kind->noun);
}
