// SPDX-License-Identifier: GPL-3.0-or-later
// `list`: a fixed number of questions to the daemon however many guests there are. Only titles have
// no call that gives all of them: those are asked for side by side.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/workers.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/cleanup.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "virt/words.h"

enum {
	COLUMN_UUID,
	COLUMN_ID,
	COLUMN_NAME,
	COLUMN_STATE,
	COLUMN_REASON,
	COLUMN_TITLE,
	COLUMN_MANAGED_SAVE,
	COLUMNS,
	WIDTH = 5,    // the daemon works on so many requests of one client at a time
	GRACE = 1000, // milliseconds
};

static const struct field list_results[] = {
	[COLUMN_UUID] = FIELD("uuid", "UUID", FIELD_TEXT, 0, "its UUID"),
	[COLUMN_ID] = FIELD("id", "Id", FIELD_INTEGER, FIELD_NULL, "its id while it is active"),
	[COLUMN_NAME] = FIELD("name", "Name", FIELD_TEXT, 0, "its name"),
	[COLUMN_STATE] =
		FIELD("state", "State", FIELD_TEXT, 0, "such as running, paused or shut off"),
	[COLUMN_REASON] =
		FIELD("reason", NULL, FIELD_TEXT, COLUMN_JSON_ONLY, "why it is in that state"),
	[COLUMN_TITLE] = FIELD("title", "Title", FIELD_TEXT, FIELD_NULL | FIELD_ASKED,
			       "its title, with --title"),
	[COLUMN_MANAGED_SAVE] = FIELD("managed_save", NULL, FIELD_BOOLEAN, COLUMN_JSON_ONLY,
				      "whether it has a managed save"),
	[COLUMNS] = FIELDS_END,
};

struct guest {
	virDomainPtr domain; // lent
	const char *name;    // lent
	unsigned id;         // (unsigned)-1 while it is shut off
	int state, reason;
	bool managed_save;
	bool kept;
	char *title;
};

struct guests {
	virDomainPtr *domains; // one of these two owns the domains
	virDomainStatsRecordPtr *records;
	struct guest *items;
	size_t count;
};

static void guests_free(struct guests *guests)
{
	for (size_t i = 0; i < guests->count; i++)
		free(guests->items[i].title);
	free(guests->items);
	cleanup_domains(&guests->domains);
	cleanup_domain_stats(&guests->records);
	free(guests);
}

// Names are as unique as UUIDs, and libvirt gives them faster: what it writes to its debug log at
// each other call about a domain costs more than the call.
static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct guest *)a)->name, ((const struct guest *)b)->name);
}

// Running guests by id, then the others by name.
static int compare_for_people(const void *a, const void *b)
{
	const struct guest *left = a, *right = b;
	bool off = left->id == (unsigned)-1;

	if (left->id != right->id)
		return left->id < right->id ? -1 : 1;
	return off ? strcasecmp(left->name, right->name) : 0;
}

static void add_guest(struct guests *guests, virDomainPtr domain)
{
	guests->items[guests->count++] = (struct guest){
		.domain = domain, .name = virDomainGetName(domain), .id = virDomainGetID(domain)};
}

static int fetch_without_states(virConnectPtr connection, unsigned flags, struct guests *guests,
				struct error *err)
{
	int count = virConnectListAllDomains(connection, &guests->domains, flags);

	if (count < 0)
		return virt_failure(err, "Failed to list domains");
	guests->items = memory_new((size_t)count, sizeof(*guests->items));
	for (int i = 0; i < count; i++)
		add_guest(guests, guests->domains[i]);
	qsort(guests->items, guests->count, sizeof(*guests->items), compare_names);
	return 0;
}

