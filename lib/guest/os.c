// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/os.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/suggest.h"
#include "guest/os_database.h"
#include "xml/document.h"
#include "xml/path.h"

enum { ANCESTORS_MOST = 32 }; // against a loop in the database

struct os {
	char *short_id;
	char *id;
	bool generic_linux;                // known without the database: a Linux with all of virtio
	struct xml *chain[ANCESTORS_MOST]; // its own file, its parent's, ...
	int length;
};

void os_free(struct os *os)
{
	if (!os)
		return;
	for (int i = 0; i < os->length; i++)
		xml_free(os->chain[i]);
	free(os->short_id);
	free(os->id);
	free(os);
}

void os_cleanup(struct os **os)
{
	os_free(*os);
}

static bool has_text(const char *content, void *data)
{
	return strstr(content, data);
}

// Adds every <short-id> of the file, without parsing the rest.
static bool add_short_ids(const char *content, void *data)
{
	static const char tag[] = "<short-id>";

	while ((content = strstr(content, tag))) {
		content += sizeof(tag) - 1;
		list_add_owned(data, text_copy_bytes(content, strcspn(content, "<")));
	}
	return false;
}

// The files of those that a system inherits from; there may be several.
static void add_parents(const struct xml *xml, const char *relation, struct list *paths)
{
	const struct xml_element *os = xml_child(xml_root(xml), "os");

	for (struct xml_element *p = xml_child(os, relation); p; p = xml_next(p, relation)) {
		auto_free char *id = path_get(p, "@id");
		auto_free char *path = id ? os_database_path(id) : NULL;

		if (path && !list_has(paths, path))
			list_add(paths, path);
	}
}

// Loads the file at PATH and those it inherits from, the nearest first.
static void load_chain(struct os *os, const char *path)
{
	auto_list struct list paths = {0};

	list_add(&paths, path);
	for (size_t i = 0; i < paths.count && os->length < ANCESTORS_MOST; i++) {
		struct xml *xml = os_database_load(paths.items[i]);

		if (!xml)
			continue;
		os->chain[os->length++] = xml;
		add_parents(xml, "derives-from", &paths);
		add_parents(xml, "clones", &paths);
	}
}

// The database's own names of systems that are no particular distribution.
static const struct {
	const char *short_id, *id;
} generic_linux[] = {
	{"linux2022", "http://libosinfo.org/linux/2022"},
	{"linux2020", "http://libosinfo.org/linux/2020"},
	{"linux2018", "http://libosinfo.org/linux/2018"},
	{"linux2016", "http://libosinfo.org/linux/2016"},
};

static struct os *os_new(const char *short_id, const char *id)
{
	struct os *os = memory_new(1, sizeof(*os));

	os->short_id = text_copy(short_id);
	os->id = text_copy(id);
	return os;
}

static struct os *find_generic(const char *name)
{
	struct os *os;

	if (text_equal(name, "generic"))
		return os_new("generic", NULL);
	for (size_t i = 0; i < sizeof(generic_linux) / sizeof(*generic_linux); i++) {
		if (!text_equal(name, generic_linux[i].short_id) &&
		    !text_equal(name, generic_linux[i].id))
			continue;
		os = os_new(generic_linux[i].short_id, generic_linux[i].id);
		os->generic_linux = true;
		return os;
	}
	return NULL;
}

static void hint_at_close_name(const char *name, struct error *err)
{
	auto_list struct list names = {0};
	auto_free char *near = NULL;
	const char *close;

	if (!os_database_exists()) {
		error_hint(err, "apt install osinfo-db brings a list; --osinfo linux2022 is known "
				"without it");
		return;
	}
	near = os_nearest(name);
	if (near) {
		error_hint(err,
			   "the nearest that is known is '%s': --osinfo %s, or --osinfo "
			   "%s,fallback=on for whatever is nearest; the package osinfo-db "
			   "brings newer ones",
			   near, near, name);
		return;
	}
	os_names(&names);
	close = suggest_name(&names, name);
	error_hint(err, "%s%s%svm-install --osinfo list names those that are",
		   close ? "did you mean '" : "", close ? close : "", close ? "'? " : "");
}

