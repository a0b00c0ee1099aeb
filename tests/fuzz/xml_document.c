// SPDX-License-Identifier: GPL-3.0-or-later
// XML from a daemon or a file, searched by a path and an XPath that the first line gives.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "xml/document.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = text_copy_bytes((const char *)data, size);
	char *newline = strchr(text, '\n');
	auto_error struct error err = {0};
	auto_xml struct xml *xml = NULL;
	auto_list struct list found = {0};
	auto_free char *written = NULL;

	if (!newline)
		return 0;
	*newline = '\0';
	xml = xml_parse(newline + 1, "the input", &err);
	if (!xml)
		return 0;
	xml_select(xml, text, size % 2, &found, &err);
	written = xml_string(xml);
	return 0;
}