// For drivers that cannot tell the states of all guests at once. A guest that has gone in the
// meantime has no state.
static int fetch_one_by_one(virConnectPtr connection, unsigned flags, struct guests *guests,
			    struct error *err)
{
	if (fetch_without_states(connection, flags, guests, err) < 0)
		return -1;
	for (size_t i = 0; i < guests->count; i++)
		if (virDomainGetState(guests->items[i].domain, &guests->items[i].state,
				      &guests->items[i].reason, 0) < 0)
			guests->items[i].state = VIR_DOMAIN_NOSTATE;
	return 0;
}

static struct guest *find(const struct guests *guests, virDomainPtr domain)
{
	struct guest key = {.name = virDomainGetName(domain)};

	return bsearch(&key, guests->items, guests->count, sizeof(key), compare_names);
}

// Keeps the guests that a filter of the list lets through which the statistics do not know.
static int keep_listed(virConnectPtr connection, unsigned flags, struct guests *guests,
		       struct error *err)
{
	auto_domains virDomainPtr *listed = NULL;
	size_t kept = 0;

	if (virConnectListAllDomains(connection, &listed, flags) < 0)
		return virt_failure(err, "Failed to list domains");
	for (virDomainPtr *domain = listed; *domain; domain++) {
		struct guest *guest = find(guests, *domain);

		if (guest)
			guest->kept = true;
	}
	for (size_t i = 0; i < guests->count; i++)
		if (guests->items[i].kept)
			guests->items[kept++] = guests->items[i];
	guests->count = kept;
	return 0;
}

enum {
	// The filters that virConnectGetAllDomainStats() shares with virConnectListAllDomains().
	STATS_FILTERS = VIR_CONNECT_LIST_DOMAINS_ACTIVE | VIR_CONNECT_LIST_DOMAINS_INACTIVE |
			VIR_CONNECT_LIST_DOMAINS_PERSISTENT | VIR_CONNECT_LIST_DOMAINS_TRANSIENT |
			VIR_CONNECT_LIST_DOMAINS_RUNNING | VIR_CONNECT_LIST_DOMAINS_PAUSED |
			VIR_CONNECT_LIST_DOMAINS_SHUTOFF | VIR_CONNECT_LIST_DOMAINS_OTHER,
};

// Guests and their states by one question.
static int fetch(virConnectPtr connection, unsigned flags, struct guests *guests, struct error *err)
{
	int count = virConnectGetAllDomainStats(connection, VIR_DOMAIN_STATS_STATE,
						&guests->records, flags & STATS_FILTERS);

	if (count < 0 && virt_failed_with(VIR_ERR_NO_SUPPORT))
		return fetch_one_by_one(connection, flags, guests, err);
	if (count < 0)
		return virt_failure(err, "Failed to list domains");
	guests->items = memory_new((size_t)count, sizeof(*guests->items));
	for (int i = 0; i < count; i++) {
		add_guest(guests, guests->records[i]->dom);
		virTypedParamsGetInt(guests->records[i]->params, guests->records[i]->nparams,
				     "state.state", &guests->items[i].state);
		virTypedParamsGetInt(guests->records[i]->params, guests->records[i]->nparams,
				     "state.reason", &guests->items[i].reason);
	}
	qsort(guests->items, guests->count, sizeof(*guests->items), compare_names);
	return flags & ~(unsigned)STATS_FILTERS ? keep_listed(connection, flags, guests, err) : 0;
}

// Which guests have a managed save: those that a filtered list names.
static void fetch_managed_saves(virConnectPtr connection, struct guests *guests)
{
	auto_domains virDomainPtr *saved = NULL;

	if (virConnectListAllDomains(connection, &saved, VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE) < 0)
		return;
	for (virDomainPtr *domain = saved; *domain; domain++) {
		struct guest *guest = find(guests, *domain);

		if (guest)
			guest->managed_save = true;
	}
}

// Shared with threads that may be left behind.
struct asking {
	struct guests *guests;
	const struct cancel *cancel;
	atomic_size_t next;
};

