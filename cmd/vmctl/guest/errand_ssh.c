// SPDX-License-Identifier: GPL-3.0-or-later
// A program run by ssh, with a key that its user has for this one run: the guest agent of many
// systems may not run programs, but may put in and take out keys.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/call.h"
#include "cli/relay.h"
#include "cmd/vmctl/guest/errand.h"
#include "cmd/vmctl/guest/reach.h"
#include "output/report.h"
#include "virt/hints.h"
#include "virt/kinds.h"

enum { KEY_MOST = 4096, OUTPUT_MOST = 64 << 20 }; // bytes

// The words as the shell at the other end takes them for what they are; the caller's.
static char *command_line(const struct errand *errand)
{
	struct text line = {0};

	if (errand->directory) {
		text_append(&line, "cd -- ");
		text_append_quoted(&line, errand->directory);
		text_append(&line, " && ");
	}
	text_append(&line, errand->detached ? "{ setsid env" : "exec env");
	for (size_t i = 0; i < errand->environment.count; i++) {
		text_append_char(&line, ' ');
		text_append_quoted(&line, errand->environment.items[i]);
	}
	if (errand->timeout)
		text_append_format(&line, " timeout %lld", errand->timeout / 1000);
	for (size_t i = 0; i < errand->words->count; i++) {
		text_append_char(&line, ' ');
		text_append_quoted(&line, errand->words->items[i]);
	}
	if (errand->detached)
		text_append(&line, " </dev/null >/dev/null 2>&1 & echo $!; }");
	return text_take(&line);
}

static int make_key(const char *path, struct error *err)
{
	const char *const argv[] = {"ssh-keygen", "-q",    "-t", "ed25519", "-N", "",
				    "-C",         "vmctl", "-f", path,      NULL};
	auto_free char *ignored = process_output(&(struct process){.argv = argv}, err);

	return ignored ? 0 : -1;
}

// Puts the public key into the guest, or takes it out.
static int set_key(struct call *call, const char *user, const char *key, unsigned flag,
		   struct error *err)
{
	const char *keys[] = {key};

	if (virDomainAuthorizedSSHKeysSet(call_domain(call), user, keys, 1, flag) < 0)
		return domain_failure(err, call_domain(call), "cannot change the keys of '%s'",
				      user);
	return 0;
}

static void pass_output(void *data, const char *bytes, size_t length)
{
	auto_error struct error ignored = {0};

	relay_pass(data, RELAY_OUTPUT, bytes, length, &ignored);
}

// Where nobody else writes, its streams are ours; else what it writes is passed on.
static int run_words(struct call *call, const struct list *words, struct relay *relay,
		     struct error *err)
{
	const char *const *argv = (const char *const *)words->items;
	auto_process_result struct process_result result = {0};

	if (!call->selected && !report_is_json(call->report))
		return process_run_interactive(argv, err);
	if (process_run(&(struct process){.argv = argv,
					  .bound = true,
					  .most = OUTPUT_MOST,
					  .output = pass_output,
					  .data = relay},
			&result, err) < 0 ||
	    relay_pass(relay, RELAY_ERRORS, result.errors, strlen(result.errors), err) < 0 ||
	    relay_end(relay, err) < 0)
		return -1;
	return result.exit_status;
}

static int run_with_key(struct call *call, const struct errand *errand, const char *key,
			struct relay *relay, struct error *err)
{
	auto_list struct list words = {0};

	list_add(&words, "ssh");
	if (reach_words(call_domain(call), &words, err) < 0)
		return -1;
	list_add(&words, "-o");
	list_add(&words, "BatchMode=yes");
	list_add(&words, "-o");
	list_add(&words, "IdentitiesOnly=yes");
	list_add(&words, "-i");
	list_add(&words, key);
	list_add(&words, "-l");
	list_add(&words, errand->user);
	list_add(&words, "--");
	list_add(&words, call_name(call));
	list_add_owned(&words, command_line(errand));
	return run_words(call, &words, relay, err);
}

static int run_in(const char *directory, struct call *call, const struct errand *errand,
		  struct relay *relay, struct error *err)
{
	auto_free char *key = text_format("%s/key", directory);
	auto_free char *path = text_format("%s.pub", key), *public = NULL;
	auto_error struct error stays = {0};
	int status;

	if (make_key(key, err) < 0)
		return -1;
	public = file_read(path, KEY_MOST, NULL, err);
	if (!public || set_key(call, errand->user, text_strip(public),
			       VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND, err) < 0)
		return -1;
	status = run_with_key(call, errand, key, relay, err);
	if (set_key(call, errand->user, public, VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE, &stays) <
	    0)
		call_warning(call, "the key for this run is still in '%s': %s: %s", call_name(call),
			     stays.message, stays.reason);
	return status;
}

int errand_by_ssh(struct call *call, const struct errand *errand, struct relay *relay,
		  struct errand_end *end, struct error *err)
{
	auto_free char *directory = NULL;
	int status;

	if (!errand->user) {
		error_set(err, STATUS_USAGE, "ssh needs a user of the guest");
		return error_hint(err, "--user NAME names one");
	}
	directory = file_private_directory(err);
	if (!directory)
		return -1;
	status = run_in(directory, call, errand, relay, err);
	file_remove_directory(directory);
	if (status < 0)
		return -1;
	*end = (struct errand_end){.status = status,
				   .late = errand->timeout && status == ERRAND_LATE};
	return 0;
}
