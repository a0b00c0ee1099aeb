// SPDX-License-Identifier: GPL-3.0-or-later
// What many commands have in common, done once: the command's rows say of what kind, with which
// words and from where; these functions are their handlers.
#pragma once

#include "cli/call.h"
#include "cli/command.h"
#include "output/value.h"
#include "virt/kinds.h"

struct error;

// What the handler of a command does. `failed`, `done` and the like are sentences in which %s is
// the object's name.
struct action {
	const struct kind *kind; // of a list, or of what is defined
	int (*act)(struct call *call, void *object, unsigned bits); // libvirt's: < 0 has failed
	// Of what is defined: does it in the place of the kind's, and what its sentence calls it,
	// where that is not "defined". In `done` a second %s is the file.
	void *(*define)(virConnectPtr connection, void *within, const char *xml, unsigned flags);
	const char *verb;
	const char *failed;
	const char *done;          // NULL: nothing is said
	bool typed;                // sentences call the object as the user did
	bool open;                 // virsh puts no newline behind `done`
	const char *flag;          // where this option is given,
	const struct action *with; // this is done instead
	// Asked once for each object, for the sources of its fields: fills FACTS, of `size` bytes.
	int (*look)(struct call *call, void *object, void *facts);
	size_t size;
	bool begins; // people see the name even where that fails, unless it is one of many
	void (*forget)(void *facts); // frees what `look` put in
	// Of a list, asked once for all its objects: `shared` of each, freed with free().
	void *(*once)(struct call *call);
	// Of a list: how its objects are sorted (default: by name, case left out; as they came
	// where the option `unsorted` is given), and its filters, where options stand for more than
	// a flag each. `fetch` lists in the place of the kind's `list`.
	int (*compare)(const void *a, const void *b);
	const char *unsorted;
	// Of a list whose option --tree shows people its names as a tree: the key of the field with
	// the name of an object's parent.
	const char *tree;
	int (*filter)(struct call *call, unsigned *flags, struct error *err);
	int (*fetch)(struct call *call, void ***objects, unsigned flags, struct error *err);
	unsigned always;                     // flags of the list in any case
	bool names;                          // of a list: people see its names alone
	int layout;                          // width of titles of an object's fields, 0 for 15
	const struct parameters *parameters; // parameters.h
	const struct edit *edit;             // how a definition is edited (edit.h)
};

// One value being found.
struct cell {
	struct value value;
	char *text; // owned; `value` may lend it
};

void cell_text(struct cell *cell, const char *text); // lent, NULL is null
void cell_own(struct cell *cell, char *text);        // taken over, NULL is null
// ANSWER is 0, 1, or negative for what is not known, which is null.
void cell_answer(struct cell *cell, int answer, const char *yes, const char *no,
		 const char *unknown);
void cell_bytes(struct cell *cell, unsigned long long bytes); // people read "1.50 GiB"
// Seconds since 1970; people read the local time with its offset from UTC.
void cell_time(struct cell *cell, long long seconds);
// Null, which people read as SHOWN (NULL: not at all).
void cell_none(struct cell *cell, const char *shown);

struct looked {
	struct call *call;
	void *object;
	const void *facts;  // what `look` filled in; NULL where it failed
	const void *shared; // what `once` gave
};

enum source_kind {
	SOURCE_NAME = 1,
	SOURCE_UUID,
	SOURCE_MEMBER, // whether the kind's list with `flags` has it: no question for each object
	SOURCE_ASK,    // `ask` tells
	SOURCE_AUTOSTART, // the object itself tells
};

// Where the engine finds a field.
struct source {
	enum source_kind kind;
	unsigned flags;
	const char *yes, *no, *unknown; // words for people; of a text field, of JSON too
	void (*ask)(const struct looked *looked, struct cell *cell);
	const char *when;         // only where this option is given
	const char *shown_when;   // in the text only where this option is given,
	const char *shown_unless; // or only where it is not
	int pad;                  // columns that the value is padded to where it stands alone
	bool alone;               // in the text only where the option of its key's name asks for it
};

// clang-format off
#define FROM(...) .source = &(const struct source){ __VA_ARGS__ }
#define FROM_NAME FROM(.kind = SOURCE_NAME)
#define FROM_UUID FROM(.kind = SOURCE_UUID)
#define FROM_MEMBER(flags_, yes_, no_) \
	FROM(.kind = SOURCE_MEMBER, .flags = (flags_), .yes = (yes_), .no = (no_))
#define FROM_ASK(ask_) FROM(.kind = SOURCE_ASK, .ask = (ask_))
#define FROM_ASK_WHEN(ask_, when_) FROM(.kind = SOURCE_ASK, .ask = (ask_), .when = (when_))
// A field that the engine finds.
#define FOUND(key_, title_, type_, flags_, help_, from_) \
	{ .key = (key_), .title = (title_), .type = (type_), .flags = (flags_), .help = (help_), \
	  from_ }
// An `act` that is one call; it may use `call`, `object` and `bits`.
#define ACT(name_, call_) \
	static int name_(struct call *call, void *object, unsigned bits) \
	{ (void)call; (void)object; (void)bits; return (call_); }
// An `ask` that is one call; it may use `looked` and `cell`.
#define ASK(name_, call_) \
	static void name_(const struct looked *looked, struct cell *cell) { call_; }
// Of a command that has a handler of its own.
#define ACTION(...) .action = &(const struct action){__VA_ARGS__}
// The rest of a command that calls one function on its object and says one sentence.
#define DOES(...) \
	.results = named_results, .run = object_act, \
	.action = &(const struct action){__VA_ARGS__}
// The rest of a command that lists, or shows one object; RESULTS_ are all of them FOUND.
#define LISTS(results_, ...) \
	.shape = SHAPE_LIST, .results = (results_), .run = object_list, \
	.action = &(const struct action){__VA_ARGS__}
#define SHOWS(results_, ...) \
	.results = (results_), .run = object_show, .action = &(const struct action){__VA_ARGS__}
// Results of commands that do something to an object, or define one.
#define NAME_FIELD FIELD("name", NULL, FIELD_TEXT, 0, "its name")
// clang-format on
extern const struct field named_results[];      // "name"
extern const struct field name_results[];       // "name" on a line of its own
extern const struct field uuid_results[];       // "uuid" likewise
extern const struct field xml_results[];        // "xml"
extern const struct field identified_results[]; // "uuid", of objects without names

// Handlers.
int object_act(struct call *call, struct error *err); // `action` on the target
// The same with bits that the handler made of its options.
int object_act_with(struct call *call, unsigned bits, struct error *err);
int object_autostart(struct call *call, struct error *err); // --disable takes it back
int object_name(struct call *call, struct error *err);
int object_uuid(struct call *call, struct error *err);
int object_dumpxml(struct call *call, struct error *err); // --xpath and --wrap select
int object_define(struct call *call, struct error *err);  // from --file
int object_show(struct call *call, struct error *err);    // the fields of `results`
int object_list(struct call *call, struct error *err);    // all of `kind`, as the options filter

// Sentences of an action: `failed` or `done` with the name put in (NULL: the object's; to ask for
// it first would lose libvirt's error).
int action_failed(struct call *call, const struct action *action, const char *name,
		  struct error *err);
// The hint that the state of the call's object gives a failure.
void action_hint(struct call *call, struct error *err);
void action_done(struct call *call, const struct action *action, const char *name);

// A file with a definition, at most 10 MiB as in virsh; the caller's, NULL on failure.
char *definition_read(const char *path, struct error *err);

// The bytes of XML, or what --xpath selects of it, as the result "xml".
int document_report(struct call *call, const char *xml, struct error *err);
