// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmd/vmctl/guest/channel.h"
#include "cmd/vmctl/guest/copy.h"
#include "cmd/vmctl/guest/keeper.h"
#include "guest/identity.h"
#include "output/progress.h"
#include "virt/agent_file.h"
#include "virt/agent_process.h"
#include "virt/stream.h"

// $1: where to, $2: the name, $3: "1" for a directory. What both scripts begin with: a link is
// followed, in a directory it gets the name.
#define RESOLVE                                                                                    \
	"to=$1 name=$2 tree=$3\n"                                                                  \
	"[ ! -L \"$to\" ] || to=$(readlink -f -- \"$to\")\n"                                       \
	"[ ! -d \"$to\" ] || to=${to%/}/$name\n"                                                   \
	"[ ! -L \"$to\" ] || to=$(readlink -f -- \"$to\")\n"

// $4: random. Tells the private directory, in which "data" gets the content.
static const char begin_script[] = RESOLVE
	"case $to in */) echo \"there is no directory '$to'\" >&2; exit 3;; esac\n"
	"[ -z \"$tree\" ] || [ ! -e \"$to\" ] || { echo \"'$to' is there already\" >&2; exit 4; }\n"
	"[ ! -d \"$to\" ] || { echo \"'$to' is a directory\" >&2; exit 4; }\n"
	"tmp=$(dirname -- \"$to\")\n"
	"[ -d \"$tmp\" ] || { echo \"there is no directory '$tmp'\" >&2; exit 3; }\n"
	"tmp=${tmp%/}/.vmctl-$4; umask 077\n"
	"mkdir -m 700 -- \"$tmp\" && : >\"$tmp/data\" || exit 1\n" COPY_GUARD
	"printf '%s' \"$tmp\"\n";

// The same arguments: removes that directory, whatever became of the copy.
static const char undo_script[] =
	RESOLVE "tmp=$(dirname -- \"$to\"); rm -rf -- \"${tmp%/}/.vmctl-$4\"\n";

// $4: that directory, $5: the sum, $6: the mode, $7: the time, $8: the port that the content comes
// from, "" where it is there, $9: its bytes.
static const char end_script[] =
	RESOLVE "tmp=$4; shift 4\n"
		"cd -- \"$tmp\" || exit 1\n"
		"[ -z \"$4\" ] || head -c \"$5\" <\"$4\" >data || exit 1\n"
		"set -- \"$1\" \"$2\" \"$3\" $(sha256sum <data)\n"
		"[ \"$1\" = \"$4\" ] || { cd /; rm -rf -- \"$tmp\"\n"
		"  echo 'what arrived is not what was sent' >&2; exit 1; }\n"
		"if [ -n \"$tree\" ]; then\n"
		"  mkdir x && tar -C x -xpf data && rm data && mv x data || exit 1\n"
		"elif [ -e \"$to\" ]; then chown --reference=\"$to\" data 2>/dev/null; fi\n"
		"chmod \"$2\" data && { [ -z \"$3\" ] || touch -d \"@$3\" data; } || exit 1\n"
		"mv -f -- data \"$to\" && cd / && rm -rf -- \"$tmp\"\n";

static int send_pieces(struct copy *copy, int fd, long long handle, struct error *err)
{
	auto_free char *buffer = memory_new(AGENT_WRITE_MOST, 1);
	auto_progress struct progress *progress = copy_bar(copy, copy->bytes);
	struct sha256 sum;
	long long got;

	copy->bytes = 0;
	sha256_begin(&sum);
	do {
		got = copy_read(fd, buffer, AGENT_WRITE_MOST, err);
		if (got < 0 ||
		    (got && agent_file_write(&copy->agent, handle, buffer, (size_t)got, err) < 0))
			return -1;
		sha256_add(&sum, buffer, (size_t)got);
		copy->bytes += (unsigned long long)got;
		progress_bytes(progress, copy->bytes);
	} while (got);
	sha256_end(&sum, copy->sum);
	return 0;
}

