// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/targets.h"

#include <stdlib.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/bulk.h"
#include "cli/selector.h"
#include "cli/trace.h"
#include "virt/failure.h"
#include "virt/select.h"
#include "virt/session.h"

enum { CONNECT_GRACE = 100 }; // milliseconds

// The hosts being connected.
struct connecting {
	struct call *calls;
	struct error *errors;
};

static void connect_one(void *data, size_t index)
{
	struct connecting *connecting = data;

	session_prepare(&connecting->calls[index], &connecting->errors[index]);
}

static unsigned own_lane(void *data, size_t index)
{
	(void)data;
	return (unsigned)index;
}

// What OPTION names, in the ways BY.
static struct object find_in(const struct call *call, const struct kind *kind, void *within,
			     const char *option, unsigned by, struct error *err)
{
	const char *name = argument_text(call, option);
	void *handle;

	trace(call->context, TRACE_INFO, "%s: found option <%s>: %s", call->command->name, option,
	      name);
	handle = kind_find(kind, session_connection(call), within, name, by, err);
	return (struct object){.kind = handle ? kind : NULL, .handle = handle, .typed = name};
}

static bool declares(const struct call *call, const char *option)
{
	const char *ignored;

	return option_find(call->arguments->options, option, &ignored);
}

// The object that KIND's objects are in. Where it need not be named and is not, nothing is found
// and that is no failure.
static int find_within(const struct call *call, const struct kind *kind, struct object *within,
		       struct error *err)
{
	*within = (struct object){0};
	// While a line is completed it may be missing though it is needed.
	if (!kind->within || !declares(call, kind->within_option) ||
	    !argument_given(call, kind->within_option))
		return 0;
	*within = find_in(call, kind->within, NULL, kind->within_option, BY_ANY, err);
	return within->kind ? 0 : -1;
}

// The one in force of what WITHIN has.
static struct object find_current(const struct kind *kind, void *within, struct error *err)
{
	void *handle = kind->current(within);

	if (!handle)
		virt_failure(err, "%s '%s' has no current %s", kind->within->noun,
			     kind->within->name(within), kind->noun);
	return (struct object){.kind = handle ? kind : NULL,
			       .handle = handle,
			       .typed = handle ? kind->name(handle) : NULL};
}

// Whether the command line has an object of the target.
static bool names_target(const struct call *call, const struct target *target)
{
	if (target && target->traits & TARGET_SHOWN && argument_flag(call, "print-xml"))
		return false;
	return target && (argument_given(call, target->option) ||
			  (target->traits & TARGET_CURRENT && argument_flag(call, "current")));
}

static int find_both(const struct call *call, const struct target *target, struct object *within,
		     struct object *object, struct error *err)
{
	if (find_within(call, target->kind, within, err) < 0)
		return -1;
	if (argument_given(call, target->option))
		*object = find_in(call, target->kind, within->handle, target->option, target->by,
				  err);
	else
		*object = find_current(target->kind, within->handle, err);
	if (object->kind)
		return 0;
	if (within->kind)
		within->kind->release(within->handle);
	return -1;
}

// What a connection that only reads cannot renew is looked for again with one that may write.
static bool may_renew(const struct call *call, const struct kind *kind, const struct error *err)
{
	return kind->renew && err->code == kind->missing && session_could_write(call);
}

// ERR says that no object has the word's own name. What the objects are in is found first, and must
// be named.
static int select_within(struct call *call, struct calls *calls, const char *host,
			 struct error *err)
{
	const struct kind *kind = call->command->target->kind;
	auto_error struct error absent = {0};
	struct object within;
	int failed;

	if (find_within(call, kind, &within, &absent) < 0 || (kind->within && !within.kind))
		return -1;
	error_clear(err);
	failed = select_targets(call, calls, host, within.handle, err);
	if (within.kind)
		within.kind->release(within.handle);
	return failed;
}

