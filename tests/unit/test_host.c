// SPDX-License-Identifier: GPL-3.0-or-later
// lib/host: what files say about a machine, one by one. Whole machines stand below tests/hosts.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/explain.h"
#include "cmd/kvm-check/probe_record.h"
#include "host/account.h"
#include "host/cpuid.h"
#include "host/device.h"
#include "host/host.h"
#include "host/module.h"
#include "host/module_ban.h"
#include "host/module_info.h"
#include "host/module_load.h"
#include "host/record_filter.h"
#include "host/recording.h"
#include "host/socket.h"
#include "kvm/kvm_figure.h"

// A machine of tests/hosts.
static struct host machine(const char *name)
{
	auto_free char *path = text_format("tests/hosts/%s/tree", name);
	auto_error struct error err = {0};
	struct host host = {.root.fd = -1};

	if (host_open(&host, path, &err) < 0)
		fail_msg("%s: %s", path, err.message);
	return host;
}

static void processors_are_read(void **state)
{
	static const struct {
		const char *text, *architecture, *model;
		int level;
	} rows[] = {
		{"", NULL, NULL, 0},
		{"flags\t\t: fpu lm\n", "x86_64", NULL, 0},
		{"flags\t\t: fpu vme\n", "i686", NULL, 0},
		{"fdiv_bug\t: no\nflags\t\t: fpu vme lm\n", "i686", NULL, 0},
		{"features\t\t: cpucfg fpu lvz\n", NULL, NULL, 0},
		{"isa\t\t\t: loongarch32 loongarch64\nfeatures : fpu lvz\n", "loongarch64", NULL,
		 0},
		{"flags : fpu lm cmov cx8 fxsr mmx syscall sse2\n", "x86_64", NULL, 1},
		{"model name\t: A\nmodel name\t: B\n", NULL, "A", 0},
		{"CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n", "aarch64", "Arm Neoverse N1", 0},
		{"CPU implementer\t: 0x61\nCPU part\t: 0x022\n", "aarch64", "Apple M1 (Icestorm)",
		 0},
		{"CPU implementer : 0x41\nCPU part : 0xd05\nCPU implementer : 0x41\nCPU part : "
		 "0xd0b\n"
		 "CPU implementer : 0x41\nCPU part : 0xd0b\n",
		 "aarch64", "Arm Cortex-A55 + Arm Cortex-A76", 0},
		{"cpu : POWER7 (architected), altivec supported\n", "ppc64",
		 "POWER7 (architected), altivec supported", 0},
		{"cpu : 740/750\n", "ppc", "740/750", 0},
		{"CPU implementer\t: 0x61\nCPU part\t: 0xd0c\n", "aarch64",
		 "implementer 0x61, part 0xd0c", 0},
		{"vendor_id : IBM/S390\nmachine : 3931\n", "s390x", "IBM z16", 0},
		{"vendor_id : IBM/S390\nmachine : 1\n", "s390x", NULL, 0},
		{"cpu\t\t: POWER9, altivec supported\n", "ppc64le", "POWER9, altivec supported", 0},
		{"isa\t\t: rv64imafdch\nuarch\t\t: sifive,u74\n", "riscv64", "sifive,u74", 0},
		{":::\n\n:\nflags\n", NULL, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct cpu cpu;

		cpu_parse(&cpu, rows[i].text);
		if (!text_equal(cpu.architecture, rows[i].architecture) ||
		    !text_equal(cpu.model, rows[i].model) || cpu_level(&cpu) != rows[i].level)
			fail_msg("row %zu: %s, %s, %d", i, cpu.architecture, cpu.model,
				 cpu_level(&cpu));
		cpu_clear(&cpu);
	}
}

static void permissions_decide_who_may(void **state)
{
	static const struct {
		const char *node, *caller;
		bool allowed;
	} rows[] = {
		{"c 10:232 600 0 0", "0 0", true},
		{"c 10:232 600 0 0", "1000 1000", false},
		{"c 10:232 660 0 108", "1000 1000 108", true},
		{"c 10:232 660 0 108", "1000 108", true},
		{"c 10:232 660 0 108", "1000 1000", false},
		{"c 10:232 666 0 0", "1000 1000", true},
		{"c 10:232 444 0 0", "1000 1000", false},
		{"c 10:232 006 1000 0", "1000 1000", false}, // the owner's bits count
		{"c 10:232 606 0 108", "1000 108", false},   // the group's bits count
		{"c 10:232 600 0 0 user:1000:rw", "1000 1000", false},
		{"c 10:232 600 0 0 user:1000", "1000 1000", true},
		{"c 10:232 600 0 0 user:1001,group:108", "1000 1000 108", true},
		{"c 10:232 600 0 0 user:1001", "1000 1000", false},
		{"nonsense", "1000 1000", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct host host = {.root = {.fd = -1}};
		auto_device struct device device = {0};
		auto_account struct account account = {0};

		facts_add(&host.facts, "node /dev/kvm", "%s", rows[i].node);
		facts_add(&host.facts, "caller", "%s", rows[i].caller);
		device_look(&device, &host, "/dev/kvm");
		account_caller(&account, &host);
		if ((device.present && device_allows(&device, &account)) != rows[i].allowed)
			fail_msg("row %zu: %s for %s", i, rows[i].node, rows[i].caller);
		facts_clear(&host.facts);
	}
}

static void modules_have_states(void **state)
{
	static const struct {
		const char *machine, *module;
		enum module_state expected;
	} rows[] = {
		{"intel-desktop", "kvm_intel", MODULE_LOADED},
		{"intel-desktop", "kvm_amd", MODULE_LOADABLE},
		{"intel-desktop", "fuse", MODULE_BUILT_IN},
		{"intel-desktop", "nonsense", MODULE_MISSING},
		{"intel-module-missing", "kvm_intel", MODULE_MISSING},
		{"pvm", "kvm_pvm", MODULE_BUILT_IN},
		{"pvm", "kvm_amd", MODULE_UNKNOWN},
		{"foreign-snapshot", "kvm_amd", MODULE_LOADED}, // by /proc/modules alone
		{"foreign-cpuinfo-only", "kvm", MODULE_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_host struct host host = machine(rows[i].machine);
		enum module_state got = module_look(&host, rows[i].module);

		if (got != rows[i].expected)
			fail_msg("%s, %s: %s", rows[i].machine, rows[i].module, module_word(got));
	}
}

static void firmware_that_forbids_is_seen(void **state)
{
	static const struct {
		const char *machine;
		enum cpuid_answer expected;
	} rows[] = {{"firmware-locked", CPUID_NO},
		    {"intel-desktop", CPUID_UNKNOWN}, // the register is not recorded
		    {"firmware-disabled", CPUID_UNKNOWN},
		    {"pvm", CPUID_UNKNOWN}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_host struct host host = machine(rows[i].machine);

		assert_int_equal(cpuid_allowed(&host), rows[i].expected);
	}
}

static void parameters_are_checked(void **state)
{
	struct module_parameter parameters[] = {{.name = (char[]){"nested"}}};
	const struct module_info info = {
		.name = (char[]){"kvm_amd"}, .parameters = parameters, .count = 1};
	static const struct {
		const char *word;
		bool good;
	} rows[] = {
		{"nested=1", true},
		{"nested=", true},
		{"nested=Y", true},
		{"nested", false},
		{"=1", false},
		{"", false},
		{"nestd=1", false},
		{"nested=1 avic=1", false},
		{"nested=1\nblacklist x", false},
		{"nested=\"1\"", false},
		{"nested=#", false},
		{"nested=\xc3\xa4", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_list struct list words = {0};
		auto_error struct error err = {0};

		list_add(&words, rows[i].word);
		if ((module_load_check(&info, &words, &err) == 0) != rows[i].good)
			fail_msg("'%s'", rows[i].word);
		assert_int_equal(err.status, rows[i].good ? STATUS_OK : STATUS_USAGE);
	}
}

static void a_recorded_probe_comes_back(void **state)
{
	struct kvm_probe probe = {.version = 12,
				  .host_speed = 0.25,
				  .guest_speed = 0.5,
				  .guest_unfinished = true,
				  .exits = 3,
				  .exit_least = 1,
				  .exit_median = 2,
				  .exit_most = 3,
				  .slots = 509,
				  .vcpus = 4,
				  .vms = 5};
	struct host host = {.root.fd = -1};
	auto_recording struct recording recording = {0};
	struct kvm_probe again;
	auto_free char *names = NULL;

	(void)state;
	probe.results[KVM_STAGE_PORT] =
		(struct kvm_result){.outcome = KVM_FAILED, .nanoseconds = 77, .detail = "a b = c"};
	probe.results[KVM_STAGE_VM].outcome = KVM_PASSED;
	probe.capabilities[10] = 509;
	probe.capabilities[255] = 1;
	recording_begin(&host, &recording);
	kvm_probe_record(&host, &probe);
	assert_true(kvm_probe_recall(&recording.facts, &again));
	assert_memory_equal(&probe.capabilities, &again.capabilities, sizeof(again.capabilities));
	assert_int_equal(again.results[KVM_STAGE_PORT].outcome, KVM_FAILED);
	assert_int_equal(again.results[KVM_STAGE_PORT].nanoseconds, 77);
	assert_string_equal(again.results[KVM_STAGE_PORT].detail, "a b = c");
	assert_int_equal(again.results[KVM_STAGE_VM].outcome, KVM_PASSED);
	assert_true(again.guest_speed > 0.49 && again.guest_speed < 0.51 && again.guest_unfinished);
	assert_int_equal(again.slots + again.vcpus + again.vms, 518);
	names = kvm_figure_capabilities(&again);
	assert_string_equal(names, "nr_memslots=509 255");
}

static void what_is_private_is_not_written(void **state)
{
	static const struct {
		const char *machine, *path, *kept, *gone;
	} rows[] = {
		{"intel-desktop", "/etc/passwd", "libvirt-qemu:x:64055:108:", "user"},
		{"intel-desktop", "/etc/group", "kvm:x:108:", "user"},
		{"intel-desktop", "/proc/version", "Linux version 6.1.0-26-amd64", "debian-kernel"},
		{"intel-desktop", "/proc/self/mounts", "cgroup2", "nvme"},
		{"redhat-hardened", "/proc/cmdline", "intel_iommu=on", "mapper"},
		{"s390x-zvm", "/proc/sysinfo", "Control Program: z/VM", "LPAR"},
		{"s390x-zvm", "/proc/cpuinfo", "machine         : 8561", "identification"},
		{"intel-desktop", "/etc/shadow", "", "root"},
		{"intel-module-blacklisted", "/etc/modprobe.d/blacklist-kvm.conf",
		 "blacklist kvm_intel\n", "#"},
		{"intel-desktop", "/etc/libvirt/qemu/networks/default.xml", "", "network"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		auto_host struct host host = machine(rows[i].machine);
		auto_free char *content = record_filter(&host, rows[i].path);

		if (!strstr(content, rows[i].kept) || strstr(content, rows[i].gone))
			fail_msg("%s: %s", rows[i].path, content);
	}
}

static void files_of_modprobe_are_numbered(void **state)
{
	auto_host struct host host = machine("intel-module-blacklisted");
	auto_free char *banned = record_name(&host, "/etc/modprobe.d/blacklist-kvm.conf");
	auto_free char *other = record_name(&host, "/etc/modprobe.d/others.conf");
	auto_free char *plain = record_name(&host, "/proc/cpuinfo");

	(void)state;
	assert_string_equal(banned, "/etc/modprobe.d/00.conf");
	assert_null(other);
	assert_string_equal(plain, "/proc/cpuinfo");
}

static void bans_are_read(void **state)
{
	static const struct {
		const char *line, *name;
		enum module_ban_kind expected;
	} rows[] = {
		{"blacklist kvm_amd", "kvm_amd", MODULE_BAN_BLACKLIST},
		{"  blacklist\tkvm-amd", "kvm_amd", MODULE_BAN_BLACKLIST},
		{"blacklist kvm", "kvm_amd", MODULE_BAN_NONE},
		{"#blacklist kvm_amd", "kvm_amd", MODULE_BAN_NONE},
		{"install kvm_amd /bin/false", "kvm_amd", MODULE_BAN_INSTALL},
		{"install kvm_amd /usr/bin/true", "kvm_amd", MODULE_BAN_INSTALL},
		{"install kvm_amd /sbin/modprobe -i kvm_amd", "kvm_amd", MODULE_BAN_NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (module_ban_line(rows[i].line, rows[i].name) != rows[i].expected)
			fail_msg("'%s'", rows[i].line);
}

static void names_of_modules_are_checked(void **state)
{
	(void)state;
	assert_true(module_is_name("kvm_amd"));
	assert_true(module_is_name("kvm-amd2"));
	assert_false(module_is_name(""));
	assert_false(module_is_name(".."));
	assert_false(module_is_name("-r"));
	assert_false(module_is_name("a/b"));
}

static void each_check_is_explained(void **state)
{
	(void)state;
	for (const struct check_group *group = check_groups; group->name; group++)
		for (const struct check *check = group->checks; check->key; check++)
			if (!explanation_find(check->key))
				fail_msg("%s has no explanation", check->key);
}

static void links_lead_nowhere_out_of_a_tree(void **state)
{
	char directory[] = "/tmp/vmkit-root-XXXXXX";
	auto_error struct error err = {0};
	auto_root struct root root = {.fd = -1};
	auto_free char *link = NULL, *content = NULL;

	(void)state;
	assert_non_null(mkdtemp(directory));
	link = text_format("%s/out", directory);
	assert_int_equal(symlink("../../../../../etc/passwd", link), 0);
	assert_int_equal(root_open(&root, directory, &err), 0);
	content = root_read(&root, "/out", ROOT_MOST);
	assert_null(content);
	assert_false(root_exists(&root, "/out"));
	unlink(link);
	assert_int_equal(symlink("/", link), 0);
	assert_false(root_exists(&root, "/out/etc/passwd"));
	unlink(link);
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(processors_are_read),
		cmocka_unit_test(permissions_decide_who_may),
		cmocka_unit_test(modules_have_states),
		cmocka_unit_test(firmware_that_forbids_is_seen),
		cmocka_unit_test(parameters_are_checked),
		cmocka_unit_test(a_recorded_probe_comes_back),
		cmocka_unit_test(what_is_private_is_not_written),
		cmocka_unit_test(files_of_modprobe_are_numbered),
		cmocka_unit_test(bans_are_read),
		cmocka_unit_test(names_of_modules_are_checked),
		cmocka_unit_test(each_check_is_explained),
		cmocka_unit_test(links_lead_nowhere_out_of_a_tree),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
