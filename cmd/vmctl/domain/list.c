// SPDX-License-Identifier: GPL-3.0-or-later
// `list`: a fixed number of questions to the daemon however many guests there are. Only titles have
// no call that gives all of them: those are asked for side by side.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
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
	COLUMN_TITLE,
	COLUMN_MANAGED_SAVE,
	COLUMNS,
	TITLE_THREADS = 5, // the daemon works on so many requests of one client at a time
};

static const struct field columns[] = {
	[COLUMN_UUID] = {.title = "UUID", .key = "uuid", .flags = COLUMN_JSON_ONLY},
	[COLUMN_ID] = {.title = "Id", .key = "id"},
	[COLUMN_NAME] = {.title = "Name", .key = "name"},
	[COLUMN_STATE] = {.title = "State", .key = "state"},
	[COLUMN_TITLE] = {.title = "Title", .key = "title"},
	[COLUMN_MANAGED_SAVE] = {.title = "Managed save",
				 .key = "managed_save",
				 .flags = COLUMN_JSON_ONLY},
	[COLUMNS] = {0},
};

struct guest {
	virDomainPtr domain; // lent
	const char *name;    // lent
	unsigned id;         // (unsigned)-1 while it is shut off
	int state;
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

static void guests_clear(struct guests *guests)
{
	for (size_t i = 0; i < guests->count; i++)
		free(guests->items[i].title);
	free(guests->items);
	cleanup_domains(&guests->domains);
	cleanup_domain_stats(&guests->records);
	*guests = (struct guests){0};
}
#define auto_guests __attribute__((cleanup(guests_clear)))

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
	int reason;

	if (fetch_without_states(connection, flags, guests, err) < 0)
		return -1;
	for (size_t i = 0; i < guests->count; i++)
		if (virDomainGetState(guests->items[i].domain, &guests->items[i].state, &reason,
				      0) < 0)
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

struct title_work {
	struct guests *guests;
	atomic_size_t next;
};

static void *ask_titles(void *data)
{
	struct title_work *work = data;
	size_t i;

	while ((i = atomic_fetch_add(&work->next, 1)) < work->guests->count)
		work->guests->items[i].title = virDomainGetMetadata(
			work->guests->items[i].domain, VIR_DOMAIN_METADATA_TITLE, NULL, 0);
	return NULL;
}

// libvirt has no call for the titles of all guests; several requests in flight share one wait.
static void fetch_titles(struct guests *guests)
{
	struct title_work work = {.guests = guests};
	pthread_t threads[TITLE_THREADS - 1];
	size_t started = 0;

	while (started < TITLE_THREADS - 1 && started + 1 < guests->count &&
	       pthread_create(&threads[started], NULL, ask_titles, &work) == 0)
		started++;
	ask_titles(&work);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
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
				   [COLUMN_TITLE] = value_text(guest->title),
				   [COLUMN_MANAGED_SAVE] = value_boolean(guest->managed_save),
			   });
}

static void report_guests(struct report *report, const struct guests *guests,
			  const struct view *view)
{
	static const struct field bare[] = {
		[COLUMN_UUID] = {.title = "UUID", .key = "uuid"},
		[COLUMN_ID] = {.title = "Id", .key = "id"},
		[COLUMN_NAME] = {.title = "Name", .key = "name"},
		[COLUMN_STATE] = {.title = "State", .key = "state", .flags = COLUMN_JSON_ONLY},
		[COLUMN_TITLE] = {.title = "Title", .key = "title", .flags = COLUMN_JSON_ONLY},
		[COLUMN_MANAGED_SAVE] = {.title = "Managed save",
					 .key = "managed_save",
					 .flags = COLUMN_JSON_ONLY},
		[COLUMNS] = {0},
	};

	if (view->table)
		report_table(report, NULL, TABLE_RULED, columns,
			     view->title ? 0 : 1UL << COLUMN_TITLE);
	else
		report_table(report, NULL, TABLE_BARE, bare,
			     (view->names ? 0 : 1UL << COLUMN_NAME) |
				     (view->uuids ? 0 : 1UL << COLUMN_UUID) |
				     (view->ids ? 0 : 1UL << COLUMN_ID));
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

static int list(struct call *call, struct error *err)
{
	virConnectPtr connection = session_connection(call);
	bool json = report_is_json(call->report);
	struct view view = {
		.names = !json && argument_flag(call, "name"),
		.uuids = !json && argument_flag(call, "uuid"),
		.ids = !json && argument_flag(call, "id"),
		.title = argument_flag(call, "title"),
		.managed_save = !json && argument_flag(call, "managed-save"),
	};
	auto_guests struct guests guests = {0};

	view.table = !view.names && !view.uuids && !view.ids;
	if ((view.table ? fetch : fetch_without_states)(connection, list_flags(call), &guests,
							err) < 0)
		return -1;
	if (view.table && (view.managed_save || json))
		fetch_managed_saves(connection, &guests);
	if (view.table && view.title)
		fetch_titles(&guests);
	qsort(guests.items, guests.count, sizeof(*guests.items), compare_for_people);
	report_guests(call->report, &guests, &view);
	return 0;
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

static const struct rule list_rules[] = {
	EXCLUSIVE("table", "name"),
	EXCLUSIVE("table", "uuid"),
	EXCLUSIVE("table", "id"),
	RULES_END,
};

const struct command list_command = {
	.name = "list",
	.traits = COMMAND_READS,
	.options = list_options,
	.rules = list_rules,
	.summary = "list guests",
	.description = "Lists the running guests, or those that the options ask for.",
	.run = list,
};
