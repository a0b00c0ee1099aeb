// SPDX-License-Identifier: GPL-3.0-or-later
// lib/kvm: the probe and its verdict.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "kvm/kvm_verdict.h"

static void facts_become_a_verdict(void **state)
{
	static const struct {
		const char *name;
		int open_error;
		enum kvm_stage failed; // KVM_STAGES: none
		enum kvm_outcome outcome;
		double host, guest;
		enum kvm_verdict_kind expected;
		const char *says;
	} rows[] = {
		{"native", 0, KVM_STAGES, KVM_PASSED, 0.3, 0.3, KVM_VERDICT_WORKS, "100%"},
		{"faster", 0, KVM_STAGES, KVM_PASSED, 0.3, 0.2, KVM_VERDICT_WORKS, "100%"},
		{"a bit slower", 0, KVM_STAGES, KVM_PASSED, 0.3, 0.4, KVM_VERDICT_WORKS, "75%"},
		{"much slower", 0, KVM_STAGES, KVM_PASSED, 0.3, 3, KVM_VERDICT_WORKS, "10.0 times"},
		{"interpreted", 0, KVM_STAGE_SPECIAL, KVM_FAILED, 0.3, 600, KVM_VERDICT_INTERPRETS,
		 "2000 times slower"},
		{"no vm", 0, KVM_STAGE_VM, KVM_FAILED, 0, 0, KVM_VERDICT_BROKEN, "VM: detail"},
		{"no interrupt", 0, KVM_STAGE_INTERRUPT, KVM_FAILED, 1, 1, KVM_VERDICT_BROKEN,
		 "interrupt: detail"},
		{"hangs", 0, KVM_STAGE_VCPU, KVM_HUNG, 0, 0, KVM_VERDICT_BROKEN, "vCPU: detail"},
		{"only extras fail", 0, KVM_STAGE_NESTED, KVM_FAILED, 1, 1, KVM_VERDICT_WORKS,
		 "of native speed"},
		{"not measured", 0, KVM_STAGES, KVM_PASSED, 0, 0, KVM_VERDICT_WORKS,
		 "was not measured"},
		{"denied", EACCES, KVM_STAGE_OPEN, KVM_FAILED, 0, 0, KVM_VERDICT_DENIED,
		 "Permission denied"},
		{"forbidden", EPERM, KVM_STAGE_OPEN, KVM_FAILED, 0, 0, KVM_VERDICT_DENIED,
		 "not permitted"},
		{"absent", ENOENT, KVM_STAGE_OPEN, KVM_FAILED, 0, 0, KVM_VERDICT_ABSENT,
		 "no /dev/kvm"},
		{"no driver", ENXIO, KVM_STAGE_OPEN, KVM_FAILED, 0, 0, KVM_VERDICT_ABSENT,
		 "no driver is behind it"},
		{"directory", EISDIR, KVM_STAGE_OPEN, KVM_FAILED, 0, 0, KVM_VERDICT_ABSENT,
		 "is a directory"},
		{"busy", EBUSY, KVM_STAGE_OPEN, KVM_FAILED, 0, 0, KVM_VERDICT_BROKEN,
		 "/dev/kvm opens: detail"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_kvm_verdict struct kvm_verdict verdict = {0};
		struct kvm_probe probe = {.open_error = rows[i].open_error,
					  .host_speed = rows[i].host,
					  .guest_speed = rows[i].guest};

		if (rows[i].failed < KVM_STAGES) {
			probe.results[rows[i].failed].outcome = rows[i].outcome;
			memcpy(probe.results[rows[i].failed].detail, "detail", 7);
		}
		kvm_verdict_judge(&probe, &verdict);
		if (verdict.kind != rows[i].expected || !strstr(verdict.reason, rows[i].says))
			fail_msg("%s: %s, %s", rows[i].name, kvm_verdict_word(verdict.kind),
				 verdict.reason);
		assert_int_equal(verdict.usable, verdict.kind == KVM_VERDICT_WORKS);
	}
}

static void what_is_no_kvm_is_found_out(void **state)
{
	char file[] = "/tmp/vmkit-XXXXXX";
	auto_close int fd = mkstemp(file);
	const struct {
		const char *device;
		enum kvm_stage expected;
	} rows[] = {
		{"/nowhere/kvm", KVM_STAGE_OPEN}, {"/", KVM_STAGE_OPEN},
		{"/dev/null", KVM_STAGE_OPEN},    {"/dev/zero", KVM_STAGE_OPEN},
		{file, KVM_STAGE_VERSION},
	};

	(void)state;
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct kvm_probe probe;

		kvm_probe_run(&(struct kvm_probe_request){.device = rows[i].device}, &probe);
		assert_int_equal(kvm_probe_failed(&probe), rows[i].expected);
		assert_true(probe.results[rows[i].expected].detail[0]);
		assert_int_equal(probe.results[KVM_STAGE_SPEED].outcome, KVM_SKIPPED);
	}
	unlink(file);
}

// Whatever KVM this machine has.
static void the_probe_of_this_machine_is_sound(void **state)
{
	auto_kvm_verdict struct kvm_verdict verdict = {0};
	long long start = clock_milliseconds();
	struct kvm_probe probe;

	(void)state;
	kvm_probe_run(&(struct kvm_probe_request){.full = true, .vcpus = 2, .vms = 2}, &probe);
	assert_true(clock_milliseconds() - start < 3000);
	kvm_verdict_judge(&probe, &verdict);
	assert_non_null(verdict.reason);
	for (int stage = 0; stage < KVM_STAGES; stage++) {
		assert_non_null(kvm_probe_title(stage));
		assert_non_null(kvm_probe_key(stage));
		if (probe.results[stage].outcome == KVM_FAILED)
			assert_true(probe.results[stage].detail[0]);
		if (verdict.usable && stage <= KVM_STAGE_VCPU)
			assert_int_equal(probe.results[stage].outcome, KVM_PASSED);
	}
	// No child is left.
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_become_a_verdict),
		cmocka_unit_test(what_is_no_kvm_is_found_out),
		cmocka_unit_test(the_probe_of_this_machine_is_sound),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
