// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/number.h"
#include "base/staged_file.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/guest/channel.h"
#include "cmd/vmctl/guest/copy.h"
#include "cmd/vmctl/guest/copy_tree.h"
#include "cmd/vmctl/guest/keeper.h"
#include "guest/identity.h"
#include "output/progress.h"
#include "output/report.h"
#include "virt/agent_file.h"
#include "virt/agent_process.h"
#include "virt/stream.h"

// $1: what is copied, $2: random. Tells "file" or "tree", its mode, its time, its size and where
// the content is: of a directory that is an archive in a private directory.
static const char look_script[] =
	"[ -e \"$1\" ] || { echo \"there is no '$1'\" >&2; exit 3; }\n"
	"facts=$(stat -L -c '%a %Y %s' -- \"$1\") || exit 1\n"
	"if [ ! -d \"$1\" ]; then printf 'file %s\\n%s' \"$facts\" \"$1\"; exit; fi\n"
	"umask 077; tmp=/var/tmp/.vmctl-$2; mkdir -m 700 -- \"$tmp\" || exit 1\n" COPY_GUARD
	"tar -C \"$1\" -cf \"$tmp/data\" . || { rm -rf -- \"$tmp\"; exit 1; }\n"
	"set -- $facts $(stat -c %s \"$tmp/data\")\n"
	"printf 'tree %s %s %s\\n%s' \"$1\" \"$2\" \"$4\" \"$tmp/data\"\n";

// The same arguments: removes that directory.
static const char undo_script[] = "rm -rf -- \"/var/tmp/.vmctl-$2\"\n";

// $1: the file, $2: the port that it goes to, "" for none. Tells its sum.
static const char sum_script[] = "[ -z \"$2\" ] || cat -- \"$1\" >\"$2\" || exit 1\n"
				 "sha256sum <\"$1\" | cut -d' ' -f1\n";

static int look(struct copy *copy, const char *const *arguments, struct copy_found *found,
		struct error *err)
{
	auto_free char *output = NULL;
	auto_list struct list words = {0};
	const char *end;
	int failed = copy->way->step(copy, look_script, arguments, COPY_PATIENCE, &output, err);

	if (failed)
		return -1;
	end = strchr(output, '\n');
	words = list_split(output, " \n");
	if (!end || words.count < 5)
		return error_set(err, STATUS_FAILED, "the guest does not tell about '%s'",
				 copy->path);
	found->tree = text_equal(words.items[0], "tree");
	found->mode = (mode_t)strtoul(words.items[1], NULL, 8) & 0777;
	found->time = strtoll(words.items[2], NULL, 10);
	found->size = strtoull(words.items[3], NULL, 10);
	found->content = text_copy(end + 1);
	return 0;
}

// FD is a file, or -1 for standard output.
static int receive_pieces(struct copy *copy, const struct copy_found *found, long long handle,
			  int fd, struct error *err)
{
	auto_progress struct progress *progress = copy_bar(copy, found->size);
	struct sha256 sum;
	long long got;

	sha256_begin(&sum);
	do {
		auto_text struct text data = {0};

		got = agent_file_read(&copy->agent, handle, AGENT_READ_MOST, &data, err);
		if (got < 0)
			return -1;
		sha256_add(&sum, text_string(&data), data.length);
		copy->bytes += data.length;
		progress_bytes(progress, copy->bytes);
		if (fd < 0 && report_passage(copy->agent.call->report, text_string(&data),
					     data.length, err) < 0)
			return -1;
		if (fd >= 0 && file_write_all(fd, text_string(&data), data.length) < 0)
			return error_set_errno(err, errno, "cannot write the copy");
	} while (got);
	sha256_end(&sum, copy->sum);
	return 0;
}

static int receive_by_agent(struct copy *copy, const struct copy_found *found, int fd,
			    struct error *err)
{
	long long handle = agent_file_open(&copy->agent, found->content, "r", err);
	struct agent clearing = copy->agent;
	auto_error struct error ignored = {0};
	int failed;

	if (handle < 0)
		return -1;
	failed = receive_pieces(copy, found, handle, fd, err);
	clearing.clearing = true;
	agent_file_close(&clearing, handle, &ignored);
	return failed;
}

// Starts what sends it to PORT and tells its sum.
static long long begin_sum(struct copy *copy, const struct copy_found *found, const char *port,
			   struct error *err)
{
	return agent_script_start(&copy->agent, sum_script,
				  (const char *const[]){found->content, port, NULL}, err);
}

