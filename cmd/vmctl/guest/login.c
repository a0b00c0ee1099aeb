// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/login.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vmctl/guest/reach.h"
#include "virt/hints.h"

// Bytes; the second of a directory whose sockets ssh can name: it adds some, and 107 are allowed.
enum { KEY_MOST = 4096, DIRECTORY_MOST = 70 };

static char *key_path(const struct login *login)
{
	return text_format("%s/key", login->directory);
}

static int make_key(const char *path, struct error *err)
{
	const char *const argv[] = {"ssh-keygen", "-q",    "-t", "ed25519", "-N", "",
				    "-C",         "vmctl", "-f", path,      NULL};
	auto_free char *ignored = process_output(&(struct process){.argv = argv}, err);

	return ignored ? 0 : -1;
}

// Puts the public key into the guest, or takes it out.
static int set_key(const struct login *login, const char *key, unsigned flag, struct error *err)
{
	const char *keys[] = {key};

	if (virDomainAuthorizedSSHKeysSet(login->domain, login->user, keys, 1, flag) < 0)
		return domain_failure(err, login->domain, "cannot change the keys of '%s'",
				      login->user);
	return 0;
}

int login_begin(struct login *login, struct error *err)
{
	auto_free char *key = NULL, *path = NULL, *public = NULL;

	if (!login->user) {
		error_set(err, STATUS_USAGE, "ssh needs a user of the guest");
		return error_hint(err, "--user NAME names one");
	}
	login->directory = file_private_directory(err);
	if (!login->directory)
		return -1;
	key = key_path(login);
	path = text_format("%s.pub", key);
	if (make_key(key, err) < 0)
		return -1;
	public = file_read(path, KEY_MOST, NULL, err);
	if (!public ||
	    set_key(login, text_strip(public), VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND, err) < 0)
		return -1;
	login->public = take(&public);
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
	if (login->directory)
		file_remove_directory(login->directory);
	free(login->directory);
	free(login->public);
	login->directory = login->public = NULL;
}
