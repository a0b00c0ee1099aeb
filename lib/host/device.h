// SPDX-License-Identifier: GPL-3.0-or-later
// Device nodes: what they are and who may open them.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct account;
struct host;

struct device {
	bool known; // whether anything tells about it
	bool present;
	char kind; // 'c', 'b', 'd', 's' (socket), '-' (anything else)
	unsigned major, minor;
	mode_t mode; // the permission bits
	uid_t uid;
	gid_t gid;
	char *acl; // the entries of its access control list beyond the mode, "user:1000:rw,..."; or
		   // NULL
};

void device_look(struct device *device, const struct host *host, const char *path);

// Whether ACCOUNT may read and write it by its permissions.
bool device_allows(const struct device *device, const struct account *account);

// "c 10:232 660 0 108", with the list behind it if it has one: how a recorded machine keeps it. The
// caller's.
char *device_string(const struct device *device);

void device_clear(struct device *device);
#define auto_device __attribute__((cleanup(device_clear)))
