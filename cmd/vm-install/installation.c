// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/installation.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "guest/os.h"

static void cloud_init_clear(struct cloud_init *wish)
{
	free(wish->password_file);
	free(wish->root_key);
	free(wish->user_key);
	free(wish->user_data);
	free(wish->meta_data);
	free(wish->network_config);
	free(wish->password);
}

static void unattended_clear(struct unattended *wish)
{
	free(wish->profile);
	free(wish->admin_password_file);
	free(wish->user_login);
	free(wish->user_password_file);
	free(wish->product_key);
	free(wish->registration);
}

void installation_clear(struct installation *installation)
{
	for (size_t i = 0; i < installation->scratch.count; i++)
		unlink(installation->scratch.items[i]);
	for (size_t i = 0; i < installation->scratch_directories.count; i++)
		rmdir(installation->scratch_directories.items[i]);
	list_clear(&installation->scratch);
	list_clear(&installation->scratch_directories);
	list_clear(&installation->injected);
	storage_clear(&installation->storage);
	if (installation->domain)
		virDomainFree(installation->domain);
	cloud_init_clear(&installation->cloud_init);
	unattended_clear(&installation->unattended);
	free(installation->name);
	free(installation->detected);
	free(installation->install_os);
	guest_free(installation->guest);
	host_free(installation->host);
	os_free(installation->os);
	if (installation->connection)
		virConnectClose(installation->connection);
	*installation = (struct installation){0};
}

void installation_undo(struct installation *installation)
{
	if (installation->domain) {
		if (virDomainIsActive(installation->domain) == 1)
			virDomainDestroy(installation->domain);
		if (!installation->defined)
			virDomainUndefineFlags(installation->domain, VIR_DOMAIN_UNDEFINE_NVRAM);
		virDomainFree(installation->domain);
		installation->domain = NULL;
	}
	storage_undo(&installation->storage);
}
