// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/login.h"

#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/instant.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/guest/reach.h"
#include "virt/hints.h"

// Bytes; the second of a directory whose sockets ssh can name: it adds some, and 107 are allowed.
enum { KEY_MOST = 4096, DIRECTORY_MOST = 70 };
enum { PATIENCE = 60 }; // seconds until ssh is connected

// A key is good until this many seconds from now. Its time is that of the guest's own zone, which
// nobody knows: no zone is more than fourteen hours ahead, nor twelve behind.
enum { HOURS = 3600, AHEAD = 14 * HOURS, BEHIND = 12 * HOURS, LASTS = HOURS };

// OpenSSH knows it since 7.7; agents that put in keys are younger. It stands before the key.
static const char expiry[] = "expiry-time=\"";
static const char comment[] = "vmctl";

// $1: the user, $2: our directory, $3: what stands before the key.
static const char keeper_script[] =
	"[ ! -S \"$2/control\" ] || ssh -S \"$2/control\" -O exit none\n"
	"[ ! -e \"$2/key.pub\" ] || { printf %s \"$3\"; cat \"$2/key.pub\"; } |\n"
	"  \"$vmctl\" -c \"$uri\" set-user-sshkeys --remove --file /dev/stdin -- \"$guest\" "
	"\"$1\"\n"
	"rm -rf -- \"$2\"\n";

static char *key_path(const struct login *login)
{
	return text_format("%s/key", login->directory);
}

static int make_key(const char *path, struct error *err)
{
	const char *const argv[] = {"ssh-keygen", "-q",    "-t", "ed25519", "-N", "",
				    "-C",         comment, "-f", path,      NULL};
	auto_free char *ignored = process_output(&(struct process){.argv = argv}, err);

	return ignored ? 0 : -1;
}

// Puts public keys into the guest, or takes them out.
static int set_keys(const struct login *login, const struct list *keys, unsigned flag,
		    struct error *err)
{
	if (virDomainAuthorizedSSHKeysSet(login->domain, login->user, (const char **)keys->items,
					  (unsigned)keys->count, flag) < 0)
		return domain_failure(err, login->domain, "cannot change the keys of '%s'",
				      login->user);
	return 0;
}

static int set_key(const struct login *login, const char *key, unsigned flag, struct error *err)
{
	auto_list struct list keys = {0};

	list_add(&keys, key);
	return set_keys(login, &keys, flag, err);
}

// In seconds since 1970; the host's where it does not tell its own.
static long long guest_time(const struct login *login)
{
	long long seconds = 0;
	unsigned nanoseconds;

	if (virDomainGetTime(login->domain, &seconds, &nanoseconds, 0) == 0)
		return seconds;
	virResetLastError();
	return time(NULL);
}

static bool is_expired(const char *line, const char *now)
{
	size_t length = strlen(line), words = strlen(comment);

	return text_begins(line, expiry) && length > words &&
	       text_equal(line + length - words, comment) &&
	       strncmp(line + strlen(expiry), now, strlen(now)) < 0;
}

// Of those who were killed together with their keepers.
static void remove_expired(const struct login *login, long long now)
{
	auto_free char *behind = instant_minute(now - BEHIND);
	auto_list struct list expired = {0};
	auto_error struct error ignored = {0};
	char **keys = NULL;
	int count = virDomainAuthorizedSSHKeysGet(login->domain, login->user, &keys, 0);

	for (int i = 0; i < count; i++) {
		if (is_expired(keys[i], behind))
			list_add(&expired, keys[i]);
		free(keys[i]);
	}
	free(keys);
	if (expired.count)
		set_keys(login, &expired, VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE, &ignored);
	virResetLastError();
}

// Makes a key, and has a keeper take it out. Returns the line for the guest, the caller's.
static char *prepare(struct login *login, struct error *err)
{
	long long now = guest_time(login);
	auto_free char *until = instant_minute(now + AHEAD + LASTS);
	auto_free char *option = text_format("%s%s\" ", expiry, until);
	auto_free char *key = NULL, *path = NULL, *public = NULL;

	remove_expired(login, now);
	login->directory = file_private_directory(err);
	if (!login->directory)
		return NULL;
	keeper_begin(&login->keeper, login->domain, keeper_script,
		     (const char *const[]){login->user, login->directory, option, NULL});
	key = key_path(login);
	path = text_format("%s.pub", key);
	if (make_key(key, err) < 0)
		return NULL;
	public = file_read(path, KEY_MOST, NULL, err);
	return public ? text_format("%s%s", option, text_strip(public)) : NULL;
}

int login_begin(struct login *login, struct error *err)
{
	auto_free char *line = NULL;

	if (!login->user) {
		error_set(err, STATUS_USAGE, "ssh needs a user of the guest");
		return error_hint(err, "--user NAME names one");
	}
	line = prepare(login, err);
	if (!line || set_key(login, line, VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND, err) < 0)
		return -1;
	login->public = take(&line);
	return 0;
}

// The socket of the connection that is shared; NULL where there is no such.
static char *control_path(const struct login *login)
{
	return login->shares && strlen(login->directory) <= DIRECTORY_MOST
		       ? text_format("%s/control", login->directory)
		       : NULL;
}

// It would end by itself after a minute.
static void end_sharing(const struct login *login)
{
	auto_free char *path = control_path(login);
	const char *const argv[] = {"ssh", "-S", path, "-O", "exit", "none", NULL};
	auto_error struct error ignored = {0};
	auto_process_result struct process_result result = {0};

	if (path && file_exists(path))
		process_run(&(struct process){.argv = argv, .bound = true, .heedless = true},
			    &result, &ignored);
}

int login_words(const struct login *login, const char *line, struct list *words, struct error *err)
{
	auto_free char *control = control_path(login);

	list_add(words, "ssh");
	if (reach_words(login->domain, words, err) < 0)
		return -1;
	list_add(words, "-o");
	list_add(words, "BatchMode=yes");
	// For what takes the connection and then says nothing; a busy guest needs some seconds.
	list_add(words, "-o");
	list_add_format(words, "ConnectTimeout=%d", PATIENCE);
	list_add(words, "-o");
	list_add(words, "IdentitiesOnly=yes");
	list_add(words, "-o");
	list_add(words, "ControlMaster=auto");
	list_add(words, "-o");
	list_add(words, "ControlPersist=60");
	list_add(words, "-S");
	list_add(words, control ? control : "none");
	list_add(words, "-i");
	list_add_owned(words, key_path(login));
	list_add(words, "-l");
	list_add(words, login->user);
	list_add(words, "--");
	list_add(words, virDomainGetName(login->domain));
	list_add(words, line);
	return 0;
}

void login_end(struct login *login)
{
	auto_error struct error stays = {0};

	if (login->directory)
		end_sharing(login);
	if (login->public &&
	    set_key(login, login->public, VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE, &stays) < 0)
		call_warning(login->call, "the key for this run is still in '%s': %s: %s",
			     virDomainGetName(login->domain), stays.message, stays.reason);
	if (login->directory) {
		file_remove_directory(login->directory);
		keeper_end(&login->keeper);
	}
	free(login->directory);
	free(login->public);
	login->directory = login->public = NULL;
}
