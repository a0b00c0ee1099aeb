// SPDX-License-Identifier: GPL-3.0-or-later
// How fast guest code runs, and how long an exit takes.
#include <linux/kvm.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/clock.h"
#include "kvm/kvm_code.h"
#include "kvm/kvm_guest.h"
#include "kvm/kvm_stage.h"

#if defined(__x86_64__)

enum {
	ROUNDS = 3, // the best one counts: another process may have had the processor meanwhile
	ROUNDS_MOST = 16,        // where the figure is doubtful
	ROUNDS_TIME = 400000000, // nanoseconds after which no new one is begun
	INSTRUCTIONS = 4,        // of a pass through the loop
	PASSES_LEAST = 10000,    // to learn how many make a round
	ROUND = 1000000,         // nanoseconds that a round shall take on the host
	GUEST_TIME = 10000000,   // nanoseconds after which a guest is too slow to wait for
	EXITS_FEW = 64,
	SEED = 42,
};

// Nanoseconds of a pass that no processor gets below: the clock of a busy virtual machine can stand
// still or step back between two processors, and the best of the rounds must not be such a one.
static const double pass_least = 0.1;

// Nanoseconds on the processor that a pass takes on the host, at best of COUNT; their result goes
// to *RESULT.
static double run_on_host(unsigned long count, unsigned long *result)
{
	double best = 0;

	for (int i = 0, measured = 0; i < ROUNDS_MOST && measured < ROUNDS; i++) {
		long long start = kvm_machine_processor();
		double pass;

		*result = kvm_code_loop(count, SEED);
		pass = (double)(kvm_machine_processor() - start) / (double)count;
		if (pass < pass_least)
			continue;
		best = measured++ == 0 || pass < best ? pass : best;
	}
	return best > 0 ? best : pass_least;
}

// Runs the guest until it halts, or has had its time and is still not done.
static int run_patiently(struct kvm_machine *machine)
{
	int status;

	kvm_machine_allow(machine, GUEST_TIME);
	status = kvm_machine_expect(machine, KVM_EXIT_HLT);
	return status < 0 && !machine->timed_out ? -1 : 0;
}

// One round on the guest; the nanoseconds of a pass go to *PASS, 0 where it did not get through
// one.
static int run_on_guest(struct kvm_machine *machine, unsigned long count, unsigned long expected,
			double *pass)
{
	struct kvm_regs registers = {.rdi = count, .rsi = SEED};
	long long start = kvm_machine_processor(), took;

	if (kvm_guest_start(machine, kvm_code_speed, &registers) < 0 || run_patiently(machine) < 0)
		return -1;
	took = kvm_machine_processor() - start;
	if (kvm_guest_registers(machine, &registers) < 0)
		return -1;
	if (machine->timed_out)
		count -= registers.rdi <= count ? registers.rdi : count;
	else if (registers.rax != expected)
		return kvm_machine_fail(machine, "the guest computed 0x%llx instead of 0x%lx",
					registers.rax, expected);
	*pass = count ? (double)took / (double)count : 0;
	return 0;
}

// Whether ROUND rounds, the best of which took SLOWDOWN times as long as on the host (0: none was
// measured), are enough. A good figure is not got by chance, and a very bad one neither; between
// them others may have disturbed us.
static bool is_measured(int round, double slowdown, long long end)
{
	static const double good = 1.5, hopeless = 200;

	if (round < ROUNDS)
		return false;
	return slowdown > hopeless || (slowdown > 0 && slowdown < good) ||
	       clock_nanoseconds() >= end;
}

int kvm_stage_speed(struct kvm_machine *machine, const struct kvm_probe_request *request,
		    struct kvm_probe *probe)
{
	long long end = clock_nanoseconds() + ROUNDS_TIME;
	unsigned long expected, count;
	double pass = 0, best = 0, host; // nanoseconds of a pass; a best of 0 is none yet

	(void)request;
	count = (unsigned long)(ROUND / run_on_host(PASSES_LEAST, &expected));
	count = count > PASSES_LEAST ? count : PASSES_LEAST;
	host = run_on_host(count, &expected);
	probe->host_speed = host / INSTRUCTIONS;
	for (int i = 0; i < ROUNDS_MOST && !is_measured(i, best / host, end); i++) {
		if (run_on_guest(machine, count, expected, &pass) < 0)
			return -1;
		if (pass >= pass_least && (best == 0 || pass < best)) {
			best = pass;
			probe->guest_unfinished = machine->timed_out;
		}
	}
	if (best == 0)
		return kvm_machine_fail(machine, "the guest did not get anywhere");
	probe->guest_speed = best / INSTRUCTIONS;
	machine->detail[0] = '\0'; // a guest that was stopped has been measured
	return 0;
}

static int compare(const void *a, const void *b)
{
	long long left = *(const long long *)a, right = *(const long long *)b;

	return left < right ? -1 : left > right;
}

// Times COUNT exits; fewer when the stage's time is over. Gives how many, or -1.
static int time_exits(struct kvm_machine *machine, long long *times, unsigned count)
{
	struct kvm_regs registers = {.rdx = 0xe0};
	unsigned done = 0;

	if (kvm_guest_start(machine, kvm_code_exits, &registers) < 0 ||
	    kvm_machine_expect(machine, KVM_EXIT_IO) < 0)
		return -1;
	while (done < count && clock_nanoseconds() < machine->deadline) {
		long long start = clock_nanoseconds();

		if (kvm_machine_expect(machine, KVM_EXIT_IO) < 0) {
			if (!machine->timed_out || done == 0)
				return -1;
			machine->detail[0] = '\0'; // those that came in time have been measured
			break;
		}
		times[done++] = clock_nanoseconds() - start;
	}
	return (int)done;
}

int kvm_stage_exits(struct kvm_machine *machine, const struct kvm_probe_request *request,
		    struct kvm_probe *probe)
{
	unsigned count = request->exits ? request->exits : EXITS_FEW;
	size_t size = count * sizeof(long long);
	long long *times =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int done;

	if (times == MAP_FAILED)
		return kvm_machine_fail_errno(machine, "mmap");
	done = time_exits(machine, times, count);
	if (done > 0) {
		qsort(times, (size_t)done, sizeof(*times), compare);
		probe->exits = (unsigned)done;
		probe->exit_least = times[0];
		probe->exit_median = times[done / 2];
		probe->exit_most = times[(size_t)done * 99 / 100];
	}
	munmap(times, size);
	return done > 0 ? 0 : -1;
}

#endif
