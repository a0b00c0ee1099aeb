// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/installation.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "cli/call.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "guest/os.h"

static void release(struct made *made)
{
	free(made->path);
	if (made->volume)
		virStorageVolFree(made->volume);
	if (made->pool)
		virStoragePoolFree(made->pool);
	if (made->domain)
		virDomainFree(made->domain);
}

void installation_clear(struct installation *installation)
{
	for (size_t i = 0; i < installation->made_count; i++)
		release(&installation->made[i]);
	free(installation->made);
	for (size_t i = 0; i < installation->scratch.count; i++)
		unlink(installation->scratch.items[i]);
	list_clear(&installation->scratch);
	free(installation->name);
	guest_free(installation->guest);
	host_free(installation->host);
	os_free(installation->os);
	if (installation->connection)
		virConnectClose(installation->connection);
	*installation = (struct installation){0};
}

void installation_made(struct installation *installation, struct made made)
{
	installation->made = memory_resize(installation->made, installation->made_count + 1,
					   sizeof(*installation->made));
	installation->made[installation->made_count++] = made;
}

static void remove_made(const struct made *made)
{
	if (made->domain) {
		if (virDomainIsActive(made->domain) == 1)
			virDomainDestroy(made->domain);
		virDomainUndefineFlags(made->domain, VIR_DOMAIN_UNDEFINE_NVRAM);
	}
	if (made->volume)
		virStorageVolDelete(made->volume, 0);
	if (made->pool) {
		virStoragePoolDestroy(made->pool);
		virStoragePoolUndefine(made->pool);
	}
	if (made->path)
		unlink(made->path);
}

void installation_undo(struct installation *installation)
{
	while (installation->made_count > 0) {
		struct made *made = &installation->made[--installation->made_count];

		remove_made(made);
		release(made);
	}
}

int installation_object(struct installation *installation, bool check, const char *name,
			struct error *err)
{
	if (check) {
		error_hint(err, "--check %s=off goes on all the same", name);
		return -1;
	}
	call_warning(installation->call, "%s", err->message);
	error_clear(err);
	return 0;
}
