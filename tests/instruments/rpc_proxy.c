// SPDX-License-Identifier: GPL-3.0-or-later
// Stands between clients and a libvirtd's socket: counts the calls by procedure, delays each
// message as a long link would, or accepts clients and never answers.
//
//   rpc_proxy [--delay MS] [--frozen] [--lose N] [--interrupt N] --calls FILE SOCKET [SERVER]
//
// --delay MS   each message arrives MS later, in both directions: 10 make a round trip of 20 ms
// --frozen     clients are accepted, nothing they send is read; SERVER is not needed
// --lose N     the call with this number, from 1 on, finds nobody any more: the proxy ends at once
// --interrupt N  the client gets a SIGINT with it, as if somebody typed ^C just then
// --calls FILE where SIGUSR1 writes the calls since the last time, a line for each procedure:
//              PROGRAM PROCEDURE COUNT, all decimal; SIGTERM writes them too and ends the proxy.
//              Keep-alive messages and the packets of streams are no calls.
//
// The framing is libvirt's (docs/internals/rpc): length (4 bytes, itself included), program,
// version, procedure, type, serial, status, all big-endian; a message with descriptors begins its
// payload with their number and is followed by as many bytes, each of which carries one.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	HEADER = 28,            // bytes, the length included
	MESSAGE_MOST = 1 << 25, // libvirt's own limit is 32 MiB
	LINKS_MOST = 64,
	PROCEDURES_MOST = 1024,
};

enum { TYPE_CALL = 0, TYPE_CALL_WITH_FDS = 4, TYPE_REPLY_WITH_FDS = 5 };
enum { PROGRAM_KEEPALIVE = 0x6b656570 };

// What is on its way: a whole message, or one byte with a descriptor.
struct message {
	struct message *next;
	int64_t due; // ms
	int fd;      // that it carries, or -1
	size_t length, sent;
	unsigned char bytes[];
};

// One direction of a connection.
struct lane {
	int from, to;
	bool counted; // what clients send
	bool ended;   // nothing more comes
	unsigned char *input;
	size_t length;
	unsigned descriptors; // still to come behind the message
	struct message *first, *last;
};

struct link {
	struct lane up, down;
};

struct proxy {
	int listener, signals;
	int delay; // ms
	bool frozen;
	const char *server, *calls;
	struct link *links[LINKS_MOST];
	size_t count;
	struct {
		unsigned program, procedure, count;
	} procedures[PROCEDURES_MOST];
	size_t procedure_count;
	long lose, interrupt, total; // numbers of calls; 0 for none
};

