// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/reach.h"

#include <limits.h>
#include <linux/vm_sockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/process.h"
#include "base/state.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/guest/port.h"
#include "virt/addresses.h"
#include "virt/definition.h"
#include "xml/document.h"
#include "xml/path.h"

enum { PATIENCE = 6000, CONNECTING = 5000, VSOCK_CONNECTING = 2 }; // milliseconds, seconds

// What stands between "//" and "/" of the connection's URI, and in *TRANSPORT what its scheme has
// behind the plus; both the caller's, NULL for none.
static char *authority(virDomainPtr domain, char **transport)
{
	auto_free char *uri = virConnectGetURI(virDomainGetConnect(domain));
	const char *place = uri ? strstr(uri, "://") : NULL, *plus;
	size_t length;

	*transport = NULL;
	if (!place)
		return NULL;
	plus = memchr(uri, '+', (size_t)(place - uri));
	if (plus)
		*transport = text_copy_bytes(plus + 1, (size_t)(place - plus - 1));
	length = strcspn(place + 3, "/?");
	return length ? text_copy_bytes(place + 3, length) : NULL;
}

char *reach_jump(virDomainPtr domain)
{
	auto_free char *transport = NULL, *host = authority(domain, &transport);
	static const char *const by_ssh[] = {"ssh", "libssh", "libssh2"};

	for (size_t i = 0; host && i < sizeof(by_ssh) / sizeof(*by_ssh); i++)
		if (text_equal(transport, by_ssh[i]))
			return take(&host);
	return NULL;
}

static int connect_vsock(virDomainPtr domain, unsigned port)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = definition_xml(domain, 0, &ignored);
	auto_free char *transport = NULL, *host = authority(domain, &transport);
	auto_free char *cid =
		xml && !host ? path_get(xml_root(xml), "devices/vsock/cid/@address") : NULL;
	struct sockaddr_vm target = {.svm_family = AF_VSOCK, .svm_port = port};
	const struct timeval bound = {.tv_sec = VSOCK_CONNECTING};
	long long number;
	int fd;

	if (!cid || number_parse(cid, 3, UINT_MAX, &number, &ignored) < 0)
		return -1;
	target.svm_cid = (unsigned)number;
	fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, AF_VSOCK, SO_VM_SOCKETS_CONNECT_TIMEOUT, &bound, sizeof(bound));
	if (connect(fd, (const struct sockaddr *)&target, sizeof(target)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int no_address(virDomainPtr domain, struct error *err)
{
	error_set(err, STATUS_NOT_FOUND, "no address of '%s' is known", virDomainGetName(domain));
	return error_hint(err, "$vmctl wait --for ip -- '%s' waits until there is one",
			  virDomainGetName(domain));
}

int reach_connect(struct call *call, virDomainPtr domain, unsigned port, struct error *err)
{
	auto_addresses struct addresses addresses = {0};
	int fd = connect_vsock(domain, port);

	if (fd >= 0)
		return fd;
	addresses_find(call, domain, PATIENCE, &addresses);
	for (size_t i = 0; i < addresses.count; i++) {
		fd = port_connect(addresses.items[i].text, port, call->cancel, CONNECTING);
		if (fd >= 0)
			return fd;
	}
	if (cancel_check(call->cancel, err) < 0)
		return -1;
	if (!addresses.count)
		return no_address(domain, err);
	error_set(err, STATUS_CONNECTION, "nothing answers at port %u of '%s'", port,
		  virDomainGetName(domain));
	err->reason = text_format("tried %s%s", addresses.items[0].text,
				  addresses.count > 1 ? " and its other addresses" : "");
	return error_hint(err, "$vmctl wait -- '%s' --for port:%u waits until something does",
			  virDomainGetName(domain), port);
}

char *reach_address(struct call *call, virDomainPtr domain, struct error *err)
{
	auto_addresses struct addresses addresses = {0};

	addresses_find(call, domain, PATIENCE, &addresses);
	if (addresses.count)
		return text_copy(addresses.items[0].text);
	no_address(domain, err);
	return NULL;
}

// As the shell of ssh takes it for one word, and ssh itself for no variable.
static void append_word(struct text *line, const char *word)
{
	auto_text struct text quoted = {0};

	text_append_quoted(&quoted, word);
	if (line->length)
		text_append_char(line, ' ');
	for (const char *c = text_string(&quoted); *c; c++) {
		text_append_char(line, *c);
		if (*c == '%')
			text_append_char(line, '%');
	}
}

static char *proxy_command(virDomainPtr domain)
{
	auto_free char *uri = virConnectGetURI(virDomainGetConnect(domain));
	auto_free char *self = process_self();
	char uuid[VIR_UUID_STRING_BUFLEN] = "";
	struct text line = {0};

	virDomainGetUUIDString(domain, uuid);
	append_word(&line, self ? self : "vmctl");
	append_word(&line, "-c");
	append_word(&line, uri ? uri : "");
	append_word(&line, "proxy");
	append_word(&line, uuid);
	text_append(&line, " %p");
	return text_take(&line);
}

int reach_options(virDomainPtr domain, struct reach_option options[REACH_OPTIONS],
		  struct error *err)
{
	auto_free char *file = state_path("known_guests");
	char uuid[VIR_UUID_STRING_BUFLEN] = "";

	if (!file) {
		error_set(err, STATUS_FAILED, "there is no HOME to keep the keys of guests in");
		return -1;
	}
	virDomainGetUUIDString(domain, uuid);
	options[0] = (struct reach_option){"ProxyCommand", proxy_command(domain)};
	options[1] = (struct reach_option){"HostKeyAlias", text_copy(uuid)};
	options[2] = (struct reach_option){"UserKnownHostsFile", take(&file)};
	options[3] = (struct reach_option){"StrictHostKeyChecking", text_copy("accept-new")};
	options[4] = (struct reach_option){"CheckHostIP", text_copy("no")};
	return 0;
}

int reach_words(virDomainPtr domain, struct list *words, struct error *err)
{
	struct reach_option options[REACH_OPTIONS] = {0};

	if (reach_options(domain, options, err) < 0)
		return -1;
	for (size_t i = 0; i < REACH_OPTIONS; i++) {
		list_add(words, "-o");
		list_add_format(words, "%s=%s", options[i].name, options[i].value);
		free(options[i].value);
	}
	return 0;
}
