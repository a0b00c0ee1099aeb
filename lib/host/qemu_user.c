// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/qemu_user.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/host.h"

// The string that a line of qemu.conf (`user = "name"`) gives KEY; NULL if it is another line.
static char *setting(const char *line, const char *key)
{
	auto_free char *name = NULL, *value = NULL;
	const char *equals = strchr(line, '=');

	if (!equals)
		return NULL;
	name = text_copy_bytes(line, (size_t)(equals - line));
	if (!text_equal(text_strip(name), key))
		return NULL;
	value = text_copy(equals + 1);
	text_strip(value);
	if (*value == '"') {
		memmove(value, value + 1, strlen(value));
		value[strcspn(value, "\"")] = '\0';
	}
	return *value ? take(&value) : NULL;
}

static void read_line(struct qemu_user *user, const char *line)
{
	char *name = setting(line, "user"), *group = setting(line, "group");
	auto_free char *owners = setting(line, "dynamic_ownership");

	if (owners)
		user->keeps_owners = text_equal(owners, "0");
	if (name) {
		free(user->name);
		user->name = name;
	}
	if (group) {
		free(user->group);
		user->group = group;
	}
}

// A thousand lines, of which all but a few are comments.
static void read_configuration(struct qemu_user *user, const struct host *host)
{
	auto_free char *text = root_read(&host->root, "/etc/libvirt/qemu.conf", ROOT_MOST);

	for (char *next, *line = text; line && *line; line = next) {
		size_t length = strcspn(line, "\n");

		next = line + length + (line[length] == '\n');
		line[length] = '\0';
		line += strspn(line, " \t");
		if (*line && *line != '#')
			read_line(user, line);
	}
}

void qemu_user_find(struct qemu_user *user, const struct host *host)
{
	// What distributions build into libvirt: Debian, Ubuntu and Arch; Fedora, SUSE.
	static const char *const usual[] = {"libvirt-qemu", "qemu"};

	*user = (struct qemu_user){0};
	read_configuration(user, host);
	for (size_t i = 0; !user->name && i < sizeof(usual) / sizeof(*usual); i++) {
		struct account account;

		account_named(&account, host, usual[i], NULL);
		if (account.known)
			user->name = text_copy(usual[i]);
		account_clear(&account);
	}
	if (!user->name && root_exists(&host->root, "/etc/libvirt/qemu.conf"))
		user->name = text_copy("root");
	if (user->name)
		account_named(&user->account, host, user->name, user->group);
}

void qemu_user_clear(struct qemu_user *user)
{
	free(user->name);
	free(user->group);
	account_clear(&user->account);
	*user = (struct qemu_user){0};
}
