// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of the host by NUMA node.
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/failure.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

static struct xml *capabilities_xml(struct call *call, struct error *err)
{
	auto_free char *text = virConnectGetCapabilities(session_connection(call));

	if (!text) {
		virt_failure(err, "unable to get node capabilities");
		return NULL;
	}
	return xml_parse(text, "the capabilities of the host", err);
}

static struct xml_element *first_cell(const struct xml *xml)
{
	return xml_child(path_find(xml_root(xml), "host/topology/cells"), "cell");
}

// A number at PATH; those of libvirt's capabilities are well-formed.
static unsigned number_at(const struct xml_element *element, const char *path)
{
	auto_free char *text = path_get(element, path);

	return text ? (unsigned)strtoul(text, NULL, 10) : 0;
}

// Does it for each node, in its order.
static int each_cell(struct call *call, const struct xml *xml,
		     int (*act)(struct call *call, unsigned cell, void *data, struct error *err),
		     void *data, struct error *err)
{
	for (struct xml_element *c = first_cell(xml); c; c = xml_next(c, "cell"))
		if (act(call, number_at(c, "@id"), data, err) < 0)
			return -1;
	return 0;
}

#define CELL                                                                                       \
	{                                                                                          \
		.kind = OPTION_INTEGER, .traits = POSITIONAL, .name = "cellno", .least = -1,       \
		.candidates = cell_numbers, .most = INT_MAX, .help = "number of the NUMA node"     \
	}
#define ALL FLAG("all", 0, "all NUMA nodes")

static int report_cell(struct call *call, unsigned cell, void *data, struct error *err)
{
	unsigned long long *total = data, memory = 0;
	auto_free char *title = NULL, *shown = NULL;

	if (virNodeGetCellsFreeMemory(session_connection(call), &memory, (int)cell, 1) != 1)
		return virt_failure(err, "failed to get free memory for NUMA node number %u", cell);
	*total += memory;
	title = text_format(argument_flag(call, "all") ? "%5u:" : "%u:", cell);
	shown = text_format(argument_flag(call, "all") ? "%10llu KiB" : "%llu KiB", memory / 1024);
	report_open(call->report, NULL);
	report_field(call->report, NULL, "cell", value_unsigned(cell));
	report_field(call->report, title, "free", value_shown(value_unsigned(memory), shown));
	report_close(call->report);
	return 0;
}

static int freecell_all(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = capabilities_xml(call, err);
	unsigned long long total = 0;

	if (!xml || each_cell(call, xml, report_cell, &total, err) < 0)
		return -1;
	report_close(call->report);
	report_field(call->report, NULL, "free", value_unsigned(total));
	if (!report_is_json(call->report))
		report_message(call->report, "--------------------\nTotal: %10llu KiB\n",
			       total / 1024);
	return 0;
}

static int freecell(struct call *call, struct error *err)
{
	unsigned long long memory = 0;
	auto_free char *shown = NULL;
	int status;

	if (argument_given(call, "cellno") || argument_flag(call, "all")) {
		report_open_list(call->report, "cells");
		if (argument_flag(call, "all"))
			return freecell_all(call, err);
		status =
			report_cell(call, (unsigned)argument_integer(call, "cellno"), &memory, err);
		report_close(call->report);
		return status;
	}
	memory = virNodeGetFreeMemory(session_connection(call));
	if (memory == 0)
		return virt_failure(err, "failed to get the free memory of the host");
	shown = text_format("%llu KiB", memory / 1024);
	report_field(call->report, "Total:", "free", value_shown(value_unsigned(memory), shown));
	return 0;
}

static const struct field free_fields[] = {
	FIELD("cell", NULL, FIELD_INTEGER, 0, "number of the NUMA node"),
	FIELD("free", NULL, FIELD_BYTES, 0, "its free memory"),
	FIELDS_END,
};

static const struct field freecell_results[] = {
	FIELD_OF("cells", FIELD_LIST, FIELD_ASKED, free_fields, "NUMA nodes"),
	FIELD("free", NULL, FIELD_BYTES, FIELD_ASKED, "free memory of all nodes"),
	FIELDS_END,
};

