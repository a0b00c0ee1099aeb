// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/guest.h"
#include "host/host.h"
#include "host/qemu_user.h"
#include "host/reach.h"
#include "storage/storage.h"

void storage_warn_of_reach(struct storage *storage, const char *path)
{
	struct host host = {0};
	auto_error struct error ignored = {0};
	auto_text struct text closed = {0};
	struct qemu_user user;

	if (host_open(&host, NULL, &ignored) < 0)
		return;
	qemu_user_find(&user, &host);
	if (user.name && user.account.known)
		reach_closed(&user.account, path, &closed);
	if (closed.length)
		list_add_format(&storage->guest->warnings,
				"'%s' is out of reach for QEMU, whose user (%s) cannot enter%s: "
				"setfacl -m u:%s:x%s",
				path, user.name, text_string(&closed), user.name,
				text_string(&closed));
	qemu_user_clear(&user);
	host_close(&host);
}