static void ask_titles(void *data, size_t index)
{
	struct asking *asking = data;
	auto_error struct error ignored = {0};
	size_t i;

	(void)index;
	while ((i = atomic_fetch_add(&asking->next, 1)) < asking->guests->count &&
	       cancel_check(asking->cancel, &ignored) == 0)
		asking->guests->items[i].title = virDomainGetMetadata(
			asking->guests->items[i].domain, VIR_DOMAIN_METADATA_TITLE, NULL, 0);
}

// libvirt has no call for the titles of all guests; several requests in flight share one wait.
static int fetch_titles(struct call *call, struct guests *guests, struct error *err)
{
	struct asking *asking = memory_new(1, sizeof(*asking));

	asking->guests = guests;
	asking->cancel = call->cancel;
	if (workers_run(
		    &(struct work){
			    .count = WIDTH, .run = ask_titles, .data = asking, .width = WIDTH},
		    call->cancel, GRACE))
		free(asking);
	else
		call->context->left_behind = true;
	return cancel_check(call->cancel, err);
}

// What the options ask to see.
struct view {
	bool table; // else bare lines with one or more of these:
	bool names, uuids, ids;
	bool title;
	bool managed_save;
};

static void report_guest(struct report *report, const struct guest *guest, const struct view *view)
{
	char uuid[VIR_UUID_STRING_BUFLEN] = "";
	bool off = guest->id == (unsigned)-1;
	bool saved =
		view->managed_save && guest->managed_save && guest->state == VIR_DOMAIN_SHUTOFF;
	const char *state = saved ? "saved" : word_domain_state(guest->state);

	if (view->uuids || report_is_json(report))
		virDomainGetUUIDString(guest->domain, uuid);
	// Ids alone are those of running guests.
	if (view->ids && off && !view->names && !view->uuids)
		return;
	report_row(report, (struct value[COLUMNS]){
				   [COLUMN_UUID] = value_text(uuid),
				   [COLUMN_ID] = off ? value_shown(value_absent(), "-")
						     : value_unsigned(guest->id),
				   [COLUMN_NAME] = value_text(guest->name),
				   [COLUMN_STATE] = value_text(state),
				   [COLUMN_REASON] = value_text(
					   word_domain_reason(guest->state, guest->reason)),
				   [COLUMN_TITLE] =
					   view->title ? value_text(guest->title) : value_unasked(),
				   [COLUMN_MANAGED_SAVE] = value_boolean(guest->managed_save),
			   });
}

// Bit N leaves out column N of the text.
static unsigned long hidden_columns(const struct view *view)
{
	unsigned long hidden = ~0UL;

	if (view->table)
		hidden = 1UL << COLUMN_UUID | (view->title ? 0 : 1UL << COLUMN_TITLE);
	if (view->names)
		hidden &= ~(1UL << COLUMN_NAME);
	if (view->uuids)
		hidden &= ~(1UL << COLUMN_UUID);
	if (view->ids)
		hidden &= ~(1UL << COLUMN_ID);
	return hidden;
}

static void report_guests(struct report *report, const struct guests *guests,
			  const struct view *view)
{
	report_list(report, NULL, view->table ? TABLE_RULED : TABLE_BARE, hidden_columns(view));
	for (size_t i = 0; i < guests->count; i++)
		report_guest(report, &guests->items[i], view);
}

// The filter of the daemon: running guests unless the options ask for others.
static unsigned list_flags(struct call *call)
{
	unsigned flags = VIR_CONNECT_LIST_DOMAINS_ACTIVE;

	if (argument_flag(call, "inactive") || argument_flag(call, "state-shutoff"))
		flags = VIR_CONNECT_LIST_DOMAINS_INACTIVE;
	if (argument_flag(call, "all"))
		flags = VIR_CONNECT_LIST_DOMAINS_INACTIVE | VIR_CONNECT_LIST_DOMAINS_ACTIVE;
	return flags | argument_bits(call);
}

static int fetch_and_report(struct call *call, struct guests *guests, const struct view *view,
			    struct error *err)
{
	virConnectPtr connection = session_connection(call);
	bool json = report_is_json(call->report);

