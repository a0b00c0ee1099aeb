// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/module_info.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "host/guard.h"
#include "host/host.h"
#include "host/kmod_library.h"

// The parameter, which is added where it is not there yet.
static struct module_parameter *parameter(struct module_info *info, const char *name, size_t length)
{
	auto_free char *wanted = text_copy_bytes(name, length);

	for (size_t i = 0; i < info->count; i++)
		if (text_equal(info->parameters[i].name, wanted))
			return &info->parameters[i];
	info->parameters =
		memory_resize(info->parameters, info->count + 1, sizeof(*info->parameters));
	info->parameters[info->count] = (struct module_parameter){.name = take(&wanted)};
	return &info->parameters[info->count++];
}

static void set(char **member, const char *value)
{
	if (!*member)
		*member = text_copy(value);
}

// "parm=NAME:DESCRIPTION", "parmtype=NAME:TYPE"
static void add_parameter(struct module_info *info, const char *value, bool type)
{
	const char *colon = strchr(value, ':');
	struct module_parameter *found;

	if (!colon)
		return;
	found = parameter(info, value, (size_t)(colon - value));
	set(type ? &found->type : &found->description, colon + 1);
}

static void add(struct module_info *info, const char *key, const char *value)
{
	static const struct {
		const char *key;
		size_t offset;
	} texts[] = {
		{"description", offsetof(struct module_info, description)},
		{"version", offsetof(struct module_info, version)},
		{"license", offsetof(struct module_info, license)},
		{"srcversion", offsetof(struct module_info, source_version)},
		{"vermagic", offsetof(struct module_info, vermagic)},
		{"signer", offsetof(struct module_info, signer)},
		{"sig_hashalgo", offsetof(struct module_info, hash)},
		{"sig_id", offsetof(struct module_info, signature_id)},
		{"sig_key", offsetof(struct module_info, signature_key)},
		{"signature", offsetof(struct module_info, signature)},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (text_equal(key, texts[i].key))
			set((char **)((char *)info + texts[i].offset), value);
	if (text_equal(key, "author"))
		list_add(&info->authors, value);
	else if (text_equal(key, "alias"))
		list_add(&info->aliases, value);
	else if (text_equal(key, "softdep"))
		list_add(&info->soft_depends, value);
	else if (text_equal(key, "depends"))
		info->depends = list_split(value, ",");
	else if (text_equal(key, "parm") || text_equal(key, "parmtype"))
		add_parameter(info, value, text_equal(key, "parmtype"));
}

// The path as the machine itself sees it.
static char *own_path(const struct kmod_library *library, const struct host *host, const char *path)
{
	auto_free char *prefix = text_format("/proc/self/fd/%d", library->directory);

	if (!path || !text_begins(path, prefix))
		return text_copy(path);
	return text_format("/lib/modules/%s%s", host->release, path + strlen(prefix));
}

static void read_file(struct module_info *info, const struct host *host,
		      const struct kmod_library *library)
{
	struct kmod_module *module;
	struct kmod_list *list = NULL, *entry;
	bool told;

	guard_begin(host->root.guard, "/lib/modules");
	told = library->module_new_from_name(library->context, info->name, &module) >= 0;
	guard_end(host->root.guard);
	if (!told)
		return;
	guard_begin(host->root.guard, "/lib/modules");
	told = library->module_get_info(module, &list) >= 0;
	guard_end(host->root.guard);
	if (told) {
		kmod_list_foreach_with(library, entry, list)
			add(info, library->module_info_get_key(entry),
			    library->module_info_get_value(entry));
		library->module_info_free_list(list);
	}
	info->file = own_path(library, host, library->module_get_path(module));
	if (!info->file && info->state == MODULE_BUILT_IN)
		info->file = text_copy("(builtin)");
	library->module_unref(module);
}

// Their values, and those that only the running kernel tells of.
static void read_values(struct module_info *info, const struct host *host)
{
	auto_free char *directory = text_format("/sys/module/%s/parameters", info->name);
	auto_free char *holders = text_format("/sys/module/%s/holders", info->name);
	auto_list struct list names = root_names(&host->root, directory);

	for (size_t i = 0; i < names.count; i++)
		parameter(info, names.items[i], strlen(names.items[i]))->value =
			module_parameter(host, info->name, names.items[i]);
	info->users = root_names(&host->root, holders);
}

static int compare(const void *a, const void *b)
{
	const struct module_parameter *left = a, *right = b;

	return strcmp(left->name, right->name);
}

void module_info_read(struct module_info *info, struct host *host,
		      const struct kmod_library *library, const char *name)
{
	*info = (struct module_info){.name = text_copy(name)};
	for (char *c = info->name; *c; c++)
		*c = *c == '-' ? '_' : *c;
	info->state = module_look(host, info->name);
	read_file(info, host, library);
	read_values(info, host);
	if (info->count)
		qsort(info->parameters, info->count, sizeof(*info->parameters), compare);
}

const struct module_parameter *module_info_parameter(const struct module_info *info,
						     const char *name)
{
	for (size_t i = 0; i < info->count; i++)
		if (text_equal(info->parameters[i].name, name))
			return &info->parameters[i];
	return NULL;
}

void module_info_clear(struct module_info *info)
{
	char *const texts[] = {info->name,         info->file,          info->description,
			       info->version,      info->license,       info->source_version,
			       info->vermagic,     info->signer,        info->hash,
			       info->signature_id, info->signature_key, info->signature};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
	for (size_t i = 0; i < info->count; i++) {
		free(info->parameters[i].name);
		free(info->parameters[i].type);
		free(info->parameters[i].description);
		free(info->parameters[i].value);
	}
	free(info->parameters);
	list_clear(&info->authors);
	list_clear(&info->depends);
	list_clear(&info->soft_depends);
	list_clear(&info->aliases);
	list_clear(&info->users);
	*info = (struct module_info){0};
}