static int send_by_agent(struct copy *copy, int fd, const char *tmp, struct error *err)
{
	auto_free char *data = text_format("%s/data", tmp);
	auto_error struct error unclosed = {0};
	long long handle = agent_file_open(&copy->agent, data, "r+", err);
	struct agent clearing = copy->agent;
	int failed;

	if (handle < 0)
		return -1;
	failed = send_pieces(copy, fd, handle, err);
	clearing.clearing = true;
	if (agent_file_close(&clearing, handle, &unclosed) < 0 && !failed)
		failed = error_move(err, &unclosed);
	return failed;
}

void copy_ending(const struct copy *copy, const struct copy_source *source, const char *tmp,
		 const char *port, struct copy_ending *ending)
{
	const struct stat *facts = source->facts;
	const char *const arguments[] = {
		copy->path,   source->name, source->tree ? "1" : "", tmp, copy->sum, ending->mode,
		ending->time, port,         ending->bytes,           NULL};

	*ending = (struct copy_ending){.script = end_script};
	snprintf(ending->mode, sizeof(ending->mode), "%o", facts ? facts->st_mode & 07777 : 0644);
	if (facts)
		snprintf(ending->time, sizeof(ending->time), "%lld", (long long)facts->st_mtime);
	snprintf(ending->bytes, sizeof(ending->bytes), "%llu", copy->bytes);
	memcpy(ending->arguments, arguments, sizeof(arguments));
}

static long long begin_end(struct copy *copy, const struct copy_source *source, const char *tmp,
			   const char *port, struct error *err)
{
	struct copy_ending ending;

	copy_ending(copy, source, tmp, port, &ending);
	return agent_script_start(&copy->agent, ending.script, ending.arguments, err);
}

static int send_by_channel(struct copy *copy, const struct copy_source *source,
			   struct channel *channel, const char *tmp, struct error *err)
{
	long long pid;

	if (copy_sum(source->fd, copy->sum, err) < 0)
		return -1;
	copy->by_channel = true;
	pid = begin_end(copy, source, tmp, channel->port, err);
	if (pid < 0 || stream_transfer(copy->agent.call,
				       &(struct transfer){.stream = channel->stream,
							  .fd = source->fd,
							  .send = true,
							  .lent = true,
							  .progress = copy_bar(copy, copy->bytes)},
				       err) < 0)
		return -1;
	return agent_process_end(&copy->agent, pid, COPY_PATIENCE, NULL, err);
}

int copy_agent_send(struct copy *copy, const struct copy_source *source, const char *tag,
		    const char *tmp, struct error *err)
{
	auto_channel struct channel *channel = NULL;
	struct stat facts;
	long long pid;

	if (fstat(source->fd, &facts) == 0 && S_ISREG(facts.st_mode))
		copy->bytes = (unsigned long long)facts.st_size;
	if (copy->bytes > COPY_LITTLE && !copy->pieces)
		channel = channel_open(&copy->agent, tag);
	if (channel)
		return send_by_channel(copy, source, channel, tmp, err);
	if (copy_refuse_slow(copy, copy->bytes, err) < 0 ||
	    send_by_agent(copy, source->fd, tmp, err) < 0)
		return -1;
	pid = begin_end(copy, source, tmp, "", err);
	return pid < 0 ? -1 : agent_process_end(&copy->agent, pid, COPY_PATIENCE, NULL, err);
}

int copy_to_guest(struct copy *copy, const struct copy_source *source, struct error *err)
{
	auto_free char *tag = identity_tag(), *tmp = NULL, *alias = channel_alias(tag);
	const char *const arguments[] = {copy->path, source->name, source->tree ? "1" : "", tag,
					 NULL};
	auto_keeper struct keeper keeper;

	copy_keep(copy, &keeper, alias, undo_script, arguments);
	if (copy->way->step(copy, begin_script, arguments, COPY_BEGINS, &tmp, err) == 0 &&
	    copy->way->send(copy, source, tag, tmp, err) == 0)
		return 0;
	copy_undo(copy, undo_script, arguments);
	return -1;
}
