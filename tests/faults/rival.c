// SPDX-License-Identifier: GPL-3.0-or-later
// The owner of a directory in which root works, and means ill: as another user, until it is killed,
// it does one of these to DIRECTORY as often as it can.
//   rival swap DIRECTORY TARGET       each hidden file becomes a symbolic link to TARGET, each
//   hidden
//                                     directory one that holds such links
//   rival lead DIRECTORY TARGET NAME  the same to the directory NAME
//   rival flip DIRECTORY NAME TARGET  NAME is a file of its own and a link to TARGET in turn
//   rival plant DIRECTORY NAME        an empty file of its own gets the name NAME
//   rival read DIRECTORY              reads what it can of hidden files and those in hidden
//                                     directories; each that it could read is said once
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { USER = 12345 };

static const char *names[] = {"disk", "disk.qcow2", "seed.iso", "initrd"};

static void make_trap(int fd, const char *name, const char *target)
{
	int trap;

	if (mkdirat(fd, name, 0777) < 0)
		return;
	trap = openat(fd, name, O_RDONLY | O_DIRECTORY);
	for (size_t i = 0; trap >= 0 && i < sizeof(names) / sizeof(*names); i++)
		if (symlinkat(target, trap, names[i]) < 0)
			break;
	if (trap >= 0)
		close(trap);
}

static void swap_one(int fd, const char *name, const char *target)
{
	static unsigned long count;
	char away[64];
	struct stat status;

	if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || S_ISLNK(status.st_mode) ||
	    status.st_uid == USER)
		return;
	snprintf(away, sizeof(away), "away-%lu", count++);
	if (renameat(fd, name, fd, away) < 0)
		return;
	// In turn a directory with links, and a link to the directory of the target.
	if (S_ISDIR(status.st_mode) && count % 2) {
		make_trap(fd, name, target);
	} else {
		char directory[PATH_MAX];

		snprintf(directory, sizeof(directory), "%s", target);
		if (S_ISDIR(status.st_mode))
			*strrchr(directory, '/') = '\0';
		(void)!symlinkat(directory, fd, name);
	}
}

static void read_one(int fd, const char *name)
{
	char buffer[16];
	int file = openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	struct dirent *entry;
	DIR *all;

	if (file < 0)
		return;
	if (read(file, buffer, sizeof(buffer)) > 0) {
		printf("read %s\n", name);
		fflush(stdout);
	}
	all = fdopendir(file);
	while (all && (entry = readdir(all)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			read_one(dirfd(all), entry->d_name);
	if (all)
		closedir(all);
	else
		close(file);
}

static void over_hidden(const char *directory, void (*act)(int, const char *, const char *),
			const char *target)
{
	DIR *all = opendir(directory);
	struct dirent *entry;

	while (all && (entry = readdir(all)))
		if (entry->d_name[0] == '.' && entry->d_name[1] != '.' && entry->d_name[1])
			act(dirfd(all), entry->d_name, target);
	if (all)
		closedir(all);
}

static void read_hidden(int fd, const char *name, const char *target)
{
	(void)target;
	read_one(fd, name);
}

static void flip(const char *name, const char *target)
{
	int fd;

	unlink(name);
	(void)!symlink(target, name);
	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
	if (fd < 0)
		return;
	fchmod(fd, 0666);
	(void)!write(fd, "mine", 4);
	close(fd);
}

// Until something happens here, so that it is the first to act on it and the processor is free for
// the other one.
static void watch(int events)
{
	struct pollfd poll_one = {.fd = events, .events = POLLIN};
	char buffer[4096];

	poll(&poll_one, 1, 2);
	while (read(events, buffer, sizeof(buffer)) > 0)
		continue;
}

int main(int count, char **words)
{
	int events = inotify_init1(IN_NONBLOCK);
	const char *what = count > 2 ? words[1] : "";

	if (chdir(count > 2 ? words[2] : "/") < 0 || setgroups(0, NULL) < 0 || setgid(USER) < 0 ||
	    setuid(USER) < 0) {
		perror("rival");
		return 1;
	}
	umask(0);
	inotify_add_watch(events, ".", IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_OPEN);
	puts("here");
	fflush(stdout);
	for (;;) {
		if (strcmp(what, "swap") == 0)
			over_hidden(".", swap_one, words[3]);
		else if (strcmp(what, "lead") == 0)
			swap_one(AT_FDCWD, words[4], words[3]);
		else if (strcmp(what, "flip") == 0)
			flip(words[3], words[4]);
		else if (strcmp(what, "read") == 0)
			over_hidden(".", read_hidden, NULL);
		else if (strcmp(what, "plant") == 0)
			close(open(words[3], O_WRONLY | O_CREAT | O_EXCL, 0666));
		else
			return 2;
		watch(events);
	}
}