struct os *os_find(const char *name, struct error *err)
{
	auto_free char *tag = text_format("<short-id>%s</short-id>", name);
	auto_free char *path =
		strstr(name, "://") ? os_database_path(name) : os_database_look(has_text, tag);
	struct os *os = find_generic(name);

	if (!os && (!path || !file_exists(path))) {
		error_set(err, STATUS_NOT_FOUND, "the operating system '%s' is not known", name);
		hint_at_close_name(name, err);
		return NULL;
	}
	if (!os)
		os = os_new(NULL, NULL);
	if (path)
		load_chain(os, path);
	if (!os->short_id && os->length)
		os->short_id = path_get(xml_root(os->chain[0]), "os/short-id");
	if (!os->id && os->length)
		os->id = path_get(xml_root(os->chain[0]), "os/@id");
	return os;
}

void os_names(struct list *names)
{
	free(os_database_look(add_short_ids, names));

	for (size_t i = 0; i < sizeof(generic_linux) / sizeof(*generic_linux); i++)
		if (!list_has(names, generic_linux[i].short_id))
			list_add(names, generic_linux[i].short_id);
	if (!list_has(names, "generic"))
		list_add(names, "generic");
	list_sort(names);
}

const char *os_short_id(const struct os *os)
{
	return os->short_id;
}

const char *os_id(const struct os *os)
{
	return os->id;
}

static bool is_of_family(const struct os *os, const char *family, const char *other)
{
	for (int i = 0; i < os->length; i++) {
		auto_free char *own = path_get(xml_root(os->chain[i]), "os/family");

		if (own)
			return text_equal(own, family) || text_equal(own, other);
	}
	return false;
}

bool os_is_windows(const struct os *os)
{
	return is_of_family(os, "winnt", "win9x");
}

unsigned long os_version(const struct os *os)
{
	auto_free char *version =
		os->length ? path_get(xml_root(os->chain[0]), "os/version") : NULL;

	return version ? strtoul(version, NULL, 10) : 0;
}

bool os_is_solaris(const struct os *os)
{
	return is_of_family(os, "solaris", "solaris");
}

// 1 or 0 where the file says whether it boots so, -1 where it does not mention it.
static int says_of_firmware(const struct xml *xml, const char *architecture, const char *type)
{
	const struct xml_element *os = xml_child(xml_root(xml), "os");

	for (struct xml_element *f = xml_child(os, "firmware"); f; f = xml_next(f, "firmware")) {
		auto_free char *arch = path_get(f, "@arch"), *own = path_get(f, "@type");
		auto_free char *supported = path_get(f, "@supported");

		if (text_equal(arch, architecture) && text_equal(own, type))
			return !text_equal(supported, "false");
	}
	return -1;
}

bool os_has_firmware(const struct os *os, const char *architecture, const char *type)
{
	for (int i = 0; i < os->length; i++) {
		int said = says_of_firmware(os->chain[i], architecture, type);

		if (said >= 0)
			return said;
	}
	return text_equal(type, "bios");
}

// The database calls devices by these; a system drives one if it drives either.
static const struct {
	const char *first, *second;
} device_ids[] = {
	[OS_VIRTIO_NETWORK] = {"http://pcisig.com/pci/1af4/1000",
			       "http://pcisig.com/pci/1af4/1041"},
	[OS_VIRTIO_BLOCK] = {"http://pcisig.com/pci/1af4/1001", "http://pcisig.com/pci/1af4/1042"},
	[OS_VIRTIO_SCSI] = {"http://pcisig.com/pci/1af4/1004", "http://pcisig.com/pci/1af4/1048"},
	[OS_VIRTIO_SERIAL] = {"http://pcisig.com/pci/1af4/1003", "http://pcisig.com/pci/1af4/1043"},
	[OS_VIRTIO_RNG] = {"http://pcisig.com/pci/1af4/1005", "http://pcisig.com/pci/1af4/1044"},
	[OS_VIRTIO_BALLOON] = {"http://pcisig.com/pci/1af4/1002",
			       "http://pcisig.com/pci/1af4/1045"},
	[OS_VIRTIO_GPU] = {"http://pcisig.com/pci/1af4/1050", NULL},
	[OS_VIRTIO_1_NETWORK] = {"http://pcisig.com/pci/1af4/1041", NULL},
	[OS_XHCI] = {"http://pcisig.com/pci/1b36/0004", NULL},
	[OS_E1000] = {"http://pcisig.com/pci/8086/100e", NULL},
	[OS_RTL8139] = {"http://pcisig.com/pci/10ec/8139", NULL},
	[OS_NE2K_PCI] = {"http://pcisig.com/pci/10ec/8029", NULL},
	[OS_PCNET] = {"http://pcisig.com/pci/1022/2000", NULL},
	[OS_VIRTIO_INPUT] = {"http://pcisig.com/pci/1af4/1052", NULL},
	[OS_Q35] = {"http://qemu.org/chipset/x86/q35", NULL},
};

