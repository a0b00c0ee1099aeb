// SPDX-License-Identifier: GPL-3.0-or-later
// `lxc-enter-namespace`: a program run inside a container of libvirt's.
#include <libvirt/libvirt-lxc.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "virt/engine.h"
#include "virt/hints.h"
#include "virt/session.h"

enum { CANNOT = 125, CANNOT_RUN = 126, NO_PROGRAM = 127 };

// What the container has: its name spaces, and what keeps it apart.
struct inside {
	virDomainPtr domain;
	int *spaces; // file descriptors
	int count;
	virSecurityModel model;
	virSecurityLabel label;
	bool labelled;
};

static void inside_clear(struct inside *inside)
{
	for (int i = 0; i < inside->count; i++)
		close(inside->spaces[i]);
	free(inside->spaces);
	free(inside);
}

// The status of a child that has ended, as a shell has it.
static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		continue;
	return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

// In a process of its own, of one thread: that is what may change its name spaces.
static void enter_and_run(const struct inside *inside, char **argv)
{
	pid_t child;

	if (inside->labelled &&
	    virDomainLxcEnterSecurityLabel((virSecurityModelPtr)&inside->model,
					   (virSecurityLabelPtr)&inside->label, NULL, 0) < 0)
		_exit(CANNOT);
	if (virDomainLxcEnterCGroup(inside->domain, 0) < 0 ||
	    virDomainLxcEnterNamespace(inside->domain, (unsigned)inside->count, inside->spaces,
				       NULL, NULL, 0) < 0)
		_exit(CANNOT);
	// Only children are in the new space of process numbers.
	child = fork();
	if (child < 0)
		_exit(CANNOT);
	if (child == 0) {
		execv(argv[0], argv);
		_exit(access(argv[0], F_OK) < 0 ? NO_PROGRAM : CANNOT_RUN);
	}
	_exit(wait_for(child));
}

static int look_inside(struct call *call, struct inside *inside, struct error *err)
{
	inside->domain = call_domain(call);
	inside->labelled = !argument_flag(call, "noseclabel");
	inside->count = virDomainLxcOpenNamespace(inside->domain, &inside->spaces, 0);
	if (inside->count < 0) {
		inside->count = 0;
		return domain_failure(err, inside->domain,
				      "Failed to open the name spaces of domain '%s'",
				      virDomainGetName(inside->domain));
	}
	if (inside->labelled &&
	    (virNodeGetSecurityModel(session_connection(call), &inside->model) < 0 ||
	     virDomainGetSecurityLabel(inside->domain, &inside->label) < 0))
		return domain_failure(err, inside->domain,
				      "Failed to get the security label of domain '%s'",
				      virDomainGetName(inside->domain));
	return 0;
}

static int lxc_enter_namespace(struct call *call, struct error *err)
{
	const struct list *words = argument_list(call, "cmd");
	struct inside *inside = memory_new(1, sizeof(*inside));
	int failed = look_inside(call, inside, err);
	pid_t child;

	if (!failed) {
		child = fork();
		if (child == 0)
			enter_and_run(inside, words->items);
		if (child < 0)
			failed = error_set(err, STATUS_FAILED, "cannot start a process");
		else
			call->status = wait_for(child);
	}
	inside_clear(inside);
	return failed;
}

static const struct option lxc_enter_namespace_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_RUNNING, "container to enter"),
	FLAG("noseclabel", 0, "keep the security label of this process"),
	{.kind = OPTION_REST,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "cmd",
	 .help = "path of the program, and its arguments"},
	END,
};

const struct command lxc_enter_namespace_command = {
	.name = "lxc-enter-namespace",
	.traits = COMMAND_TERMINAL,
	.target = ONE_DOMAIN(BY_ANY),
	.options = lxc_enter_namespace_options,
	.summary = "run a program inside a container of libvirt's",
	.description =
		"Runs a program inside a container and gives its exit status; 125 where the "
		"container cannot be entered, 126 where the program cannot be run, 127 where "
		"there is none.",
	.run = lxc_enter_namespace,
};
