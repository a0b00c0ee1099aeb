// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/filesystem.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/guard.h"
#include "host/host.h"
#include "host/recording.h"

// linux/magic.h, and those of file systems outside the kernel's tree.
static const struct {
	unsigned long magic;
	const char *name;
} types[] = {
	{0xef53, "ext4"},        {0x58465342, "xfs"},      {0x9123683e, "btrfs"},
	{0x2fc12fc1, "zfs"},     {0x01021994, "tmpfs"},    {0x6969, "nfs"},
	{0x794c7630, "overlay"}, {0x00c36400, "ceph"},     {0x65735546, "fuse"},
	{0xff534d42, "cifs"},    {0xfe534d42, "smb2"},     {0x7461636f, "ocfs2"},
	{0x01161970, "gfs2"},    {0xca451a4e, "bcachefs"}, {0xf2f52010, "f2fs"},
};

static void name_type(struct filesystem *filesystem, unsigned long magic)
{
	snprintf(filesystem->type, sizeof(filesystem->type), "0x%lx", magic);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].magic == magic)
			snprintf(filesystem->type, sizeof(filesystem->type), "%s", types[i].name);
}

// Files without a name vanish with their descriptors.
static void try_out(struct filesystem *filesystem, const struct host *host, const char *path)
{
	auto_close int from = root_descriptor(&host->root, path, O_TMPFILE | O_RDWR);
	auto_close int to = root_descriptor(&host->root, path, O_TMPFILE | O_RDWR);
	auto_close int direct = root_descriptor(&host->root, path, O_TMPFILE | O_RDWR | O_DIRECT);

	bool cloned;

	if (from < 0 || to < 0)
		return;
	guard_begin(host->root.guard, path);
	cloned = ioctl(to, FICLONE, from) == 0;
	guard_end(host->root.guard);
	filesystem->reflink = cloned ? FILESYSTEM_YES : FILESYSTEM_NO;
	filesystem->direct = direct >= 0 ? FILESYSTEM_YES : FILESYSTEM_NO;
}

static const char *const words[] = {
	[FILESYSTEM_UNKNOWN] = "unknown", [FILESYSTEM_NO] = "no", [FILESYSTEM_YES] = "yes"};

static enum filesystem_answer answer(const char *word)
{
	enum filesystem_answer found = FILESYSTEM_YES;

	while (found > FILESYSTEM_UNKNOWN && strcmp(words[found], word) != 0)
		found--;
	return found;
}

static void parse(struct filesystem *filesystem, const char *recorded)
{
	char reflink[8] = "", direct[8] = "";

	filesystem->known = sscanf(recorded, "%15s %llu %llu %7s %7s", filesystem->type,
				   &filesystem->size, &filesystem->available, reflink, direct) == 5;
	filesystem->reflink = answer(reflink);
	filesystem->direct = answer(direct);
}

char *filesystem_string(const struct filesystem *filesystem)
{
	return text_format("%s %llu %llu %s %s", filesystem->type, filesystem->size,
			   filesystem->available, words[filesystem->reflink],
			   words[filesystem->direct]);
}

static int measure(const struct host *host, const char *path, struct statfs *status)
{
	int failed;

	guard_begin(host->root.guard, path);
	failed = statfs(path, status);
	guard_end(host->root.guard);
	return failed;
}

void filesystem_look(struct filesystem *filesystem, const struct host *host, const char *path,
		     bool writing)
{
	auto_free char *key = text_format("filesystem %s", path);
	const char *recorded = facts_get(&host->facts, key);
	auto_free char *found = NULL;
	struct statfs status;

	*filesystem = (struct filesystem){0};
	if (recorded)
		parse(filesystem, recorded);
	if (!host->root.live || measure(host, path, &status) < 0)
		return;
	filesystem->known = true;
	filesystem->size = (unsigned long long)status.f_blocks * (unsigned long long)status.f_bsize;
	filesystem->available =
		(unsigned long long)status.f_bavail * (unsigned long long)status.f_bsize;
	name_type(filesystem, (unsigned long)status.f_type);
	if (!writing && !host->recording)
		return;
	try_out(filesystem, host, path);
	found = filesystem_string(filesystem);
	recording_note(host, key, "%s", found);
}
