// SPDX-License-Identifier: GPL-3.0-or-later
// A /dev/kvm that hangs, lies or crashes, for LD_PRELOAD: open() of it gives /dev/null, and ioctl()
// on what comes from there answers as a KVM would that runs no guest. LIAR says what is wrong with
// it: "hang=NAME" and "crash=NAME" at the call of that name, "halt" (every run ends with HLT),
// "endless" (every run is interrupted by a signal), "shutdown" (a triple fault), "small" (the
// vCPU's page is too small), "version" (of the API), "garbage" (nonsense in all that is asked for).
#include <errno.h>
#include <linux/kvm.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGES = 3 * 4096 };

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int ioctl(int fd, unsigned long call, ...);

static int open_really(const char *path, int flags, unsigned mode)
{
	if (strcmp(path, "/dev/kvm") == 0)
		path = "/dev/null";
	return (int)syscall(SYS_openat, -100, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	va_list list;
	unsigned mode;

	va_start(list, flags);
	mode = va_arg(list, unsigned);
	va_end(list);
	return open_really(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list list;
	unsigned mode;

	va_start(list, flags);
	mode = va_arg(list, unsigned);
	va_end(list);
	return open_really(path, flags, mode);
}

int __open_2(const char *path, int flags)
{
	return open_really(path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
	return open_really(path, flags, 0);
}

static const char *name_of(unsigned long call)
{
	static const struct {
		unsigned long call;
		const char *name;
	} names[] = {
		{KVM_GET_API_VERSION, "version"},
		{KVM_CREATE_VM, "vm"},
		{KVM_SET_USER_MEMORY_REGION, "memory"},
		{KVM_CREATE_VCPU, "vcpu"},
		{KVM_GET_SREGS, "special"},
		{KVM_RUN, "run"},
		{KVM_GET_REGS, "registers"},
		{KVM_CHECK_EXTENSION, "extension"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].call == call)
			return names[i].name;
	return "";
}

static void hang(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (;;)
		pause();
}

static struct kvm_run *pages;

static int run(const char *what)
{
	usleep(100);
	if (!strcmp(what, "endless")) {
		errno = EINTR;
		return -1;
	}
	if (pages)
		pages->exit_reason = !strcmp(what, "shutdown")  ? KVM_EXIT_SHUTDOWN
				     : !strcmp(what, "garbage") ? 0xffffffff
								: KVM_EXIT_HLT;
	return 0;
}

static int answer(unsigned long call, void *data, const char *what)
{
	int fd;

	switch (call) {
	case KVM_GET_API_VERSION:
		return strcmp(what, "version") ? KVM_API_VERSION : 13;
	case KVM_CREATE_VM:
		return (int)syscall(SYS_openat, -100, "/dev/null", 2, 0);
	case KVM_GET_VCPU_MMAP_SIZE:
		return strcmp(what, "small") ? PAGES : 1;
	case KVM_CREATE_VCPU:
		fd = memfd_create("vcpu", 0);
		if (fd < 0 || ftruncate(fd, PAGES) < 0)
			return -1;
		pages = mmap(NULL, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		return fd;
	case KVM_GET_SUPPORTED_CPUID:
		((struct kvm_cpuid2 *)data)->nent = strcmp(what, "garbage") ? 0 : 0xffffff;
		return 0;
	case KVM_RUN:
		return run(what);
	case KVM_CHECK_EXTENSION:
		return 1;
	default:
		return 0;
	}
}

int ioctl(int fd, unsigned long call, ...)
{
	const char *what = getenv("LIAR"), *at;
	va_list list;
	void *data;

	va_start(list, call);
	data = va_arg(list, void *);
	va_end(list);
	if ((call >> 8 & 0xff) != KVMIO)
		return (int)syscall(SYS_ioctl, fd, call, data);
	what = what ? what : "";
	at = strchr(what, '=');
	if (at && !strcmp(at + 1, name_of(call))) {
		if (*what == 'h')
			hang();
		abort();
	}
	return answer(call, data, what);
}
