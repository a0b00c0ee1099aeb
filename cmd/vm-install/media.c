// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/media.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "guest/suboption.h"

int media_add_cdrom(struct installation *installation, const char *path, struct error *err)
{
	struct guest *guest = installation->guest;
	auto_free char *text = NULL;

	if (strstr(path, "://")) {
		error_set(err, STATUS_USAGE, "--cdrom takes a file, not the URL '%s'", path);
		return error_hint(err, "vm-img fetch downloads it first");
	}
	text = text_format("device=cdrom,path=\"%s\"", path);
	if (guest_add_disk(guest, text, err) < 0)
		return -1;
	guest->disks[guest->disk_count - 1].installs = true;
	guest->install = INSTALL_MEDIA;
	return 0;
}

// Where distributions put the kernel and the initrd of their installers, below the tree.
static const struct {
	const char *kernel, *initrd;
} layouts[] = {
	{"vmlinuz", "initrd.gz"}, // examples/tiny-guest.sh
	{"linux", "initrd.gz"},
	{"debian-installer/amd64/linux", "debian-installer/amd64/initrd.gz"},
	{"debian-installer/arm64/linux", "debian-installer/arm64/initrd.gz"},
	{"install.amd/vmlinuz", "install.amd/initrd.gz"},
	{"images/pxeboot/vmlinuz", "images/pxeboot/initrd.img"}, // Fedora and its kin
	{"isolinux/vmlinuz", "isolinux/initrd.img"},
	{"casper/vmlinuz", "casper/initrd"},                       // Ubuntu
	{"boot/x86_64/loader/linux", "boot/x86_64/loader/initrd"}, // SUSE
	{"arch/boot/x86_64/vmlinuz-linux", "arch/boot/x86_64/initramfs-linux.img"},
};

struct tree {
	char *location, *kernel, *initrd;
};

static void tree_clear(struct tree *tree)
{
	free(tree->location);
	free(tree->kernel);
	free(tree->initrd);
}
#define auto_tree __attribute__((cleanup(tree_clear)))

static int set_field(char **field, const char *value)
{
	free(*field);
	*field = text_copy(value);
	return 0;
}

static int set_location(const struct suboption_call *call, struct error *err)
{
	(void)err;
	return set_field(&((struct tree *)call->data)->location, call->value);
}

static int set_kernel(const struct suboption_call *call, struct error *err)
{
	(void)err;
	return set_field(&((struct tree *)call->data)->kernel, call->value);
}

static int set_initrd(const struct suboption_call *call, struct error *err)
{
	(void)err;
	return set_field(&((struct tree *)call->data)->initrd, call->value);
}

static const struct suboption location_rows[] = {
	CALL("location", NULL, COMMAS, set_location),
	CALL("kernel", NULL, COMMAS, set_kernel),
	CALL("initrd", NULL, COMMAS, set_initrd),
	ROWS_END,
};

static const char *const leading[] = {"location", NULL};
static const struct suboption *const groups[] = {location_rows, NULL};
static const struct suboption_table location_table = {
	.option = "--location", .leading = leading, .groups = groups};

static int find_files(const char *directory, struct guest *guest, struct error *err)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++) {
		auto_free char *kernel = text_format("%s/%s", directory, layouts[i].kernel);
		auto_free char *initrd = text_format("%s/%s", directory, layouts[i].initrd);

		if (!file_exists(kernel) || !file_exists(initrd))
			continue;
		guest->install_kernel = take(&kernel);
		guest->install_initrd = take(&initrd);
		return 0;
	}
	error_set(err, STATUS_NOT_FOUND, "'%s' is no installation tree that is known", directory);
	return error_hint(err, "name the files: --location '%s',kernel=FILE,initrd=FILE",
			  directory);
}

int media_find_tree(struct installation *installation, const char *text, struct error *err)
{
	auto_tree struct tree tree = {0};
	struct guest *guest = installation->guest;
	auto_free char *directory = NULL;

	if (suboptions_apply(&location_table, text, guest->domain, &tree, err) < 0)
		return -1;
	if (!tree.location)
		return error_set(err, STATUS_USAGE, "--location needs a directory");
	directory = file_absolute(text_begins(tree.location, "file://") ? tree.location + 7
									: tree.location);
	if (!file_is_directory(directory)) {
		error_set(err, STATUS_NOT_FOUND, "'%s' is no directory", tree.location);
		return error_hint(err, "download the tree's kernel and initrd into one, or use "
				       "--cdrom with an image");
	}
	guest->install = INSTALL_TREE;
	if (!tree.kernel || !tree.initrd)
		return find_files(directory, guest, err);
	guest->install_kernel = text_format("%s/%s", directory, tree.kernel);
	guest->install_initrd = text_format("%s/%s", directory, tree.initrd);
	return 0;
}

// Where the hypervisor's own scratch files are; the session's daemon runs as the user.
static char *scratch_directory(const struct installation *installation)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (!installation->host->session && access("/var/lib/libvirt/boot", W_OK) == 0)
		return text_copy("/var/lib/libvirt/boot");
	if (cache && *cache)
		return text_format("%s/vmkit/boot", cache);
	return text_format("%s/.cache/vmkit/boot", home ? home : "");
}

static int make_directories(const char *path, struct error *err)
{
	auto_free char *directory = text_copy(path);

	for (char *slash = strchr(directory + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(directory, 0755);
		*slash = '/';
	}
	if (mkdir(directory, 0755) < 0 && errno != EEXIST)
		return error_set_errno(err, errno, "cannot make the directory '%s'", path);
	return 0;
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

static int copy_content(int from, int to)
{
	ssize_t got;

	while ((got = copy_file_range(from, NULL, to, NULL, 1 << 30, 0)) > 0)
		continue;
	return got < 0 ? -1 : 0;
}

// Replaces *PATH by the path of a copy with a name of its own.
static int stage_file(struct installation *installation, const char *directory, char **path,
		      struct error *err)
{
	const char *name = strrchr(*path, '/') + 1;
	auto_free char *copy = text_format("%s/vm-install-XXXXXX-%s", directory, name);
	auto_close int from = open(*path, O_RDONLY | O_CLOEXEC);
	auto_close int to = -1;

	if (from < 0)
		return error_set_errno(err, errno, "cannot read '%s'", *path);
	to = mkostemps(copy, (int)strlen(name) + 1, O_CLOEXEC);
	if (to < 0)
		return error_set_errno(err, errno, "cannot make a file in '%s'", directory);
	list_add(&installation->scratch, copy);
	if (copy_content(from, to) < 0 || fchmod(to, 0644) < 0)
		return error_set_errno(err, errno, "cannot copy '%s' to '%s'", *path, copy);
	free(*path);
	*path = take(&copy);
	return 0;
}

int media_stage(struct installation *installation, struct error *err)
{
	struct guest *guest = installation->guest;
	auto_free char *directory = NULL;

	if (guest->install != INSTALL_TREE || !installation->local ||
	    (is_public(guest->install_kernel) && is_public(guest->install_initrd)))
		return 0;
	directory = scratch_directory(installation);
	if (make_directories(directory, err) < 0)
		return -1;
	if (stage_file(installation, directory, &guest->install_kernel, err) < 0)
		return -1;
	return stage_file(installation, directory, &guest->install_initrd, err);
}
