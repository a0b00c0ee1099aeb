// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/users.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/user.h"
#include "image/qemu_process.h"

enum { LINE_MOST = PATH_MAX + 64 }; // bytes

// A file that was asked about, as the kernel knows it: a block device by its number, whatever names
// it has.
struct wanted {
	dev_t device;
	ino_t inode; // 0 for a block device
	size_t file;
	char *path; // absolute, as QEMU's arguments have it
};

struct search {
	struct wanted *wanted;
	size_t count;
	struct users *users;
};

static struct wanted identity(const struct stat *status)
{
	bool block = S_ISBLK(status->st_mode);

	return (struct wanted){.device = block ? status->st_rdev : status->st_dev,
			       .inode = block ? 0 : status->st_ino};
}

static int compare(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return x->inode == y->inode ? 0 : x->inode < y->inode ? -1 : 1;
}

// The first of those that STATUS is about (the same file may have been asked about by several
// names); *LAST is behind the last one.
static const struct wanted *find_wanted(const struct search *search, const struct stat *status,
					const struct wanted **last)
{
	struct wanted key = identity(status);
	const struct wanted *end = search->wanted + search->count;
	const struct wanted *first =
		bsearch(&key, search->wanted, search->count, sizeof(key), compare);

	*last = first;
	while (first > search->wanted && first && compare(first - 1, &key) == 0)
		first--;
	while (*last && *last < end && compare(*last, &key) == 0)
		++*last;
	return first;
}

static void add_user(struct search *search, const struct wanted *wanted, struct user user)
{
	struct users *users = search->users;

	for (size_t i = 0; i < users->count; i++) {
		struct user *known = &users->all[i];

		if (known->file != wanted->file || known->process != user.process ||
		    (!user.process && !text_equal(known->program, user.program)))
			continue;
		known->writes = known->writes || user.writes;
		free(user.program);
		free(user.guest);
		return;
	}
	user.file = wanted->file;
	users->all = memory_resize(users->all, users->count + 1, sizeof(*users->all));
	users->all[users->count++] = user;
}

static void add_process(struct search *search, const struct wanted *wanted, const char *process,
			bool writes)
{
	auto_list struct list arguments = qemu_process_arguments(process);
	auto_free char *path = text_format("/proc/%s", process);
	auto_free char *guest = qemu_process_guest(&arguments);
	struct stat status = {0};

	if (guest && !qemu_process_is_guest(process, guest))
		free(take(&guest));
	if (stat(path, &status) < 0)
		return;
	add_user(search, wanted,
		 (struct user){
			 .process = (pid_t)strtol(process, NULL, 10),
			 .uid = status.st_uid,
			 .program = text_copy(qemu_process_program(&arguments)),
			 .guest = take(&guest),
			 .writes = writes,
		 });
}

// One that may not be looked into. A QEMU tells its files by its arguments, as far as they have not
// changed since it began.
static void look_at_arguments(struct search *search, const char *process)
{
	auto_list struct list arguments = qemu_process_arguments(process);
	bool writes;

	search->users->partial = true;
	for (size_t i = 0; i < search->count; i++)
		if (qemu_process_is(qemu_process_program(&arguments)) && search->wanted[i].path &&
		    qemu_process_names(&arguments, search->wanted[i].path, &writes))
			add_process(search, &search->wanted[i], process, writes);
}

