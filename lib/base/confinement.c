// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/confinement.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

// Rights that came with later versions of Landlock, which older headers do not have.
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

enum { INHERITED_MOST = sizeof(((struct confinement *)NULL)->inherited) / sizeof(int) };

#define RUNS (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE)
#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define CHANGES (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE)
#define MAKES (LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE)
// The rights that a rule for a file, which is no directory, may have.
#define OF_FILES (RUNS | CHANGES)
#define ALL_OF_FIRST ((1ULL << 13) - 1)

// Where programs, their libraries and modules are.
static const char *const programs[] = {"/bin", "/gnu", "/lib",  "/lib32", "/lib64", "/libx32",
				       "/nix", "/opt", "/sbin", "/usr",   NULL};

// What a C library, and what QEMU, asks of the host. Nothing of it is anybody's secret.
static const char *const host[] = {
	"/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/localtime", "/etc/crypto-policies",
	"/etc/gnutls",      "/dev/urandom",       "/dev/random",    "/dev/zero",
	"/sys/block",       "/sys/class/block",   "/sys/dev/block", "/sys/devices",
	"/proc/meminfo",    "/proc/cpuinfo",      "/proc/stat",     NULL};

static int landlock_version(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static uint64_t handled(int version)
{
	return ALL_OF_FIRST | (version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0) |
	       (version >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0);
}

static void allow(int rules, uint64_t known, const char *path, uint64_t rights)
{
	auto_close int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = {.allowed_access = rights & known,
						  .parent_fd = fd};
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return;
	if (!S_ISDIR(status.st_mode))
		rule.allowed_access &= OF_FILES;
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

static void allow_all(int rules, uint64_t known, const char *const *paths, uint64_t rights)
{
	for (; paths && *paths; paths++)
		allow(rules, known, *paths, rights);
}

// What the caller's environment has for its own programs.
static void allow_environment(int rules, uint64_t known)
{
	static const char *const names[] = {"LD_LIBRARY_PATH", "LD_PRELOAD", "PATH",
					    "QEMU_MODULE_DIR"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);
		auto_list struct list paths = list_split(value ? value : "", ": ");

		allow_all(rules, known, (const char *const *)paths.items, RUNS);
	}
}

int confinement_open(const struct confinement *confinement)
{
	int version = confinement->files ? landlock_version() : 0, rules;
	uint64_t known = handled(version);
	struct landlock_ruleset_attr attributes = {.handled_access_fs = known};

	if (version < 1)
		return -1;
	rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
	if (rules < 0)
		return -1;
	allow_all(rules, known, programs, LANDLOCK_ACCESS_FS_EXECUTE | READS);
	allow_all(rules, known, host, READS);
	allow(rules, known, "/dev/null", READS | CHANGES);
	allow_environment(rules, known);
	allow_all(rules, known, (const char *const *)confinement->read.items, READS);
	allow_all(rules, known, (const char *const *)confinement->write.items,
		  READS | CHANGES | MAKES);
	return rules;
}

// Of time a little more is left to a program that hears of the first.
static int bound(int resource, unsigned long long most, unsigned long long last)
{
	struct rlimit limit;

	if (!most || getrlimit(resource, &limit) < 0)
		return 0;
	if (limit.rlim_cur > most)
		limit.rlim_cur = most;
	if (limit.rlim_max > last)
		limit.rlim_max = last;
	return setrlimit(resource, &limit);
}

void confinement_inherit(struct confinement *confinement, int fd)
{
	size_t i = 0;

	while (i < INHERITED_MOST && confinement->inherited[i])
		i++;
	assert(i < INHERITED_MOST && fd > 0);
	confinement->inherited[i] = fd;
}

int confinement_enter(const struct confinement *confinement, int rules)
{
	for (size_t i = 0; i < INHERITED_MOST && confinement->inherited[i]; i++)
		if (fcntl(confinement->inherited[i], F_SETFD, 0) < 0)
			return -1;
	if (bound(RLIMIT_AS, confinement->memory, confinement->memory) < 0 ||
	    bound(RLIMIT_CPU, confinement->seconds, confinement->seconds + 5) < 0)
		return -1;
	if (rules < 0)
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_landlock_restrict_self, rules, 0);
}

void confinement_clear(struct confinement *confinement)
{
	list_clear(&confinement->read);
	list_clear(&confinement->write);
	*confinement = (struct confinement){0};
}
