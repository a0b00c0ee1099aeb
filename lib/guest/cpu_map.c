// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/cpu_map.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/path.h"

static const char directory[] = "/usr/share/libvirt/cpu_map";
enum { FILE_MOST = 1024 * 1024, ANCESTORS_MOST = 8 };

static struct xml *load(const char *model)
{
	auto_error struct error ignored = {0};
	auto_free char *path = text_format("%s/x86_%s.xml", directory, model);
	auto_free char *text = NULL;

	if (strchr(model, '/'))
		return NULL;
	text = file_read(path, FILE_MOST, NULL, &ignored);
	return text ? xml_parse(text, path, &ignored) : NULL;
}

static bool lists(const struct xml_element *model, const char *feature)
{
	for (struct xml_element *f = xml_child(model, "feature"); f; f = xml_next(f, "feature")) {
		auto_free char *name = path_get(f, "@name");

		if (text_equal(name, feature))
			return true;
	}
	return false;
}

// A model may say that it is another one with more features.
bool cpu_map_has(const char *model, const char *feature)
{
	auto_free char *name = text_copy(model);

	for (int i = 0; name && i < ANCESTORS_MOST; i++) {
		auto_xml struct xml *xml = load(name);
		const struct xml_element *found = xml ? xml_child(xml_root(xml), "model") : NULL;

		if (!found)
			return i == 0 &&
			       ((text_equal(feature, "spec-ctrl") && text_ends(name, "-IBRS")) ||
				(text_equal(feature, "ibpb") && text_ends(name, "-IBPB")));
		if (lists(found, feature))
			return true;
		free(take(&name));
		name = path_get(found, "model/@name");
	}
	return false;
}
