// SPDX-License-Identifier: GPL-3.0-or-later
// Storage pools: starting and stopping them.
#include <libvirt/libvirt.h>

#include "base/error.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/messages.h"
#include "cmd/vmctl/options.h"
#include "cmd/vmctl/targets.h"
#include "output/report.h"
#include "virt/failure.h"

static int pool_start(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "pool");

	if (virStoragePoolCreate(target_pool(call), argument_bits(call)) < 0)
		return virt_failure(err, "Failed to start pool %s", name);
	message_named(call, "Pool", name, "started");
	return 0;
}

static const struct option pool_start_options[] = {
	POOL(inactive_pools),
	FLAG("build", VIR_STORAGE_POOL_CREATE_WITH_BUILD, "make what it stands on first"),
	FLAG("no-overwrite", VIR_STORAGE_POOL_CREATE_WITH_BUILD_NO_OVERWRITE,
	     "make it, but never over data that is there"),
	FLAG("overwrite", VIR_STORAGE_POOL_CREATE_WITH_BUILD_OVERWRITE,
	     "make it, over data that is there too"),
	END,
};

static const struct rule pool_start_rules[] = {EXCLUSIVE("overwrite", "no-overwrite"), RULES_END};

const struct command pool_start_command = {
	.name = "pool-start",
	.target = &target_any_pool,
	.options = pool_start_options,
	.rules = pool_start_rules,
	.summary = "start a pool that is defined",
	.run = pool_start,
};

static int pool_destroy(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "pool");

	if (virStoragePoolDestroy(target_pool(call)) < 0)
		return virt_failure(err, "Failed to destroy pool %s", name);
	message_named(call, "Pool", name, "destroyed");
	return 0;
}

static const struct option pool_active_options[] = {POOL(active_pools), END};

const struct command pool_destroy_command = {
	.name = "pool-destroy",
	.target = &target_any_pool,
	.options = pool_active_options,
	.summary = "stop a pool, its definition and its data stay",
	.run = pool_destroy,
};

static int pool_refresh(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "pool");

	if (virStoragePoolRefresh(target_pool(call), 0) < 0)
		return virt_failure(err, "Failed to refresh pool %s", name);
	message_named(call, "Pool", name, "refreshed");
	return 0;
}

const struct command pool_refresh_command = {
	.name = "pool-refresh",
	.target = &target_any_pool,
	.options = pool_active_options,
	.summary = "look anew which volumes a pool has",
	.run = pool_refresh,
};

static int pool_autostart(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "pool");
	bool disable = argument_flag(call, "disable");

	if (virStoragePoolSetAutostart(target_pool(call), !disable) < 0)
		return virt_failure(err, "failed to %s pool %s as autostarted",
				    disable ? "unmark" : "mark", name);
	message_named(call, "Pool", name,
		      disable ? "unmarked as autostarted" : "marked as autostarted");
	return 0;
}

static const struct option pool_autostart_options[] = {
	POOL(any_pools),
	FLAG("disable", 0, "do not start it with the host"),
	END,
};

const struct command pool_autostart_command = {
	.name = "pool-autostart",
	.target = &target_any_pool,
	.options = pool_autostart_options,
	.summary = "start a pool when the host boots",
	.run = pool_autostart,
};

static int pool_name(struct call *call, struct error *err)
{
	(void)err;
	report_field(call->report, "", "name",
		     value_text(virStoragePoolGetName(target_pool(call))));
	return 0;
}

static int pool_uuid(struct call *call, struct error *err)
{
	char uuid[VIR_UUID_STRING_BUFLEN];

	if (virStoragePoolGetUUIDString(target_pool(call), uuid) < 0)
		return virt_failure(err, "failed to get pool UUID");
	report_field(call->report, "", "uuid", value_text(uuid));
	return 0;
}

static const struct option pool_any_options[] = {POOL(any_pools), END};

const struct command pool_name_command = {
	.name = "pool-name",
	.traits = COMMAND_READS,
	.target = &target_pool_by_uuid,
	.options = pool_any_options,
	.summary = "show the name of a pool, by its UUID",
	.run = pool_name,
};

const struct command pool_uuid_command = {
	.name = "pool-uuid",
	.traits = COMMAND_READS,
	.target = &target_pool_by_name,
	.options = pool_any_options,
	.summary = "show the UUID of a pool, by its name",
	.run = pool_uuid,
};
