// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/probe_record.h"
#include "host/guard.h"

// The set of virt-host-validate that bears this name, 0 for none.
static unsigned set_of(const char *name)
{
	static const struct {
		const char *name;
		unsigned purpose;
	} sets[] = {{"qemu", PURPOSE_QEMU},
		    {"lxc", PURPOSE_LXC},
		    {"ch", PURPOSE_CH},
		    {"bhyve", PURPOSE_BHYVE}};

	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		if (text_equal(name, sets[i].name))
			return sets[i].purpose;
	return 0;
}

static bool is_group(const char *name)
{
	for (const struct check_group *group = check_groups; group->name; group++)
		if (text_equal(group->name, name))
			return true;
	return text_equal(name, "all");
}

static unsigned purposes_of(const struct check_group *group, const struct list *names)
{
	unsigned purposes = names->count ? 0 : PURPOSE_GUESTS;

	for (size_t i = 0; i < names->count; i++) {
		purposes |= set_of(names->items[i]);
		if (text_equal(names->items[i], group->name) || text_equal(names->items[i], "all"))
			purposes |= PURPOSE_ASKED;
	}
	return purposes;
}

// Runs the check that is next.
static void run_check(void *data)
{
	struct examination *x = data;

	free(x->subject);
	x->subject = NULL;
	x->layer = x->check->layer;
	x->check->run(x);
}

struct round {
	struct examination *x;
	const struct list *names;
	const char *path; // of the machine that is opened with it
	struct error *err;
	bool opened;
};

// Goes on with the check that is next.
static void run_rest(void *data)
{
	const struct round *round = data;
	struct examination *x = round->x;

	for (; x->group->name; x->group++) {
		x->purposes = purposes_of(x->group, round->names);
		x->all_purposes |= x->purposes;
		if (!x->check)
			x->check = x->group->checks;
		for (; x->check->key; x->check++)
			if ((x->check->runs | PURPOSE_ASKED) & x->purposes)
				run_check(x);
		x->check = NULL;
	}
}

// The check that runs looked at something that did not come back.
static void tell_of_hang(struct examination *x)
{
	check_say(x, x->layer == LAYER_NONE ? VERDICT_WARN : VERDICT_FAIL,
		  FIX("find out why: a server of a network file system that is away, a FUSE "
		      "program that hangs, a program that is asked about each opening (fanotify)"),
		  "%s does not answer", x->host->root.guard->stuck);
}

// Too long for a run that people wait for: the rest is not looked at.
enum { MOST_LOST = 2500 }; // milliseconds

// Goes on behind what has hung.
static void run_on(struct round *round)
{
	struct guard *guard = round->x->host->root.guard;

	do {
		tell_of_hang(round->x);
		if (guard->lost > MOST_LOST || round->x->host->root.fd < 0)
			return;
		round->x->check++;
	} while (guard_run(guard, run_rest, round) < 0);
}

static int begin(struct examination *x, const struct list *names, struct error *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (!is_group(names->items[i])) {
			error_set(err, STATUS_USAGE, "there is no group of checks '%s'",
				  names->items[i]);
			return error_hint(err, "kvm-check --list shows the groups");
		}
	if (list_has(names, "all"))
		x->all_purposes = PURPOSE_GUESTS;
	x->group = check_groups;
	x->check = NULL;
	return 0;
}

int examination_run(struct examination *x, const struct list *names, struct error *err)
{
	struct round round = {.x = x, .names = names};

	if (begin(x, names, err) < 0)
		return -1;
	if (!x->host->root.guard)
		run_rest(&round);
	else if (guard_run(x->host->root.guard, run_rest, &round) < 0)
		run_on(&round);
	decision_make(x);
	return 0;
}

static void open_machine(void *data)
{
	struct round *round = data;

	round->opened = host_open(round->x->host, round->path, round->err) == 0;
}

static void open_and_run(void *data)
{
	struct round *round = data;

	open_machine(data);
	if (round->opened)
		run_rest(data);
}

