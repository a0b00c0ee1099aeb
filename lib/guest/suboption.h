// SPDX-License-Identifier: GPL-3.0-or-later
// The engine behind options such as `--disk path=/a,size=10,bus=virtio`: each sub-option is a row
// that names where its value goes: in the XML, or in what the program keeps of an option that has
// no XML. The names and their rules are virt-install's.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct error;
struct guest;
struct list;
struct xml_element;

// What a value may be.
enum suboption_value {
	TAKES_TEXT,
	TAKES_INTEGER, // decimal or 0x hexadecimal, written decimal
	TAKES_BOOLEAN, // yes or no in their many spellings
	TAKES_FILE,    // a path, made absolute
	TAKES_COMMAS,  // text that takes the parts behind it too, up to a known name
};

// How it is written.
enum suboption_form {
	FORM_PLAIN,
	FORM_ON_OFF,
	FORM_YES_NO,
	FORM_ELEMENT, // yes: an empty element is there
	FORM_BOOL,    // a `bool` at the row's offset in the data
	FORM_TEXT,    // a `char *` at the row's offset in the data, which owns it
};

// What a row's own function gets.
struct suboption_call {
	struct xml_element *element; // that the option makes or changes; NULL where it has none
	struct guest *guest;         // that the element is part of; NULL where it is none's
	void *data;                  // of the option
	const char *name;            // as it was typed
	const char *value;
	int index; // for a name with `#`, from 0
};

struct suboption {
	const char *name;           // `#` stands for an index, which may be left out
	const char *const *aliases; // other names for it, ends with NULL; NULL for none
	const char *path;           // below the element; NULL: a.b.c is "a/b/@c"
	enum suboption_value value;
	enum suboption_form form;
	size_t offset; // in the data, of FORM_BOOL and FORM_TEXT
	// Does what no path can say; NULL: the value goes to the path.
	int (*set)(const struct suboption_call *call, struct error *err);
};

// clang-format off
#define AKA(...) (const char *const[]){__VA_ARGS__, NULL}
#define AS_TEXT TAKES_TEXT, FORM_PLAIN
#define AS_INTEGER TAKES_INTEGER, FORM_PLAIN
#define AS_ON_OFF TAKES_BOOLEAN, FORM_ON_OFF
#define AS_YES_NO TAKES_BOOLEAN, FORM_YES_NO
#define AS_ELEMENT TAKES_BOOLEAN, FORM_ELEMENT
#define AS_FILE TAKES_FILE, FORM_PLAIN
#define AS_COMMAS TAKES_COMMAS, FORM_PLAIN
#define ROW(name_, aliases_, path_, as_) { (name_), (aliases_), (path_), AS_##as_, 0, NULL }
#define CALL(name_, aliases_, value_, set_) \
	{ (name_), (aliases_), NULL, TAKES_##value_, FORM_PLAIN, 0, (set_) }
// Plain fields of what the program keeps.
#define KEEP(name_, aliases_, value_, structure_, field_) \
	{ (name_), (aliases_), NULL, TAKES_##value_, FORM_TEXT, offsetof(structure_, field_), NULL }
// The same, of what the XML has at one of PATHS (parted by |) once it is done.
#define KEEP_AT(name_, paths_, value_, structure_, field_) \
	{ (name_), NULL, (paths_), TAKES_##value_, FORM_TEXT, offsetof(structure_, field_), NULL }
#define KEEP_BOOL(name_, aliases_, structure_, field_) \
	{ (name_), (aliases_), NULL, TAKES_BOOLEAN, FORM_BOOL, offsetof(structure_, field_), NULL }
#define ROWS_END { NULL, NULL, NULL, AS_TEXT, 0, NULL }
// clang-format on

struct suboption_table {
	const char *option;         // "--disk"
	const char *const *leading; // what parts without `=` at the start are; ends with NULL
	const struct suboption *const *groups; // of rows, each ends with ROWS_END; the last is NULL
	// A part without `=` that means something wherever it stands, such as `uefi` or `+vmx`:
	// its name and value, lent. False for any other; NULL: there is none.
	bool (*expand)(const char *part, const char **name, const char **value);
	const char *clears; // path of what clearxml= clears, NULL: the element itself
};

// What the rows of a table work on.
struct suboption_target {
	struct xml_element *element;
	struct guest *guest;
	void *data;
};

// Sets what TEXT says, in the order of the table whatever the order in TEXT.
int suboptions_apply(const struct suboption_table *table, const char *text,
		     const struct suboption_target *target, struct error *err);

// Whether ELEMENT has every value that TEXT names. GUEST is where devices of the host are looked
// up; NULL: nowhere.
int suboptions_match(const struct suboption_table *table, const char *text, struct guest *guest,
		     const struct xml_element *element, bool *matches, struct error *err);

// Adds the names of the table; an alias is added as "ALIAS (NAME)" where SHOWN, else as it is
// typed.
void suboptions_names(const struct suboption_table *table, bool shown, struct list *names);

// Whether TEXT asks what there is ("help" or a part "?").
bool suboptions_asked(const char *text);

// "yes" and "no" in their many spellings; NAME is for the message.
int suboption_boolean(const char *name, const char *value, bool *boolean, struct error *err);
