// SPDX-License-Identifier: GPL-3.0-or-later
// Network filters, and where they are bound.
#include "cmd/vmctl/family.h"
#include "cmd/vmctl/groups.h"
#include "virt/engine.h"

static const struct field list_results[] = {
	FOUND("uuid", "UUID", FIELD_TEXT, 0, "its UUID", FROM_UUID),
	FOUND("name", "Name", FIELD_TEXT, 0, "its name", FROM_NAME),
	FIELDS_END,
};

const struct command nwfilter_list_command = {
	.name = "nwfilter-list",
	.summary = "list network filters",
	.traits = COMMAND_READS,
	LISTS(list_results, .kind = &kind_nwfilter, .failed = "Failed to list network filters"),
};

DUMPXML_COMMAND(nwfilter_dumpxml, "nwfilter-dumpxml", kind_nwfilter, "nwfilter", "network filter",
		XPATH);
EDIT_COMMAND(nwfilter_edit, "nwfilter-edit", kind_nwfilter, "nwfilter", "network filter",
	     .reads = 0);
DEFINE_COMMAND(nwfilter_define, "nwfilter-define", kind_nwfilter, "network filter",
	       "Failed to define network filter from %s",
	       FLAG("validate", VIR_NWFILTER_DEFINE_VALIDATE, "check the XML by its schema"));

ACT(undefine, virNWFilterUndefine(object))
ACT_COMMAND(nwfilter_undefine, "nwfilter-undefine", "remove the definition of a network filter",
	    kind_nwfilter, "nwfilter", "network filter", 0, .act = undefine,
	    .failed = "Failed to undefine network filter %s", .done = "Network filter %s undefined",
	    .typed = true);

ASK(ask_filter, cell_text(cell, virNWFilterBindingGetFilterName(looked->object)))

static const struct field binding_results[] = {
	FOUND("name", "Port Dev", FIELD_TEXT, 0, "the interface of the host that it is bound to",
	      FROM_NAME),
	FOUND("filter", "Filter", FIELD_TEXT, FIELD_NULL, "name of the filter",
	      FROM_ASK(ask_filter)),
	FIELDS_END,
};

const struct command nwfilter_binding_list_command = {
	.name = "nwfilter-binding-list",
	.summary = "list which filters are bound to which interfaces",
	.traits = COMMAND_READS,
	LISTS(binding_results, .kind = &kind_binding,
	      .failed = "Failed to list network filter bindings"),
};

DUMPXML_COMMAND(nwfilter_binding_dumpxml, "nwfilter-binding-dumpxml", kind_binding, "binding",
		"network filter binding", XPATH);

static void *create_xml(virConnectPtr connection, void *within, const char *xml, unsigned flags)
{
	(void)within;
	return virNWFilterBindingCreateXML(connection, xml, flags);
}
FROM_FILE_COMMAND(nwfilter_binding_create, "nwfilter-binding-create",
		  "bind a network filter to an interface, from a file with the binding's XML",
		  named_results, VIR_NWFILTER_BINDING_CREATE_VALIDATE, .kind = &kind_binding,
		  .define = create_xml, .done = "Network filter binding on %s created from %s",
		  .failed = "Failed to create network filter binding from %s");

ACT(delete, virNWFilterBindingDelete(object))
ACT_COMMAND(nwfilter_binding_delete, "nwfilter-binding-delete",
	    "remove a network filter from an interface", kind_binding, "binding",
	    "network filter binding", 0, .act = delete,
	    .failed = "Failed to delete network filter binding on %s",
	    .done = "Network filter binding on %s deleted", .typed = true);
