// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/module_load.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "host/host.h"
#include "host/kmod_library.h"
#include "host/kvm_user.h"
#include "host/module_ban.h"
#include "host/module_info.h"

// A module of libkmod's that unrefs itself.
struct handle {
	const struct kmod_library *library;
	struct kmod_module *module;
};

static void handle_close(struct handle *handle)
{
	if (handle->module)
		handle->library->module_unref(handle->module);
}
#define auto_handle __attribute__((cleanup(handle_close)))

static int find(struct handle *handle, const struct kmod_library *library, const char *name,
		struct error *err)
{
	int failed = library->module_new_from_name(library->context, name, &handle->module);

	if (failed < 0)
		return error_set_errno(err, -failed, "cannot find the module '%s'", name);
	handle->library = library;
	return 0;
}

// Root may load modules, unless the kernel was told that nobody may.
static int refused_to_root(struct error *err, const struct host *host, const char *name)
{
	auto_module_ban struct module_ban ban = {0};

	module_ban_find(&ban, host, name);
	if (ban.kind == MODULE_BAN_KERNEL) {
		error_set(err, STATUS_CONFLICT, "the kernel was booted with %s", ban.where);
		error_hint(err, "take %s out of the boot loader's configuration and reboot",
			   ban.where);
	} else if (root_flag(&host->root, "/proc/sys/kernel/modules_disabled")) {
		error_set(err, STATUS_CONFLICT,
			  "no module can be loaded or unloaded until the next boot "
			  "(kernel.modules_disabled=1)");
	} else {
		error_set(err, STATUS_CONNECTION, "%s: root has no CAP_SYS_MODULE here",
			  strerror(EPERM));
		error_hint(err, "in a container, load it on its host");
	}
	return error_wrap(err, "cannot load or unload %s", name);
}

// What stands in the way of loading it, by the error of the kernel.
static int refused(struct error *err, int number, const struct host *host, const char *name)
{
	static const struct {
		int number;
		const char *reason, *hint;
	} rows[] = {
		{EOPNOTSUPP, "the processor does not let it virtualise", "kvm-check cpu"},
		{EIO, "the processor does not let it virtualise", "kvm-check cpu"},
		{ENODEV, "what it drives is not there", "kvm-check cpu"},
		{EBUSY, "something else holds what it drives", "kvm-check hypervisor"},
		{EKEYREJECTED, "the kernel does not accept its signature",
		 "boot without lockdown, or take the distribution's own module"},
		{ENOEXEC, "it was built for another kernel", "install the modules of this kernel"},
		{EINVAL, "the kernel does not take a parameter's value",
		 "the kernel's log (dmesg) names it"},
		{EPERM, "you may not load or unload modules", "run it as root"},
	};

	if (number == EPERM && geteuid() == 0)
		return refused_to_root(err, host, name);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].number == number) {
			error_set(err, number == EPERM ? STATUS_CONNECTION : STATUS_FAILED,
				  "%s: %s", rows[i].reason, strerror(number));
			error_hint(err, "%s", rows[i].hint);
			return error_wrap(err, "cannot load or unload %s", name);
		}
	return error_set_errno(err, number, "cannot load or unload %s", name);
}

int module_load_check(const struct module_info *info, const struct list *words, struct error *err)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i], *equals = strchr(word, '=');
		auto_free char *name =
			text_copy_bytes(word, equals ? (size_t)(equals - word) : strlen(word));

		if (!equals || equals == word)
			return error_set(err, STATUS_USAGE, "'%s' is not NAME=VALUE", word);
		if (!module_info_parameter(info, name)) {
			error_set(err, STATUS_USAGE, "%s has no parameter '%s'", info->name, name);
			return error_hint(err, "kvm-check modules %s shows those it has",
					  info->name);
		}
		for (const char *c = equals + 1; *c; c++)
			if (*c <= ' ' || *c > '~' || strchr("\"'\\#", *c))
				return error_set(err, STATUS_USAGE,
						 "the value of '%s' has a character that cannot be "
						 "passed on",
						 name);
	}
	return 0;
}

// The names of what MODULE depends on, what it needs itself first.
static struct list dependencies(const struct handle *handle)
{
	const struct kmod_library *library = handle->library;
	struct kmod_list *list = library->module_get_dependencies(handle->module), *entry;
	struct list names = {0};