static void die(const char *what)
{
	fprintf(stderr, "rpc_proxy: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static unsigned number(const unsigned char *bytes)
{
	return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 |
	       bytes[3];
}

// What was asked for at this call.
static void strike(struct proxy *proxy, const struct lane *lane)
{
	struct ucred client;
	socklen_t length = sizeof(client);

	proxy->total++;
	if (proxy->total == proxy->lose)
		exit(0);
	if (proxy->total == proxy->interrupt &&
	    getsockopt(lane->from, SOL_SOCKET, SO_PEERCRED, &client, &length) == 0)
		kill(client.pid, SIGINT);
}

static void count_call(struct proxy *proxy, const struct lane *lane, const unsigned char *message)
{
	unsigned program = number(message + 4), procedure = number(message + 12),
		 type = number(message + 16);
	size_t i = 0;

	if (program == PROGRAM_KEEPALIVE || (type != TYPE_CALL && type != TYPE_CALL_WITH_FDS))
		return;
	strike(proxy, lane);
	while (i < proxy->procedure_count && (proxy->procedures[i].program != program ||
					      proxy->procedures[i].procedure != procedure))
		i++;
	if (i == PROCEDURES_MOST)
		return;
	if (i == proxy->procedure_count) {
		proxy->procedures[i].program = program;
		proxy->procedures[i].procedure = procedure;
		proxy->procedures[i].count = 0;
		proxy->procedure_count++;
	}
	proxy->procedures[i].count++;
}

// Written aside and renamed: whoever sees the file sees all of it.
static void write_calls(struct proxy *proxy)
{
	char aside[4096];
	FILE *file;

	snprintf(aside, sizeof(aside), "%s.new", proxy->calls);
	file = fopen(aside, "we");
	if (!file)
		die(aside);
	for (size_t i = 0; i < proxy->procedure_count; i++)
		fprintf(file, "%u %u %u\n", proxy->procedures[i].program,
			proxy->procedures[i].procedure, proxy->procedures[i].count);
	proxy->procedure_count = 0;
	if (fclose(file) != 0 || rename(aside, proxy->calls) < 0)
		die(proxy->calls);
}

static void enqueue(const struct proxy *proxy, struct lane *lane, const unsigned char *bytes,
		    size_t length, int fd)
{
	struct message *message = malloc(sizeof(*message) + length);

	if (!message)
		die("memory");
	*message = (struct message){.due = now() + proxy->delay, .fd = fd, .length = length};
	memcpy(message->bytes, bytes, length);
	if (lane->last)
		lane->last->next = message;
	else
		lane->first = message;
	lane->last = message;
}

// Moves the whole messages out of the input.
static void parse(struct proxy *proxy, struct lane *lane)
{
	while (lane->descriptors == 0 && lane->length >= HEADER) {
		unsigned length = number(lane->input), type = number(lane->input + 16);

		if (length < HEADER || length > MESSAGE_MOST) {
			fprintf(stderr, "rpc_proxy: a message of %u bytes is no libvirt RPC\n",
				length);
			lane->ended = true;
			return;
		}
		if (lane->length < length)
			return;
		if (lane->counted)
			count_call(proxy, lane, lane->input);
		if ((type == TYPE_CALL_WITH_FDS || type == TYPE_REPLY_WITH_FDS) &&
		    length >= HEADER + 4)
			lane->descriptors = number(lane->input + HEADER);
		enqueue(proxy, lane, lane->input, length, -1);
		lane->length -= length;
		memmove(lane->input, lane->input + length, lane->length);
	}
}

// One byte and its descriptor.
static void receive_descriptor(struct proxy *proxy, struct lane *lane)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	unsigned char byte;
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr header = {.msg_iov = &part,
				.msg_iovlen = 1,
				.msg_control = control.bytes,
				.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *item;
	int fd = -1;

	if (recvmsg(lane->from, &header, MSG_CMSG_CLOEXEC) <= 0) {
		lane->ended = true;
		return;
	}
	item = CMSG_FIRSTHDR(&header);
	if (item && item->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(item), sizeof(fd));
	enqueue(proxy, lane, &byte, 1, fd);
	lane->descriptors--;
}

// Never reads beyond the message: a descriptor comes with the byte that follows it.
static void receive(struct proxy *proxy, struct lane *lane)
{
	size_t wanted = HEADER;
	ssize_t got;

	if (lane->descriptors > 0) {
		receive_descriptor(proxy, lane);
		return;
	}
	if (lane->length >= HEADER)
		wanted = number(lane->input);
	lane->input = realloc(lane->input, wanted);
	if (!lane->input)
		die("memory");
	got = read(lane->from, lane->input + lane->length, wanted - lane->length);
	if (got <= 0) {
		lane->ended = true;
		return;
	}
	lane->length += (size_t)got;
	parse(proxy, lane);
}

static ssize_t send_part(const struct lane *lane, struct message *message)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {0};
	struct iovec part = {.iov_base = message->bytes + message->sent,
			     .iov_len = message->length - message->sent};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

	if (message->fd >= 0) {
		struct cmsghdr *item;

		header.msg_control = control.bytes;
		header.msg_controllen = sizeof(control.bytes);
		item = CMSG_FIRSTHDR(&header);
		item->cmsg_level = SOL_SOCKET;
		item->cmsg_type = SCM_RIGHTS;
		item->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(item), &message->fd, sizeof(int));
	}
	return sendmsg(lane->to, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// Sends what is due; false when the other side is gone.
static bool deliver(struct lane *lane)
{
	while (lane->first && lane->first->due <= now()) {
		struct message *message = lane->first;
		ssize_t sent = send_part(lane, message);

		if (sent < 0)
			return errno == EAGAIN;
		message->sent += (size_t)sent;
		if (message->sent < message->length)
			return true;
		lane->first = message->next;
		if (!lane->first)
			lane->last = NULL;
		if (message->fd >= 0)
			close(message->fd);
		free(message);
	}
	return true;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void accept_client(struct proxy *proxy)
{
	int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC), server;
	struct link *link;

	if (client < 0 || proxy->frozen)
		return; // held open, and no more
	server = connect_to(proxy->server);
	if (server < 0 || proxy->count == LINKS_MOST) {
		close(client);
		return;
	}
	link = calloc(1, sizeof(*link));
	if (!link)
		die("memory");
	link->up = (struct lane){.from = client, .to = server, .counted = true};
	link->down = (struct lane){.from = server, .to = client};
	proxy->links[proxy->count++] = link;
}

static void lane_clear(struct lane *lane)
{
	while (lane->first) {
		struct message *next = lane->first->next;

		if (lane->first->fd >= 0)
			close(lane->first->fd);
		free(lane->first);
		lane->first = next;
	}
	free(lane->input);
}

// Whether the lane can carry nothing more.
static bool is_over(const struct lane *lane)
{
	return lane->ended && !lane->first;
}

static void close_links(struct proxy *proxy)
{
	for (size_t i = proxy->count; i-- > 0;) {
		struct link *link = proxy->links[i];
		bool gone = !deliver(&link->up) | !deliver(&link->down);

		if (!gone && !is_over(&link->up) && !is_over(&link->down))
			continue;
		close(link->up.from);
		close(link->down.from);
		lane_clear(&link->up);
		lane_clear(&link->down);
		free(link);
		proxy->links[i] = proxy->links[--proxy->count];
	}
}

// How long poll() may wait: until the first message is due.
static int patience(const struct proxy *proxy)
{
	int64_t wait = -1;

	for (size_t i = 0; i < proxy->count; i++) {
		const struct lane *lanes[] = {&proxy->links[i]->up, &proxy->links[i]->down};

		for (size_t k = 0; k < 2; k++) {
			int64_t left;

			if (!lanes[k]->first)
				continue;
			left = lanes[k]->first->due - now();
			// What is due and was not taken waits for room.
			left = left < 1 ? 1 : left;
			wait = wait < 0 || left < wait ? left : wait;
		}
	}
	return (int)wait;
}

// One turn; TIMEOUT in ms, -1 for as long as nothing happens. The number of what happened.
static int turn(struct proxy *proxy, int timeout, bool *asked)
{
	struct pollfd polls[2 + 2 * LINKS_MOST] = {{.fd = proxy->listener, .events = POLLIN},
						   {.fd = proxy->signals, .events = POLLIN}};
	size_t count = proxy->count;
	int happened;

	for (size_t i = 0; i < count; i++) {
		const struct link *link = proxy->links[i];

		polls[2 + 2 * i] = (struct pollfd){.fd = link->up.ended ? -1 : link->up.from,
						   .events = POLLIN};
		polls[3 + 2 * i] = (struct pollfd){.fd = link->down.ended ? -1 : link->down.from,
						   .events = POLLIN};
	}
	happened = poll(polls, 2 + 2 * count, timeout);
	for (size_t i = 0; i < count; i++) {
		if (polls[2 + 2 * i].revents)
			receive(proxy, &proxy->links[i]->up);
		if (polls[3 + 2 * i].revents)
			receive(proxy, &proxy->links[i]->down);
	}
	if (polls[0].revents)
		accept_client(proxy);
	*asked = polls[1].revents;
	close_links(proxy);
	return happened - *asked;
}

// A client may be gone while its last calls still stand in the socket: they count too.
static bool take_signal(struct proxy *proxy)
{
	struct signalfd_siginfo info;
	bool asked;

	if (read(proxy->signals, &info, sizeof(info)) != sizeof(info))
		return true;
	while (turn(proxy, 0, &asked) > 0)
		;
	write_calls(proxy);
	return info.ssi_signo == SIGUSR1;
}

static int listen_on(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, 64) < 0)
		die(path);
	return fd;
}

static int signals_of(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

int main(int argc, char **argv)
{
	static struct proxy proxy;
	int i = 1;
	bool asked;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--delay") == 0 && i + 1 < argc)
			proxy.delay = (int)strtol(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--lose") == 0 && i + 1 < argc)
			proxy.lose = strtol(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--interrupt") == 0 && i + 1 < argc)
			proxy.interrupt = strtol(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--calls") == 0 && i + 1 < argc)
			proxy.calls = argv[++i];
		else if (strcmp(argv[i], "--frozen") == 0)
			proxy.frozen = true;
		else
			break;
	}
	if (!proxy.calls || i >= argc || (i + 1 >= argc && !proxy.frozen)) {
		fprintf(stderr,
			"usage: rpc_proxy [--delay MS] [--frozen] [--lose N] [--interrupt N] "
			"--calls FILE SOCKET [SERVER]\n");
		return 2;
	}
	proxy.server = argv[i + 1];
	proxy.signals = signals_of();
	proxy.listener = listen_on(argv[i]);
	for (bool on = true; on;) {
		turn(&proxy, patience(&proxy), &asked);
		if (asked)
			on = take_signal(&proxy);
	}
	unlink(argv[i]);
	return 0;
}
