// SPDX-License-Identifier: GPL-3.0-or-later
#include "xml/path.h"

#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/insert.h"

// One step of a path, taken apart.
struct step {
	char *name;
	long position;   // from 1
	char *attribute; // of [@attribute='value'], NULL without
	char *value;
};

static void step_clear(struct step *step)
{
	free(step->name);
	free(step->attribute);
	free(step->value);
}
#define auto_step __attribute__((cleanup(step_clear)))

// Reads the step at *PATH and moves behind it and its slash.
static struct step step_read(const char **path)
{
	size_t length = strcspn(*path, "/[");
	struct step step = {.name = text_copy_bytes(*path, length), .position = 1};
	const char *next = *path + length;

	if (text_begins(next, "[@")) {
		size_t name = strcspn(next + 2, "=");
		const char *value = next + 2 + name;
		char quote[] = "'";
		size_t end;

		value += *value == '=';
		if (*value)
			quote[0] = *value++;
		end = strcspn(value, quote);
		step.attribute = text_copy_bytes(next + 2, name);
		step.value = text_copy_bytes(value, end);
		next = value + end;
		next += *next == quote[0];
		next += *next == ']';
	} else if (*next == '[') {
		step.position = strtol(next + 1, (char **)&next, 10);
		next += *next == ']';
	}
	*path = *next == '/' ? next + 1 : next;
	return step;
}

static bool step_fits(const struct step *step, const struct xml_element *child)
{
	auto_free char *value = NULL;
	auto_free char *path = NULL;

	if (!step->attribute)
		return true;
	path = text_format("@%s", step->attribute);
	value = path_get(child, path);
	return text_equal(value, step->value);
}

// The child that STEP names; with CREATE it is made if need be.
static struct xml_element *step_take(struct xml_element *parent, const struct step *step,
				     bool create)
{
	struct xml_element *child = xml_child(parent, step->name);
	long position = 0;

	for (; child; child = xml_next(child, step->name))
		if (step_fits(step, child) && ++position == step->position)
			return child;
	if (!create)
		return NULL;
	for (; position < step->position; position++)
		child = xml_insert(parent, step->name);
	if (step->attribute) {
		auto_free char *path = text_format("@%s", step->attribute);

		path_set(child, path, step->value);
	}
	return child;
}

// Walks PATH up to its end or its attribute, whose name goes to *ATTRIBUTE.
static struct xml_element *walk(struct xml_element *element, const char *path, bool create,
				const char **attribute)
{
	*attribute = NULL;
	while (element && *path && !text_equal(path, ".")) {
		auto_step struct step step = {0};

		if (*path == '@') {
			*attribute = path + 1;
			break;
		}
		if (text_begins(path, "./")) {
			path += 2;
			continue;
		}
		step = step_read(&path);
		element = step_take(element, &step, create);
	}
	return element;
}

static struct xml_element *lend(const struct xml_element *element)
{
	return (struct xml_element *)element;
}

struct xml_element *path_find(const struct xml_element *element, const char *path)
{
	const char *attribute;

	return walk(lend(element), path, false, &attribute);
}

struct xml_element *path_create(struct xml_element *element, const char *path)
{
	const char *attribute;

	return walk(element, path, true, &attribute);
}

struct xml_element *path_create_with(struct xml_element *element, const char *name,
				     const char *attribute, const char *value)
{
	auto_step struct step step = {text_copy(name), 1, text_copy(attribute), text_copy(value)};

	return step_take(element, &step, true);
}

static char *copied(xmlChar *value)
{
	char *copy = text_copy((const char *)value);

	xmlFree(value);
	return copy;
}

char *path_get(const struct xml_element *element, const char *path)
{
	const char *attribute;
	struct xml_element *found = walk(lend(element), path, false, &attribute);

	if (!found)
		return NULL;
	if (attribute)
		return copied(xmlGetProp((xmlNodePtr)found, BAD_CAST attribute));
	return copied(xmlNodeGetContent((xmlNodePtr)found));
}

bool path_has(const struct xml_element *element, const char *path)
{
	const char *attribute;
	struct xml_element *found = walk(lend(element), path, false, &attribute);

	return found && (!attribute || xmlHasProp((xmlNodePtr)found, BAD_CAST attribute));
}

static void remove_text(xmlNodePtr node)
{
	xmlNodePtr next;

	for (xmlNodePtr n = node->children; n; n = next) {
		next = n->next;
		if (n->type != XML_TEXT_NODE && n->type != XML_CDATA_SECTION_NODE)
			continue;
		xmlUnlinkNode(n);
		xmlFreeNode(n);
	}
}

// The text of the element alone: its children stay.
static void set_text(xmlNodePtr node, const char *value)
{
	xmlNodePtr text = xmlNewDocText(node->doc, BAD_CAST value);

	remove_text(node);
	if (node->children)
		xmlAddPrevSibling(node->children, text);
	else
		xmlAddChild(node, text);
}

void path_set(struct xml_element *element, const char *path, const char *value)
{
	const char *attribute;
	struct xml_element *found = walk(element, path, true, &attribute);

	if (attribute) {
		xmlSetProp((xmlNodePtr)found, BAD_CAST attribute, BAD_CAST value);
		return;
	}
	set_text((xmlNodePtr)found, value);
}

void path_remove(struct xml_element *element, const char *path)
{
	const char *attribute;
	struct xml_element *found = walk(element, path, false, &attribute);

	if (!found)
		return;
	if (attribute)
		xmlUnsetProp((xmlNodePtr)found, BAD_CAST attribute);
	else
		xml_remove(found);
}

void path_remove_all(struct xml_element *element, const char *path)
{
	struct xml_element *found;

	while ((found = path_find(element, path)))
		xml_remove(found);
}

void path_clear(struct xml_element *element, const char *path)
{
	const char *attribute;
	struct xml_element *found = walk(element, path, false, &attribute);

	if (!found)
		return;
	if (attribute)
		xmlUnsetProp((xmlNodePtr)found, BAD_CAST attribute);
	else
		remove_text((xmlNodePtr)found);
	while (found != element && xml_is_empty(found)) {
		struct xml_element *parent = xml_parent(found);

		xml_remove(found);
		found = parent;
	}
}
