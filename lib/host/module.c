// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/module.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "host/host.h"

enum { INDEX_MOST = 8 * 1024 * 1024 }; // bytes of modules.dep

const char *module_word(enum module_state state)
{
	static const char *const words[] = {
		[MODULE_LOADED] = "loaded",     [MODULE_BUILT_IN] = "built in",
		[MODULE_LOADABLE] = "loadable", [MODULE_MISSING] = "missing",
		[MODULE_UNKNOWN] = "unknown",
	};

	return words[state];
}

bool module_serves(enum module_state state)
{
	return state == MODULE_LOADED || state == MODULE_BUILT_IN;
}

// Dashes and underscores are the same in names of modules.
static bool same_character(char a, char b)
{
	return a == b || ((a == '-' || a == '_') && (b == '-' || b == '_'));
}

// Whether FILE, a name without directories, is NAME with ".ko" and perhaps more behind it.
static bool is_file_name(const char *file, const char *name)
{
	while (*name && same_character(*file, *name))
		file++, name++;
	return *name == '\0' && text_begins(file, ".ko");
}

// Whether a line of INDEX (modules.dep: "FILE: FILES", modules.builtin: "FILE") is about NAME.
static bool indexed(const char *index, const char *name)
{
	while (*index) {
		size_t length = strcspn(index, "\n"), file = strcspn(index, ":\n");
		const char *slash = memrchr(index, '/', file);

		if (is_file_name(slash ? slash + 1 : index, name))
			return true;
		index += length + (index[length] == '\n');
	}
	return false;
}

static const char *read_index(const struct host *host, const char *file)
{
	const char *release = host->release ? host->release : "", *content;
	auto_free char *path = text_format("/lib/modules/%s/%s", release, file);

	content = root_kept(&host->root, path, INDEX_MOST);
	return content ? content : "";
}

// A tree, or where only /proc was mounted, may have /proc/modules and no /sys.
static bool in_proc(const struct host *host, const char *name)
{
	auto_free char *beginning = text_format("%s ", name);

	for (const char *line = root_kept(&host->root, "/proc/modules", ROOT_MOST); line && *line;
	     line = strchr(line, '\n')) {
		line += *line == '\n';
		if (text_begins(line, beginning))
			return true;
	}
	return false;
}

// What /sys/module tells; only a module from a file has an "initstate".
static enum module_state look_in_sys(const struct host *host, const char *name)
{
	auto_free char *directory = text_format("/sys/module/%s", name);
	auto_free char *state = text_format("/sys/module/%s/initstate", name);

	if (!root_exists(&host->root, directory))
		return MODULE_UNKNOWN;
	return root_exists(&host->root, state) ? MODULE_LOADED : MODULE_BUILT_IN;
}

enum module_state module_look(struct host *host, const char *name)
{
	enum module_state state = look_in_sys(host, name);
	const char *builtin, *loadable;

	if (host->root.live && state != MODULE_UNKNOWN)
		return state;
	if (in_proc(host, name))
		return MODULE_LOADED;
	if (state != MODULE_UNKNOWN)
		return state;
	builtin = read_index(host, "modules.builtin");
	if (indexed(builtin, name))
		return MODULE_BUILT_IN;
	loadable = read_index(host, "modules.dep");
	if (indexed(loadable, name))
		return MODULE_LOADABLE;
	return *builtin || *loadable ? MODULE_MISSING : MODULE_UNKNOWN;
}

char *module_parameter(const struct host *host, const char *name, const char *parameter)
{
	auto_free char *path = text_format("/sys/module/%s/parameters/%s", name, parameter);

	return root_line(&host->root, path);
}

bool module_parameter_on(const struct host *host, const char *name, const char *parameter)
{
	auto_free char *path = text_format("/sys/module/%s/parameters/%s", name, parameter);

	return root_flag(&host->root, path);
}

bool module_same_name(const char *a, const char *b)
{
	while (*a && same_character(*a, *b))
		a++, b++;
	return *a == '\0' && *b == '\0';
}

bool module_is_name(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-";

	return *name && *name != '-' && strspn(name, plain) == strlen(name);
}

const char *module_of_processor(const struct host *host)
{
	const char *vendor = host->cpu.vendor;

	if (cpu_has(&host->cpu, "svm") || text_equal(vendor, "AuthenticAMD") ||
	    text_equal(vendor, "HygonGenuine"))
		return "kvm_amd";
	if (host_is_x86(host))
		return "kvm_intel";
	return host_is(host, "ppc64le") || host_is(host, "ppc64") ? "kvm_hv" : NULL;
}
