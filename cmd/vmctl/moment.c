// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/moment.h"

#include <limits.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "output/report.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

const struct field moment_parent_results[] = {
	FIELD("name", NULL, FIELD_TEXT, 0, "name of its parent"), FIELDS_END};

int moment_look(struct call *call, void *object, void *moment)
{
	auto_error struct error ignored = {0};
	auto_free char *text = call->command->action->kind->xml(object, 0);

	if (!text)
		return -1;
	((struct moment *)moment)->xml = xml_parse(text, "XML", &ignored);
	return ((struct moment *)moment)->xml ? 0 : -1;
}

void moment_forget(void *moment)
{
	xml_free(((struct moment *)moment)->xml);
}

// The text at PATH of its XML, the caller's; NULL where there is none.
static char *fact(const struct looked *looked, const char *path)
{
	const struct moment *moment = looked->facts;

	return moment ? path_get(xml_root(moment->xml), path) : NULL;
}

void moment_ask_created(const struct looked *looked, struct cell *cell)
{
	auto_error struct error ignored = {0};
	auto_free char *text = fact(looked, "creationTime");
	long long seconds;

	if (text && number_parse(text, 0, LLONG_MAX, &seconds, &ignored) == 0)
		cell_time(cell, seconds);
}

void moment_ask_state(const struct looked *looked, struct cell *cell)
{
	cell_own(cell, fact(looked, "state"));
}

void moment_ask_parent(const struct looked *looked, struct cell *cell)
{
	cell_own(cell, fact(looked, "parent/name"));
}

void moment_ask_shown_parent(const struct looked *looked, struct cell *cell)
{
	moment_ask_parent(looked, cell);
	if (!cell->text)
		cell_none(cell, "-");
}

void moment_ask_domain(const struct looked *looked, struct cell *cell)
{
	cell_text(cell, virDomainGetName(call_within_domain(looked->call)));
}

static void count(const struct looked *looked, struct cell *cell, unsigned flags)
{
	const struct kind *kind = looked->call->command->action->kind;
	void **below = NULL;
	int count = kind->children(looked->object, &below, flags);

	kind_release_all(kind, below);
	if (count >= 0)
		cell->value = value_integer(count);
}

void moment_ask_children(const struct looked *looked, struct cell *cell)
{
	count(looked, cell, 0);
}

void moment_ask_descendants(const struct looked *looked, struct cell *cell)
{
	// Of the same value for both kinds.
	count(looked, cell, VIR_DOMAIN_SNAPSHOT_LIST_DESCENDANTS);
}

// The one that the list begins at. Only snapshots have a current one.
static void *find_start(struct call *call, const struct kind *kind, struct error *err)
{
	void *start;

	if (argument_given(call, "from"))
		return kind_find(kind, session_connection(call), call->object.handle,
				 argument_text(call, "from"), BY_NAME, err);
	start = kind->current(call->object.handle);
	if (!start)
		domain_failure(err, call_domain(call), "domain '%s' has no current %s",
			       call_name(call), kind->noun);
	return start;
}

// Puts OBJECT, which is taken over, behind COUNT others.
static void append_object(void ***objects, size_t count, void *object)
{
	*objects = memory_resize(*objects, count + 2, sizeof(**objects));
	(*objects)[count] = object;
	(*objects)[count + 1] = NULL;
}

int moment_fetch(struct call *call, void ***objects, unsigned flags, struct error *err)
{
	const struct action *action = call->command->action;
	const struct kind *kind = action->kind;
	bool below =
		argument_given(call, "from") || (kind->current && argument_flag(call, "current"));
	void *start = below ? find_start(call, kind, err) : NULL;
	int found;

	if (below && !start)
		return -1;
	found = below ? kind->children(start, objects, flags)
		      : kind->list(session_connection(call), call->object.handle, objects, flags);
	if (found < 0)
		action_failed(call, action, NULL, err);
	if (found >= 0 && below && argument_flag(call, "tree"))
		append_object(objects, (size_t)found++, start);
	else if (start)
		kind->release(start);
	return found;
}

int moment_parent(struct call *call, struct error *err)
{
	const struct kind *kind = call->object.kind;
	void *parent = kind->parent(call->object.handle);

	if (!parent && virt_failed_with(kind->missing))
		return error_set(err, STATUS_NOT_FOUND, "%s '%s' has no parent", kind->noun,
				 call_name(call));
	if (!parent)
		return virt_failure(err, "cannot find the parent of %s '%s'", kind->noun,
				    call_name(call));
	report_document(call->report, "name", kind->name(parent));
	kind->release(parent);
	return 0;
}
