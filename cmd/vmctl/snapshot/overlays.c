// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/snapshot/overlays.h"

#include <fcntl.h>
#include <libvirt/libvirt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/advice.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "virt/kinds.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

enum { MENDED = 11010000 }; // version of libvirt that makes private files by itself

// What the overlays follow from.
struct plan {
	const struct xml_element *snapshot; // its XML,
	const struct xml_element *devices;  // and that of the guest
	const char *name;                   // of the snapshot
	bool disk_only;
};

// Whether the daemon may make files of this machine that others can read.
static bool concerns(struct call *call)
{
	unsigned flags = argument_bits(call);
	unsigned long server = session_server(call);
	virConnectPtr connection = session_connection(call);
	const char *type = virConnectGetType(connection);
	auto_free char *uri = virConnectGetURI(connection);

	return !(flags &
		 (VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE | VIR_DOMAIN_SNAPSHOT_CREATE_REUSE_EXT)) &&
	       server < MENDED && text_equal(type, "QEMU") && uri && strstr(uri, ":///") &&
	       virDomainIsActive(call_domain(call)) == 0;
}

// What the snapshot's XML says of a disk that it may call by its target or its file; or NULL.
static const struct xml_element *said_of(const struct plan *plan, const char *target,
					 const char *file)
{
	const struct xml_element *disks = xml_child(plan->snapshot, "disks");

	for (struct xml_element *d = xml_child(disks, "disk"); d; d = xml_next(d, "disk")) {
		auto_free char *name = path_get(d, "@name");

		if (name && (text_equal(name, target) || text_equal(name, file)))
			return d;
	}
	return NULL;
}

static bool is_external(const struct plan *plan, const struct xml_element *disk,
			const struct xml_element *said)
{
	auto_free char *how = said ? path_get(said, "@snapshot") : NULL;
	auto_free char *type = said ? path_get(said, "@type") : NULL;
	auto_free char *device = path_get(disk, "@device");

	if (type && !text_equal(type, "file"))
		return false;
	if (!how && said && path_has(said, "source"))
		return true;
	if (!how)
		how = path_get(disk, "@snapshot");
	if (how)
		return text_equal(how, "external");
	return plan->disk_only && !xml_child(disk, "readonly") &&
	       (!device || text_equal(device, "disk"));
}

// As libvirt names it: what follows the last dot of the file's name becomes the snapshot's.
static char *overlay_name(const char *file, const char *snapshot)
{
	const char *slash = strrchr(file, '/'), *dot = strrchr(file, '.');
	int length = dot && (!slash || dot > slash) ? (int)(dot - file) : (int)strlen(file);

	return text_format("%.*s.%s", length, file, snapshot);
}

// Adds the overlay of a disk, if it gets one.
static void add_overlay(const struct plan *plan, const struct xml_element *disk, struct list *paths)
{
	auto_free char *file = path_get(disk, "source/@file");
	auto_free char *target = path_get(disk, "target/@dev"), *given = NULL;
	const struct xml_element *said = said_of(plan, target, file);

	if (!file || !is_external(plan, disk, said))
		return;
	given = said ? path_get(said, "source/@file") : NULL;
	list_add_owned(paths, given ? take(&given) : overlay_name(file, plan->name));
}

static void find_paths(struct call *call, struct xml *snapshot, struct overlays *overlays)
{
	auto_error struct error ignored = {0};
	auto_free char *text = virDomainGetXMLDesc(call_domain(call), VIR_DOMAIN_XML_INACTIVE);
	auto_xml struct xml *domain = text ? xml_parse(text, "domain XML", &ignored) : NULL;
	auto_free char *name = path_get(xml_root(snapshot), "name");
	struct plan plan = {.snapshot = xml_root(snapshot)};

	if (!domain)
		return;
	if (!name) {
		// libvirt would take the time too.
		name = text_format("%lld", (long long)time(NULL));
		path_set(xml_root(snapshot), "name", name);
		overlays->xml = xml_string(snapshot);
	}
	plan.name = name;
	plan.devices = xml_child(xml_root(domain), "devices");
	plan.disk_only = argument_bits(call) & VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY;
	for (struct xml_element *d = xml_child(plan.devices, "disk"); d; d = xml_next(d, "disk"))
		add_overlay(&plan, d, &overlays->paths);
}

int overlays_prepare(struct call *call, const char *xml, struct overlays *overlays,
		     struct error *err)
{
	auto_xml struct xml *snapshot = NULL;

	if (!concerns(call))
		return 0;
	snapshot = xml_parse(xml, "snapshot XML", err);
	if (!snapshot)
		return -1;
	find_paths(call, snapshot, overlays);
	// Only root's files are as safe as libvirt's own; what cannot be made libvirt reports.
	for (size_t i = 0; geteuid() == 0 && i < overlays->paths.count; i++) {
		const char *path = overlays->paths.items[i];
		auto_close int fd =
			open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

		if (fd >= 0)
			list_add(&overlays->made, path);
	}
	return 0;
}

void overlays_take_back(const struct overlays *overlays)
{
	for (size_t i = 0; i < overlays->made.count; i++) {
		struct stat status;

		if (lstat(overlays->made.items[i], &status) == 0 && S_ISREG(status.st_mode) &&
		    status.st_size == 0)
			unlink(overlays->made.items[i]);
	}
}

void overlays_check(const struct call *call, const struct overlays *overlays)
{
	for (size_t i = 0; i < overlays->paths.count; i++) {
		const char *path = overlays->paths.items[i];
		auto_free char *command = NULL;
		struct stat status;

		if (lstat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
		    !(status.st_mode & S_IROTH))
			continue;
		command = advice("sudo chmod 600 -- '%s'", path);
		call_warning(call, "every user can read the new %s; %s", path, command);
	}
}

void overlays_clear(struct overlays *overlays)
{
	list_clear(&overlays->paths);
	list_clear(&overlays->made);
	free(overlays->xml);
}
