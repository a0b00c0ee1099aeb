// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/diff_guestfish.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/confinement.h"
#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "image/partitions.h"
#include "kvm/kvm_verdict.h"

enum {
	SECONDS_MOST = 600, // for one run, and of the processor
	ANSWER_MOST = 1 << 28,
	SUM_LENGTH = 64, // of SHA-256 in hexadecimal
	MAGIC_MOST = 8,
};

// Where a file system, or a volume group, tells what it is.
enum { KINDS = 6 };
static const struct {
	unsigned at;
	const char *magic;
	bool volumes; // it holds logical volumes
} readable[KINDS] = {
	{0, "XFSB", false},     {(64 << 10) + 64, "_BHRfS_M", false},
	{3, "NTFS    ", false}, {54, "FAT1", false},
	{82, "FAT32", false},   {512, "LABELONE", true},
};

// Stands for them among the devices: the volumes of a group can lie on several partitions.
static const char volumes[] = "logical volumes";

static void clear_both(struct list (*both)[2])
{
	list_clear(&(*both)[0]);
	list_clear(&(*both)[1]);
}
#define auto_both __attribute__((cleanup(clear_both)))

// The two disks, and what is read of them, by guestfish's names.
struct reading {
	const struct diff_disk *disks;
	const char *scratch;
	struct list devices[2]; // all that can be read
	struct list touched;    // of either, where an extent lies
	bool tcg;               // KVM is not for its virtual machine
};

static void reading_clear(struct reading *reading)
{
	clear_both(&reading->devices);
	list_clear(&reading->touched);
}
#define auto_reading __attribute__((cleanup(reading_clear)))

bool diff_guestfish_possible(void)
{
	return process_find_system("guestfish", NULL) || process_find("guestfish", NULL);
}

// The row of what begins at START; KINDS where that is none.
static size_t kind_at(int fd, unsigned long long start)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
		size_t length = strlen(readable[i].magic);
		char found[MAGIC_MOST];

		if (pread(fd, found, length, (off_t)(start + readable[i].at)) == (ssize_t)length &&
		    memcmp(found, readable[i].magic, length) == 0)
			break;
	}
	return i;
}

static bool is_touched(const struct partition *partition, const struct extent *extents,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (extents[i].offset < partition->end &&
		    extents[i].offset + extents[i].length > partition->start)
			return true;
	return false;
}

// Its only disk is sda there.
static char *device_name(const struct partition *partition, size_t kind)
{
	if (readable[kind].volumes)
		return text_copy(volumes);
	return partition->number ? text_format("/dev/sda%u", partition->number)
				 : text_copy("/dev/sda");
}

static void add_once(struct list *list, const char *item)
{
	if (!list_has(list, item))
		list_add(list, item);
}

static void find_devices(struct reading *reading, size_t index, const struct extent *extents,
			 size_t count)
{
	const struct diff_disk *disk = &reading->disks[index];
	struct partition partitions[PARTITIONS_MOST];
	size_t found = partitions_find(disk->fd, disk->size, partitions);

	for (size_t i = 0; i < found; i++) {
		size_t kind = kind_at(disk->fd, partitions[i].start);
		auto_free char *name = kind < KINDS ? device_name(&partitions[i], kind) : NULL;

		if (!name)
			continue;
		add_once(&reading->devices[index], name);
		if (is_touched(&partitions[i], extents, count))
			add_once(&reading->touched, name);
	}
}

static void reading_begin(const struct diff_disk disks[2], const struct extent *extents,
			  size_t count, struct reading *reading)
{
	*reading = (struct reading){.disks = disks};
	find_devices(reading, 0, extents, count);
	find_devices(reading, 1, extents, count);
}

bool diff_guestfish_wanted(const struct diff_disk disks[2], const struct extent *extents,
			   size_t count)
{
	auto_reading struct reading reading = {0};

	reading_begin(disks, extents, count, &reading);
	return reading.touched.count > 0;
}

static void add_words(struct list *argv, const char *const *words)
{
	for (; *words; words++)
		list_add(argv, *words);
}

// The bytes are taken for what they are, and never written to: its kernel, which believes in what a
// guest wrote, is one of a virtual machine.
static void begin_run(const struct reading *reading, size_t index, struct list *argv)
{
	auto_free char *path = file_absolute(reading->disks[index].path);

	add_words(argv, (const char *const[]){"guestfish", "--ro", "--format=raw", "-a", path, "--",
					      "set-backend", "direct", ":", NULL});
	if (reading->tcg)
		add_words(argv, (const char *const[]){"set-backend-setting", "force_tcg", "1", ":",
						      NULL});
	list_add(argv, "run");
}

// What it prints, the caller's; NULL on failure.
static char *run(const struct list *argv, struct error *err)
{
	auto_confinement struct confinement confinement = {.seconds = SECONDS_MOST};
	struct process process = {.argv = (const char *const *)argv->items,
				  .timeout = SECONDS_MOST * 1000LL,
				  .bound = true,
				  .confinement = &confinement};

	return process_output(&process, err);
}

// Whether NAME, which a guest has chosen, is that of a logical volume: "/dev/group/volume".
static bool is_volume(const char *name)
{
	const char *group = name + strlen("/dev/");

	return text_begins(name, "/dev/") && strchr(group, '/') &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 "+_.-/")] == '\0';
}

// "/dev/group/volume: xfs", a line each.
static int add_volumes(const struct reading *reading, size_t index, struct list *devices,
		       struct error *err)
{
	auto_list struct list argv = {0}, lines = {0};
	auto_free char *answer = NULL;

