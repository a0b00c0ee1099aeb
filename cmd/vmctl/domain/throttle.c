// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of a guest's disks that share limits.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/iotune.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "virt/hints.h"
#include "xml/document.h"
#include "xml/path.h"

enum { THROTTLE_SINCE = 11002000 };

#define LIMITS(SET, SHOW) IOTUNE_RATES(SET, SHOW) IOTUNE_BURSTS(SET, SHOW)

static const struct parameter limit_rows[] = {PARAMETER_ROWS(LIMITS) PARAMETERS_END};

static int set_group(struct call *call, const struct parameter_values *limits)
{
	return virDomainSetThrottleGroup(call_domain(call), argument_text(call, "group-name"),
					 limits->values, limits->count, argument_bits(call));
}
ACT(delete_group, virDomainDelThrottleGroup(object, argument_text(call, "group-name"), bits))

static int domthrottlegroupset(struct call *call, struct error *err)
{
	const struct action *action = call->command->action;
	auto_parameters struct parameter_values limits = {0};

	if (parameters_collect(&limits, call, limit_rows, err) < 0)
		return -1;
	if (set_group(call, &limits) < 0)
		return action_failed(call, action, NULL, err);
	report_value(call->report, "name", value_text(call_name(call)));
	action_done(call, action, call_name(call));
	return 0;
}

// The groups that a guest has.
static void throttle_groups(const struct xml *xml,
			    void (*see)(void *data, const struct xml_element *group), void *data)
{
	struct xml_element *list = xml_child(xml_root(xml), "throttlegroups");

	for (struct xml_element *g = xml_child(list, "throttlegroup"); g;
	     g = xml_next(g, "throttlegroup"))
		see(data, g);
}

#define GROUP NEEDED("group-name", NULL, "name of the group")
#define INACTIVE FLAG("inactive", VIR_DOMAIN_XML_INACTIVE, "its definition, for its next boot")

static const struct option set_options[] = {DOMAIN(0, "guest whose disks are limited"), GROUP,
					    PARAMETER_OPTIONS(LIMITS) AFFECTED, END};

const struct command domthrottlegroupset_command = {
	.name = "domthrottlegroupset",
	.target = MANY_DOMAINS(BY_ANY),
	.options = set_options,
	.rules = affected_rules,
	.results = named_results,
	.run = domthrottlegroupset,
	ACTION(.failed = "Unable to set throttle group", .done = "Throttle group set successfully"),
	.since = THROTTLE_SINCE,
	.summary = "make a group of disks that share limits, or change its limits",
};

const struct command domthrottlegroupdel_command = {
	.name = "domthrottlegroupdel",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest that has the group"), GROUP, AFFECTED,
					   END},
	.rules = affected_rules,
	DOES(.act = delete_group, .failed = "Failed to delete throttle group of domain '%s'",
	     .done = "Throttle group deleted successfully"),
	.since = THROTTLE_SINCE,
	.summary = "remove a group of disks that share limits",
};

// One group being looked for.
struct search {
	struct call *call;
	bool found;
};

static void report_limit(struct call *call, const struct xml_element *limit)
{
	auto_error struct error ignored = {0};
	const char *field = xml_name(limit);
	auto_free char *text = path_get(limit, "."), *title = text_format("%-15s:", field);
	long long number;

	if (text_equal(field, "group_name"))
		report_field(call->report, NULL, "group_name", value_text(text));
	else if (text && field_find(call->command->results, field) &&
		 number_parse(text, 0, LLONG_MAX, &number, &ignored) == 0)
		report_field(call->report, title, field,
			     number ? value_integer(number) : value_shown(value_absent(), text));
	else
		report_heading(call->report, "%s %s\n", title, text ? text : "");
}

static void see_limits(void *data, const struct xml_element *group)
{
	struct search *search = data;
	auto_free char *name = path_get(group, "group_name");

	if (search->found || !text_equal(name, argument_text(search->call, "group-name")))
		return;
	search->found = true;
	for (struct xml_element *l = xml_child(group, NULL); l; l = xml_next(l, NULL))
		report_limit(search->call, l);
}

static int domthrottlegroupinfo(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(call_domain(call), argument_bits(call), err);
	struct search search = {.call = call};

	if (!xml)
		return -1;
	report_value(call->report, "name", value_text(call_name(call)));
	throttle_groups(xml, see_limits, &search);
	if (search.found)
		return 0;
	return error_set(err, STATUS_NOT_FOUND, "domain '%s' has no throttle group '%s'",
			 call_name(call), argument_text(call, "group-name"));
}

static const struct field info_results[] = {
	NAME_FIELD,
	FIELD("group_name", NULL, FIELD_TEXT, FIELD_ASKED, "the group"),
	PARAMETER_RESULTS(LIMITS) FIELDS_END,
};

const struct command domthrottlegroupinfo_command = {
	.name = "domthrottlegroupinfo",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest that has the group"), GROUP, INACTIVE,
					   END},
	.results = info_results,
	.run = domthrottlegroupinfo,
	.since = THROTTLE_SINCE,
	.summary = "show the limits of a group of disks",
};

static void see_name(void *data, const struct xml_element *group)
{
	struct call *call = data;
	auto_free char *name = path_get(group, "group_name");

	report_row(call->report, (struct value[]){value_text(name)});
}

static int domthrottlegrouplist(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(call_domain(call), argument_bits(call), err);

	if (!xml)
		return -1;
	report_list(call->report, NULL, TABLE_RULED, 0);
	throttle_groups(xml, see_name, call);
	return 0;
}

static const struct field list_results[] = {
	FIELD("group_name", "Name", FIELD_TEXT, FIELD_NULL, "the group"), FIELDS_END};

const struct command domthrottlegrouplist_command = {
	.name = "domthrottlegrouplist",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options =
		(const struct option[]){DOMAIN(0, "guest whose groups are wanted"), INACTIVE, END},
	.shape = SHAPE_LIST,
	.results = list_results,
	.run = domthrottlegrouplist,
	.since = THROTTLE_SINCE,
	.summary = "list the groups of a guest's disks that share limits",
};
