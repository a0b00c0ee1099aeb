// SPDX-License-Identifier: GPL-3.0-or-later
// `ssh`, `ssh-config` and `proxy`: guests by their names, whatever addresses they have.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/guest/reach.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/hints.h"
#include "virt/kinds.h"
#include "virt/session.h"

enum { PIECE = 64 << 10, SSH_PORT = 22 };

// Passes on what FROM has; false at its end. A socket that takes no more is told so.
static bool pass(int from, int to, char *buffer)
{
	ssize_t got = read(from, buffer, PIECE);

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got > 0 && file_write_all(to, buffer, (size_t)got) == 0)
		return true;
	shutdown(to, SHUT_WR);
	return false;
}

// Until the guest has nothing more to say.
static int carry(struct call *call, int guest, struct error *err)
{
	int out = fileno(call->context->out);
	struct pollfd polls[] = {{.fd = STDIN_FILENO, .events = POLLIN},
				 {.fd = guest, .events = POLLIN}};
	auto_free char *buffer = memory_new(PIECE, 1);

	fcntl(guest, F_SETFL, fcntl(guest, F_GETFL) & ~O_NONBLOCK);
	while (polls[1].fd >= 0) {
		if (cancel_poll(call->cancel, polls, 2, -1) < 0)
			return cancel_check(call->cancel, err);
		if (polls[0].revents && !pass(STDIN_FILENO, guest, buffer))
			polls[0].fd = -1;
		if (polls[1].revents && !pass(guest, out, buffer))
			polls[1].fd = -1;
		polls[0].revents = polls[1].revents = 0;
	}
	return 0;
}

// ssh's own way through the host of the guest.
static int jump(struct call *call, const char *host, unsigned port, struct error *err)
{
	auto_free char *address = reach_address(call, call_domain(call), err), *target = NULL;
	auto_list struct list argv = {0};
	const char *colon = strrchr(host, ':');

	if (!address)
		return -1;
	target = text_format(strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, port);
	list_add(&argv, "ssh");
	list_add(&argv, "-W");
	list_add(&argv, target);
	if (colon && !strchr(colon, ']')) {
		list_add(&argv, "-p");
		list_add(&argv, colon + 1);
		list_add_owned(&argv, text_copy_bytes(host, (size_t)(colon - host)));
	} else {
		list_add(&argv, host);
	}
	call->status = process_run_attached((const char *const *)argv.items, err);
	return call->status < 0 ? -1 : 0;
}

static int proxy(struct call *call, struct error *err)
{
	unsigned port =
		argument_given(call, "port") ? (unsigned)argument_integer(call, "port") : SSH_PORT;
	auto_free char *host = reach_jump(call_domain(call));
	auto_close int guest = -1;

	if (domain_refuse_off(call_domain(call), err) < 0)
		return -1;
	if (host)
		return jump(call, host, port, err);
	// ssh ends it by a signal: no reason to say anything.
	guest = reach_connect(call, call_domain(call), port, err);
	return guest < 0 ? -1 : carry(call, guest, err);
}

const struct command proxy_command = {
	.name = "proxy",
	.traits = COMMAND_TERMINAL | COMMAND_BARE,
	.target = ONE_DOMAIN(BY_ANY),
	.options = (const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE,
						  "guest to connect to"),
					   {.kind = OPTION_INTEGER,
					    .traits = POSITIONAL,
					    .name = "port",
					    .value = "PORT",
					    .least = 1,
					    .most = 65535,
					    .help = "its port, 22 where none is given"},
					   END},
	.summary = "connect standard input and output to a port of a guest",
	.description = "What ssh takes as ProxyCommand. The guest is reached by vsock where it has "
		       "one, else by one of its addresses; a guest of another host through ssh to "
		       "that host.",
	.run = proxy,
};

static void add_common(struct call *call, struct list *words)
{
	static const char *const options[][2] = {{"user", "-l"}, {"identity", "-i"}};

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (argument_given(call, options[i][0])) {
			list_add(words, options[i][1]);
			list_add(words, argument_text(call, options[i][0]));
		}
}

static int ssh(struct call *call, struct error *err)
{
	const struct list *command = argument_list(call, "command");
	auto_list struct list words = {0};

	if (domain_refuse_off(call_domain(call), err) < 0)
		return -1;
	list_add(&words, "ssh");
	if (reach_words(call_domain(call), &words, err) < 0)
		return -1;
	add_common(call, &words);
	list_add(&words, "--");
	list_add(&words, call_name(call));
	for (size_t i = 0; i < command->count; i++)
		list_add(&words, command->items[i]);
	call->status = process_run_interactive((const char *const *)words.items, err);
	return call->status < 0 ? -1 : 0;
}

