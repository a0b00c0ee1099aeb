// SPDX-License-Identifier: GPL-3.0-or-later
// Down and up the chain of a running guest's disk.
#include <libvirt/libvirt.h>

#include "base/error.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/block_operation.h"
#include "cmd/vmctl/groups.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/kinds.h"

static int begin_commit(struct call *call, const char *disk, unsigned long bandwidth,
			struct error *err)
{
	if (virDomainBlockCommit(call_domain(call), disk, argument_text(call, "base"),
				 argument_text(call, "top"), bandwidth, argument_bits(call)) < 0)
		return virt_failure_plain(err);
	return 0;
}

static int blockcommit(struct call *call, struct error *err)
{
	static const struct operation commit = {
		.label = "Block commit",
		.name = "Commit",
		.started = "Block Commit started",
		.completed = "\nCommit complete",
		.waits = {"wait", "timeout", NULL},
		.begin = begin_commit,
	};
	static const struct operation active = {
		.label = "Block commit",
		.name = "Commit",
		.started = "Active Block Commit started",
		.kept = "keep-overlay",
		.kept_done = "\nCommit complete, overlay image kept",
		.in_step = "\nNow in synchronized phase",
		.waits = {"wait", "timeout", "pivot", "keep-overlay", NULL},
		.begin = begin_commit,
	};
	bool mirror = argument_bits(call) & VIR_DOMAIN_BLOCK_COMMIT_ACTIVE;

	return block_operate(call, mirror ? &active : &commit, err);
}

static const struct option commit_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that is running"),
	BLOCK_DISK,
	BLOCK_BANDWIDTH,
	TEXT("base", domain_disks, "image that is written to, instead of the last of the chain"),
	FLAG("shallow", VIR_DOMAIN_BLOCK_COMMIT_SHALLOW, "write to the image below the top"),
	TEXT("top", domain_disks, "topmost image that is committed"),
	FLAG("active", VIR_DOMAIN_BLOCK_COMMIT_ACTIVE,
	     "commit the image in use: a mirror that waits for --pivot"),
	FLAG("delete", VIR_DOMAIN_BLOCK_COMMIT_DELETE, "remove the files that were committed"),
	BLOCK_WAIT("wait for the job's end; with --active, until it is in step"),
	BLOCK_VERBOSE,
	BLOCK_TIMEOUT("longest time to wait before the job is aborted"),
	FLAG("pivot", VIR_DOMAIN_BLOCK_COMMIT_ACTIVE,
	     "commit the image in use, wait, and let the guest use the base then"),
	FLAG("keep-overlay", VIR_DOMAIN_BLOCK_COMMIT_ACTIVE,
	     "commit the image in use, wait, and let the guest use it on"),
	BLOCK_ASYNC(0),
	FLAG("keep-relative", VIR_DOMAIN_BLOCK_COMMIT_RELATIVE,
	     "names of backing files stay relative"),
	BLOCK_BYTES(VIR_DOMAIN_BLOCK_COMMIT_BANDWIDTH_BYTES),
	END,
};

const struct command blockcommit_command = {
	.name = "blockcommit",
	.target = ONE_DOMAIN(BY_ANY),
	.options = commit_options,
	.rules = (const struct rule[]){EXCLUSIVE("pivot", "keep-overlay"),
				       BLOCK_WAITED("timeout", "wait", "pivot", "keep-overlay"),
				       RULES_END},
	.results = block_results,
	.summary = "write what is in a disk's image down to its backing image",
	.run = blockcommit,
};

static int begin_pull(struct call *call, const char *disk, unsigned long bandwidth,
		      struct error *err)
{
	const char *base = argument_text(call, "base");
	unsigned bits = argument_bits(call);
	int failed;

	if (base || bits & VIR_DOMAIN_BLOCK_REBASE_RELATIVE)
		failed = virDomainBlockRebase(call_domain(call), disk, base, bandwidth, bits);
	else
		failed = virDomainBlockPull(call_domain(call), disk, bandwidth,
					    bits ? VIR_DOMAIN_BLOCK_PULL_BANDWIDTH_BYTES : 0);
	return failed < 0 ? virt_failure_plain(err) : 0;
}

static int blockpull(struct call *call, struct error *err)
{
	static const struct operation pull = {
		.label = "Block Pull",
		.name = "Pull",
		.started = "Block Pull started",
		.completed = "\nPull complete",
		.waits = {"wait", NULL},
		.begin = begin_pull,
	};

	return block_operate(call, &pull, err);
}

static const struct option pull_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that is running"),
	BLOCK_DISK,
	BLOCK_BANDWIDTH,
	TEXT("base", domain_disks, "image of the chain that stays below; default: none does"),
	BLOCK_WAIT("wait for the job's end"),
	BLOCK_VERBOSE,
	BLOCK_TIMEOUT("with --wait: longest time to wait before the job is aborted"),
	BLOCK_ASYNC(0),
	FLAG("keep-relative", VIR_DOMAIN_BLOCK_REBASE_RELATIVE,
	     "names of backing files stay relative"),
	BLOCK_BYTES(VIR_DOMAIN_BLOCK_REBASE_BANDWIDTH_BYTES),
	END,
};

const struct command blockpull_command = {
	.name = "blockpull",
	.target = ONE_DOMAIN(BY_ANY),
	.options = pull_options,
	.rules = (const struct rule[]){REQUIRES("verbose", "wait"), REQUIRES("async", "wait"),
				       RULES_END},
	.results = block_results,
	.summary = "read what is in a disk's backing images into its own",
	.run = blockpull,
};
