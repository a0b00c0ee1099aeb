// SPDX-License-Identifier: GPL-3.0-or-later
// Which system a medium or a tree holds, and which one is near to one that is not known.
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/os.h"
#include "guest/os_database.h"
#include "xml/document.h"
#include "xml/path.h"

static bool fits(const char *pattern, const char *value)
{
	regex_t regex;
	bool matched;

	if (!value || regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return false;
	matched = regexec(&regex, value, 0, NULL, 0) == 0;
	regfree(&regex);
	return matched;
}

// All patterns below ELEMENT fit what the medium says; how many there are goes to *COUNT.
static bool all_fit(const struct xml_element *element, const struct os_medium *medium, int *count)
{
	const struct {
		const char *name, *value;
	} patterns[] = {
		{"volume-id", medium->volume},       {"system-id", medium->system},
		{"publisher-id", medium->publisher}, {"application-id", medium->application},
		{"family", medium->family},          {"variant", medium->variant},
		{"version", medium->version}};

	*count = 0;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		auto_free char *pattern = path_get(element, patterns[i].name);

		if (!pattern)
			continue;
		if (!fits(pattern, patterns[i].value))
			return false;
		(*count)++;
	}
	return *count > 0;
}

struct search {
	const struct os_medium *medium;
	char *id;
	int best; // patterns that fitted: the more, the surer
};

static void consider(struct search *search, const struct xml_element *os, const char *kind,
		     const char *part)
{
	for (struct xml_element *m = xml_child(os, kind); m; m = xml_next(m, kind)) {
		const struct xml_element *patterns = xml_child(m, part);
		int count;

		if (!patterns || !all_fit(patterns, search->medium, &count) ||
		    count <= search->best)
			continue;
		free(search->id);
		search->id = path_get(os, "@id");
		search->best = count;
	}
}

// Of a distribution's mirror: the name that a release goes by there.
static void consider_codename(struct search *search, const struct xml_element *os)
{
	auto_free char *name = path_get(os, "codename");

	if (!name || strcasecmp(name, search->medium->codename) != 0)
		return;
	free(search->id);
	search->id = path_get(os, "@id");
}

static bool consider_file(const char *content, void *data)
{
	struct search *search = data;
	bool tree = search->medium->family != NULL;
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = NULL;

	const char *mark = search->medium->codename ? "<codename>"
			   : tree                   ? "<treeinfo>"
						    : "<volume-id>";

	if (!strstr(content, mark))
		return false;
	xml = xml_parse(content, "a file of the database", &ignored);
	if (!xml)
		return false;
	if (search->medium->codename)
		consider_codename(search, xml_child(xml_root(xml), "os"));
	else if (tree)
		consider(search, xml_child(xml_root(xml), "os"), "tree", "treeinfo");
	else
		consider(search, xml_child(xml_root(xml), "os"), "media", "iso");
	return false;
}

char *os_detect(const struct os_medium *medium)
{
	struct search search = {.medium = medium};

	if (medium->family || medium->volume || medium->codename)
		free(os_database_look(consider_file, &search));
	return search.id;
}

// "debian12" is family "debian", version 12.
static double version_of(const char *name, size_t length)
{
	return strtod(name + length, NULL);
}

char *os_nearest(const char *name)
{
	size_t length = strcspn(name, "0123456789");
	auto_list struct list names = {0};
	const char *best = NULL;

	if (!length || !name[length])
		return NULL;
	os_names(&names);
	for (size_t i = 0; i < names.count; i++) {
		const char *other = names.items[i];
		bool closer;

		if (strncmp(other, name, length) != 0 || !isdigit((unsigned char)other[length]))
			continue;
		closer = !best ||
			 (version_of(other, length) <= version_of(name, length)
				  ? version_of(best, length) > version_of(name, length) ||
					    version_of(other, length) > version_of(best, length)
				  : version_of(best, length) > version_of(name, length) &&
					    version_of(other, length) < version_of(best, length));
		if (closer)
			best = other;
	}
	return text_copy(best);
}
