// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/account.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "host/host.h"
#include "host/recording.h"

enum {
	MOST = 0x7fffffff, // of an identifier
	// The parts of a line of /etc/passwd and /etc/group.
	NAME = 0,
	NUMBER = 2,
	PRIMARY = 3,
	MEMBERS = 3,
};

static void add_group(struct account *account, gid_t group)
{
	if (account_in(account, group))
		return;
	account->groups =
		memory_resize(account->groups, account->count + 1, sizeof(*account->groups));
	account->groups[account->count++] = group;
}

bool account_in(const struct account *account, gid_t group)
{
	for (size_t i = 0; i < account->count; i++)
		if (account->groups[i] == group)
			return true;
	return false;
}

static bool parse_id(const char *text, long long *number)
{
	auto_error struct error ignored = {0};

	return number_parse(text, 0, MOST, number, &ignored) == 0;
}

// The parts between colons, empty ones too.
static struct list split_line(const char *line)
{
	struct list parts = {0};

	for (;;) {
		size_t length = strcspn(line, ":");

		list_add_owned(&parts, text_copy_bytes(line, length));
		if (line[length] == '\0')
			return parts;
		line += length + 1;
	}
}

// Calls FOUND for each line of FILE with at least LEAST parts, until it gives true.
static bool scan(const struct host *host, const char *file, size_t least,
		 bool (*found)(const struct list *parts, void *data), void *data)
{
	const char *line = root_kept(&host->root, file, ROOT_MOST);

	while (line && *line) {
		size_t length = strcspn(line, "\n");
		auto_free char *copy = text_copy_bytes(line, length);
		auto_list struct list parts = split_line(copy);

		if (parts.count >= least && found(&parts, data))
			return true;
		line += length + (line[length] == '\n');
	}
	return false;
}

struct lookup {
	const char *name;
	long long number;
	long long primary;
	char *found_name;
	struct account *account;
};

static bool is_user(const struct list *parts, void *data)
{
	struct lookup *lookup = data;

	return text_equal(parts->items[NAME], lookup->name) &&
	       parse_id(parts->items[NUMBER], &lookup->number) &&
	       parse_id(parts->items[PRIMARY], &lookup->primary);
}

static bool is_group(const struct list *parts, void *data)
{
	struct lookup *lookup = data;

	return text_equal(parts->items[NAME], lookup->name) &&
	       parse_id(parts->items[NUMBER], &lookup->number);
}

static bool has_number(const struct list *parts, void *data)
{
	struct lookup *lookup = data;
	long long number;

	if (!parse_id(parts->items[NUMBER], &number) || number != lookup->number)
		return false;
	lookup->found_name = text_copy(parts->items[NAME]);
	return true;
}

static bool has_member(const struct list *parts, void *data)
{
	struct lookup *lookup = data;
	auto_list struct list members = list_split(parts->items[MEMBERS], ",");
	long long number;

	if (list_has(&members, lookup->name) && parse_id(parts->items[NUMBER], &number))
		add_group(lookup->account, (gid_t)number);
	return false;
}

// libvirt takes a number for what it is when "+" stands before it.
static const char *digits(const char *name)
{
	name += *name == '+';
	return *name && strspn(name, "0123456789") == strlen(name) ? name : NULL;
}

long long account_group(const struct host *host, const char *name)
{
	struct lookup lookup = {.name = name};

	if (scan(host, "/etc/group", 3, is_group, &lookup))
		return lookup.number;
	return digits(name) && parse_id(digits(name), &lookup.number) ? lookup.number : -1;
}

char *account_group_name(const struct host *host, gid_t group)
{
	struct lookup lookup = {.number = group};

	if (scan(host, "/etc/group", 3, has_number, &lookup))
		return lookup.found_name;
	return text_format("%u", group);
}

char *account_user_name(const struct host *host, uid_t user)
{
	struct lookup lookup = {.number = user};

	if (scan(host, "/etc/passwd", 3, has_number, &lookup))
		return lookup.found_name;
	return text_format("%u", user);
}

void account_named(struct account *account, const struct host *host, const char *name,
		   const char *group)
{
	struct lookup lookup = {.name = name, .primary = -1, .account = account};
	long long primary;

	*account = (struct account){0};
	if (!scan(host, "/etc/passwd", 4, is_user, &lookup) &&
	    !(digits(name) && parse_id(digits(name), &lookup.number)) && !text_equal(name, "root"))
		return;
	account->known = true;
	account->uid = (uid_t)lookup.number;
	primary = group ? account_group(host, group) : lookup.primary;
	if (primary >= 0)
		add_group(account, (gid_t)primary);
	scan(host, "/etc/group", 4, has_member, &lookup);
}

static void read_ids(struct account *account, const char *ids)
{
	auto_list struct list words = list_split(ids, " ");
	long long number;

	for (size_t i = 0; i < words.count; i++) {
		if (!parse_id(words.items[i], &number))
			continue;
		if (i == 0)
			account->uid = (uid_t)number;
		else
			add_group(account, (gid_t)number);
		account->known = true;
	}
}

static void record_caller(const struct account *account, const struct host *host)
{
	struct text ids = {0};
	auto_free char *joined = NULL;

	text_append_format(&ids, "%u", account->uid);
	for (size_t i = 0; i < account->count; i++)
		text_append_format(&ids, " %u", account->groups[i]);
	joined = text_take(&ids);
	recording_note(host, "caller", "%s", joined);
}

void account_caller(struct account *account, const struct host *host)
{
	const char *recorded = facts_get(&host->facts, "caller");
	gid_t groups[1024];
	int count;

	*account = (struct account){0};
	if (!host->root.live) {
		read_ids(account, recorded ? recorded : "");
		return;
	}
	account->known = true;
	account->uid = geteuid();
	add_group(account, getegid());
	count = getgroups(1024, groups);
	for (int i = 0; i < count; i++)
		add_group(account, groups[i]);
	record_caller(account, host);
}

void account_clear(struct account *account)
{
	free(account->groups);
	*account = (struct account){0};
}
