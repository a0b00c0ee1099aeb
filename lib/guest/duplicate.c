// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/duplicate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/identity.h"
#include "xml/document.h"
#include "xml/path.h"

enum {
	SUFFIX_MOST = 7,
	NUMBER_MOST = 1000000000
}; // what is longer behind a dot is no suffix of a file

// How a free name is told.
struct look {
	duplicate_taken taken;
	void *data;
};

// BASE, BASE-1, ...: from NUMBER on, 0 for the one without.
static char *first_free(const char *base, const char *separator, const char *suffix,
			long long number, const struct look *look)
{
	for (;; number++) {
		auto_free char *name =
			number ? text_format("%s%s%lld%s", base, separator, number, suffix)
			       : text_format("%s%s", base, suffix);

		if (!look->taken || !look->taken(look->data, name))
			return take(&name);
	}
}

char *duplicate_name(const char *original, duplicate_taken taken, void *data)
{
	static const char mark[] = "-clone";
	const struct look look = {taken, data};
	size_t end = strlen(original);
	auto_error struct error ignored = {0};
	auto_free char *base = NULL;
	long long number = 0;

	// The clone of web-clone is web-clone1, that of web-clone5 is web-clone6.
	while (end > 0 && isdigit((unsigned char)original[end - 1]))
		end--;
	if (number_parse(original + end, 0, NUMBER_MOST, &number, &ignored) < 0)
		number = 0;
	if (end >= strlen(mark) &&
	    strncmp(original + end - strlen(mark), mark, strlen(mark)) == 0) {
		base = text_copy_bytes(original, end);
		return first_free(base, "", "", number + 1, &look);
	}
	base = text_format("%s%s", original, mark);
	return first_free(base, "", "", 0, &look);
}

char *duplicate_path(const char *path, const char *original, const char *name,
		     duplicate_taken taken, void *data)
{
	const struct look look = {taken, data};
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	const char *dot = strrchr(file, '.');
	const char *suffix = dot && strlen(dot + 1) <= SUFFIX_MOST ? dot : "";
	auto_free char *stem = text_copy_bytes(file, strlen(file) - strlen(suffix));
	auto_free char *base =
		text_equal(stem, original)
			? text_format("%.*s%s", (int)(file - path), path, name)
			: text_format("%.*s%s-clone", (int)(file - path), path, stem);

	return first_free(base, "-", suffix, 0, &look);
}

static void set_uuid(struct xml_element *domain, const char *uuid)
{
	path_set(domain, "uuid", uuid);
	for (struct xml_element *s = xml_child(domain, "sysinfo"); s; s = xml_next(s, "sysinfo"))
		if (path_has(s, "system/entry[@name='uuid']"))
			path_set(s, "system/entry[@name='uuid']", uuid);
	// Windows takes a new one for the sign that it was cloned.
	if (path_has(domain, "genid")) {
		auto_free char *genid = identity_uuid();

		path_set(domain, "genid", genid);
	}
}

// Ports that are fixed would keep the two from running side by side.
static void free_ports(struct xml_element *graphics, struct list *notes)
{
	static const char *const ports[] = {"@port", "@tlsPort", "@websocket"};
	bool fixed = false;

	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		auto_free char *port = path_get(graphics, ports[i]);

		if (!port || *port == '-' || text_equal(port, "0"))
			continue;
		path_set(graphics, ports[i], "-1");
		fixed = true;
	}
	if (!fixed)
		return;
	path_remove(graphics, "@autoport");
	list_add(notes, "the port of its display is chosen when it starts: the original has a "
			"fixed one");
}

