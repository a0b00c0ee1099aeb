// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded machine full of garbage: all checks run on it, and both reports are made.
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/kvm_check.h"
#include "cmd/kvm-check/report.h"
#include "output/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The input's pieces between NUL bytes become these files, in this order.
static const char *const files[] = {
	"/proc/cpuinfo",
	"/machine.facts",
	"/proc/sys/kernel/osrelease",
	"/lib/modules/1/modules.dep",
	"/lib/modules/1/modules.builtin",
	"/proc/modules",
	"/proc/self/mounts",
	"/proc/meminfo",
	"/proc/version",
	"/proc/sysinfo",
	"/proc/cmdline",
	"/etc/passwd",
	"/etc/group",
	"/etc/os-release",
	"/etc/libvirt/qemu.conf",
	"/etc/modprobe.d/a.conf",
	"/sys/devices/system/cpu/online",
	"/sys/devices/system/cpu/smt/active",
	"/sys/devices/system/cpu/vulnerabilities/mds",
	"/sys/devices/system/clocksource/clocksource0/current_clocksource",
	"/sys/kernel/mm/transparent_hugepage/enabled",
	"/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages",
	"/sys/kernel/mm/ksm/run",
	"/sys/class/dmi/id/sys_vendor",
	"/sys/class/dmi/id/product_name",
	"/sys/module/kvm/parameters/nested",
	"/sys/module/kvm_amd/initstate",
	"/sys/kernel/security/lockdown",
	"/sys/fs/cgroup/cgroup.controllers",
	"/sys/bus/pci/devices/0/class",
	"/sys/kernel/iommu_groups/0/devices/0",
	"/proc/sys/fs/aio-nr",
	"/run/systemd/container",
};

enum { FILES = sizeof(files) / sizeof(*files) };

static char *directory(void);

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static void remove_directory(void)
{
	nftw(directory(), remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static char *directory(void)
{
	static char path[] = "/dev/shm/vmkit-fuzz-XXXXXX";
	static int made;

	if (!made && (!mkdtemp(path) || atexit(remove_directory)))
		abort();
	made = 1;
	return path;
}

static void write_file(const char *file, const char *content, size_t length)
{
	auto_free char *path = text_format("%s%s", directory(), file);
	auto_close int fd = -1;

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, content, length) != (ssize_t)length)
		abort();
}

static void examine(bool json)
{
	auto_host struct host host = {.root.fd = -1};
	auto_examination struct examination x = {.host = &host, .full = true};
	auto_list struct list names = list_split("all qemu lxc ch bhyve", " ");
	auto_error struct error err = {0};
	auto_fclose FILE *out = fopen("/dev/null", "w");
	struct report *report = report_new(out, (struct report_looks){.json = json, .width = 40},
					   kvm_check_program.otherwise->results, SHAPE_OBJECT);

	if (host_open(&host, directory(), &err) < 0 || examination_run(&x, &names, &err) < 0)
		abort();
	report_examination(report, &x, false);
	report_finish(report, false, &err);
	report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *next = (const char *)data, *end = next + size;

	for (int i = 0; i < FILES; i++) {
		size_t length = strnlen(next, (size_t)(end - next));

		write_file(files[i], next, length);
		next += length + (next + length < end);
	}
	examine(false);
	examine(true);
	return 0;
}
