// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/flat.h"

#include <dlfcn.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"

// clang-format off
#define CALLS(call_) \
	call_(xmlReadMemory) call_(xmlFreeDoc) call_(xmlDocGetRootElement) call_(xmlNodeGetContent)
// clang-format on

struct library {
	void *handle;
#define MEMBER(name_) __typeof__(name_) *name_;
	CALLS(MEMBER)
};

static int library_open(struct library *library, struct error *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} calls[] = {
#define ROW(name_) {#name_, offsetof(struct library, name_)},
		CALLS(ROW)};

	library->handle = dlopen("libxml2.so.2", RTLD_NOW | RTLD_LOCAL);
	if (!library->handle)
		library->handle = dlopen("libxml2.so.16", RTLD_NOW | RTLD_LOCAL);
	if (!library->handle) {
		error_set(err, STATUS_NOT_FOUND, "XML cannot be read: libxml2 is missing");
		return error_hint(err, "install it: Debian calls it libxml2");
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		void *address = dlsym(library->handle, calls[i].name);

		if (!address) {
			dlclose(library->handle);
			return error_set(err, STATUS_FAILED, "libxml2 has no %s()", calls[i].name);
		}
		memcpy((char *)library + calls[i].offset, &address, sizeof(address));
	}
	return 0;
}

static bool is_element(const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE;
}

// Which one of its name among its siblings.
static unsigned place(const xmlNode *node)
{
	unsigned number = 1;

	for (const xmlNode *before = node->prev; before; before = before->prev)
		number += is_element(before) &&
			  strcmp((const char *)before->name, (const char *)node->name) == 0;
	return number;
}

static void add(struct flat *flat, const char *path, const char *value)
{
	list_add(&flat->paths, path);
	list_add(&flat->values, value);
}

static void add_attributes(struct flat *flat, const struct library *library, const char *path,
			   const xmlNode *node)
{
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
		auto_free char *name = text_format("%s@%s", path, (const char *)attribute->name);
		xmlChar *value = library->xmlNodeGetContent((const xmlNode *)attribute);

		add(flat, name, value ? (const char *)value : "");
		free(value);
	}
}

enum { DEEPEST = 64 };

static void add_element(struct flat *flat, const struct library *library, const char *above,
			const xmlNode *node, int depth)
{
	auto_free char *path =
		text_format("%s/%s[%u]", above, (const char *)node->name, place(node));
	bool leaf = true;

	add_attributes(flat, library, path, node);
	for (const xmlNode *child = node->children; child; child = child->next)
		if (is_element(child) && depth < DEEPEST) {
			add_element(flat, library, path, child, depth + 1);
			leaf = false;
		}
	if (leaf) {
		xmlChar *content = library->xmlNodeGetContent(node);

		add(flat, path, content ? text_strip((char *)content) : "");
		free(content);
	} else {
		add(flat, path, "");
	}
}

int flat_read(struct flat *flat, const char *text, const char *what, struct error *err)
{
	enum { OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING };
	struct library library = {0};
	xmlDoc *document;
	bool failed;

	if (library_open(&library, err) < 0)
		return -1;
	// NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): library_open() has found it
	document = library.xmlReadMemory(text, (int)strlen(text), "domain.xml", NULL, OPTIONS);
	if (!document)
		return error_set(err, STATUS_USAGE, "%s is not well-formed XML", what);
	// Entities could make a small document endless.
	if (document->intSubset)
		error_set(err, STATUS_USAGE,
			  "%s has a document type declaration, which is not read", what);
	else
		add_element(flat, &library, "", library.xmlDocGetRootElement(document), 0);
	failed = document->intSubset != NULL;
	library.xmlFreeDoc(document);
	return failed ? -1 : 0;
}

// "/domain/os/type" becomes "/domain[1]/os[1]/type[1]"; what has a number keeps it.
static char *numbered(const char *path)
{
	struct text text = {0};

	while (*path) {
		size_t length = strcspn(path + 1, "/@") + 1;

		text_append_bytes(&text, path, length);
		if (*path == '/' && path[length - 1] != ']')
			text_append(&text, "[1]");
		path += length;
	}
	return text_take(&text);
}

const char *flat_get(const struct flat *flat, const char *path)
{
	auto_free char *wanted = numbered(path);

	for (size_t i = 0; i < flat->paths.count; i++)
		if (text_equal(flat->paths.items[i], wanted))
			return flat->values.items[i];
	return NULL;
}

size_t flat_count(const struct flat *flat, const char *path)
{
	size_t count = 0;

	for (;; count++) {
		auto_free char *next = text_format("%s[%zu]", path, count + 1);

		if (!flat_get(flat, next))
			return count;
	}
}

void flat_clear(struct flat *flat)
{
	list_clear(&flat->paths);
	list_clear(&flat->values);
}
