// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/installation.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/os.h"
#include "virt/connection.h"
#include "xml/path.h"

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
	list_clear(&installation->scratch);
	list_clear(&installation->injected);
	free(installation->answers.name);
	free(installation->answers.content);
	storage_clear(&installation->storage);
	if (installation->domain)
		virDomainFree(installation->domain);
	cloud_init_clear(&installation->cloud_init);
	unattended_clear(&installation->unattended);
	free(installation->name);
	free(installation->detected);
	free(installation->install_os);
	guest_free(installation->guest);
	hypervisor_free(installation->host);
	os_free(installation->os);
	if (installation->connection)
		virConnectClose(installation->connection);
	*installation = (struct installation){0};
}

// The guest as the daemon knows it now, where the connection was lost in the middle: what it has
// made of our last call is not known. False where nobody can be asked.
static bool find_again(struct installation *installation)
{
	struct connection_options options = {.uri = argument_text(installation->call, "connect")};
	auto_free char *uuid = path_get(installation->guest->domain, "uuid");
	auto_error struct error ignored = {0};
	virConnectPtr connection = connection_open(&options, &ignored);

	if (!connection)
		return false;
	if (installation->domain)
		virDomainFree(installation->domain);
	installation->domain = virDomainLookupByUUIDString(connection, uuid ? uuid : "");
	virConnectClose(installation->connection);
	installation->connection = connection;
	return true;
}

// Whether there is no guest any more.
static bool take_back_guest(struct installation *installation)
{
	virDomainPtr domain;
	int failed = 0;

	if (!installation->asked)
		return true;
	if (virConnectIsAlive(installation->connection) != 1 && !find_again(installation))
		return false;
	domain = installation->domain;
	if (!domain)
		return true;
	if (virDomainIsActive(domain) == 1)
		failed = virDomainDestroy(domain);
	if (!installation->defined && virDomainIsPersistent(domain) == 1)
		failed |= virDomainUndefineFlags(domain, VIR_DOMAIN_UNDEFINE_NVRAM);
	virDomainFree(domain);
	installation->domain = NULL;
	return failed == 0;
}

static void warn_of_rest(struct installation *installation)
{
	const struct storage *storage = &installation->storage;

	call_warning(installation->call,
		     "the daemon does not answer: the guest may be there; later: $vmctl undefine "
		     "-- '%s'",
		     installation->name);
	for (size_t i = 0; i < storage->made_count; i++)
		if (storage->made[i].path)
			call_warning(installation->call, "its disk stays: %s",
				     storage->made[i].path);
}

void installation_undo(struct installation *installation)
{
	// A guest without its disks would be worse than one that was not asked for.
	if (take_back_guest(installation))
		storage_undo(&installation->storage);
	else
		warn_of_rest(installation);
}
