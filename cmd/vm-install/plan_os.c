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
#include "guest/os.h"
#include "guest/suboption.h"

struct os_wish {
	char *name;
	bool detect, require;
};

static int set_os_name(const struct suboption_call *call, struct error *err)
{
	struct os_wish *wish = call->data;

	(void)err;
	free(wish->name);
	wish->name = text_copy(call->value);
	return 0;
}

static int set_os_detect(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value, &((struct os_wish *)call->data)->detect,
				 err);
}

static int set_os_require(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value, &((struct os_wish *)call->data)->require,
				 err);
}

static const struct suboption os_rows[] = {
	CALL("name", "short-id", TEXT, set_os_name),
	CALL("id", NULL, TEXT, set_os_name),
	CALL("detect", NULL, TEXT, set_os_detect),
	CALL("require", NULL, TEXT, set_os_require),
	ROWS_END,
};

static const char *const os_leading[] = {"name", NULL};
static const struct suboption *const os_groups[] = {os_rows, NULL};
static const struct suboption_table os_table = {
	.option = "--osinfo", .leading = os_leading, .groups = os_groups};

int plan_os(struct installation *installation, struct error *err)
{
	const char *text = argument_text(installation->call, "osinfo");
	struct os_wish wish = {.detect = true, .require = true};
	auto_free char *name = NULL;

	if (text && suboptions_apply(&os_table, text, NULL, &wish, err) < 0) {
		free(wish.name);
		return -1;
	}
	name = wish.name;
	if (!name && wish.require) {
		error_set(err, STATUS_USAGE, "which operating system the guest has is not known");
		return error_hint(err, "--osinfo linux2022 for any recent Linux, --osinfo list for "
				       "all names, --osinfo require=off to go without");
	}
	installation->os = os_find(name ? name : "generic", err);
	installation->guest->os = installation->os;
	return installation->os ? 0 : -1;
}
