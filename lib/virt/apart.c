// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/apart.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "cli/call.h"
#include "virt/connection.h"
#include "virt/kinds.h"
#include "virt/session.h"

// A session, and what the call had before.
struct apart {
	struct session *session;
	struct session *shared;
	void *handle;
};

static int find_again(struct call *call, virDomainPtr domain, struct error *err)
{
	char uuid[VIR_UUID_STRING_BUFLEN] = "";

	virDomainGetUUIDString(domain, uuid);
	if (session_prepare(call, err) < 0)
		return -1;
	call->object.handle =
		kind_find(&kind_domain, session_connection(call), NULL, uuid, BY_ANY, err);
	return call->object.handle ? 0 : -1;
}

void apart_begin(struct call *call)
{
	auto_error struct error ignored = {0};
	struct apart *apart;

	if (call->object.kind != &kind_domain || !connection_is_local(session_connection(call)))
		return;
	apart = memory_new(1, sizeof(*apart));
	apart->shared = call->session;
	apart->handle = call->object.handle;
	apart->session = call->session = session_again(apart->shared);
	call->apart = apart;
	if (find_again(call, apart->handle, &ignored) == 0)
		return;
	call->object.handle = NULL;
	apart_end(call);
}

void apart_end(struct call *call)
{
	struct apart *apart = call->apart;

	if (!apart)
		return;
	if (call->object.handle)
		virDomainFree(call->object.handle);
	call->object.handle = apart->handle;
	call->session = apart->shared;
	call->apart = NULL;
	session_free(apart->session);
	free(apart);
}