static int receive_by_channel(struct copy *copy, const struct copy_found *found,
			      struct channel *channel, int fd, long long *pid, struct error *err)
{
	copy->by_channel = true;
	*pid = begin_sum(copy, found, channel->port, err);
	if (*pid < 0 || stream_transfer(copy->agent.call,
					&(struct transfer){.stream = channel->stream,
							   .fd = fd,
							   .lent = true,
							   .most = found->size,
							   .progress = copy_bar(copy, found->size)},
					err) < 0)
		return -1;
	copy->bytes = found->size;
	return copy_sum(fd, copy->sum, err);
}

int copy_check(struct copy *copy, const struct copy_found *found, long long pid, struct error *err)
{
	const char *const arguments[] = {found->content, "", NULL};
	// What has no size on a disk, as in /proc, is another one each time.
	bool lasts = found->size || !copy->bytes;
	auto_free char *sum = NULL;

	if (lasts &&
	    (pid < 0 ? copy->way->step(copy, sum_script, arguments, COPY_PATIENCE, &sum, err)
		     : agent_process_end(&copy->agent, pid, COPY_PATIENCE, &sum, err)) < 0)
		return -1;
	if (!lasts || text_equal(sum, copy->sum))
		return 0;
	return error_set(err, STATUS_FAILED, "'%s' is not what arrived: did it change meanwhile?",
			 copy->path);
}

int copy_agent_receive(struct copy *copy, const struct copy_found *found, const char *tag, int fd,
		       struct error *err)
{
	auto_channel struct channel *channel = NULL;
	long long pid = -1;

	if (fd >= 0 && found->size > COPY_LITTLE && !copy->pieces)
		channel = channel_open(&copy->agent, tag);
	if (!channel && copy_refuse_slow(copy, found->size, err) < 0)
		return -1;
	if (channel ? receive_by_channel(copy, found, channel, fd, &pid, err) < 0
		    : receive_by_agent(copy, found, fd, err) < 0)
		return -1;
	return copy_check(copy, found, pid, err);
}

static int receive_file(struct copy *copy, const struct copy_found *found, const char *tag,
			const char *target, struct error *err)
{
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;
	const struct staging staging = {.target = target, .replace = true, .mode = 0600};
	const struct timespec times[] = {{.tv_nsec = UTIME_NOW}, {.tv_sec = found->time}};

	if (staged_file_begin(&staging, &file, err) < 0 ||
	    copy->way->receive(copy, found, tag, file.fd, err) < 0)
		return -1;
	if (fchmod(file.fd, found->mode) < 0 || futimens(file.fd, times) < 0)
		return error_set_errno(err, errno, "cannot set mode and time of '%s'", target);
	file.mode = found->mode;
	return staged_file_commit(&file, &(struct staged_commit){.sync = false}, err);
}

static int receive_tree(struct copy *copy, const struct copy_found *found, const char *tag,
			const char *target, struct error *err)
{
	auto_close int fd = copy_spool(err);

	if (fd < 0 || copy->way->receive(copy, found, tag, fd, err) < 0)
		return -1;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return error_set_errno(err, errno, "cannot read the archive");
	return copy_unpack(fd, target, err);
}

int copy_from_guest(struct copy *copy, const char *target, struct error *err)
{
	auto_free char *tag = identity_tag(), *into = NULL, *name = copy_name(copy->path);
	struct copy_found found = {0};
	auto_free char *alias = channel_alias(tag);
	const char *const arguments[] = {copy->path, tag, NULL};
	auto_keeper struct keeper keeper;
	int failed;

	copy_keep(copy, &keeper, alias, undo_script, arguments);
	failed = look(copy, arguments, &found, err);
	if (failed) {
		copy_undo(copy, undo_script, arguments);
		return -1;
	}
	if (target && file_is_directory(target)) {
		into = text_format("%s/%s", target, name);
		target = into;
	}
	if (!target && found.tree)
		failed = error_set(err, STATUS_USAGE, "'%s' is a directory", copy->path);
	else if (!target)
		failed = copy->way->receive(copy, &found, tag, -1, err);
	else
		failed = found.tree ? receive_tree(copy, &found, tag, target, err)
				    : receive_file(copy, &found, tag, target, err);
	if (found.tree)
		copy_undo(copy, undo_script, arguments);
	free(found.content);
	return failed;
}
