// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/edit.h"

#include <assert.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/workers.h"
#include "cli/argument.h"
#include "cli/editor.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/session.h"

enum { GRACE = 1000 }; // milliseconds

// One text on its way to be accepted. A worker that was left behind may still use it.
struct attempt {
	struct call *call;
	const struct edit *edit;
	char *before; // the definition that the text was made from, owned
	char *text;   // owned
	unsigned flags;
	struct edited edited;
	struct error failure;
};

static void attempt_free(struct attempt *attempt)
{
	free(attempt->before);
	free(attempt->text);
	free(attempt->edited.name);
	free(attempt->edited.sentence);
	error_clear(&attempt->failure);
	free(attempt);
}

static const char *name_of(const struct attempt *attempt)
{
	if (attempt->edited.name)
		return attempt->edited.name;
	return attempt->edit->named ? argument_text(attempt->call, attempt->edit->named)
				    : call_name(attempt->call);
}

static char *definition(const struct attempt *attempt, struct error *err)
{
	struct call *call = attempt->call;
	const struct object *object = &call->object;
	char *xml;

	if (attempt->edit->read)
		return attempt->edit->read(call, err);
	xml = object->kind->xml(object->handle, attempt->edit->reads);
	if (!xml && attempt->edit->lenient && virt_failed_with(VIR_ERR_INVALID_ARG))
		xml = object->kind->xml(object->handle, 0);
	if (!xml)
		virt_failure(err, "cannot get the definition of '%s'", name_of(attempt));
	return xml;
}

static int define(struct attempt *attempt, struct error *err)
{
	struct call *call = attempt->call;
	const struct kind *kind = call->object.kind;
	virConnectPtr connection = session_connection(call);
	void *within = call->within.handle, *object;

	if (attempt->edit->write)
		return attempt->edit->write(call, attempt->text, attempt->flags, &attempt->edited,
					    err);
	object = kind->define(connection, within, attempt->text, attempt->flags);
	// A driver that cannot validate still takes the definition.
	if (!object && attempt->flags && virt_failed_with(VIR_ERR_INVALID_ARG))
		object = kind->define(connection, within, attempt->text, 0);
	if (!object)
		return virt_failure(err, "the edited definition was not accepted");
	attempt->edited.name = text_copy(kind->name(object));
	kind->release(object);
	return 0;
}

// Defines the text unless somebody else has changed the definition since it was read.
static void try(void *data, size_t index)
{
	struct attempt *attempt = data;
	char *now = definition(attempt, &attempt->failure);

	(void)index;
	if (!now)
		return;
	if (text_equal(now, attempt->before)) {
		free(now);
		define(attempt, &attempt->failure);
		return;
	}
	free(attempt->before);
	attempt->before = now;
	error_set(&attempt->failure, STATUS_CONFLICT,
		  "the definition of '%s' was changed by somebody else meanwhile",
		  name_of(attempt));
}

// In a thread of its own: a server that does not answer keeps nobody from giving up.
static int try_aside(struct attempt *attempt, struct error *err)
{
	struct call *call = attempt->call;

	if (!workers_run(&(struct work){.count = 1, .run = try, .data = attempt, .width = 1},
			 call->cancel, GRACE)) {
		call->context->left_behind = true;
		return cancel_check(call->cancel, err);
	}
	if (!attempt->failure.status)
		return 0;
	*err = attempt->failure;
	attempt->failure = (struct error){0};
	return -1;
}

static void say(struct attempt *attempt, bool changed)
{
	struct call *call = attempt->call;
	const struct kind *kind = call->object.kind;
	const char *name = name_of(attempt), *unchanged = attempt->edit->unchanged;

	report_value(call->report, "name", value_text(name));
	if (changed && attempt->edited.sentence) {
		report_message(call->report, "%s%s", attempt->edited.sentence,
			       *attempt->edited.sentence ? "\n" : "");
	} else if (!changed && unchanged) {
		action_done(call,
			    &(const struct action){.done = unchanged, .open = attempt->edit->open},
			    name);
	} else {
		assert(kind && "what is no object has sentences of its own");
		report_message(call->report, "%s %s%s%s XML configuration %s.\n", kind->title,
			       kind->quoted ? "'" : "", name, kind->quoted ? "'" : "",
			       changed ? "edited" : "not changed");
	}
}

static bool counts_anyway(const struct attempt *attempt)
{
	return attempt->edit->anyway && attempt->edit->anyway(attempt->call);
}

static int edit_until_accepted(struct attempt *attempt, struct draft *draft, struct error *err)
{
	char answer = 'y';

	for (;;) {
		if (answer == 'y') {
			free(attempt->text);
			attempt->text = draft_edit(draft, err);
			if (!attempt->text)
				return -1;
			if (text_equal(attempt->text, attempt->before) && !counts_anyway(attempt)) {
				say(attempt, false);
				return 0;
			}
		}
		if (try_aside(attempt, err) == 0)
			break;
		answer = draft_ask(draft, err, attempt->flags != 0);
		if (answer == 'n')
			return -1;
		if (answer == 'i')
			attempt->flags = 0;
		error_clear(err);
	}
	say(attempt, true);
	return 0;
}

int object_edit(struct call *call, struct error *err)
{
	const struct edit *edit = call->command->action->edit;
	struct attempt *attempt = memory_new(1, sizeof(*attempt));
	auto_draft struct draft draft = {0};
	int result = -1;

	attempt->call = call;
	attempt->edit = edit;
	if (!edit->unchecked || !argument_flag(call, edit->unchecked))
		attempt->flags = edit->checks;
	attempt->before = definition(attempt, err);
	if (attempt->before && draft_begin(&draft, call, attempt->before, ".xml", err) == 0)
		result = edit_until_accepted(attempt, &draft, err);
	if (result < 0)
		draft_keep(&draft, err);
	if (!call->context->left_behind)
		attempt_free(attempt);
	return result;
}