	kmod_list_foreach_with(library, entry, list)
	{
		struct kmod_module *module = library->module_get_module(entry);

		list_add(&names, library->module_get_name(module));
		library->module_unref(module);
	}
	library->module_unref_list(list);
	return names;
}

static bool serves(struct host *host, const char *name)
{
	return module_serves(module_look(host, name));
}

// Removes one module that nothing uses; gives an error of the kernel or 0.
static int remove_one(const struct kmod_library *library, const char *name)
{
	auto_handle struct handle handle = {0};
	auto_error struct error ignored = {0};

	if (find(&handle, library, name, &ignored) < 0)
		return ENOENT;
	return -library->module_remove_module(handle.module, 0);
}

// Removes those of NAMES that nothing uses any more, those that others depended on last.
static void remove_unused(const struct kmod_library *library, struct host *host,
			  const struct list *names, struct list *removed)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < names->count; i++)
			if (module_look(host, names->items[i]) == MODULE_LOADED &&
			    remove_one(library, names->items[i]) == 0) {
				list_add(removed, names->items[i]);
				again = true;
			}
	}
}

int module_load(const struct kmod_library *library, struct host *host, const char *name,
		const struct list *parameters, struct list *loaded, struct error *err)
{
	auto_handle struct handle handle = {0};
	auto_free char *options = list_join(parameters, " ");
	auto_list struct list needed = {0}, missing = {0}, removed = {0};
	const char *command;
	int failed;

	if (find(&handle, library, name, err) < 0)
		return -1;
	command = library->module_get_install_commands(handle.module);
	if (command && *command) {
		error_set(err, STATUS_CONFLICT, "modprobe.d has a command in its place: %s",
			  command);
		error_hint(err, "remove that line, or run modprobe --ignore-install -- '%s'", name);
		return error_wrap(err, "cannot load %s", name);
	}
	needed = dependencies(&handle);
	for (size_t i = 0; i < needed.count; i++)
		if (!serves(host, needed.items[i]))
			list_add(&missing, needed.items[i]);
	failed = library->module_probe_insert_module(
		handle.module, KMOD_PROBE_IGNORE_COMMAND | KMOD_PROBE_FAIL_ON_LOADED, options, NULL,
		NULL, NULL);
	if (failed) {
		remove_unused(library, host, &missing, &removed);
		return refused(err, failed < 0 ? -failed : failed, host, name);
	}
	for (size_t i = 0; i < missing.count; i++)
		list_add(loaded, missing.items[i]);
	list_add(loaded, name);
	return 0;
}

// Why it must stay.
static int check_unused(struct host *host, const char *name, struct error *err)
{
	auto_free char *directory = text_format("/sys/module/%s/holders", name);
	auto_list struct list holders = root_names(&host->root, directory), users = {0};
	auto_free char *shown = list_join(&holders, ", ");

	if (holders.count) {
		error_set(err, STATUS_CONFLICT, "%s is used by %s", name, shown);
		return error_hint(err, "kvm-check unload %s", holders.items[0]);
	}
	if (text_begins(name, "kvm"))
		users = kvm_user_find(host);
	if (users.count) {
		auto_free char *all = list_join(&users, ", ");

		error_set(err, STATUS_CONFLICT, "%s runs guests: %s", name, all);
		return error_hint(err, "shut them down first");
	}
	return 0;
}

int module_unload(const struct kmod_library *library, struct host *host, const char *name,
		  struct list *unloaded, struct error *err)
{
	enum module_state state = module_look(host, name);
	auto_handle struct handle handle = {0};
	auto_list struct list needed = {0};
	int failed;

	if (state == MODULE_BUILT_IN)
		return error_set(err, STATUS_CONFLICT, "%s is built into the kernel", name);
	if (state != MODULE_LOADED)
		return 0;
	if (check_unused(host, name, err) < 0 || find(&handle, library, name, err) < 0)
		return -1;
	needed = dependencies(&handle);
	failed = -library->module_remove_module(handle.module, 0);
	if (failed == EAGAIN || failed == EBUSY)
		return error_set(err, STATUS_CONFLICT, "%s is in use", name);
	if (failed)
		return refused(err, failed, host, name);
	list_add(unloaded, name);
	remove_unused(library, host, &needed, unloaded);
	return 0;
}
