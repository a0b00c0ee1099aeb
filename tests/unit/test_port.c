// SPDX-License-Identifier: GPL-3.0-or-later
// Whether something listens at an address: real sockets of this machine.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/vmctl/guest/port.h"

// A server on a port that the kernel chose; to *PORT.
static int listen_here(unsigned *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

struct greeter {
	int fd;
	const char *says;
};

static void *greet(void *data)
{
	const struct greeter *greeter = data;
	int client = accept(greeter->fd, NULL, NULL);

	assert_int_equal(write(client, greeter->says, 16), 16);
	close(client);
	return NULL;
}

static bool greeted(const char *says)
{
	unsigned port;
	struct greeter greeter = {.fd = listen_here(&port), .says = says};
	pthread_t thread;
	bool answers;

	pthread_create(&thread, NULL, greet, &greeter);
	answers = port_answers("127.0.0.1", port, "SSH-", NULL, 5000);
	pthread_join(thread, NULL);
	close(greeter.fd);
	return answers;
}

static void a_port_answers_while_somebody_listens(void **state)
{
	unsigned port;
	int fd = listen_here(&port);

	(void)state;
	assert_true(port_answers("127.0.0.1", port, NULL, NULL, 5000));
	// Connected, but silent: nobody waits for it for ever.
	assert_false(port_answers("127.0.0.1", port, "SSH-", NULL, 200));
	close(fd);
	assert_false(port_answers("127.0.0.1", port, NULL, NULL, 5000));
	assert_false(port_answers("no address", 22, NULL, NULL, 200));
}

static void a_server_is_known_by_its_greeting(void **state)
{
	(void)state;
	assert_true(greeted("SSH-2.0-OpenSSH\r\n"));
	assert_false(greeted("HTTP/1.1 400 Ba\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_answers_while_somebody_listens),
		cmocka_unit_test(a_server_is_known_by_its_greeting),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
