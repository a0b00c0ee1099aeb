// SPDX-License-Identifier: GPL-3.0-or-later
// `--osinfo`
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/plan.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/os.h"
#include "guest/rows.h"
#include "xml/path.h"

struct os_wish {
	char *name, *detect; // NULL: not said
	bool require, fallback;
};

static int set_id(const struct suboption_call *call, struct error *err)
{
	struct os_wish *wish = call->data;

	if (*call->value && !os_is_known(call->value))
		return error_set(err, STATUS_NOT_FOUND, "Unknown libosinfo ID '%s'", call->value);
	free(wish->name);
	wish->name = text_copy(call->value);
	return 0;
}

static const struct suboption os_rows[] = {
	KEEP("name", AKA("short-id"), TEXT, struct os_wish, name),
	CALL("id", NULL, TEXT, set_id),
	KEEP("detect", NULL, TEXT, struct os_wish, detect),
	KEEP_BOOL("require", NULL, struct os_wish, require),
	KEEP_BOOL("fallback", NULL, struct os_wish, fallback),
	ROWS_END,
};

const struct suboption_table osinfo_table = {
	.option = "--osinfo", .leading = AKA("name"), .groups = GROUPS(os_rows)};

// Fully virtualised guests have one of many systems; others run the host's kernel, or one that
// knows what it runs on.
static int no_name(struct installation *installation, struct error *err)
{
	error_set(err, STATUS_USAGE,
		  "--osinfo/--os-variant OS name is required, but no value was "
		  "set or detected");
	if (getenv("VIRTINSTALL_OSINFO_DISABLE_REQUIRE")) {
		call_warning(installation->call,
			     "%s; VIRTINSTALL_OSINFO_DISABLE_REQUIRE is set: Skipping fatal error",
			     err->message);
		error_clear(err);
		return 0;
	}
	if (!argument_given(installation->call, "disk") && !installation->guest->install)
		return error_hint(err, "for instance: vm-install --osinfo linux2022 --disk size=10 "
				       "--cdrom FILE.iso; --osinfo list shows all names, "
				       "vm-install --help all options");
	return error_hint(err, "--osinfo linux2022 for any recent Linux, --osinfo list for all "
			       "names, --osinfo require=off to go without");
}

static int find(struct installation *installation, const char *name, bool fallback,
		struct error *err)
{
	installation->os = os_find(name, err);
	if (!installation->os && fallback) {
		auto_free char *near = os_nearest(name);

		if (!near)
			return -1;
		error_clear(err);
		call_warning(installation->call,
			     "the operating system '%s' is not known: taken for '%s', the nearest "
			     "that is",
			     name, near);
		installation->os = os_find(near, err);
	}
	installation->guest->os = installation->os;
	return installation->os ? 0 : -1;
}

int plan_os_check(struct installation *installation, struct error *err)
{
	const char *text = argument_text(installation->call, "osinfo");
	struct os_wish wish = {.require = true};
	struct suboption_target target = {.data = &wish};
	int failed = text ? suboptions_apply(&osinfo_table, text, &target, err) : 0;

	free(wish.name);
	free(wish.detect);
	return failed;
}

static int read_detect(const char *detect, bool *wanted, struct error *err)
{
	return detect ? suboption_boolean("detect", detect, wanted, err) : 0;
}

int plan_os(struct installation *installation, struct error *err)
{
	const char *text = argument_text(installation->call, "osinfo");
	struct os_wish wish = {.require = true};
	struct suboption_target target = {.data = &wish};
	auto_free char *name = NULL, *detect = NULL;
	bool wanted = false;
	int failed;
	auto_free char *type = path_get(installation->guest->domain, "os/type");
	bool hvm = type && *type ? text_equal(type, "hvm")
				 : hypervisor_runs(installation->host, "hvm", NULL);

	failed = text ? suboptions_apply(&osinfo_table, text, &target, err) : 0;
	name = wish.name;
	detect = wish.detect;
	if (failed || read_detect(detect, &wanted, err) < 0)
		return -1;
	if (!name && installation->install_os)
		name = text_copy(installation->install_os);
	// Detection is what is done without a name; with one it must be asked for.
	if ((detect ? wanted : !name) && installation->detected) {
		free(take(&name));
		name = text_copy(installation->detected);
	}
	if (!name && wish.require && hvm && no_name(installation, err) < 0)
		return -1;
	return find(installation, name ? name : "generic", !wish.require || wish.fallback, err);
}
