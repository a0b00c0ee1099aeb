// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/media.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cmd/vm-install/initrd.h"
#include "cmd/vm-install/install_option.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/scratch.h"
#include "cmd/vm-install/tree.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/option.h"
#include "guest/rows.h"
#include "image/image.h"
#include "virt/cleanup.h"
#include "xml/document.h"
#include "xml/path.h"

static int add_drive(struct installation *installation, const char *path, bool boots,
		     struct error *err)
{
	auto_free char *text = text_format("device=cdrom,path=\"%s\"", path);
	struct guest *guest = installation->guest;

	if (option_apply(option_named("disk"), OPTION_ADD, guest, NULL, text, err) < 0)
		return -1;
	guest->wishes[guest->wish_count - 1].installs = boots;
	return 0;
}

// Among the CDs: where only their kind is booted from, the first of them counts.
static void put_first(struct guest *guest)
{
	struct xml_element *added = guest->wishes[guest->wish_count - 1].element;
	struct xml_element *first = path_find(guest->devices, "disk[@device='cdrom']");

	if (first && first != added)
		xml_move_before(added, first);
}

// Known at once, before anything else is asked for. Volumes of pools may be where nobody may look.
static bool is_missing(const struct installation *installation, const char *path)
{
	auto_free char *absolute = file_absolute(path);
	auto_volume virStorageVolPtr volume = NULL;
	struct stat status;

	if (!installation->local || installation->planned || strstr(path, "://") ||
	    text_equal(installation->host->scheme, "test") || stat(path, &status) == 0 ||
	    errno != ENOENT)
		return false;
	volume = virStorageVolLookupByPath(installation->connection, absolute);
	return !volume;
}

int media_add_cdrom(struct installation *installation, const char *path, struct error *err)
{
	if (text_begins(path, "qemu:") || text_begins(path, "test:") || text_begins(path, "xen:")) {
		error_set(err, STATUS_USAGE, "--cdrom takes an image, not the connection '%s'",
			  path);
		return error_hint(err, "--connect '%s'; -c is short for --cdrom", path);
	}
	if (is_missing(installation, path)) {
		error_set(err, STATUS_NOT_FOUND, "the installation medium '%s' does not exist",
			  path);
		return error_hint(err, "--cdrom takes the path of an ISO image, or its URL");
	}
	if (add_drive(installation, path, true, err) < 0)
		return -1;
	put_first(installation->guest);
	installation->guest->install = INSTALL_MEDIA;
	if (!installation->detected)
		installation->detected = tree_detect_image(path);
	return 0;
}

static const struct suboption location_rows[] = {
	KEEP("location", NULL, COMMAS, struct tree, location),
	KEEP("kernel", NULL, COMMAS, struct tree, kernel),
	KEEP("initrd", NULL, COMMAS, struct tree, initrd),
	ROWS_END,
};

const struct suboption_table location_table = {
	.option = "--location", .leading = AKA("location"), .groups = GROUPS(location_rows)};

// A volume's name in the terms of its path; the caller's.
static char *path_of_location(struct installation *installation, const char *location)
{
	auto_volume virStorageVolPtr volume = NULL;
	auto_free char *path = NULL;

	if (text_begins(location, "file://"))
		return text_copy(location + strlen("file://"));
	if (strstr(location, "://"))
		return text_copy(location);
	path = file_absolute(location);
	volume = virStorageVolLookupByPath(installation->connection, path);
	return volume ? virStorageVolGetPath(volume) : take(&path);
}

// Files that are there for everybody are used where they are; others are copied.
static int take_files(struct installation *installation, const struct tree *tree, struct error *err)
{
	struct guest *guest = installation->guest;
	bool here = !tree->image && !strstr(tree->location, "://");

	guest->install_kernel = here ? text_format("%s/%s", tree->location, tree->kernel)
				     : tree_get(installation, tree, tree->kernel, err);
	if (!guest->install_kernel)
		return -1;
	guest->install_initrd = here ? text_format("%s/%s", tree->location, tree->initrd)
				     : tree_get(installation, tree, tree->initrd, err);
	return guest->install_initrd ? 0 : -1;
}

