// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/copy.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/guest/keeper.h"
#include "cmd/vmctl/guest/login.h"
#include "output/progress.h"
#include "output/report.h"
#include "virt/agent_process.h"

enum { BUFFER = 256 << 10, KEPT_MOST = 12 };

void copy_undo(const struct copy *copy, const char *script, const char *const *arguments)
{
	struct copy clearing = *copy;
	auto_error struct error ignored = {0};

	clearing.agent.clearing = true;
	copy->way->step(&clearing, script, arguments, COPY_CLEARING, NULL, &ignored);
}

int copy_refuse_slow(struct copy *copy, unsigned long long bytes, struct error *err)
{
	if (!copy->hurries || bytes <= COPY_MUCH)
		return 0;
	copy->slow = true;
	return error_set(err, STATUS_FAILED, "so large a file would go in small pieces");
}

// $1: the device, $2: the user that it is run as by ssh, "" for the agent, $3: the script.
static const char keeper_script[] =
	"alias=$1 user=$2 script=$3; shift 3\n"
	"\"$vmctl\" -c \"$uri\" detach-device-alias --live -- \"$guest\" \"$alias\"\n"
	"\"$vmctl\" -c \"$uri\" exec ${user:+--via ssh --user \"$user\"} \"$guest\" -- \\\n"
	"  /bin/sh -c \"$script\" sh \"$@\"\n";

void copy_keep(const struct copy *copy, struct keeper *keeper, const char *alias,
	       const char *script, const char *const *arguments)
{
	const char *all[KEPT_MOST] = {alias, copy->login ? copy->login->user : "", script};

	for (size_t i = 0; arguments[i]; i++) {
		assert(i + 4 < KEPT_MOST);
		all[i + 3] = arguments[i];
	}
	keeper_begin(keeper, copy->agent.domain, keeper_script, all);
}

static int step(struct copy *copy, const char *script, const char *const *arguments,
		int milliseconds, char **output, struct error *err)
{
	return agent_script(&copy->agent, script, arguments, milliseconds, output, err);
}

const struct copy_way copy_by_agent = {"agent", step, copy_agent_send, copy_agent_receive};

char *copy_name(const char *path)
{
	size_t length = strlen(path);
	const char *slash;

	while (length && path[length - 1] == '/')
		length--;
	slash = length ? memrchr(path, '/', length) : NULL;
	slash = slash ? slash + 1 : path;
	return text_copy_bytes(slash, length - (size_t)(slash - path));
}

struct progress *copy_bar(const struct copy *copy, unsigned long long total)
{
	const struct call *call = copy->agent.call;

	return call->context->quiet || report_is_json(call->report)
		       ? NULL
		       : progress_new(call->context->errors, copy->path, total);
}

long long copy_read(int fd, char *buffer, size_t most, struct error *err)
{
	size_t length = 0;
	ssize_t got = 1;

	while (length < most && got != 0) {
		got = read(fd, buffer + length, most - length);
		if (got < 0 && errno != EINTR)
			return error_set_errno(err, errno, "cannot read what is to be copied");
		length += got > 0 ? (size_t)got : 0;
	}
	return (long long)length;
}

int copy_sum(int fd, char hex[SHA256_HEX], struct error *err)
{
	auto_free char *buffer = memory_new(BUFFER, 1);
	struct sha256 sum;
	long long got;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return error_set_errno(err, errno, "cannot read it again");
	sha256_begin(&sum);
	while ((got = copy_read(fd, buffer, BUFFER, err)) > 0)
		sha256_add(&sum, buffer, (size_t)got);
	if (got < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return got < 0 ? -1 : error_set_errno(err, errno, "cannot read it again");
	sha256_end(&sum, hex);
	return 0;
}