static void look_at_file(struct search *search, const char *process, int all, const char *file)
{
	const struct wanted *wanted, *last;
	struct stat status, link;

	if (fstatat(all, file, &status, 0) < 0)
		return;
	wanted = find_wanted(search, &status, &last);
	// The mode of the link itself tells how the file is open.
	if (!wanted || fstatat(all, file, &link, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	for (; wanted < last; wanted++)
		add_process(search, wanted, process, link.st_mode & S_IWUSR);
}

static void look_at_process(struct search *search, const char *process)
{
	auto_free char *path = text_format("/proc/%s/fd", process);
	DIR *all = opendir(path);
	struct dirent *entry;

	if (!all && errno == EACCES)
		look_at_arguments(search, process);
	while (all && (entry = readdir(all)))
		if (*entry->d_name != '.')
			look_at_file(search, process, dirfd(all), entry->d_name);
	if (all)
		closedir(all);
}

static void look_at_processes(struct search *search)
{
	DIR *all = opendir("/proc");
	struct dirent *entry;

	while (all && (entry = readdir(all)))
		if (strspn(entry->d_name, "0123456789") == strlen(entry->d_name) &&
		    strtol(entry->d_name, NULL, 10) != getpid())
			look_at_process(search, entry->d_name);
	if (all)
		closedir(all);
}

// The only line of a file in /sys; NULL when there is none. The caller's.
static char *read_line(const char *device, const char *file)
{
	auto_free char *path = text_format("/sys/block/%s/%s", device, file);
	struct error ignored = {0};
	char *line = file_read(path, LINE_MOST, NULL, &ignored);

	error_clear(&ignored);
	return line ? text_strip(line) : NULL;
}

// The kernel itself holds the file of a loop device, no process does.
static void look_at_loop(struct search *search, const char *device)
{
	auto_free char *file = read_line(device, "loop/backing_file");
	auto_free char *read_only = file ? read_line(device, "ro") : NULL;
	const struct wanted *wanted, *last;
	struct stat status;

	if (!file || stat(file, &status) < 0)
		return;
	for (wanted = find_wanted(search, &status, &last); wanted < last; wanted++)
		add_user(search, wanted,
			 (struct user){.program = text_copy(device),
				       .writes = !text_equal(read_only, "1")});
}

static void look_at_loops(struct search *search)
{
	DIR *all = opendir("/sys/block");
	struct dirent *entry;

	while (all && (entry = readdir(all)))
		if (text_begins(entry->d_name, "loop"))
			look_at_loop(search, entry->d_name);
	if (all)
		closedir(all);
}

void users_find(const char *const *paths, size_t count, struct users *users)
{
	struct search search = {.wanted = memory_new(count, sizeof(*search.wanted)),
				.users = users};
	struct stat status;

	*users = (struct users){0};
	for (size_t i = 0; i < count; i++) {
		if (stat(paths[i], &status) < 0)
			continue;
		search.wanted[search.count] = identity(&status);
		search.wanted[search.count].file = i;
		search.wanted[search.count++].path = realpath(paths[i], NULL);
	}
	qsort(search.wanted, search.count, sizeof(*search.wanted), compare);
	if (search.count) {
		look_at_processes(&search);
		look_at_loops(&search);
	}
	for (size_t i = 0; i < search.count; i++)
		free(search.wanted[i].path);
	free(search.wanted);
}

void users_clear(struct users *users)
{
	for (size_t i = 0; i < users->count; i++) {
		free(users->all[i].program);
		free(users->all[i].guest);
	}
	free(users->all);
	*users = (struct users){0};
}

char *users_name(const struct user *user)
{
	auto_free char *name = NULL;

	if (!user->process)
		return text_format("the loop device /dev/%s", user->program);
	name = user_name(user->uid);
	return text_format("%s'%s' (process %d of user %s)", user->guest ? "guest " : "",
			   user->guest ? user->guest : user->program, (int)user->process, name);
}

// A lease to write is given only where nobody else has the file open; it is given back at once. One
// who comes in between waits for that, and the signal about it is one that is ignored.
bool users_any(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return true;
	fcntl(fd, F_SETSIG, SIGURG);
	if (fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		return true;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

bool users_blocks(const struct user *user)
{
	return user->writes || !user->process || qemu_process_is(user->program);
}

static bool writes(const struct user *user)
{
	return user->writes;
}

// Who COUNTS is in the way, DOING something with the file.
struct rule {
	bool (*counts)(const struct user *user);
	const char *doing;
};

// Fails for the first user of any of PATHS to whom RULE applies.
static int check(const char *const *paths, size_t count, struct rule rule, struct error *err)
{
	auto_users struct users users = {0};

	users_find(paths, count, &users);
	for (size_t i = 0; i < users.count; i++) {
		const struct user *user = &users.all[i];
		auto_free char *name = users_name(user);

		if (!rule.counts(user))
			continue;
		error_set(err, STATUS_CONFLICT, "'%s' is %s by %s", paths[user->file], rule.doing,
			  name);
		if (user->guest)
			error_hint(err, "shut the guest down: $vmctl shutdown -- '%s'",
				   user->guest);
		return -1;
	}
	return 0;
}

static const struct rule in_use = {users_blocks, "in use"};
static const struct rule written = {writes, "being written"};

int users_check_all(const char *const *paths, size_t count, struct error *err)
{
	return check(paths, count, in_use, err);
}

int users_check(const char *path, struct error *err)
{
	return users_any(path) ? check(&path, 1, in_use, err) : 0;
}

int users_check_writers(const char *path, struct error *err)
{
	return check(&path, 1, written, err);
}
