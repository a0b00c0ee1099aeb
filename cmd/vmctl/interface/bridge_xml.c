// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/interface/bridge_xml.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/path.h"

struct identity {
	char *name, *type; // owned
};

static void identity_clear(struct identity *identity)
{
	free(identity->name);
	free(identity->type);
}
#define auto_identity __attribute__((cleanup(identity_clear)))

static int read_identity(const struct xml_element *interface, struct identity *identity,
			 struct error *err)
{
	identity->name = path_get(interface, "@name");
	identity->type = path_get(interface, "@type");
	if (!identity->name)
		return error_set(err, STATUS_FAILED,
				 "the definition has an interface without a name");
	if (!identity->type)
		return error_set(err, STATUS_FAILED, "the definition of interface %s has no type",
				 identity->name);
	return 0;
}

static void set_identity(struct xml_element *interface, const char *name, const char *type)
{
	path_set(interface, "@type", type);
	path_set(interface, "@name", name);
}

// What belongs to the device itself and not to what stands above it.
static void move_device(struct xml_element *from, struct xml_element *to)
{
	static const char *const names[] = {"mac", "bond", "vlan", NULL};
	struct xml_element *next;

	for (struct xml_element *child = xml_child(from, NULL); child; child = next) {
		next = xml_next(child, NULL);
		for (const char *const *name = names; *name; name++)
			if (text_equal(xml_name(child), *name)) {
				xml_move(child, to);
				break;
			}
	}
}

int bridge_put_around(struct xml *xml, const struct bridge *wanted, struct error *err)
{
	struct xml_element *root = xml_root(xml), *bridge, *inner;
	auto_identity struct identity own = {0};
	auto_free char *delay = text_format("%lld", wanted->delay);

	if (read_identity(root, &own, err) < 0)
		return -1;
	if (text_equal(own.type, "bridge"))
		return error_set(err, STATUS_CONFLICT, "Existing device %s is already a bridge",
				 own.name);
	bridge = xml_append(root, "bridge");
	path_set(bridge, "@stp", wanted->stp ? "on" : "off");
	if (wanted->stp)
		path_set(bridge, "@delay", delay);
	set_identity(root, wanted->name, "bridge");
	inner = xml_append(bridge, "interface");
	set_identity(inner, own.name, own.type);
	move_device(root, inner);
	return 0;
}

char *bridge_take_out(struct xml *xml, struct error *err)
{
	struct xml_element *root = xml_root(xml), *bridge = xml_child(root, "bridge");
	struct xml_element *inner = bridge ? xml_child(bridge, "interface") : NULL;
	auto_identity struct identity own = {0}, within = {0};
	const char *fault = NULL;

	if (read_identity(root, &own, err) < 0)
		return NULL;
	if (!text_equal(own.type, "bridge"))
		fault = "is not a bridge";
	else if (!inner)
		fault = "has no interface attached";
	else if (xml_next(inner, "interface"))
		fault = "has several interfaces attached";
	if (fault) {
		error_set(err, STATUS_CONFLICT, "Device %s %s", own.name, fault);
		return NULL;
	}
	if (read_identity(inner, &within, err) < 0)
		return NULL;
	set_identity(root, within.name, within.type);
	move_device(inner, root);
	xml_remove(bridge);
	return take(&within.name);
}
