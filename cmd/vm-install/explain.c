// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/explain.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "guest/option.h"
#include "guest/os.h"
#include "output/report.h"
#include "xml/document.h"
#include "xml/path.h"

// Elements that an option of the domain as a whole speaks of.
static const struct {
	const char *path, *option;
} spoken[] = {
	{"name", "name"},  {"uuid", "uuid"}, {"memory", "memory"},  {"currentMemory", "memory"},
	{"vcpu", "vcpus"}, {"os", "boot"},   {"title", "metadata"}, {"description", "metadata"},
};

// What decides a default; all else that no option says is of the program.
static const struct {
	const char *path, *decider;
} deciders[] = {
	{"memory", "os"},
	{"currentMemory", "os"},
	{"vcpu", "os"},
	{"metadata", "os"},
	{"clock", "os"},
	{"devices/interface", "os"},
	{"devices/disk", "os"},
	{"devices/rng", "os"},
	{"devices/memballoon", "os"},
	{"devices/channel", "os"},
	{"os", "host"},
	{"cpu", "host"},
	{"features", "host"},
	{"devices/emulator", "host"},
	{"devices/graphics", "host"},
	{"devices/video", "host"},
	{"devices/tpm", "host"},
};

// The option that speaks of this element, if it was given.
static const char *given_option(struct installation *installation, const char *path)
{
	const struct guest_option *option;

	for (size_t i = 0; i < sizeof(spoken) / sizeof(*spoken); i++)
		if (text_equal(spoken[i].path, path) &&
		    argument_given(installation->call, spoken[i].option))
			return spoken[i].option;
	for (unsigned i = 0; (option = option_at(i)); i++) {
		bool home = text_equal(option->home, path);

		if (home && argument_given(installation->call, option_name(option)))
			return option_name(option);
	}
	return NULL;
}

static void explain_element(struct installation *installation, const struct xml_element *element,
			    const char *parent)
{
	auto_free char *path = text_format("%s%s", parent, xml_name(element));
	auto_free char *shown = xml_element_string(element);
	const char *option = given_option(installation, path), *decider = "default";
	auto_list struct list lines = list_split(shown, "\n");

	for (size_t i = 0; !option && i < sizeof(deciders) / sizeof(*deciders); i++)
		if (text_equal(deciders[i].path, path))
			decider = deciders[i].decider;
	report_open(installation->call->report, NULL);
	report_value(installation->call->report, "element", value_text(path));
	report_value(installation->call->report, "from", value_text(option ? "option" : decider));
	report_value(installation->call->report, "option", value_text(option));
	report_close(installation->call->report);
	report_heading(installation->call->report, "%-10s %s%s\n", option ? "option" : decider,
		       lines.count ? lines.items[0] : "", lines.count > 1 ? " ..." : "");
}

int explain(struct installation *installation, struct error *err)
{
	struct report *report = installation->call->report;
	const struct guest *guest = installation->guest;

	(void)err;
	report_value(report, "name", value_text(installation->name));
	report_open_list(report, "explained");
	for (struct xml_element *e = xml_child(guest->domain, NULL); e; e = xml_next(e, NULL))
		if (e != guest->devices)
			explain_element(installation, e, "");
	for (struct xml_element *e = xml_child(guest->devices, NULL); e; e = xml_next(e, NULL))
		explain_element(installation, e, "devices/");
	report_close(report);
	return 0;
}
