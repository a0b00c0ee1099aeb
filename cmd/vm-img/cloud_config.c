// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/cloud_config.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/password_hash.h"
#include "base/text.h"
#include "cli/argument.h"
#include "output/json.h"

enum { KEYS_MOST = 1 << 20 }; // bytes of a file of keys

static bool is_public_key(const char *line)
{
	static const char *const begins[] = {"ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"};

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (text_begins(line, begins[i]))
			return true;
	return false;
}

static int add_keys(const char *path, struct json *keys, struct error *err)
{
	auto_free char *content = file_read(path, KEYS_MOST, NULL, err);
	auto_list struct list lines = {0};

	if (!content)
		return -1;
	lines = list_split(content, "\r\n");
	for (size_t i = 0; i < lines.count; i++) {
		char *line = text_strip(lines.items[i]);

		if (*line == '#' || !*line)
			continue;
		if (!is_public_key(line)) {
			error_set(err, STATUS_USAGE, "'%s' does not hold public keys of ssh", path);
			return error_hint(err, "a public key is in a file such as id_ed25519.pub");
		}
		json_append(keys, value_text(line));
	}
	return 0;
}

// The key of an object, or of the whole document, that may log in.
static int set_keys(struct call *call, struct json *object, struct error *err)
{
	const struct list *files = argument_list(call, "ssh-key");
	auto_json struct json *keys = json_new_array();

	for (size_t i = 0; i < files->count; i++)
		if (add_keys(files->items[i], keys, err) < 0)
			return -1;
	if (json_count(keys))
		json_set_json(object, "ssh_authorized_keys", take(&keys));
	return 0;
}

static int set_password(struct call *call, struct json *config, struct json *user,
			struct error *err)
{
	const char *path = argument_text(call, "password-file");
	auto_free char *hash = NULL;
	struct json *expiry;

	if (!path)
		return 0;
	hash = password_hash_of_file(path, err);
	if (!hash)
		return -1;
	if (user) {
		json_set(user, "passwd", value_text(hash));
		json_set(user, "lock_passwd", value_boolean(false));
	} else {
		json_set(config, "password", value_text(hash));
	}
	expiry = json_new_object();
	json_set(expiry, "expire", value_boolean(false));
	json_set_json(config, "chpasswd", expiry);
	json_set(config, "ssh_pwauth", value_boolean(true));
	return 0;
}

// A user of that name instead of the one that the image brings.
static struct json *new_user(const char *name)
{
	struct json *user = json_new_object();

	json_set(user, "name", value_text(name));
	json_set(user, "shell", value_text("/bin/bash"));
	json_set(user, "sudo", value_text("ALL=(ALL) NOPASSWD:ALL"));
	return user;
}

static int set_users(struct call *call, struct json *config, struct error *err)
{
	const char *name = argument_text(call, "user");
	struct json *users = NULL, *user = NULL;

	if (name) {
		users = json_new_array();
		user = new_user(name);
		json_append_json(users, user);
		json_set_json(config, "users", users);
	}
	return set_keys(call, user ? user : config, err) < 0
		       ? -1
		       : set_password(call, config, user, err);
}

static void set_packages(struct call *call, struct json *config)
{
	const struct list *given = argument_list(call, "packages");
	struct json *packages = json_new_array();

	for (size_t i = 0; i < given->count; i++) {
		auto_list struct list names = list_split(given->items[i], ", ");

		for (size_t k = 0; k < names.count; k++)
			json_append(packages, value_text(names.items[k]));
	}
	if (json_count(packages))
		json_set(config, "package_update", value_boolean(true));
	json_set_json(config, "packages", packages);
}

static void set_commands(struct call *call, struct json *config)
{
	const struct list *given = argument_list(call, "run");
	struct json *commands = json_new_array();

	for (size_t i = 0; i < given->count; i++)
		json_append(commands, value_text(given->items[i]));
	json_set_json(config, "runcmd", commands);
}

char *cloud_config_user_data(struct call *call, struct error *err)
{
	auto_json struct json *config = json_new_object();
	auto_free char *text = NULL;

	if (set_users(call, config, err) < 0)
		return NULL;
	if (argument_given(call, "packages"))
		set_packages(call, config);
	if (argument_given(call, "run"))
		set_commands(call, config);
	text = json_text(config);
	return text_format("#cloud-config\n%s\n", text);
}

char *cloud_config_meta_data(const char *instance, const char *hostname)
{
	auto_json struct json *data = json_new_object();
	auto_free char *text = NULL;

	json_set(data, "instance-id", value_text(instance));
	if (hostname)
		json_set(data, "local-hostname", value_text(hostname));
	text = json_text(data);
	return text_format("%s\n", text);
}
