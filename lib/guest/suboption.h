// SPDX-License-Identifier: GPL-3.0-or-later
// The engine behind options such as `--disk path=/a,size=10,bus=virtio`: each sub-option is a row
// that names where its value goes in the XML. The names and their rules are virt-install's.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct error;
struct list;
struct xml_element;

enum suboption_kind {
	SUBOPTION_TEXT,
	SUBOPTION_INTEGER, // decimal or 0x hexadecimal, written decimal
	SUBOPTION_ON_OFF,  // yes or no, written on or off
	SUBOPTION_YES_NO,
	SUBOPTION_PRESENT, // yes: an empty element is there
	SUBOPTION_FILE,    // made absolute
	SUBOPTION_COMMAS,  // text that takes the parts behind it too, up to a known name
};

// What a row's own function gets.
struct suboption_call {
	struct xml_element *element; // that the option makes
	void *data;                  // of the option
	const char *name;            // as it was typed
	const char *value;
	int index; // for a name with `#`, from 0
};

struct suboption {
	const char *name;  // `#` stands for an index, which may be left out
	const char *alias; // other names for it, parted by |, or NULL
	const char *path;  // below the element; NULL: a.b.c is "a/b/@c"
	enum suboption_kind kind;
	// Does what no path can say; NULL: the value goes to the path.
	int (*set)(const struct suboption_call *call, struct error *err);
};

// clang-format off
#define ROW(name_, alias_, path_, kind_) { (name_), (alias_), (path_), SUBOPTION_##kind_, NULL }
#define CALL(name_, alias_, kind_, set_) { (name_), (alias_), NULL, SUBOPTION_##kind_, (set_) }
#define ROWS_END { NULL, NULL, NULL, SUBOPTION_TEXT, NULL }
// clang-format on

struct suboption_table {
	const char *option;         // "--disk"
	const char *const *leading; // what parts without `=` at the start are; ends with NULL
	const struct suboption *const *groups; // of rows, each ends with ROWS_END; the last is NULL
	// A part without `=` that means something wherever it stands, such as `uefi` or `+vmx`:
	// its name and value, lent. False for any other; NULL: there is none.
	bool (*expand)(const char *part, const char **name, const char **value);
};

// Sets what TEXT says in ELEMENT, in the order of the table whatever the order in TEXT.
int suboptions_apply(const struct suboption_table *table, const char *text,
		     struct xml_element *element, void *data, struct error *err);

// Adds the names of the table, aliases too.
void suboptions_names(const struct suboption_table *table, struct list *names);

// Whether TEXT asks what there is ("help" or a part "?").
bool suboptions_asked(const char *text);

// "yes" and "no" in their many spellings; NAME is for the message.
int suboption_boolean(const char *name, const char *value, bool *boolean, struct error *err);
