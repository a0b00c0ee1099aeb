// SPDX-License-Identifier: GPL-3.0-or-later
#include "kvm/kvm_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "kvm/kvm_stage.h"

enum {
	GRACE = 1500, // milliseconds beyond a stage's own bound until it counts as hung
	MOST = 10000, // for the whole probe beyond what its stages may take, however busy the host
	REAP = 100,   // milliseconds that a killed child has to go
};

// What parent and child both see.
struct shared {
	atomic_llong begun; // the stage, in nanoseconds of clock_nanoseconds()
	struct kvm_probe probe;
};

const char *kvm_probe_title(enum kvm_stage stage)
{
	return kvm_stage_rows[stage].title;
}

const char *kvm_probe_key(enum kvm_stage stage)
{
	return kvm_stage_rows[stage].key;
}

enum kvm_stage kvm_probe_failed(const struct kvm_probe *probe)
{
	enum kvm_stage stage = 0;

	while (stage < KVM_STAGES && probe->results[stage].outcome != KVM_FAILED &&
	       probe->results[stage].outcome != KVM_HUNG)
		stage++;
	return stage;
}

static enum kvm_outcome run_stage(struct shared *shared, struct kvm_machine *machine,
				  const struct kvm_probe_request *request)
{
	const struct kvm_stage_row *row = &kvm_stage_rows[shared->probe.stage];
	struct kvm_result *result = &shared->probe.results[shared->probe.stage];
	long long start = clock_nanoseconds();
	int status;

	atomic_store(&shared->begun, start);
	kvm_machine_allow(machine, row->milliseconds * 1000000LL);
	machine->detail[0] = '\0';
	kvm_machine_timer(row->traits & KVM_STAGE_GUEST);
	status = row->run(machine, request, &shared->probe);
	result->nanoseconds = clock_nanoseconds() - start;
	memcpy(result->detail, machine->detail, sizeof(result->detail));
	result->outcome = status < 0 ? KVM_FAILED : status > 0 ? KVM_SKIPPED : KVM_PASSED;
	return result->outcome;
}

// What hangs for ever must not keep open what somebody else waits for the end of.
static void let_go_of_output(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		close(fd);
}

// What the child does. The heap stays untouched: the parent may have had threads.
static void run_stages(struct shared *shared, const struct kvm_probe_request *request)
{
	struct kvm_machine machine = {.device = -1, .vm = -1, .vcpu = -1};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	let_go_of_output();
	for (int stage = 0; stage < KVM_STAGES; stage++) {
		const struct kvm_stage_row *row = &kvm_stage_rows[stage];

		if (row->traits & KVM_STAGE_FULL && !request->full)
			continue;
		shared->probe.stage = (enum kvm_stage)stage;
		if (run_stage(shared, &machine, request) == KVM_FAILED &&
		    row->traits & KVM_STAGE_VITAL)
			break;
	}
	kvm_machine_close(&machine);
}

// Milliseconds for which a process was kept from the processor by others; 0 where the kernel does
// not tell.
static long long kept_waiting(pid_t process)
{
	char path[40], line[80] = "";
	unsigned long long ran, waited = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (read(fd, line, sizeof(line) - 1) <= 0 || sscanf(line, "%llu %llu", &ran, &waited) != 2)
		waited = 0;
	close(fd);
	return (long long)(waited / 1000000 < MOST ? waited / 1000000 : MOST);
}

// Whether it waits for something in the kernel, rather than for its turn on a processor.
static bool is_blocked(pid_t process)
{
	char state = process_state(process);

	return state == 'D' || state == 'S';
}

// Waits until the child has closed its end of the pipe; false when it has got stuck: what hangs
// does not wait for a processor.
static bool watch(const struct shared *shared, pid_t child, int end)
{
	struct pollfd closed = {.fd = end};

	for (;;) {
		long long begun = atomic_load(&shared->begun) / 1000000;
		int bound = kvm_stage_rows[shared->probe.stage].milliseconds + GRACE;
		long long left = begun + bound + kept_waiting(child) - clock_milliseconds();

		if (left <= 0)
			return false;
		if (poll(&closed, 1, (int)left) > 0)
			return true;
	}
}

// Ends the child if it is still there, and reaps it; what the kernel does not let go stays behind.
static int reap(pid_t child)
{
	long long deadline = clock_milliseconds() + REAP;
	int status = SIGKILL; // as if it had gone

	kill(child, SIGKILL);
	while (waitpid(child, &status, WNOHANG) == 0 && clock_left(deadline) > 0)
		poll(NULL, 0, 1);
	return status;
}

static void blame(struct kvm_probe *probe, const char *detail)
{
	struct kvm_result *result = &probe->results[probe->stage];

	result->outcome = KVM_HUNG;
	snprintf(result->detail, sizeof(result->detail), "%s", detail);
}

// False when the child did not come back, though it was not waiting for anything.
static bool run_child(struct shared *shared, const struct kvm_probe_request *request)
{
	int ends[2], status;
	bool came_back, blocked;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0) {
		blame(&shared->probe, "no pipe could be made");
		return true;
	}
	child = fork();
	if (child == 0) {
		run_stages(shared, request);
		_exit(0);
	}
	close(ends[1]);
	if (child < 0) {
		blame(&shared->probe, "no process could be made");
		close(ends[0]);
		return true;
	}
	came_back = watch(shared, child, ends[0]);
	blocked = !came_back && is_blocked(child);
	close(ends[0]);
	// Only what is gone for sure writes no more results.
	status = reap(child);
	if (WIFSIGNALED(status))
		blame(&shared->probe, came_back ? "the process that asked was killed"
						: "did not come back in time");
	return came_back || blocked || !WIFSIGNALED(status);
}

// What did not come back once may have had a very busy host; what hangs does not come back again.
void kvm_probe_run(const struct kvm_probe_request *request, struct kvm_probe *probe)
{
	enum { ATTEMPTS = 2 };
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	*probe = (struct kvm_probe){0};
	if (shared == MAP_FAILED) {
		blame(probe, "no memory could be shared with a process");
		return;
	}
	for (int i = 0; i < ATTEMPTS; i++) {
		shared->probe = (struct kvm_probe){0};
		atomic_store(&shared->begun, clock_nanoseconds());
		if (run_child(shared, request))
			break;
	}
	*probe = shared->probe;
	munmap(shared, sizeof(*shared));
}