int media_find_tree(struct installation *installation, const char *text, struct error *err)
{
	auto_tree struct tree tree = {0};
	struct suboption_target target = {.data = &tree};
	char *path;

	if (suboptions_apply(&location_table, text, &target, err) < 0)
		return -1;
	if (!tree.location)
		return error_set(err, STATUS_USAGE,
				 "location kernel/initrd may only be specified "
				 "with a location URL/path");
	path = path_of_location(installation, tree.location);
	free(tree.location);
	tree.location = path;
	tree.image = !strstr(path, "://") && file_exists(path) && !file_is_directory(path);
	if (tree_find(installation, &tree, err) < 0 || take_files(installation, &tree, err) < 0)
		return -1;
	installation->guest->install = INSTALL_TREE;
	installation->guest->loads_tree = !tree.image;
	if (tree.argument)
		install_add_arguments(installation->guest, tree.argument);
	if (tree.os && !installation->detected)
		installation->detected = text_copy(tree.os);
	// The installer looks for its packages in a drive.
	return tree.image ? add_drive(installation, tree.location, false, err) : 0;
}

int media_use_kernel(struct installation *installation, const char *kernel, const char *initrd,
		     struct error *err)
{
	struct guest *guest = installation->guest;

	guest->install = INSTALL_TREE;
	guest->install_kernel = strstr(kernel, "://") ? scratch_get(installation, kernel, err)
						      : file_absolute(kernel);
	if (guest->install_kernel && initrd)
		guest->install_initrd = strstr(initrd, "://")
						? scratch_get(installation, initrd, err)
						: file_absolute(initrd);
	return guest->install_kernel && (!initrd || guest->install_initrd) ? 0 : -1;
}

// Whether everybody can read the file where it is.
static bool is_public(const char *path)
{
	auto_free char *directory = text_copy(path);
	struct stat status;

	if (stat(path, &status) < 0 || !(status.st_mode & S_IROTH))
		return false;
	for (char *slash = strrchr(directory, '/'); slash > directory;
	     slash = strrchr(directory, '/')) {
		*slash = '\0';
		if (stat(directory, &status) < 0 || !(status.st_mode & S_IXOTH))
			return false;
	}
	return true;
}

static int stage_file(struct installation *installation, char **path, bool always,
		      struct error *err)
{
	char *copy;

	if (!*path || (!always && is_public(*path)) || list_has(&installation->scratch, *path))
		return 0;
	copy = scratch_get(installation, *path, err);
	if (!copy)
		return -1;
	free(*path);
	*path = copy;
	return 0;
}

int media_stage(struct installation *installation, struct error *err)
{
	struct guest *guest = installation->guest;
	bool injects = installation->injected.count > 0 || installation->answers.name;

	if (guest->install != INSTALL_TREE || (!installation->local && !injects))
		return 0;
	if (!installation->local)
		return error_set(err, STATUS_USAGE,
				 "files and answers are put into an initrd on this machine only, "
				 "and the connection is to another");
	if (stage_file(installation, &guest->install_kernel, false, err) < 0 ||
	    stage_file(installation, &guest->install_initrd, injects, err) < 0)
		return -1;
	return injects ? initrd_inject(guest->install_initrd, &installation->injected,
				       &installation->answers, err)
		       : 0;
}

struct disk_wish *media_add_image(struct guest *guest, const char *path, const char *device,
				  struct error *err)
{
	auto_free char *text = text_format("path=\"%s\",device=%s", path, device);
	struct disk_wish *wish;

	if (option_apply(option_named("disk"), OPTION_ADD, guest, NULL, text, err) < 0)
		return NULL;
	wish = &guest->wishes[guest->wish_count - 1];
	wish->resolved = true;
	wish->format = text_copy(IMAGE_RAW);
	return wish;
}