static int find_target(struct call *call, struct calls *calls, const char *host, struct error *err)
{
	const struct target *target = call->command->target;
	auto_error struct error denied = {0};
	struct object within, object;
	int failed = find_both(call, target, &within, &object, err);

	if (failed && may_renew(call, target->kind, err) && session_write(call, &denied) == 0) {
		error_clear(err);
		failed = find_both(call, target, &within, &object, err);
	}
	if (!failed) {
		calls_add(calls, call, call->session, host, within, object);
		return 0;
	}
	if (err->status != STATUS_NOT_FOUND || !(target->traits & TARGET_MANY) ||
	    call->context->peer || !argument_given(call, target->option) ||
	    !selector_is(argument_text(call, target->option)))
		return -1;
	return select_within(call, calls, host, err);
}

// What the call is for on the host of its session, which is connected.
static int divide_host(struct call *call, struct calls *calls, const char *host, struct error *err)
{
	const struct target *target = call->command->target;

	if (session_check_server(call, err) < 0)
		return -1;
	if (names_target(call, target))
		return find_target(call, calls, host, err);
	calls_add(calls, call, call->session, host, (struct object){0}, (struct object){0});
	return 0;
}

// Whether ERR of one host says only that the object is on another.
static bool elsewhere(const struct call *call, const struct error *err)
{
	return call->command->target && err->status == STATUS_NOT_FOUND;
}

static int none_found(struct calls *calls, const struct error *last, struct error *err)
{
	if (calls->count || calls->missing)
		return 0;
	error_set(err, last->status, "%s", last->message);
	if (last->hint)
		error_hint(err, "%s", last->hint);
	err->code = last->code;
	return -1;
}

static void divide_hosts(struct connecting *all, size_t count, struct call *call,
			 struct calls *calls, struct error *absent)
{
	for (size_t i = 0; i < count; i++) {
		struct call *own = &all->calls[i];
		struct session *session = own->session;
		struct error *failed = &all->errors[i];

		if (!failed->status && session->connection)
			divide_host(own, calls, session->name, failed);
		if (failed->status && elsewhere(call, failed))
			error_set(absent, failed->status, "%s", failed->message);
		else if (failed->status)
			calls_miss(calls, call, session->name, NULL, failed);
	}
}

// A call for each host, all connected side by side as far as they can be; NULL when the call was
// ended meanwhile.
static struct connecting *connect_all(struct call *call, const struct sessions *sessions,
				      struct error *err)
{
	struct connecting *all = memory_new(1, sizeof(*all));

	all->calls = memory_new(sessions->count, sizeof(*all->calls));
	all->errors = memory_new(sessions->count, sizeof(*all->errors));
	for (size_t i = 0; i < sessions->count; i++) {
		all->calls[i] = *call;
		all->calls[i].session = sessions->items[i];
	}
	if (workers_run(&(struct work){.count = sessions->count,
				       .run = connect_one,
				       .data = all,
				       .lane = own_lane,
				       .width = 1},
			call->cancel, CONNECT_GRACE))
		return all;
	call->context->left_behind = true;
	cancel_check(call->cancel, err);
	return NULL;
}

static void connecting_free(struct connecting *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		error_clear(&all->errors[i]);
	free(all->calls);
	free(all->errors);
	free(all);
}

// Whatever a host has, the others answer.
static int divide_many(struct call *call, const struct sessions *sessions, struct calls *calls,
		       struct error *err)
{
	struct connecting *all = connect_all(call, sessions, err);
	auto_error struct error absent = {0};
	int failed;

	if (!all)
		return -1;
	divide_hosts(all, sessions->count, call, calls, &absent);
	failed = none_found(calls, &absent, err);
	connecting_free(all, sessions->count);
	return failed;
}