const struct command freecell_command = {
	.name = "freecell",
	.traits = COMMAND_READS,
	.options = (const struct option[]){CELL, ALL, END},
	.rules = (const struct rule[]){EXCLUSIVE("all", "cellno"), RULES_END},
	.results = freecell_results,
	.summary = "show the free memory of the host or its NUMA nodes",
	.run = freecell,
};

// Sizes of pages in KiB, sorted, each once.
struct sizes {
	unsigned *items;
	unsigned count;
};

static void sizes_clear(struct sizes *sizes)
{
	free(sizes->items);
}
#define auto_sizes __attribute__((cleanup(sizes_clear)))

static int compare(const void *a, const void *b)
{
	unsigned left = *(const unsigned *)a, right = *(const unsigned *)b;

	return (left > right) - (left < right);
}

static void add_sizes(struct sizes *sizes, const struct xml_element *parent)
{
	for (struct xml_element *p = xml_child(parent, "pages"); p; p = xml_next(p, "pages")) {
		unsigned size = number_at(p, "@size");
		bool known = false;

		for (unsigned i = 0; i < sizes->count; i++)
			known = known || sizes->items[i] == size;
		if (known)
			continue;
		sizes->items = memory_resize(sizes->items, sizes->count + 1U, sizeof(unsigned));
		sizes->items[sizes->count++] = size;
	}
}

// What --pagesize names, or nothing.
static void typed_size(struct call *call, struct sizes *sizes)
{
	if (!argument_given(call, "pagesize"))
		return;
	sizes->items = memory_new(1, sizeof(unsigned));
	sizes->items[sizes->count++] = (unsigned)((argument_size(call, "pagesize") + 1023) / 1024);
}

// All sizes that the host has.
static void host_sizes(const struct xml *xml, struct sizes *sizes)
{
	add_sizes(sizes, path_find(xml_root(xml), "host/cpu"));
	for (struct xml_element *c = first_cell(xml); c && !sizes->count; c = xml_next(c, "cell"))
		add_sizes(sizes, c);
	if (sizes->count)
		qsort(sizes->items, sizes->count, sizeof(unsigned), compare);
}

static int report_pages(struct call *call, unsigned cell, void *data, struct error *err)
{
	const struct sizes *sizes = data;
	auto_free unsigned long long *counts = memory_new(sizes->count + 1U, sizeof(*counts));
	bool all = argument_flag(call, "all");

	if (virNodeGetFreePages(session_connection(call), sizes->count, sizes->items, (int)cell, 1,
				counts, 0) < 0)
		return virt_failure(err, "failed to get the free pages of NUMA node %d", (int)cell);
	if (all)
		report_heading(call->report, "Node %u:\n", cell);
	report_open(call->report, NULL);
	report_field(call->report, NULL, "cell", value_integer((int)cell));
	report_open_list(call->report, "pages");
	for (unsigned i = 0; i < sizes->count; i++) {
		auto_free char *title = text_format("%uKiB:", sizes->items[i]);

		report_open(call->report, NULL);
		report_field(call->report, NULL, "size",
			     value_unsigned((unsigned long long)sizes->items[i] * 1024));
		report_field(call->report, title, "free", value_unsigned(counts[i]));
		report_close(call->report);
	}
	report_close(call->report);
	report_close(call->report);
	if (all)
		report_heading(call->report, "\n");
	return 0;
}

static int freepages(struct call *call, struct error *err)
{
	auto_sizes struct sizes sizes = {0};
	auto_xml struct xml *xml = NULL;
	int status;

	typed_size(call, &sizes);
	if (!argument_flag(call, "all")) {
		report_open_list(call->report, NULL);
		status =
			report_pages(call, (unsigned)argument_integer(call, "cellno"), &sizes, err);
		report_close(call->report);
		return status;
	}
	xml = capabilities_xml(call, err);
	if (!xml)
		return -1;
	if (!sizes.count)
		host_sizes(xml, &sizes);
	if (!sizes.count)
		return error_set(err, STATUS_FAILED,
				 "libvirt does not know the page sizes of this host");
	report_open_list(call->report, NULL);
	status = each_cell(call, xml, report_pages, &sizes, err);
	report_close(call->report);
	return status;
}

