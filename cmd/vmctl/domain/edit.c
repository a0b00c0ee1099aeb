// SPDX-License-Identifier: GPL-3.0-or-later
// Changing a guest by hand: its XML, its title and description, what programs keep in it.
#include "virt/edit.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/metadata.h"
#include "cmd/vmctl/options.h"
#include "virt/engine.h"

const struct command edit_command = {
	.name = "edit",
	.target = ONE_DOMAIN(BY_ANY),
	.options =
		(const struct option[]){
			DOMAIN(VIR_CONNECT_LIST_DOMAINS_PERSISTENT,
			       "guest whose definition is to change"),
			FLAG("skip-validate", 0, "do not check it against libvirt's schema"), END},
	.summary = "change the definition of a guest in an editor",
	.description = "Opens the XML that the guest boots with next in $VISUAL or $EDITOR and "
		       "defines it when the editor ends. Nothing is lost when it is not accepted: "
		       "the text can be edited again, and stays in a file.",
	EDITS(.reads = VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE,
	      .checks = VIR_DOMAIN_DEFINE_VALIDATE, .unchecked = "skip-validate"),
};

const struct command desc_command = {
	.name = "desc",
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "guest that is described"), DESC_OPTIONS, END},
	.summary = "show or set the description or title of a guest",
	DESCRIBES,
};

const struct command metadata_command = {
	.name = "metadata",
	.target = ONE_DOMAIN(BY_ANY),
	.options = (const struct option[]){DOMAIN(0, "the guest"), METADATA_OPTIONS, END},
	.summary = "show or set what a program keeps in the definition of a guest",
	KEEPS_METADATA,
};