// 1 or 0 where the file says whether the device is driven, -1 where it does not mention it.
static int says_of_device(const struct xml *xml, const char *id)
{
	const struct xml_element *devices = path_find(xml_root(xml), "os/devices");

	for (struct xml_element *d = xml_child(devices, "device"); d; d = xml_next(d, "device")) {
		auto_free char *device = path_get(d, "@id"), *supported = path_get(d, "@supported");

		if (text_equal(device, id))
			return !text_equal(supported, "false");
	}
	return -1;
}

static bool drives(const struct os *os, const char *id)
{
	for (int i = 0; id && i < os->length; i++) {
		int said = says_of_device(os->chain[i], id);

		if (said >= 0)
			return said;
	}
	return false;
}

bool os_supports(const struct os *os, enum os_device device)
{
	if (os->length == 0)
		return os->generic_linux;
	return drives(os, device_ids[device].first) || drives(os, device_ids[device].second);
}

static unsigned long long number_at(const struct xml_element *resources, const char *path)
{
	auto_error struct error ignored = {0};
	auto_free char *text = path_get(resources, path);
	long long number = 0;

	if (text)
		number_parse(text_strip(text), 0, 1LL << 60, &number, &ignored);
	return (unsigned long long)number;
}

static const struct {
	const char *recommended, *least;
} resource_paths[] = {
	[OS_MEMORY] = {"recommended/ram", "minimum/ram"},
	[OS_CPUS] = {"recommended/n-cpus", "minimum/n-cpus"},
	[OS_STORAGE] = {"recommended/storage", "minimum/storage"},
	[OS_NETWORK_MEMORY] = {"network-install/ram", NULL},
};

static unsigned long long resource_of(const struct xml *xml, const char *architecture,
				      enum os_resource resource)
{
	const struct xml_element *os = xml_child(xml_root(xml), "os");
	const char *recommended = resource_paths[resource].recommended;
	const char *least = resource_paths[resource].least;

	for (struct xml_element *r = xml_child(os, "resources"); r; r = xml_next(r, "resources")) {
		auto_free char *arch = path_get(r, "@arch");
		unsigned long long number = number_at(r, recommended);

		if (!text_equal(arch, architecture))
			continue;
		return number || !least ? number : 2 * number_at(r, least);
	}
	return 0;
}

unsigned long long os_resource(const struct os *os, const char *architecture,
			       enum os_resource resource)
{
	int length = resource == OS_NETWORK_MEMORY && os->length ? 1 : os->length;

	for (int i = 0; i < length; i++) {
		unsigned long long number = resource_of(os->chain[i], architecture, resource);

		if (!number)
			number = resource_of(os->chain[i], "all", resource);
		if (number)
			return number;
	}
	return 0;
}

bool os_is_known(const char *name)
{
	auto_error struct error ignored = {0};
	auto_os struct os *os = os_find(name, &ignored);

	return os != NULL;
}

char *os_tree_url(const struct os *os, const char *architecture)
{
	const struct xml_element *element =
		os->length ? xml_child(xml_root(os->chain[0]), "os") : NULL;

	for (struct xml_element *t = xml_child(element, "tree"); t; t = xml_next(t, "tree")) {
		auto_free char *arch = path_get(t, "@arch"), *url = path_get(t, "url");

		if (url && text_equal(arch, architecture))
			return take(&url);
	}
	return NULL;
}

char *os_distribution(const struct os *os)
{
	for (int i = 0; i < os->length; i++) {
		char *distribution = path_get(xml_root(os->chain[i]), "os/distro");

		if (distribution)
			return distribution;
	}
	return NULL;
}