static void set_macs(struct xml_element *devices, const struct duplicate *duplicate)
{
	size_t next = 0;

	for (struct xml_element *i = xml_child(devices, "interface"); i;
	     i = xml_next(i, "interface")) {
		bool given = duplicate->macs && next < duplicate->macs->count;
		auto_free char *mac = given ? text_copy(duplicate->macs->items[next++])
					    : identity_mac(duplicate->scheme);

		// libvirt writes the address first.
		if (!path_has(i, "mac") && xml_child(i, NULL))
			xml_insert_before(xml_child(i, NULL), "mac");
		path_set(i, "mac/@address", mac);
		if (path_has(i, "target/@dev"))
			path_clear(i, "target/@dev");
	}
}

// libvirt makes the socket of an agent at a path of its own, which has the name of the guest.
static void free_channels(struct xml_element *devices)
{
	for (struct xml_element *c = xml_child(devices, "channel"); c; c = xml_next(c, "channel")) {
		auto_free char *type = path_get(c, "@type");
		auto_free char *name = path_get(c, "target/@name");
		auto_free char *path = path_get(c, "source/@path");

		if (text_equal(type, "unix") && name && path && strstr(path, name))
			path_remove(c, "source/@path");
	}
}

// A second guest would write over what the first one says.
static void move_logs(struct xml_element *devices, const char *kind, const char *original,
		      const char *name)
{
	for (struct xml_element *s = xml_child(devices, kind); s; s = xml_next(s, kind)) {
		auto_free char *type = path_get(s, "@type");
		auto_free char *path = path_get(s, "source/@path"), *other = NULL;

		if (!text_equal(type, "file") || !path)
			continue;
		other = duplicate_path(path, original, name, NULL, NULL);
		path_set(s, "source/@path", other);
	}
}

static void free_vsock(struct xml_element *devices, struct list *notes)
{
	struct xml_element *vsock = xml_child(devices, "vsock");
	auto_free char *chosen = vsock ? path_get(vsock, "cid/@auto") : NULL;

	if (!vsock || text_equal(chosen, "yes") || !path_has(vsock, "cid/@address"))
		return;
	path_remove(vsock, "cid/@address");
	path_set(vsock, "cid/@auto", "yes");
	list_add(notes, "its vsock number is chosen when it starts: the original has a fixed one");
}

// What stays one thing for both.
static void note_shared(const struct xml_element *devices, struct list *notes)
{
	static const struct {
		const char *name, *path, *note;
	} shared[] = {
		{"hostdev", "source",
		 "it has the same device of the host: only one of both can run"},
		{"filesystem", "source", "it has the same directory of the host"},
		{"memory", "source/path",
		 "it has the same file for its persistent memory: only one "
		 "of both should run"},
		{"shmem", "@name", "it is in the same shared memory"},
		{"tpm", "backend[@type='emulator']",
		 "its TPM is a new one: what the original has sealed there cannot be opened"},
		{"lease", "key", "it has the same lease: only one of both can run"},
	};

	for (size_t i = 0; i < sizeof(shared) / sizeof(*shared); i++)
		for (struct xml_element *e = xml_child(devices, shared[i].name); e;
		     e = xml_next(e, shared[i].name))
			if (path_has(e, shared[i].path) && !list_has(notes, shared[i].note))
				list_add(notes, shared[i].note);
}

void duplicate_identity(struct xml_element *domain, const struct duplicate *duplicate,
			struct list *notes)
{
	struct xml_element *devices = path_create(domain, "devices");
	auto_free char *original = path_get(domain, "name");
	auto_free char *uuid = duplicate->uuid ? text_copy(duplicate->uuid) : identity_uuid();

	path_remove(domain, "@id");
	path_remove(domain, "title");
	path_set(domain, "name", duplicate->name);
	set_uuid(domain, uuid);
	for (struct xml_element *g = xml_child(devices, "graphics"); g; g = xml_next(g, "graphics"))
		free_ports(g, notes);
	set_macs(devices, duplicate);
	free_channels(devices);
	move_logs(devices, "serial", original, duplicate->name);
	move_logs(devices, "console", original, duplicate->name);
	free_vsock(devices, notes);
	note_shared(devices, notes);
}