int targets_each(struct call *call, int (*each)(struct call *own, void *data, struct error *err),
		 void *data, struct error *err)
{
	const struct sessions *sessions = call->context->session;
	bool many = sessions->count > 1;
	struct connecting *all = connect_all(call, sessions, err);
	size_t failed = 0;
	int result = 0;

	if (!all)
		return -1;
	for (size_t i = 0; i < sessions->count; i++) {
		struct call *own = &all->calls[i];
		const struct session *session = own->session;

		own->host = many ? session->name : NULL;
		if (!all->errors[i].status)
			each(own, data, &all->errors[i]);
		if (!all->errors[i].status)
			continue;
		if (many)
			call_error(own, &all->errors[i]);
		else
			result = error_move(err, &all->errors[i]);
		failed++;
	}
	if (many && failed)
		result = error_set(err, STATUS_PARTIAL, "%s: %zu of %zu hosts failed",
				   call->command->name, failed, sessions->count);
	connecting_free(all, sessions->count);
	return result;
}

// A command that stands for a program has an option --connect of its own.
static int name_host(const struct call *call, struct error *err)
{
	auto_list struct list names = {0};

	if (!declares(call, "connect") || !argument_given(call, "connect"))
		return 0;
	if (call->context->many)
		return error_set(err, STATUS_USAGE,
				 "the host cannot change in a line of several commands; "
				 "`connect` changes it");
	list_add(&names, argument_text(call, "connect"));
	return sessions_name(call->context->session, &names, false, err);
}

int targets_divide(struct call *call, struct calls *calls, struct error *err)
{
	const struct sessions *sessions = call->context->session;

	if (name_host(call, err) < 0)
		return -1;
	if (sessions->count > 1) {
		calls->many = true;
		return divide_many(call, sessions, calls, err);
	}
	call->session = sessions->items[0];
	return session_prepare(call, err) < 0 ? -1 : divide_host(call, calls, NULL, err);
}

int targets_prepare(struct call *call, struct error *err)
{
	const struct sessions *sessions = call->context->session;

	call->session = sessions->items[0];
	return session_prepare(call, err);
}

void targets_release(struct call *call)
{
	if (call->object.kind)
		call->object.kind->release(call->object.handle);
	if (call->within.kind)
		call->within.kind->release(call->within.handle);
	call->object = call->within = (struct object){0};
}

void *targets_find_other(struct call *call, const char *option, const struct kind *kind,
			 struct error *err)
{
	return kind_find(kind, session_connection(call), NULL, argument_text(call, option), BY_ANY,
			 err);
}

// Whether OPTION takes its object's UUID and no name.
static bool wants_uuid(const struct call *call, const struct option *option)
{
	const struct target *target = call->command->target;

	return option->object->uuid && target && text_equal(target->option, option->name) &&
	       !(target->by & BY_NAME);
}

static void add_names(const struct call *call, const struct option *option, void *within,
		      struct list *found)
{
	const struct kind *kind = option->object;
	char uuid[VIR_UUID_STRING_BUFLEN];
	void **objects = NULL;

	if (kind->list(session_connection(call), within, &objects, option->filter) < 0)
		return;
	for (void **object = objects; *object; object++) {
		if (!wants_uuid(call, option))
			list_add(found, kind_label(kind, *object, uuid));
		else if (kind->uuid(*object, uuid) == 0)
			list_add(found, uuid);
	}
	kind_release_all(kind, objects);
}

void targets_candidates(struct call *call, const struct option *option, struct list *found)
{
	auto_error struct error ignored = {0};
	const struct kind *kind = option->object;
	struct object within;

	if (targets_prepare(call, &ignored) < 0 || find_within(call, kind, &within, &ignored) < 0)
		return;
	if (within.kind || !kind->within) {
		add_names(call, option, within.handle, found);
	} else {
		void **around = NULL;

		// Of all that they may be in.
		if (kind->within->list(session_connection(call), NULL, &around,
				       kind->within->active) < 0)
			return;
		for (void **one = around; *one; one++)
			add_names(call, option, *one, found);
		kind_release_all(kind->within, around);
	}
	if (within.kind)
		within.kind->release(within.handle);
}