// Does WORK, which opens the machine, under its guard; 1 where it was opened and something then
// hung.
static int open_by(struct round *round, void (*work)(void *data))
{
	struct host *host = round->x->host;
	struct guard *guard = host->root.guard;
	int hung = guard_run(guard, work, round);

	if (!round->opened && hung)
		error_set(round->err, STATUS_TIMEOUT, "%s does not answer", guard->stuck);
	if (!round->opened)
		return hung ? error_wrap(round->err, "cannot read the machine below '%s'",
					 round->path ? round->path : "/")
			    : -1;
	// The descriptor was that of the process that opened it. What has hung below a directory
	// may make that hang as well; then there is none.
	host->root.fd = hung && !host->root.live ? -1
						 : open(round->path ? round->path : "/",
							O_PATH | O_DIRECTORY | O_CLOEXEC);
	return hung ? 1 : 0;
}

int examination_open(struct host *host, const char *path, struct error *err)
{
	struct examination x = {.host = host};
	struct round round = {.x = &x, .path = path, .err = err};

	return open_by(&round, open_machine);
}

int examination_open_and_run(struct examination *x, const char *path, const struct list *names,
			     struct error *err)
{
	struct round round = {.x = x, .names = names, .path = path, .err = err};
	int hung;

	if (begin(x, names, err) < 0)
		return -1;
	hung = open_by(&round, open_and_run);
	if (hung < 0)
		return -1;
	if (hung)
		run_on(&round);
	decision_make(x);
	return 0;
}

void examination_run_one(struct examination *x, const struct check_group *group,
			 const struct check *check, unsigned purposes)
{
	x->group = group;
	x->check = check;
	x->purposes = x->all_purposes = purposes;
	if (!x->host->root.guard)
		run_check(x);
	else if (guard_run(x->host->root.guard, run_check, x) < 0)
		tell_of_hang(x);
}

static void run_group(void *data)
{
	struct examination *x = data;

	for (; x->check->key; x->check++)
		run_check(x);
}

void examination_run_group(struct examination *x, const struct check_group *group)
{
	x->group = group;
	x->check = group->checks;
	x->purposes = PURPOSE_ASKED;
	if (!x->host->root.guard)
		run_group(x);
	else
		while (guard_run(x->host->root.guard, run_group, x) < 0) {
			tell_of_hang(x);
			x->check++;
		}
}

void examination_clear(struct examination *x)
{
	for (size_t i = 0; i < x->count; i++)
		finding_clear(&x->findings[i]);
	free(x->findings);
	free(x->decision.reason);
	free(x->sentence);
	free(x->subject);
	list_clear(&x->texts);
	platform_clear(&x->platform);
	kvm_verdict_clear(&x->verdict);
	x->findings = NULL;
	x->count = 0;
}

const struct platform *examination_platform(struct examination *x)
{
	if (!x->placed)
		platform_look(&x->platform, x->host);
	x->placed = true;
	return &x->platform;
}

// A recorded machine keeps what its probe said; it cannot be asked again.
static bool recall(struct examination *x)
{
	const char *reason = facts_get(&x->host->facts, "probe reason"), *kind;

	if (kvm_probe_recall(&x->host->facts, &x->probe)) {
		kvm_verdict_judge(&x->probe, &x->verdict);
		return x->probed = true;
	}
	kind = facts_get(&x->host->facts, "probe");

	for (int i = KVM_VERDICT_WORKS; kind && i <= KVM_VERDICT_ABSENT; i++)
		if (text_equal(kind, kvm_verdict_word((enum kvm_verdict_kind)i))) {
			x->verdict.kind = (enum kvm_verdict_kind)i;
			x->verdict.usable = i == KVM_VERDICT_WORKS;
			x->verdict.reason = text_copy(reason ? reason : kind);
			x->verdict.slowdown = facts_number(&x->host->facts, "probe slowdown", 0);
			return true;
		}
	return false;
}

bool examination_judged(struct examination *x)
{
	if (x->judged)
		return true;
	if (!x->host->root.live)
		return x->judged = recall(x);
	if (!x->probing)
		return false;
	kvm_probe_run(&x->request, &x->probe);
	kvm_verdict_judge(&x->probe, &x->verdict);
	kvm_probe_record(x->host, &x->probe);
	x->probed = true;
	return x->judged = true;
}
