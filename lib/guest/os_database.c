// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/os_database.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "xml/document.h"

enum { FILE_MOST = 1024 * 1024 };

// The directories, the one that wins first (libosinfo's own rules).
static struct list directories(void)
{
	static const struct {
		const char *variable, *directory; // NULL: below the user's configuration
	} places[] = {{"OSINFO_USER_DIR", NULL},
		      {"OSINFO_LOCAL_DIR", "/etc/osinfo"},
		      {"OSINFO_SYSTEM_DIR", "/usr/share/osinfo"}};
	const char *configuration = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct list found = {0};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const char *given = getenv(places[i].variable);

		if (given && *given)
			list_add(&found, given);
		else if (places[i].directory)
			list_add(&found, places[i].directory);
		else if (configuration && *configuration)
			list_add_format(&found, "%s/osinfo", configuration);
		else if (home)
			list_add_format(&found, "%s/.config/osinfo", home);
	}
	return found;
}

bool os_database_exists(void)
{
	auto_list struct list all = directories();

	for (size_t i = 0; i < all.count; i++)
		if (file_is_directory(all.items[i]))
			return true;
	return false;
}

char *os_database_path(const char *id)
{
	auto_list struct list all = directories();
	const char *host = strstr(id, "://");
	auto_free char *rest = text_copy(host ? host + 3 : id);
	char *slash = strchr(rest, '/');

	if (!slash || strstr(rest, ".."))
		return NULL;
	for (char *c = slash + 1; *c; c++)
		if (*c == '/')
			*c = '-';
	for (size_t i = 0; i < all.count; i++) {
		auto_free char *path = text_format("%s/os/%s.xml", all.items[i], rest);

		if (file_exists(path))
			return take(&path);
	}
	return NULL;
}

// The same in one directory of a vendor.
static char *look_in(const char *directory, bool (*look)(const char *, void *), void *data)
{
	DIR *files = opendir(directory);
	struct dirent *file;
	char *found = NULL;

	while (files && !found && (file = readdir(files))) {
		auto_error struct error ignored = {0};
		auto_free char *name = text_format("%s/%s", directory, file->d_name);
		auto_free char *content = NULL;

		if (!text_ends(name, ".xml"))
			continue;
		content = file_read(name, FILE_MOST, NULL, &ignored);
		if (content && look(content, data))
			found = take(&name);
	}
	if (files)
		closedir(files);
	return found;
}

char *os_database_look(bool (*look)(const char *content, void *data), void *data)
{
	auto_list struct list all = directories();
	char *found = NULL;

	for (size_t i = 0; i < all.count && !found; i++) {
		auto_free char *top = text_format("%s/os", all.items[i]);
		DIR *vendors = opendir(top);
		struct dirent *vendor;

		if (!vendors)
			continue;
		while (!found && (vendor = readdir(vendors))) {
			auto_free char *path = text_format("%s/%s", top, vendor->d_name);

			if (*vendor->d_name != '.')
				found = look_in(path, look, data);
		}
		closedir(vendors);
	}
	return found;
}

struct xml *os_database_load(const char *path)
{
	auto_error struct error ignored = {0};
	auto_free char *content = file_read(path, FILE_MOST, NULL, &ignored);

	return content ? xml_parse(content, path, &ignored) : NULL;
}