// clang-format off
#define SSH_OPTIONS \
	NAMED("user", NULL, "user of the guest to log in as"), \
	NAMED("identity", NULL, "file with the private key")
// clang-format on

const struct command ssh_command = {
	.name = "ssh",
	.traits = COMMAND_TERMINAL | COMMAND_PROGRAM | COMMAND_BARE,
	.target = ONE_DOMAIN(BY_ANY),
	.options = (const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE,
						  "guest to log in to"),
					   SSH_OPTIONS,
					   {.kind = OPTION_REST,
					    .traits = POSITIONAL,
					    .name = "command",
					    .help = "a command to run there; a shell without one"},
					   END},
	.summary = "log in to a guest by ssh",
	.description =
		"Reaches the guest as `proxy` does, whatever address it has. Its host key is kept "
		"with its UUID in ~/.local/state/vmkit/known_guests: an address that another guest "
		"had before is no reason for a question. The exit status is ssh's.",
	.run = ssh,
};

static void report_stanza(struct call *call, const char *name,
			  struct reach_option options[REACH_OPTIONS])
{
	static const char *const keys[] = {"proxy_command", "host_key_alias",
					   "user_known_hosts_file", "strict_host_key_checking",
					   "check_host_ip"};
	struct report *report = call->report;
	const char *user = argument_text(call, "user"), *identity = argument_text(call, "identity");

	report_open(report, NULL);
	report_field(report, NULL, "name", value_text(name));
	report_heading(report, "Host %s\n", name);
	for (size_t i = 0; i < REACH_OPTIONS; i++) {
		report_field(report, NULL, keys[i], value_text(options[i].value));
		report_heading(report, "  %s %s\n", options[i].name, options[i].value);
		free(options[i].value);
	}
	report_field(report, NULL, "user", value_text(user));
	report_field(report, NULL, "identity_file", value_text(identity));
	if (user)
		report_heading(report, "  User %s\n", user);
	if (identity)
		report_heading(report, "  IdentityFile %s\n", identity);
	report_close(report);
}

// In a configuration a name must be one word without a pattern.
static bool is_plain(const char *name)
{
	return *name != '-' && !name[strcspn(name, " \t\"'\\*?!,#")];
}

static int ssh_config(struct call *call, struct error *err)
{
	virDomainPtr *domains = NULL;
	int count = virConnectListAllDomains(session_connection(call), &domains, 0), failed = 0;

	if (count < 0)
		return virt_failure(err, "Failed to list domains");
	report_open_list(call->report, NULL);
	for (int i = 0; i < count; i++) {
		const char *name = virDomainGetName(domains[i]);
		struct reach_option options[REACH_OPTIONS];

		if (!is_plain(name))
			call_warning(call, "'%s' cannot be the name of a host of ssh", name);
		else if (!failed && (failed = reach_options(domains[i], options, err)) == 0)
			report_stanza(call, name, options);
		virDomainFree(domains[i]);
	}
	report_close(call->report);
	free(domains);
	return failed;
}

static const struct field stanza_results[] = {
	NAME_FIELD,
	FIELD("proxy_command", NULL, FIELD_TEXT, 0, "ProxyCommand: what connects to it"),
	FIELD("host_key_alias", NULL, FIELD_TEXT, 0, "HostKeyAlias: its UUID"),
	FIELD("user_known_hosts_file", NULL, FIELD_TEXT, 0,
	      "UserKnownHostsFile: where its key is kept"),
	FIELD("strict_host_key_checking", NULL, FIELD_TEXT, 0, "StrictHostKeyChecking"),
	FIELD("check_host_ip", NULL, FIELD_TEXT, 0, "CheckHostIP"),
	FIELD("user", NULL, FIELD_TEXT, FIELD_NULL, "User, with --user"),
	FIELD("identity_file", NULL, FIELD_TEXT, FIELD_NULL, "IdentityFile, with --identity"),
	FIELDS_END,
};

const struct command ssh_config_command = {
	.name = "ssh-config",
	.traits = COMMAND_ALONE | COMMAND_READS | COMMAND_BARE,
	.options = (const struct option[]){SSH_OPTIONS, END},
	.shape = SHAPE_LIST,
	.results = stanza_results,
	.summary = "write what ssh needs to know of all guests",
	.description =
		"A stanza for each guest, for ~/.ssh/config or a file that is included there: "
		"then ssh, scp, rsync, editors and Ansible reach guests by their names.",
	.run = ssh_config,
};
