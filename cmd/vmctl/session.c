// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/session.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"
#include "virt/connection.h"

enum { COMPLETION_DEADLINE = 3000 }; // milliseconds

struct session *session_new(void)
{
	struct session *session = memory_new(1, sizeof(*session));

	// virsh's defaults: after six unanswered messages, five seconds apart, the daemon is gone.
	session->keepalive_interval = 5;
	session->keepalive_count = 6;
	session->escape = "^]";
	return session;
}

static void disconnect(struct session *session)
{
	if (session->connection)
		virConnectClose(session->connection);
	session->connection = NULL;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	disconnect(session);
	free(session->uri);
	free(session);
}

int session_reconnect(struct call *call, const char *uri, bool readonly, struct error *err)
{
	struct session *session = call->session, before = *session;

	session->connection = NULL;
	session->uri = text_copy(uri);
	session->readonly = readonly;
	if (session_prepare(call, err) < 0) {
		free(session->uri);
		*session = before;
		return -1;
	}
	free(before.uri);
	if (before.connection)
		virConnectClose(before.connection);
	return 0;
}

void session_connect_to(struct session *session, const char *uri, bool readonly)
{
	char *copy = text_copy(uri);

	disconnect(session);
	free(session->uri);
	session->uri = copy;
	session->readonly = readonly;
}

int session_prepare(struct call *call, struct error *err)
{
	struct session *session = call->session;
	// One command that only reads asks for no more than it needs; where more may follow, a
	// second connection would cost more than it saves.
	bool reads =
		session->readonly || call->completing ||
		(!call->context->many && call->arguments && arguments_read_only(call->arguments));
	struct connection_options options = {
		.uri = session->uri,
		.readonly = reads,
		.keepalive_interval = session->keepalive_interval,
		.keepalive_count = session->keepalive_count,
		.keepalive_asked = session->keepalive_asked,
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
	session->connection = connection;
	session->reads_only = reads;
	return 0;
}

virConnectPtr session_connection(struct call *call)
{
	const struct session *session = call->session;

	return session->connection;
}