	begin_run(reading, index, &argv);
	add_words(&argv, (const char *const[]){":", "list-filesystems", NULL});
	answer = run(&argv, err);
	if (!answer)
		return -1;
	lines = list_split(answer, "\n");
	for (size_t i = 0; i < lines.count; i++) {
		char *colon = strstr(lines.items[i], ": ");

		if (!colon || text_equal(colon, ": swap") || text_equal(colon, ": unknown"))
			continue;
		*colon = '\0';
		if (is_volume(lines.items[i]))
			list_add(devices, lines.items[i]);
	}
	return 0;
}

// What of disk INDEX is to be mounted.
static int choose_devices(const struct reading *reading, size_t index, struct list *devices,
			  struct error *err)
{
	const struct list *all = &reading->devices[index];

	for (size_t i = 0; i < all->count; i++) {
		if (!list_has(&reading->touched, all->items[i]))
			continue;
		if (!text_equal(all->items[i], volumes))
			list_add(devices, all->items[i]);
		else if (add_volumes(reading, index, devices, err) < 0)
			return -1;
	}
	return 0;
}

static char *answer_path(const struct reading *reading, const char *what, size_t number)
{
	return text_format("%s/%s.%zu", reading->scratch, what, number);
}

// Its names come from find -print0, its sums from sha256sum.
static void add_device(const struct reading *reading, const char *device, size_t number,
		       struct list *argv)
{
	auto_free char *names = answer_path(reading, "names", number);
	auto_free char *sums = answer_path(reading, "sums", number);

	add_words(argv, (const char *const[]){":", "mount-ro", device, "/", ":", "find0", "/",
					      names, ":", "checksums-out", "sha256", "/", sums, ":",
					      "umount-all", NULL});
}

// A file is known as "DEVICE:/PATH//SUM", and only one that can be read has a sum; "//" is in no
// path.
static int add_names(const char *device, const char *path, struct list *files, struct error *err)
{
	size_t length;
	auto_free char *names = file_read(path, ANSWER_MOST, &length, err);

	if (!names)
		return -1;
	for (const char *name = names; name < names + length; name += strlen(name) + 1)
		list_add_format(files, "%s:/%s//", device, name);
	return 0;
}

// Undoes what sha256sum does to a name with a line break or a backslash in it.
static void unescape(char *name)
{
	char *to = name;

	for (; *name; name++) {
		if (*name != '\\' || !name[1]) {
			*to++ = *name;
			continue;
		}
		name++;
		*to++ = *name == 'n' ? '\n' : *name == 'r' ? '\r' : *name;
	}
	*to = '\0';
}

// "SUM  ./PATH", with a backslash before it where the path is escaped.
static int add_sums(const char *device, const char *path, struct list *files, struct error *err)
{
	auto_free char *sums = file_read(path, ANSWER_MOST, NULL, err);
	auto_list struct list lines = {0};

	if (!sums)
		return -1;
	lines = list_split(sums, "\n");
	for (size_t i = 0; i < lines.count; i++) {
		bool escaped = *lines.items[i] == '\\';
		char *sum = lines.items[i] + escaped;
		char *name = strlen(sum) > SUM_LENGTH ? sum + SUM_LENGTH : NULL;

		if (!name || !text_begins(name, "  ./"))
			continue;
		*name = '\0';
		name += strlen("  .");
		if (escaped)
			unescape(name);
		list_add_format(files, "%s:%s//%s", device, name, sum);
	}
	return 0;
}

static int read_disk(const struct reading *reading, size_t index, struct list *files,
		     struct error *err)
{
	auto_list struct list devices = {0}, argv = {0};
	auto_free char *answer = NULL;

	if (choose_devices(reading, index, &devices, err) < 0)
		return -1;
	if (!devices.count)
		return 0;
	begin_run(reading, index, &argv);
	for (size_t i = 0; i < devices.count; i++)
		add_device(reading, devices.items[i], i, &argv);
	answer = run(&argv, err);
	if (!answer)
		return -1;
	for (size_t i = 0; i < devices.count; i++) {
		auto_remove char *names = answer_path(reading, "names", i);
		auto_remove char *sums = answer_path(reading, "sums", i);

		if (add_names(devices.items[i], names, files, err) < 0 ||
		    add_sums(devices.items[i], sums, files, err) < 0)
			return -1;
	}
	list_sort(files);
	return 0;
}

// Adds the path of FILE to FOUND; its sum and device are of no more use.
static void add_path(char *file, struct list *found)
{
	char *path = strchr(file, ':') + 1;

	*strstr(path, "//") = '\0';
	list_add(found, path);
}

// What stands in one of the two sorted lists only; a file whose sum differs stands in both.
static void compare(struct list files[2], struct list found[2])
{
	size_t i = 0, j = 0;

	while (i < files[0].count || j < files[1].count) {
		int order = i == files[0].count   ? 1
			    : j == files[1].count ? -1
						  : strcmp(files[0].items[i], files[1].items[j]);

		if (order < 0)
			add_path(files[0].items[i], &found[0]);
		if (order > 0)
			add_path(files[1].items[j], &found[1]);
		i += order <= 0;
		j += order >= 0;
	}
}

int diff_guestfish_find(const struct diff_disk disks[2], const struct extent *extents, size_t count,
			const char *scratch, struct list found[2], struct error *err)
{
	auto_kvm_verdict struct kvm_verdict verdict = {0};
	auto_reading struct reading reading = {0};
	auto_both struct list files[2] = {0};

	reading_begin(disks, extents, count, &reading);
	reading.scratch = scratch;
	kvm_verdict_get(&verdict);
	reading.tcg = !verdict.usable;
	for (size_t i = 0; i < 2; i++)
		if (read_disk(&reading, i, &files[i], err) < 0)
			return -1;
	compare(files, found);
	return 0;
}
