// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/tree.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/scratch.h"
#include "download/checksum.h"
#include "download/curl.h"
#include "guest/os.h"

enum { TREEINFO_MOST = 1024 * 1024, SECTOR = 2048, DESCRIPTOR = 16 };

// Where distributions put the kernel and the initrd of their installers, below the tree. Debian
// publishes SHA256SUMS beside them, in the directory SUMS.
#define DEBIAN(at_)                                                                                \
	{at_ "/linux", at_ "/initrd.gz", NULL},                                                    \
		{"netboot/" at_ "/linux", "netboot/" at_ "/initrd.gz", ""},                        \
		{"current/images/netboot/" at_ "/linux",                                           \
		 "current/images/netboot/" at_ "/initrd.gz", "current/images/"},
static const struct {
	const char *kernel, *initrd, *sums;
} layouts[] = {
	{"vmlinuz", "initrd.gz", NULL}, // examples/tiny-guest.sh
	{"linux", "initrd.gz", NULL},
	DEBIAN("debian-installer/amd64") DEBIAN("debian-installer/arm64"){
		"current/legacy-images/netboot/ubuntu-installer/amd64/linux",
		"current/legacy-images/netboot/ubuntu-installer/amd64/initrd.gz",
		"current/legacy-images/"},
	{"install.amd/vmlinuz", "install.amd/initrd.gz", NULL},
	{"images/pxeboot/vmlinuz", "images/pxeboot/initrd.img", NULL}, // Fedora and its kin
	{"isolinux/vmlinuz", "isolinux/initrd.img", NULL},
	{"casper/vmlinuz", "casper/initrd", NULL},                       // Ubuntu
	{"boot/x86_64/loader/linux", "boot/x86_64/loader/initrd", NULL}, // SUSE
	{"arch/boot/x86_64/vmlinuz-linux", "arch/boot/x86_64/initramfs-linux.img", NULL},
};

void tree_clear(struct tree *tree)
{
	free(tree->location);
	free(tree->kernel);
	free(tree->initrd);
	free(tree->argument);
	free(tree->os);
	free(tree->treeinfo);
	free(tree->sums);
}

static bool is_url(const char *location)
{
	return strstr(location, "://") != NULL;
}

static int extract(const char *image, const char *name, const char *to, struct error *err)
{
	auto_free char *inside = text_format("/%s", name);
	const char *const argv[] = {"xorriso", "-osirrox",   "on", "-indev",
				    image,     "-overwrite", "on", "-extract_single",
				    inside,    to,           NULL};
	struct process process = {.argv = argv, .bound = true};
	auto_free char *output = NULL;

	// xorriso gives what it extracts the mode that it has in the image; an old file is in its
	// way.
	unlink(to);
	output = process_output(&process, err);
	if (output)
		return 0;
	return error_wrap(err, "cannot take '%s' out of '%s'", name, image);
}

// The value of KEY in the section of an INI file whose name begins so; the caller's, or NULL.
static char *ini_value(const char *content, const char *section, const char *key)
{
	auto_list struct list lines = list_split(content, "\r\n");
	bool within = false;

	for (size_t i = 0; i < lines.count; i++) {
		char *line = text_strip(lines.items[i]), *equals = strchr(line, '=');

		if (*line == '[') {
			within = text_begins(line + 1, section);
			continue;
		}
		if (!within || !equals)
			continue;
		*equals = '\0';
		if (text_equal(text_strip(line), key))
			return text_copy(text_strip(equals + 1));
	}
	return NULL;
}

// A tree that tells of itself what it was made of is put together anew with other files, as rescue
// and test media are: that is said. Sums which a distribution publishes hold.
static int verify(struct installation *installation, const struct tree *tree, const char *name,
		  const char *copy, struct error *err)
{
	auto_free char *given =
		tree->treeinfo ? ini_value(tree->treeinfo, "checksums", name) : NULL;
	auto_free char *own = given ? checksum_canonical(given) : NULL;
	auto_free char *published = tree->sums && strlen(name) > tree->sums_at
					    ? checksum_find(tree->sums, name + tree->sums_at)
					    : NULL;
	auto_error struct error differs = {0};

	if (published && checksum_verify(copy, published, name, err) < 0)
		return -1;
	if (own && checksum_verify(copy, own, name, &differs) < 0)
		call_warning(installation->call, "%s", differs.message);
	return 0;
}

char *tree_get(struct installation *installation, const struct tree *tree, const char *name,
	       struct error *err)
{
	const char *slash = strrchr(name, '/');
	auto_free char *path = text_format("%s/%s", tree->location, name);
	auto_free char *copy = NULL;
	auto_close int fd = -1;

	if (!tree->image) {
		copy = scratch_get(installation, path, err);
		if (!copy || verify(installation, tree, name, copy, err) < 0)
			return NULL;
		return take(&copy);
	}
	copy = scratch_new(installation, slash ? slash + 1 : name, &fd, err);
	if (!copy || extract(tree->location, name, copy, err) < 0)
		return NULL;
	return take(&copy);
}

// The content of a small file of the tree, the caller's; NULL where it is not there.
static char *read_small(struct installation *installation, const struct tree *tree,
			const char *name)
{
	auto_error struct error ignored = {0};
	auto_free char *path = text_format("%s/%s", tree->location, name);
	auto_free char *copy = NULL;

	if (is_url(tree->location))
		return curl_bytes(path, NULL, &ignored);
	if (!tree->image)
		return file_read(path, TREEINFO_MOST, NULL, &ignored);
	copy = tree_get(installation, tree, name, &ignored);
	return copy ? file_read(copy, TREEINFO_MOST, NULL, &ignored) : NULL;
}