	if ((view->table ? fetch : fetch_without_states)(connection, list_flags(call), guests,
							 err) < 0)
		return -1;
	if (view->managed_save || (json && report_wants(call->report, "managed_save")))
		fetch_managed_saves(connection, guests);
	if (view->title && report_wants(call->report, "title") &&
	    fetch_titles(call, guests, err) < 0)
		return -1;
	qsort(guests->items, guests->count, sizeof(*guests->items), compare_for_people);
	report_guests(call->report, guests, view);
	return 0;
}

static int list(struct call *call, struct error *err)
{
	struct guests *guests = memory_new(1, sizeof(*guests));
	bool json = report_is_json(call->report);
	struct view view = {
		.names = !json && argument_flag(call, "name"),
		.uuids = !json && argument_flag(call, "uuid"),
		.ids = !json && argument_flag(call, "id"),
	};
	int failed;

	view.table = !view.names && !view.uuids && !view.ids;
	view.title = view.table && argument_flag(call, "title");
	view.managed_save = view.table && !json && argument_flag(call, "managed-save");
	failed = fetch_and_report(call, guests, &view, err);
	// A thread that was left behind still uses them.
	if (!call->context->left_behind)
		guests_free(guests);
	return failed;
}

static const struct option list_options[] = {
	FLAG("inactive", 0, "guests that are shut off"),
	FLAG("all", 0, "running guests and those that are shut off"),
	FLAG("transient", VIR_CONNECT_LIST_DOMAINS_TRANSIENT, "guests without a definition"),
	FLAG("persistent", VIR_CONNECT_LIST_DOMAINS_PERSISTENT, "guests with a definition"),
	FLAG("with-snapshot", VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT, "guests with snapshots"),
	FLAG("without-snapshot", VIR_CONNECT_LIST_DOMAINS_NO_SNAPSHOT, "guests without snapshots"),
	FLAG("with-checkpoint", VIR_CONNECT_LIST_DOMAINS_HAS_CHECKPOINT, "guests with checkpoints"),
	FLAG("without-checkpoint", VIR_CONNECT_LIST_DOMAINS_NO_CHECKPOINT,
	     "guests without checkpoints"),
	FLAG("state-running", VIR_CONNECT_LIST_DOMAINS_RUNNING, "guests that run"),
	FLAG("state-paused", VIR_CONNECT_LIST_DOMAINS_PAUSED, "guests that are paused"),
	FLAG("state-shutoff", VIR_CONNECT_LIST_DOMAINS_SHUTOFF, "guests that are shut off"),
	FLAG("state-other", VIR_CONNECT_LIST_DOMAINS_OTHER, "guests in any other state"),
	FLAG("autostart", VIR_CONNECT_LIST_DOMAINS_AUTOSTART, "guests that start with the host"),
	FLAG("no-autostart", VIR_CONNECT_LIST_DOMAINS_NO_AUTOSTART,
	     "guests that do not start with the host"),
	FLAG("with-managed-save", VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE,
	     "guests with a managed save"),
	FLAG("without-managed-save", VIR_CONNECT_LIST_DOMAINS_NO_MANAGEDSAVE,
	     "guests without a managed save"),
	FLAG("uuid", 0, "only their UUIDs"),
	FLAG("name", 0, "only their names"),
	FLAG("id", 0, "only their ids"),
	FLAG("table", 0, "a table (the default)"),
	FLAG("managed-save", 0, "mark guests that have a managed save"),
	FLAG("title", 0, "with their titles"),
	END,
};

static const struct rule list_rules[] = {EXCLUSIVE("table", "name"), EXCLUSIVE("table", "uuid"),
					 EXCLUSIVE("table", "id"), RULES_END};

const struct command list_command = {
	.name = "list",
	.traits = COMMAND_READS,
	.options = list_options,
	.shape = SHAPE_LIST,
	.results = list_results,
	.rules = list_rules,
	.summary = "list guests",
	.description = "Lists the running guests, or those that the options ask for.",
	.run = list,
};
