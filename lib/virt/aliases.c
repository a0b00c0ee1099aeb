// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/aliases.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "virt/connection.h"

#define SETTING "uri_aliases"
#define BLANKS " \t\r\n"

enum { FILE_MOST = 1024 * 1024 }; // bytes

// What begins behind blanks and comments at C.
static const char *skip(const char *c)
{
	for (;;) {
		c += strspn(c, BLANKS);
		if (*c != '#')
			return c;
		c += strcspn(c, "\n");
	}
}

// The line of the setting, behind its name; NULL where there is none.
static const char *find_setting(const char *content)
{
	for (const char *line = content; *line;
	     line += strcspn(line, "\n"), line += *line != '\0') {
		const char *name = line + strspn(line, " \t");

		if (text_begins(name, SETTING) && strchr(BLANKS "=", name[strlen(SETTING)]))
			return name + strlen(SETTING);
	}
	return NULL;
}

void aliases_parse(const char *content, struct list *names)
{
	const char *c = find_setting(content);

	c = c ? skip(c) : "";
	if (*c != '=')
		return;
	c = skip(c + 1);
	if (*c != '[')
		return;
	for (c = skip(c + 1); *c == '"' || *c == '\''; c = skip(c)) {
		const char quote[] = {*c, '\n', '\0'};
		size_t length = strcspn(c + 1, quote);
		auto_free char *entry = text_copy_bytes(c + 1, length);
		char *equals = strchr(entry, '=');

		if (c[1 + length] != *quote)
			return;
		if (equals && equals != entry) {
			*equals = '\0';
			list_add(names, entry);
		}
		c = skip(c + length + 2);
		c += *c == ',';
	}
}

void aliases_names(struct list *names)
{
	auto_error struct error ignored = {0};
	auto_free char *path = connection_configuration();
	auto_free char *content =
		file_exists(path) ? file_read(path, FILE_MOST, NULL, &ignored) : NULL;

	if (content)
		aliases_parse(content, names);
}