static const struct field page_fields[] = {
	FIELD("size", NULL, FIELD_BYTES, 0, "of a page"),
	FIELD("free", NULL, FIELD_INTEGER, 0, "free pages of this size"),
	FIELDS_END,
};

static const struct field freepages_results[] = {
	FIELD("cell", NULL, FIELD_INTEGER, 0, "number of the NUMA node"),
	FIELD_OF("pages", FIELD_LIST, 0, page_fields, "its free pages by their size"),
	FIELDS_END,
};

#define PAGE_SIZE(traits_)                                                                         \
	{                                                                                          \
		.kind = OPTION_SIZE, .traits = (traits_) | POSITIONAL, .name = "pagesize",         \
		.candidates = page_sizes, .unit = 1024,                                            \
		.help = "size of the pages, in KiB or such as 2M"                                  \
	}

const struct command freepages_command = {
	.name = "freepages",
	.traits = COMMAND_READS,
	.options = (const struct option[]){CELL, PAGE_SIZE(0), ALL, END},
	.rules = (const struct rule[]){ONE_OF("all", "cellno"), REQUIRES_ANY("cellno", "pagesize"),
				       RULES_END},
	.shape = SHAPE_LIST,
	.results = freepages_results,
	.summary = "show how many pages of each size are free on NUMA nodes",
	.run = freepages,
};

static int allocate(struct call *call, unsigned cell, void *data, struct error *err)
{
	unsigned size = (unsigned)((argument_size(call, "pagesize") + 1023) / 1024);
	unsigned long long count = (unsigned long long)argument_integer(call, "pagecount");

	(void)data;
	if (virNodeAllocPages(session_connection(call), 1, &size, &count, (int)cell, 1,
			      argument_bits(call)) < 0)
		return virt_failure(err, "failed to change the pool of pages of %u KiB", size);
	report_open(call->report, NULL);
	report_value(call->report, "cell",
		     cell == UINT_MAX ? value_absent() : value_unsigned(cell));
	report_value(call->report, "page_size", value_unsigned(size * 1024ULL));
	report_value(call->report, "pages", value_unsigned(count));
	report_value(call->report, "added", value_boolean(argument_flag(call, "add")));
	report_close(call->report);
	return 0;
}

static const struct field allocpages_results[] = {
	FIELD("cell", NULL, FIELD_INTEGER, FIELD_NULL, "number of the NUMA node; null: any"),
	FIELD("page_size", NULL, FIELD_BYTES, 0, "of a page"),
	FIELD("pages", NULL, FIELD_INTEGER, 0, "pages that were asked for"),
	FIELD("added", NULL, FIELD_BOOLEAN, 0, "whether they are added to those that there were"),
	FIELDS_END,
};

static int allocpages(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = NULL;
	bool given = argument_given(call, "cellno");
	int status;

	report_open_list(call->report, NULL);
	if (!argument_flag(call, "all"))
		status = allocate(call,
				  given ? (unsigned)argument_integer(call, "cellno") : UINT_MAX,
				  NULL, err);
	else
		status = (xml = capabilities_xml(call, err))
				 ? each_cell(call, xml, allocate, NULL, err)
				 : -1;
	report_close(call->report);
	return status;
}

const struct command allocpages_command = {
	.name = "allocpages",
	.options = (const struct option[]){PAGE_SIZE(REQUIRED),
					   {.kind = OPTION_INTEGER,
					    .traits = REQUIRED | POSITIONAL,
					    .name = "pagecount",
					    .most = LLONG_MAX,
					    .help = "new number of pages in the pool"},
					   CELL,
					   FLAG("add", VIR_NODE_ALLOC_PAGES_ADD,
						"add this many to those it has"),
					   ALL,
					   END},
	.rules = (const struct rule[]){EXCLUSIVE("all", "cellno"), RULES_END},
	.shape = SHAPE_LIST,
	.results = allocpages_results,
	.summary = "set how many huge pages the host keeps for guests",
	.run = allocpages,
};
