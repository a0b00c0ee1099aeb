// SPDX-License-Identifier: GPL-3.0-or-later
// `inventory`: the guests of all hosts for Ansible.
#include "cmd/vmctl/observe/inventory.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "output/json.h"
#include "output/report.h"
#include "virt/targets.h"

struct json *inventory_variables(const struct inventory_guest *guest)
{
	struct json *variables = json_new_object();

	// A guest without one is tried by its name, as Ansible does with any host.
	if (guest->addresses.count)
		json_set(variables, "ansible_host", value_text(guest->addresses.items[0]));
	json_set(variables, "vmkit_host", value_text(guest->host));
	json_set(variables, "vmkit_uuid", value_text(guest->uuid));
	json_set(variables, "vmkit_state", value_text(guest->state));
	json_set(variables, "vmkit_os", value_text(guest->os));
	json_set_json(variables, "vmkit_labels", json_new_texts(&guest->labels));
	json_set_json(variables, "vmkit_addresses", json_new_texts(&guest->addresses));
	return variables;
}

// The names of those that are in GROUP.
static struct json *json_members(const struct inventory *inventory, const char *group)
{
	struct json *object = json_new_object(), *hosts = json_new_array();

	for (size_t i = 0; i < inventory->count; i++)
		if (list_has(&inventory->guests[i].groups, group))
			json_append(hosts, value_text(inventory->guests[i].name));
	json_set_json(object, "hosts", hosts);
	return object;
}

struct json *inventory_list(const struct inventory *inventory)
{
	struct json *all = json_new_object(), *meta = json_new_object();
	struct json *variables = json_new_object(), *top = json_new_object();
	auto_list struct list groups = {0};

	for (size_t i = 0; i < inventory->count; i++) {
		const struct inventory_guest *guest = &inventory->guests[i];

		json_set_json(variables, guest->name, inventory_variables(guest));
		for (size_t k = 0; k < guest->groups.count; k++)
			if (!list_has(&groups, guest->groups.items[k]))
				list_add(&groups, guest->groups.items[k]);
	}
	list_sort(&groups);
	json_set_json(meta, "hostvars", variables);
	json_set_json(all, "_meta", meta);
	json_set_json(top, "children", json_new_texts(&groups));
	json_set_json(all, "all", top);
	for (size_t i = 0; i < groups.count; i++)
		json_set_json(all, groups.items[i], json_members(inventory, groups.items[i]));
	return all;
}

static void report_guest(struct report *report, const struct inventory_guest *guest)
{
	report_open(report, NULL);
	report_field(report, NULL, "name", value_text(guest->name));
	report_field(report, NULL, "host", value_text(guest->host));
	report_field(report, NULL, "state", value_text(guest->state));
	report_field(report, NULL, "os", value_text(guest->os));
	report_texts(report, "addresses", &guest->addresses);
	report_texts(report, "labels", &guest->labels);
	report_texts(report, "groups", &guest->groups);
	report_field(report, NULL, "uuid", value_text(guest->uuid));
	report_close(report);
}

static void report_table_row(struct report *report, const struct inventory_guest *guest)
{
	auto_free char *addresses = list_join(&guest->addresses, ", ");
	auto_free char *labels = list_join(&guest->labels, ", ");

	report_row(report, (const struct value[]){value_text(guest->name), value_text(guest->host),
						  value_text(guest->state),
						  value_text(guest->os ? guest->os : "-"),
						  value_text(addresses), value_text(labels),
						  value_absent(), value_absent()});
}

static const struct inventory_guest *find(const struct inventory *inventory, const char *name)
{
	for (size_t i = 0; i < inventory->count; i++)
		if (text_equal(inventory->guests[i].name, name))
			return &inventory->guests[i];
	return NULL;
}

// What Ansible reads.
static void report_ansible(struct report *report, struct json *json)
{
	auto_free char *text = json_text(json);

	report_heading(report, "%s\n", text);
	json_free(json);
}

static int show(struct call *call, const struct inventory *inventory, struct error *err)
{
	struct report *report = call->report;
	const char *name = argument_text(call, "host");
	const struct inventory_guest *one = name ? find(inventory, name) : NULL;
	bool json = report_is_json(report);

	if (name && !one)
		return error_set(err, STATUS_NOT_FOUND, "no guest is called '%s'", name);
	if (!json && one)
		report_ansible(report, inventory_variables(one));
	else if (!json && argument_flag(call, "list"))
		report_ansible(report, inventory_list(inventory));
	else if (!json)
		report_list(report, NULL, TABLE_RULED, 1 << 6 | 1 << 7);
	else
		report_open_list(report, NULL);
	for (size_t i = 0; i < inventory->count; i++) {
		const struct inventory_guest *guest = &inventory->guests[i];

		if (json && (!one || one == guest))
			report_guest(report, guest);
		else if (!json && !one && !argument_flag(call, "list"))
			report_table_row(report, guest);
	}
	return 0;
}

static int add_host(struct call *own, void *data, struct error *err)
{
	return inventory_add(own, data, err);
}

static int inventory(struct call *call, struct error *err)
{
	auto_inventory struct inventory inventory = {0};

	if (targets_each(call, add_host, &inventory, err) < 0 &&
	    (err->status != STATUS_PARTIAL || !inventory.count))
		return -1;
	inventory_name_groups(&inventory);
	if (show(call, &inventory, err) < 0)
		return -1;
	return err->status ? -1 : 0;
}

static const struct option options[] = {
	FLAG("list", 0, "all of it, as Ansible asks for it"),
	NAMED("host", NULL, "the variables of this guest, as Ansible asks for them"),
	END,
};

static const struct field results[] = {
	FIELD("name", "Name", FIELD_TEXT, 0, "with its host behind it where two have that name"),
	FIELD("host", "Host", FIELD_TEXT, 0, "that it runs on"),
	FIELD("state", "State", FIELD_TEXT, 0, "such as running, paused or off"),
	FIELD("os", "OS", FIELD_TEXT, FIELD_NULL, "as its definition says: debian12"),
	FIELD("addresses", "Addresses", FIELD_TEXTS, 0, "IPv4 first"),
	FIELD("labels", "Labels", FIELD_TEXTS, 0, "words of its metadata"),
	FIELD("groups", NULL, FIELD_TEXTS, 0, "Ansible's groups that it is in"),
	FIELD("uuid", NULL, FIELD_TEXT, 0, "its UUID"),
	FIELDS_END,
};

const struct command inventory_command = {
	.name = "inventory",
	.traits = COMMAND_READS | COMMAND_OFFLINE | COMMAND_BARE,
	.options = options,
	.rules = (const struct rule[]){EXCLUSIVE("list", "host"), RULES_END},
	.shape = SHAPE_LIST,
	.results = results,
	.summary = "list the guests of all hosts for Ansible",
	.description =
		"With --list and --host it is an inventory script of Ansible's: guests are in the "
		"groups host_NAME, state_STATE, os_NAME and label_WORD, and are reached by their "
		"leased address, or by the one that the agent or the ARP table tells. A guest that "
		"hangs holds up nobody.",
	.run = inventory,
};
