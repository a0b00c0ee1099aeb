// SPDX-License-Identifier: GPL-3.0-or-later
// `--qemu-commandline` and `--xml`: what no other option says.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/tokens.h"
#include "guest/rows.h"
#include "xml/document.h"
#include "xml/edit.h"
#include "xml/path.h"

static int add_args(const struct suboption_call *call, struct error *err)
{
	auto_list struct list words = {0};

	if (tokens_words(call->value, &words, err) < 0)
		return -1;
	for (size_t i = 0; i < words.count; i++)
		path_set(xml_append(call->element, "qemu:arg"), "@value", words.items[i]);
	return 0;
}

static int add_environment(const struct suboption_call *call, struct error *err)
{
	struct xml_element *variable = xml_append(call->element, "qemu:env");
	size_t length = strcspn(call->value, "=");
	auto_free char *name = text_copy_bytes(call->value, length);

	(void)err;
	path_set(variable, "@name", name);
	if (call->value[length])
		path_set(variable, "@value", call->value + length + 1);
	return 0;
}

static const struct suboption qemu_rows[] = {
	CALL("args", NULL, COMMAS, add_args),
	CALL("env", NULL, COMMAS, add_environment),
	ROWS_END,
};

// What names neither is the arguments themselves.
static int apply_qemu(struct option_edit *edit, const char *text, struct error *err)
{
	struct suboption_call call = {.element = edit->element, .name = "args", .value = text};
	struct suboption_target target = {.element = edit->element, .guest = edit->guest};

	if (text_begins(text, "args=") || text_begins(text, "env=") ||
	    text_begins(text, "clearxml=") || text_begins(text, "xpath"))
		return suboptions_apply(&edit->option->table, text, &target, err);
	return add_args(&call, err);
}

const struct guest_option qemu_commandline_option = {
	.home = "qemu:commandline",
	.traits = 0,
	.table = {.option = "--qemu-commandline",
		  .leading = AKA(NULL),
		  .groups = GROUPS(qemu_rows)},
	.apply = apply_qemu,
};

static const struct suboption xml_rows[] = {
	CALL("xpath.delete", NULL, COMMAS, NULL),
	CALL("xpath.set", NULL, COMMAS, NULL),
	CALL("xpath.create", NULL, COMMAS, NULL),
	CALL("xpath.value", NULL, COMMAS, NULL),
	ROWS_END,
};

static int apply_xml(struct option_edit *edit, const char *text, struct error *err)
{
	struct suboption_target target = {.element = edit->element, .guest = edit->guest};
	size_t length = edit_path_length(text);
	auto_free char *xpath = text_copy_bytes(text, length);

	if (text_begins(text, "xpath."))
		return suboptions_apply(&edit->option->table, text, &target, err);
	if (!text[length])
		return error_set(err, STATUS_USAGE, "--xml: '%s' is not XPATH=VALUE", text);
	return edit_set(edit->element, xpath, text + length + 1, err);
}

const struct guest_option xml_option = {
	.home = ".",
	.traits = 0,
	.table = {.option = "--xml", .leading = AKA(NULL), .groups = GROUPS(xml_rows)},
	.apply = apply_xml,
};
