// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/connection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/task.h"
#include "base/text.h"
#include "virt/access.h"
#include "virt/credentials.h"
#include "virt/events.h"
#include "virt/failure.h"

enum {
	DEADLINE = 30000,        // milliseconds
	DEADLINE_TYPED = 120000, // where a password may be asked for
	CONFIGURATION_MOST = 1024 * 1024,
};

#define SYSTEM_CONFIGURATION "/etc/libvirt/libvirt.conf"

// Whether libvirt's client configuration names a URI: a line `uri_default = ...`.
static bool configures_uri(const char *path)
{
	auto_error struct error ignored = {0};
	auto_free char *content = file_read(path, CONFIGURATION_MOST, NULL, &ignored);
	auto_list struct list lines = {0};

	if (!content)
		return false;
	lines = list_split(content, "\n");
	for (size_t i = 0; i < lines.count; i++)
		if (text_begins(text_strip(lines.items[i]), "uri_default"))
			return true;
	return false;
}

char *connection_configuration(void)
{
	const char *directory = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (geteuid() == 0)
		return text_copy(SYSTEM_CONFIGURATION);
	if (directory && *directory)
		return text_format("%s/libvirt/libvirt.conf", directory);
	return text_format("%s/.config/libvirt/libvirt.conf", home ? home : "");
}

// libvirt reads the user's file and, only where there is none, the system's (virConfLoadConfig).
static bool configuration_decides(void)
{
	auto_free char *path = connection_configuration();

	return configures_uri(file_exists(path) ? path : SYSTEM_CONFIGURATION);
}

static bool socket_answers(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	auto_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

char *connection_default_uri(void)
{
	static const char *const variables[] = {"VMCTL_URI", "VIRSH_DEFAULT_CONNECT_URI",
						"LIBVIRT_DEFAULT_URI"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return text_copy(value);
	}
	if (configuration_decides())
		return NULL;
	if (geteuid() == 0 || socket_answers("/run/libvirt/virtqemud-sock") ||
	    socket_answers("/run/libvirt/libvirt-sock"))
		return text_copy("qemu:///system");
	return text_copy("qemu:///session");
}

// One attempt to open, made aside so that it can be given up.
struct attempt {
	char *uri;
	unsigned flags;
	bool ask;
	FILE *prompts;
	virConnectPtr connection;
	struct error err;
};

static void attempt_free(void *data)
{
	struct attempt *attempt = data;

	// Nobody has waited for it.
	if (attempt->connection)
		virConnectClose(attempt->connection);
	error_clear(&attempt->err);
	free(attempt->uri);
	free(attempt);
}

static void attempt_open(void *data)
{
	struct attempt *attempt = data;
	virConnectAuth auth = *virConnectAuthPtrDefault;

	// libvirt's own callbacks ask on the terminal.
	if (attempt->prompts && !isatty(STDIN_FILENO))
		credentials_prepare(&auth, attempt->prompts);
	attempt->connection =
		virConnectOpenAuth(attempt->uri, attempt->ask ? &auth : NULL, attempt->flags);
	if (attempt->connection)
		return;
	virt_failure(&attempt->err, "failed to connect to the hypervisor");
	access_hint(&attempt->err, attempt->uri);
}

static struct attempt *attempt_new(const char *uri, const struct connection_options *options)
{
	struct attempt *attempt = memory_new(1, sizeof(*attempt));

	attempt->uri = text_copy(uri);
	attempt->flags = options->readonly ? VIR_CONNECT_RO : 0;
	attempt->ask = options->ask;
	attempt->prompts = options->prompts;
	return attempt;
}

// Milliseconds that opening may take.
static long long deadline_of(const struct connection_options *options)
{
	if (options->deadline)
		return options->deadline;
	// Who asks for keep-alive says how long silence may last.
	if (options->keepalive_asked && options->keepalive_interval > 0)
		return 1000LL * options->keepalive_interval * (options->keepalive_count + 1);
	return options->ask && isatty(STDIN_FILENO) ? DEADLINE_TYPED : DEADLINE;
}

static int wait_for(struct task *task, const struct connection_options *options, struct error *err)
{
	struct cancel cancel = {0};
	long long deadline = deadline_of(options);

	cancel_begin(&cancel, options->cancel);
	cancel_after(&cancel, deadline);
	if (task_wait(task, &cancel, -1) > 0)
		return 0;
	cancel_check(&cancel, err);
	if (err->status == STATUS_TIMEOUT)
		error_set(err, STATUS_TIMEOUT, "no answer within %.3g s", (double)deadline / 1000);
	return error_wrap(err, "failed to connect to the hypervisor");
}

static virConnectPtr open_in_time(const char *uri, const struct connection_options *options,
				  struct error *err)
{
	struct attempt *attempt = attempt_new(uri, options);
	auto_task struct task *task = task_start(attempt_open, attempt, attempt_free, err);
	virConnectPtr connection;

	if (!task || wait_for(task, options, err) < 0)
		return NULL;
	connection = attempt->connection;
	attempt->connection = NULL;
	if (!connection)
		error_move(err, &attempt->err);
	return connection;
}

virConnectPtr connection_open(const struct connection_options *options, struct error *err)
{
	auto_free char *uri = options->uri ? text_copy(options->uri) : connection_default_uri();
	virConnectPtr connection;
	bool failed;

	virt_silence();
	if (events_start(err) < 0)
		return NULL;
	connection = open_in_time(uri, options, err);
	if (!connection)
		return NULL;
	failed = options->keepalive_interval > 0 &&
		 virConnectSetKeepAlive(connection, options->keepalive_interval,
					(unsigned)options->keepalive_count) != 0;
	if (options->keepalive_failed)
		*options->keepalive_failed = failed;
	if (failed && options->keepalive_asked) {
		virt_failure(err, "cannot set up keep-alive on this connection");
		virConnectClose(connection);
		return NULL;
	}
	return connection;
}

bool connection_is_local(virConnectPtr connection)
{
	auto_free char *uri = virConnectGetURI(connection);
	const char *host = uri ? strstr(uri, "://") : NULL;

	return host && host[3] == '/' && text_begins(uri, "qemu");
}
