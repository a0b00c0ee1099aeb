// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/access.h"

#include <errno.h>
#include <grp.h>
#include <libvirt/virterror.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"

enum { GROUPS_MOST = 1024 };

// The group that libvirt's rule for polkit lets in unasked, on Debian, Fedora and their kin.
#define POLKIT_GROUP "libvirt"

// The path of the socket behind URI, the caller's; NULL where it is on another machine or is the
// user's own.
static char *socket_path(const char *uri)
{
	static const char *const usual[] = {"/run/libvirt/virtqemud-sock",
					    "/run/libvirt/libvirt-sock"};
	const char *place = uri ? strstr(uri, "://") : NULL;
	const char *given = uri ? strstr(uri, "socket=") : NULL;

	if (place && place[3] != '/')
		return NULL;
	if (given)
		return text_copy_bytes(given + 7, strcspn(given + 7, "&"));
	if (uri && strstr(uri, "/session"))
		return NULL;
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (access(usual[i], F_OK) == 0)
			return text_copy(usual[i]);
	return NULL;
}

// Whether this process is in GROUP.
static bool in_this_login(gid_t group)
{
	gid_t groups[GROUPS_MOST];
	int count = getgroups(GROUPS_MOST, groups);

	for (int i = 0; i < count; i++)
		if (groups[i] == group)
			return true;
	return getegid() == group;
}

// Whether a login from now on would be.
static bool in_next_login(gid_t group)
{
	const struct passwd *user = getpwuid(geteuid());
	gid_t groups[GROUPS_MOST];
	int count = GROUPS_MOST;

	if (!user || getgrouplist(user->pw_name, user->pw_gid, groups, &count) < 0)
		return false;
	for (int i = 0; i < count; i++)
		if (groups[i] == group)
			return true;
	return false;
}

// The socket is for GROUP, which this process is not in.
static void hint_group(struct error *err, const struct group *group)
{
	if (in_next_login(group->gr_gid))
		error_hint(err,
			   "you are in group %s, but not since this login: log out and in, or run: "
			   "newgrp %s",
			   group->gr_name, group->gr_name);
	else
		error_hint(err,
			   "sudo usermod -aG %s \"$USER\", then log out and in; guests of your own "
			   "need no rights: -c qemu:///session",
			   group->gr_name);
}

// Polkit looks into the user database, not at what groups this process has: whoever is a member
// from now on is let in at once.
static void hint_polkit_group(struct error *err)
{
	const struct group *group = getgrnam(POLKIT_GROUP);

	if (group && !in_next_login(group->gr_gid))
		error_hint(err,
			   "sudo usermod -aG " POLKIT_GROUP " \"$USER\" makes polkit let you in; "
			   "guests of your own need no rights: -c qemu:///session");
	else if (group)
		error_hint(
			err,
			"you are in group " POLKIT_GROUP ", but polkit has no rule for it: "
			"libvirt-daemon-system, or what has libvirt's daemon elsewhere, brings "
			"/usr/share/polkit-1/rules.d/*libvirt*.rules; root needs none: use sudo");
}

// Where the daemon asks polkit about its clients, and gets no answer.
static bool hint_polkit_missing(struct error *err)
{
	bool unknown = err->code == VIR_ERR_DBUS_SERVICE;

	if (!unknown && virGetLastErrorDomain() != VIR_FROM_DBUS)
		return false;
	err->status = STATUS_CONNECTION;
	error_hint(
		err, "the daemon asks polkit, %s; root needs no polkit: use sudo",
		unknown ? "which is not there: install polkitd (polkit outside of Debian), then "
			  "sudo systemctl start polkit"
			: "and has no D-Bus to reach it by: sudo systemctl start dbus, then sudo "
			  "systemctl restart libvirtd");
	return true;
}

// What leads to a daemon on another machine is not mended on this one. False where there is no such
// machine.
static bool hint_remote(struct error *err, const char *uri)
{
	const char *place = uri ? strstr(uri, "://") : NULL;
	auto_free char *scheme = NULL, *host = NULL;

	if (!place || place[3] == '/')
		return false;
	scheme = text_copy_bytes(uri, (size_t)(place - uri));
	host = text_copy_bytes(place + 3, strcspn(place + 3, "/?"));
	if (text_ends(scheme, "ssh") || text_ends(scheme, "ssh2"))
		error_hint(
			err,
			"ssh -- 'ssh://%s' true shows whether ssh gets there; kvm-check libvirt, "
			"run there, whether its daemon answers",
			host);
	else if (strchr(scheme, '+') || text_equal(scheme, "qemu"))
		error_hint(err,
			   "kvm-check libvirt, run on '%s', tells whether its daemon answers, and "
			   "where it listens",
			   host);
	return true;
}

void access_hint(struct error *err, const char *uri)
{
	bool polkit = err->code == VIR_ERR_AUTH_UNAVAILABLE || err->code == VIR_ERR_AUTH_FAILED ||
		      err->code == VIR_ERR_AUTH_CANCELLED;
	auto_free char *path = socket_path(uri);
	const struct group *group;
	struct stat status;

	if (err->status == STATUS_CONNECTION && hint_remote(err, uri))
		return;
	if (geteuid() == 0 || !path)
		return;
	if (hint_polkit_missing(err))
		return;
	if (polkit) {
		hint_polkit_group(err);
		return;
	}
	if (access(path, W_OK) == 0 || errno != EACCES)
		return;
	// Nobody may look into the directory, or the socket is for root alone.
	group = stat(path, &status) == 0 && status.st_mode & S_IWGRP ? getgrgid(status.st_gid)
								     : NULL;
	if (group && !in_this_login(group->gr_gid))
		hint_group(err, group);
	else
		error_hint(err, "only root may connect to %s: use sudo, or -c qemu:///session",
			   path);
}
