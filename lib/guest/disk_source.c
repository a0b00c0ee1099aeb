// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/disk.h"
#include "xml/document.h"
#include "xml/path.h"

void disk_source_read(const struct xml_element *disk, struct disk_source *source)
{
	static const char *const paths[] = {"source/@file", "source/@dev", "source/@dir"};
	static const char *const types[] = {"file", "block", "dir"};

	*source = (struct disk_source){.type = path_get(disk, "@type"),
				       .pool = path_get(disk, "source/@pool"),
				       .volume = path_get(disk, "source/@volume"),
				       .protocol = path_get(disk, "source/@protocol")};
	for (int i = 0; i < 3 && !source->path; i++) {
		source->path = path_get(disk, paths[i]);
		if (source->path && !source->type)
			source->type = text_copy(types[i]);
	}
	if (!source->type && source->pool)
		source->type = text_copy("volume");
	if (!source->type && source->protocol)
		source->type = text_copy("network");
}

void disk_source_clear(struct disk_source *source)
{
	free(source->type);
	free(source->path);
	free(source->pool);
	free(source->volume);
	free(source->protocol);
}

void disk_source_set(struct xml_element *disk, const char *path, const char *type)
{
	static const char *const attributes[] = {"file", "dev", "dir", "pool", "volume"};
	const char *attribute = text_equal(type, "block") ? "dev"
				: text_equal(type, "dir") ? "dir"
							  : "file";
	auto_free char *place = text_format("source/@%s", attribute);

	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		auto_free char *old = text_format("source/@%s", attributes[i]);

		if (path_has(disk, old))
			path_remove(disk, old); // its element stays where it is
	}
	path_set(disk, place, path);
	if (type)
		path_set(disk, "@type", type);
}

// HOST, HOST:PORT, [IPV6]:PORT
static void set_host(struct xml_element *disk, const char *authority)
{
	const char *bracket = strchr(authority, ']'), *colon = strrchr(authority, ':');
	size_t length;
	auto_free char *name = NULL;

	if (colon && colon < (bracket ? bracket : authority))
		colon = NULL;
	length = colon ? (size_t)(colon - authority) : strlen(authority);
	name = *authority == '[' && bracket
		       ? text_copy_bytes(authority + 1, (size_t)(bracket - authority) - 1)
		       : text_copy_bytes(authority, length);
	if (*name)
		path_set(disk, "source/host/@name", name);
	if (colon && colon[1])
		path_set(disk, "source/host/@port", colon + 1);
}

bool disk_source_set_url(struct xml_element *disk, const char *url)
{
	const char *rest = strstr(url, "://");
	auto_free char *scheme = rest ? text_copy_bytes(url, (size_t)(rest - url)) : NULL;
	char *plus = scheme ? strchr(scheme, '+') : NULL;
	size_t host_length;
	auto_free char *host = NULL, *path = NULL;
	char *query;

	if (!rest)
		return false;
	rest += 3;
	host_length = strcspn(rest, "/");
	host = text_copy_bytes(rest, host_length);
	path = text_copy(rest + host_length);
	query = strchr(path, '?');
	if (plus)
		*plus = '\0';
	path_set(disk, "@type", "network");
	path_set(disk, "source/@protocol", scheme);
	if (plus)
		path_set(disk, "source/host/@transport", plus + 1);
	set_host(disk, host);
	if (plus && text_equal(plus + 1, "unix")) {
		path_set(disk, "source/host/@socket", path);
		return true;
	}
	if (query) {
		path_set(disk, "source/@query", query + 1);
		*query = '\0';
	}
	if (path[0] && path[1])
		path_set(disk, "source/@name", path + 1);
	return true;
}
