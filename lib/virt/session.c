// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/session.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/trace.h"
#include "virt/connection.h"
#include "virt/hosts.h"

enum { COMPLETION_DEADLINE = 300 }; // milliseconds: somebody waits for TAB

// WORD led to the host; NULL where none was given.
static struct session *session_new(const struct sessions *all, const char *uri, const char *word,
				   bool readonly)
{
	struct session *session = memory_new(1, sizeof(*session));

	session->all = all;
	session->uri = text_copy(uri);
	session->word = text_copy(word);
	session->readonly = readonly;
	return session;
}

// Another one for the same host, of ALL, not connected.
static struct session *same_host(const struct sessions *all, const struct session *session)
{
	struct session *same = session_new(all, session->uri, session->word, session->readonly);

	same->name = text_copy(session->name);
	return same;
}

struct session *session_again(const struct session *session)
{
	struct session *again = same_host(session->all, session);

	again->quiet = true;
	return again;
}

void session_free(struct session *session)
{
	if (session->connection)
		virConnectClose(session->connection);
	free(session->uri);
	free(session->name);
	free(session->word);
	free(session);
}

static void add_session(struct sessions *sessions, struct session *session)
{
	sessions->items =
		memory_resize(sessions->items, sessions->count + 1, sizeof(*sessions->items));
	sessions->items[sessions->count++] = session;
}

struct sessions *sessions_new(void)
{
	struct sessions *sessions = memory_new(1, sizeof(*sessions));

	// virsh's defaults: after six unanswered messages, five seconds apart, the daemon is gone.
	sessions->keepalive_interval = 5;
	sessions->keepalive_count = 6;
	sessions->escape = "^]";
	add_session(sessions, session_new(sessions, NULL, NULL, false));
	return sessions;
}

struct sessions *sessions_copy(const struct sessions *sessions)
{
	struct sessions *copy = memory_new(1, sizeof(*copy));

	*copy = *sessions;
	copy->items = NULL;
	copy->count = 0;
	for (size_t i = 0; i < sessions->count; i++)
		add_session(copy, same_host(copy, sessions->items[i]));
	return copy;
}

static void clear(struct sessions *sessions)
{
	for (size_t i = 0; i < sessions->count; i++)
		session_free(sessions->items[i]);
	free(sessions->items);
	sessions->items = NULL;
	sessions->count = 0;
}

void sessions_free(struct sessions *sessions)
{
	if (!sessions)
		return;
	clear(sessions);
	free(sessions);
}

int sessions_name(struct sessions *sessions, const struct list *names, bool readonly,
		  struct error *err)
{
	auto_hosts struct hosts hosts = {0};

	for (size_t i = 0; i < names->count; i++)
		if (hosts_expand(names->items[i], &hosts, err) < 0)
			return -1;
	clear(sessions);
	for (size_t i = 0; i < hosts.uris.count; i++) {
		add_session(sessions, session_new(sessions, hosts.uris.items[i],
						  hosts.names.items[i], readonly));
		if (hosts.uris.count > 1)
			sessions->items[i]->name = text_copy(hosts.names.items[i]);
	}
	if (!hosts.uris.count)
		add_session(sessions, session_new(sessions, sessions->otherwise, NULL, readonly));
	return 0;
}

const char *session_word(const struct call *call)
{
	const struct sessions *all = call->context->session;
	const struct session *session = call->session;

	// One that was not divided is for no host of many.
	if (!session || call->session == call->context->session)
		session = all->count == 1 ? all->items[0] : NULL;
	return session && session->word && *session->word ? session->word : NULL;
}

static void disconnect(struct session *session)
{
	if (session->connection)
		virConnectClose(session->connection);
	session->connection = NULL;
	session->server = 0;
}

static bool asks_json(const struct call *call)
{
	return call->context->json || (call->arguments && call->arguments->json);
}

static int prepare(struct call *call, bool reads, struct error *err)
{
	struct session *session = call->session;
	const struct sessions *all = session->all;
	bool failed = false;
	struct connection_options options = {
		.uri = session->uri,
		.readonly = reads,
		// A batch on standard input must not be read as credentials.
		.ask = !session->quiet && !call->completing && !call->context->line,
		// virsh's stand on standard output, which in JSON is for data alone.
		.prompts = asks_json(call) ? call->context->errors : call->context->out,
		.cancel = call->cancel,
		.keepalive_interval = all->keepalive_interval,
		.keepalive_count = all->keepalive_count,
		.keepalive_asked = all->keepalive_asked,
		.keepalive_failed = &failed,
		.deadline = call->completing ? COMPLETION_DEADLINE : 0,
	};
	virConnectPtr connection;

	if (session->connection && (reads || !session->reads_only)) {
		if (virConnectIsAlive(session->connection) != 0)
			return 0;
		call_warning(call, "the connection was lost, connecting again");
	}
	disconnect(session);
	connection = connection_open(&options, err);
	if (!connection)
		return -1;
	if (failed)
		trace(call->context, TRACE_INFO, "Failed to setup keepalive on connection");
	session->connection = connection;
	session->reads_only = reads;
	return 0;
}

int session_prepare(struct call *call, struct error *err)
{
	const struct session *session = call->session;
	// One command that only reads asks for no more than it needs; where more may follow, a
	// second connection would cost more than it saves.
	bool reads =
		session->readonly || call->completing ||
		(!call->context->many && call->arguments && arguments_read_only(call->arguments));

	return prepare(call, reads, err);
}

bool session_could_write(const struct call *call)
{
	const struct session *session = call->session;

	return session->reads_only && !session->readonly && !call->completing;
}

int session_write(struct call *call, struct error *err)
{
	return prepare(call, false, err);
}

int session_reconnect(struct call *call, const char *uri, bool readonly, struct error *err)
{
	struct sessions *sessions = call->context->session;
	auto_hosts struct hosts hosts = {0};
	struct session *fresh;

	if (uri && hosts_expand(uri, &hosts, err) < 0)
		return -1;
	if (uri && hosts.uris.count != 1)
		return error_set(err, STATUS_USAGE, "'%s' are %zu hosts: connect takes one", uri,
				 hosts.uris.count);
	fresh = session_new(sessions, uri ? hosts.uris.items[0] : NULL, uri, readonly);
	call->session = fresh;
	if (session_prepare(call, err) < 0) {
		session_free(fresh);
		call->session = sessions->items[0];
		return -1;
	}
	clear(sessions);
	add_session(sessions, fresh);
	return 0;
}

virConnectPtr session_connection(const struct call *call)
{
	const struct session *session = call->session;

	return session->connection;
}

unsigned long session_server(const struct call *call)
{
	struct session *session = call->session;
	unsigned long version;

	if (!session->server && virConnectGetLibVersion(session->connection, &version) == 0)
		session->server = version;
	return session->server;
}

int session_check_server(const struct call *call, struct error *err)
{
	for (const struct option *o = call->arguments->options; o->kind != OPTION_END; o++) {
		unsigned long server;

		if (!o->since || !arguments_has(call->arguments, o))
			continue;
		server = session_server(call);
		if (server && server < o->since)
			return error_set(err, STATUS_USAGE,
					 "option --%s needs libvirt %lu.%lu.%lu on the host, which "
					 "has %lu.%lu.%lu",
					 o->name, o->since / 1000000, o->since / 1000 % 1000,
					 o->since % 1000, server / 1000000, server / 1000 % 1000,
					 server % 1000);
	}
	return 0;
}