// Anaconda took "method" for the tree until Fedora 19 and Red Hat 7.
static const char *argument_name(const char *family, const char *version)
{
	double number = version ? strtod(version, NULL) : 0;

	if (strstr(family, "Fedora"))
		return number < 19 ? "method" : "inst.repo";
	return number < 7 ? "method" : "inst.repo";
}

static void read_treeinfo(struct tree *tree, const char *typed, const char *content)
{
	auto_free char *family = ini_value(content, "general", "family");
	auto_free char *variant = ini_value(content, "general", "variant");
	auto_free char *version = ini_value(content, "general", "version");
	auto_free char *arch = ini_value(content, "general", "arch");
	auto_free char *section = text_format("images-%s", arch ? arch : "");
	struct os_medium medium = {.family = family, .variant = variant, .version = version};

	if (!tree->kernel)
		tree->kernel = ini_value(content, section, "kernel");
	if (!tree->initrd)
		tree->initrd = ini_value(content, section, "initrd");
	tree->os = os_detect(&medium);
	if (family && is_url(tree->location))
		tree->argument = text_format("%s=%s", argument_name(family, version), typed);
}

static char *trimmed(const char *bytes, size_t length)
{
	char *text = text_copy_bytes(bytes, length);

	return text_strip(text);
}

char *tree_detect_image(const char *path)
{
	char sector[SECTOR];
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	auto_free char *volume = NULL, *system = NULL, *publisher = NULL, *application = NULL;

	// The primary volume descriptor of ISO 9660: its fields are where they have always been.
	if (fd < 0 || pread(fd, sector, SECTOR, (off_t)DESCRIPTOR * SECTOR) != SECTOR ||
	    memcmp(sector + 1, "CD001", 5) != 0)
		return NULL;
	system = trimmed(sector + 8, 32);
	volume = trimmed(sector + 40, 32);
	publisher = trimmed(sector + 318, 128);
	application = trimmed(sector + 574, 128);
	return os_detect(&(struct os_medium){.volume = volume,
					     .system = system,
					     .publisher = publisher,
					     .application = application});
}

static bool has_file(struct installation *installation, const struct tree *tree, const char *name)
{
	auto_free char *path = text_format("%s/%s", tree->location, name);
	auto_error struct error ignored = {0};
	auto_free char *copy = NULL;

	if (is_url(tree->location))
		return curl_exists(path);
	if (!tree->image)
		return file_exists(path);
	copy = tree_get(installation, tree, name, &ignored);
	return copy != NULL;
}

static void read_sums(struct installation *installation, struct tree *tree, const char *directory)
{
	auto_free char *name = text_format("%sSHA256SUMS", directory);

	tree->sums = read_small(installation, tree, name);
	tree->sums_at = strlen(directory);
}

// The word behind "dists/" in the URL of a mirror; the caller's, or NULL.
static char *codename(const char *location)
{
	const char *dists = strstr(location, "/dists/"), *word = dists ? dists + 7 : NULL;

	return word && *word ? text_copy_bytes(word, strcspn(word, "/-")) : NULL;
}

// Where no server answers, none of the files is there for that reason. Many servers list no
// directories: what they say to that tells nothing.
static int fail_to_reach(const char *url, struct error *err)
{
	auto_error struct error said = {0};
	auto_free char *ignored = curl_bytes(url, NULL, &said);

	return ignored || said.status == STATUS_NOT_FOUND ? 0 : error_move(err, &said);
}

static int look_for_layout(struct installation *installation, struct tree *tree, struct error *err)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++) {
		if (!has_file(installation, tree, layouts[i].kernel) ||
		    !has_file(installation, tree, layouts[i].initrd))
			continue;
		tree->kernel = text_copy(layouts[i].kernel);
		tree->initrd = text_copy(layouts[i].initrd);
		if (layouts[i].sums && is_url(tree->location))
			read_sums(installation, tree, layouts[i].sums);
		return 0;
	}
	if (is_url(tree->location) && fail_to_reach(tree->location, err) < 0)
		return -1;
	error_set(err, STATUS_NOT_FOUND, "'%s' is not a known kind of installation tree",
		  tree->location);
	return error_hint(err, "name the files: --location '%s',kernel=FILE,initrd=FILE",
			  tree->location);
}

// The files that were named; in an image or behind a URL they are missed when they are fetched.
static int check_named(struct installation *installation, const struct tree *tree,
		       struct error *err)
{
	const char *const names[] = {tree->kernel, tree->initrd};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!tree->image && !is_url(tree->location) &&
		    !has_file(installation, tree, names[i]))
			return error_set(err, STATUS_NOT_FOUND,
					 "there is no '%s' in the installation tree '%s'", names[i],
					 tree->location);
	return 0;
}

int tree_find(struct installation *installation, struct tree *tree, struct error *err)
{
	auto_free char *typed = text_copy(tree->location), *release = codename(typed);
	size_t length = strlen(tree->location);

	if (length > 1 && tree->location[length - 1] == '/' && !tree->image)
		tree->location[length - 1] = '\0';
	if (!is_url(tree->location) && !file_exists(tree->location))
		return error_set(err, STATUS_NOT_FOUND, "'%s' does not exist", tree->location);
	if (tree->image)
		tree->os = tree_detect_image(tree->location);
	if (tree->kernel && tree->initrd)
		return check_named(installation, tree, err);
	tree->treeinfo = read_small(installation, tree, ".treeinfo");
	if (!tree->treeinfo)
		tree->treeinfo = read_small(installation, tree, "treeinfo");
	if (tree->treeinfo)
		read_treeinfo(tree, typed, tree->treeinfo);
	if (!tree->os && release)
		tree->os = os_detect(&(struct os_medium){.codename = release});
	return tree->kernel && tree->initrd ? 0 : look_for_layout(installation, tree, err);
}
