// SPDX-License-Identifier: GPL-3.0-or-later
// What a machine can hang with, for tests: hang KIND PATH says "ready" once it is there, and stays
// until it is killed.
//   fanotify  whoever opens the file waits for a permission that never comes
//   fuse      a file system at this directory that answers nothing but its greeting; those who ask
//             it cannot even be killed
//   socket    takes connections and never says a word
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int ready(void)
{
	puts("ready");
	fflush(stdout);
	while (pause() < 0)
		continue;
	return 0;
}

static int fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	return 1;
}

static int fanotify(const char *path)
{
	int fd = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY);

	if (fd < 0 || fanotify_mark(fd, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, path) < 0)
		return fail("fanotify");
	return ready();
}

// Answers the kernel's greeting, takes what else it asks, and keeps silent.
static int serve(int fd)
{
	char request[1 << 17];
	struct fuse_in_header *in = (struct fuse_in_header *)request;
	struct {
		struct fuse_out_header header;
		struct fuse_init_out init;
	} answer = {.header.len = sizeof(answer),
		    .init = {.major = FUSE_KERNEL_VERSION,
			     .minor = FUSE_KERNEL_MINOR_VERSION,
			     .max_write = 4096}};

	while (read(fd, request, sizeof(request)) > 0)
		if (in->opcode == FUSE_INIT) {
			answer.header.unique = in->unique;
			if (write(fd, &answer, sizeof(answer)) < 0)
				return fail("greeting");
			puts("ready");
			fflush(stdout);
		}
	return 0;
}

static int fuse(const char *path)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[100];

	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 fd);
	if (fd < 0 || mount("hang", path, "fuse.hang", MS_NOSUID | MS_NODEV, options) < 0)
		return fail("fuse");
	return serve(fd);
}

static int listen_silently(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(path, 0666) < 0 || listen(fd, 5) < 0)
		return fail("socket");
	return ready();
}

int main(int argc, char **argv)
{
	static const struct {
		const char *kind;
		int (*run)(const char *path);
	} kinds[] = {{"fanotify", fanotify}, {"fuse", fuse}, {"socket", listen_silently}};

	for (size_t i = 0; argc == 3 && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(argv[1], kinds[i].kind) == 0)
			return kinds[i].run(argv[2]);
	fprintf(stderr, "hang fanotify|fuse|socket PATH\n");
	return 2;
}
