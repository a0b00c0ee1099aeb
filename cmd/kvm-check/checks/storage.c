// SPDX-License-Identifier: GPL-3.0-or-later
// Where disk images go when nobody says where: libvirt's default pool.
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/filesystem.h"

static const char images[] = "/var/lib/libvirt/images";

static bool look(struct examination *x, struct filesystem *filesystem, bool writing)
{
	filesystem_look(filesystem, x->host, images, writing);
	if (!filesystem->known && x->purposes & PURPOSE_ASKED)
		check_note(x, "%s is not there, or not in this recording", images);
	return filesystem->known;
}

static void room(struct examination *x)
{
	const unsigned long long least = 2ULL << 30;
	struct filesystem filesystem;
	const char *unit, *of;
	double left, size;

	if (!look(x, &filesystem, false))
		return;
	left = size_scale(filesystem.available, &unit);
	size = size_scale(filesystem.size, &of);
	if (filesystem.available < least)
		check_warn(x, FIX("make room, or put the pool elsewhere"),
			   "%.1f %s of %.1f %s (%s) are free in %s: too little for most guests",
			   left, unit, size, of, filesystem.type, images);
	else
		check_pass(x, "%.1f %s of %.1f %s (%s) are free in %s", left, unit, size, of,
			   filesystem.type, images);
}

static void reflink(struct examination *x)
{
	struct filesystem filesystem;

	if (!look(x, &filesystem, true))
		return;
	if (filesystem.reflink == FILESYSTEM_YES)
		check_pass(x, "images are cloned without being copied");
	else if (filesystem.reflink == FILESYSTEM_NO)
		check_note(x, "%s cannot: clones are overlays or full copies (xfs and btrfs can)",
			   filesystem.type);
	else
		check_note(x, "not tried: it takes the right to write to %s", images);
}

static void direct(struct examination *x)
{
	struct filesystem filesystem;

	if (!look(x, &filesystem, true))
		return;
	if (filesystem.direct == FILESYSTEM_YES)
		check_pass(x, "cache='none' works");
	else if (filesystem.direct == FILESYSTEM_NO)
		check_warn(x, FIX("use cache='writeback', or another file system"),
			   "%s cannot: disks with cache='none' do not start", filesystem.type);
	else
		check_note(x, "not tried: it takes the right to write to %s", images);
}

static void requests(struct examination *x)
{
	long long used = root_number(&x->host->root, "/proc/sys/fs/aio-nr", -1);
	long long most = root_number(&x->host->root, "/proc/sys/fs/aio-max-nr", -1);

	if (used < 0 || most <= 0)
		return;
	if (used > most / 10 * 9)
		check_warn(x,
			   FIX("raise fs.aio-max-nr (until the next boot; /etc/sysctl.d for good)",
			       .commands = {{"sysctl", "-w",
					     check_text(x, "fs.aio-max-nr=%lld", most * 2)}}),
			   "%lld of %lld asynchronous requests are taken: disks with io='native' "
			   "may not start",
			   used, most);
	else
		check_pass(x, "%lld of %lld asynchronous requests are taken", used, most);
}

const struct check storage_checks[] = {
	CHECK("storage", "default pool", PURPOSE_GUESTS, 0, room),
	CHECK("reflink", "reflink", 0, 0, reflink),
	CHECK("direct_io", "O_DIRECT", 0, 0, direct),
	CHECK("async_io", "asynchronous I/O", 0, 0, requests),
	CHECKS_END,
};
