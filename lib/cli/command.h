// SPDX-License-Identifier: GPL-3.0-or-later
// THE declaration: a command, its options and rules as data, beside its handler. The parser, help,
// the man page, the bash words, readline's candidates and `help --json` all read these tables.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "output/field.h"

struct action;
struct call;
struct calls;
struct context;
struct error;
struct kind;
struct list;

// Adds what may stand as the value of an option. The options already typed are in the call's
// arguments; what does not begin as the user typed is dropped by the caller.
typedef void (*candidates)(struct call *call, struct list *found);

enum option_kind {
	OPTION_END,
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_INTEGER,
	OPTION_SIZE,
	OPTION_REST,  // all words that are left
	OPTION_ALIAS, // `value` is "NAME" or "NAME=VALUE" of the option it stands for
};

enum option_trait {
	REQUIRED = 1,        // leaving it out is an error
	POSITIONAL = 2,      // a bare word may fill it, in the order of the table
	EMPTY_OK = 4,        // "" is a value
	REPEATS = 8,         // may be given more than once
	VALUE_OPTIONAL = 16, // `--name` alone is enough
	WRITES = 32,         // with it a command that only reads needs the full connection
	ASKS_JSON = 64,      // its value "json" is the same as --json
	ASKS_QUIET = 128,    // a flag: no messages
	HIDDEN = 256,        // taken, but in no help: old scripts have it
	CONFIDENTIAL = 512,  // its value is in no log, no trace and no history
	BEHIND = 1024,       // of the rest: all words behind `--`, and no others
	OR_FILES = 2048,     // a file here, where no candidate fits and no colon names a place
	ALONE = 4096,        // a flag: with it the values of the others do not count
};

struct option {
	enum option_kind kind;
	unsigned traits;
	char letter; // of the short form, 0 for none
	char second; // another one, of other versions of the peer; in no help
	const char *name;
	const char *value; // what the value is called in the help
	const char *help;
	unsigned long long bit;   // of a flag: the library's bit it stands for
	long long least, most;    // of an integer; both 0: any that fits an int
	unsigned long long unit;  // of a size: bytes that a number without a suffix counts
	const char *const *words; // the values there are, ends with NULL
	candidates candidates;
	const struct kind *object; // the value names an object of this kind,
	unsigned filter;           // of those that the kind's list gives with these flags
	unsigned long since;       // version of the program's library that it needs, 0 for any
};

// Rows for the option tables. What macros leave out is written with designated initialisers.
// clang-format off
#define FLAG(name_, bit_, help_) \
	{ .kind = OPTION_FLAG, .name = (name_), .bit = (bit_), .help = (help_) }
// A value that must be there.
#define NEEDED(name_, candidates_, help_) \
	{ .kind = OPTION_TEXT, .traits = REQUIRED | POSITIONAL, .name = (name_), \
	  .candidates = (candidates_), .help = (help_) }
// A value that may be left out; as in virsh a bare word fills it in its turn.
#define TEXT(name_, candidates_, help_) \
	{ .kind = OPTION_TEXT, .traits = POSITIONAL, .name = (name_), \
	  .candidates = (candidates_), .help = (help_) }
// A value that is only given by its name.
#define NAMED(name_, candidates_, help_) \
	{ .kind = OPTION_TEXT, .name = (name_), .candidates = (candidates_), .help = (help_) }
// The object that the command acts on, or another one that must be named.
#define NEEDED_OBJECT(kind_, name_, filter_, help_) \
	{ .kind = OPTION_TEXT, .traits = REQUIRED | POSITIONAL, .name = (name_), \
	  .object = &(kind_), .filter = (filter_), .help = (help_) }
#define ALIAS(name_, for_) { .kind = OPTION_ALIAS, .name = (name_), .value = (for_) }
#define END { .kind = OPTION_END }
// clang-format on

// What holds between options, checked before the handler runs.
enum rule_kind {
	RULE_END,
	RULE_EXCLUSIVE,    // at most one of `names`
	RULE_REQUIRES,     // the first of `names` only together with the second
	RULE_REQUIRES_ANY, // the first of `names` only together with one of the others
	RULE_ONE_OF,       // exactly one of `names`
	RULE_ANY_OF,       // at least one of `names`
};

enum { RULE_NAMES = 8 };

struct rule {
	enum rule_kind kind;
	const char *names[RULE_NAMES]; // the rest are NULL
};

// clang-format off
#define EXCLUSIVE(...) { RULE_EXCLUSIVE, {__VA_ARGS__} }
#define REQUIRES(first_, second_) { RULE_REQUIRES, {(first_), (second_)} }
#define REQUIRES_ANY(first_, ...) { RULE_REQUIRES_ANY, {(first_), __VA_ARGS__} }
#define ONE_OF(...) { RULE_ONE_OF, {__VA_ARGS__} }
#define ANY_OF(...) { RULE_ANY_OF, {__VA_ARGS__} }
#define RULES_END { RULE_END, {NULL} }
// clang-format on

enum target_trait {
	TARGET_MANY = 1,    // may be many: a selector is understood
	TARGET_ASKS = 2,    // it destroys: where a selector names many the user is asked first
	TARGET_CURRENT = 4, // where none is named, the flag --current stands for the one in force
	TARGET_SHOWN = 8,   // with --print-xml it is not looked for, and need not be there
};

// The object that a command acts on. The dispatcher finds it before the handler runs, and releases
// it after it.
struct target {
	const struct kind *kind;
	const char *option; // its value names the object
	unsigned by;        // ways of naming it, the program's
	unsigned traits;
};

enum command_trait {
	COMMAND_HIDDEN = 1,    // in no list
	COMMAND_OFFLINE = 2,   // runs without what the program's `prepare` makes ready
	COMMAND_READS = 4,     // changes nothing: a read-only connection is enough
	COMMAND_SHELL = 8,     // only where someone types
	COMMAND_TERMINAL = 16, // speaks with the terminal itself: no JSON, one host, one object
	COMMAND_ALONE = 32,    // one host, one object
	COMMAND_GNU = 64,      // GRAMMAR_GNU, as a program of its own has it
	COMMAND_BARE = 128,    // its text has a format of others: no blank line stands behind it
	// It runs another program, whose bytes and exit status are its answer; where that does not
	// come about, its status is STATUS_PROGRAM.
	COMMAND_PROGRAM = 256,
	COMMAND_STATUSES = 1024, // its failures have statuses of their own, which a peer has too
	COMMAND_WAITS = 512,     // for its object most of the time: many can do so side by side
};

struct command {
	const char *name;
	const char *alias; // another name for it, or NULL
	unsigned traits;
	const struct target *target;
	const struct option *options; // ends with END; NULL for none
	const struct rule *rules;     // ends with RULES_END; NULL for none
	enum shape shape;             // of its answer,
	const struct field *results;  // which holds these
	const struct action *action;  // what `run` does, where one handler serves many commands
	unsigned long since;          // version of the program's library that it needs, 0 for any
	const char *summary;          // one line, for lists
	const char *description;      // for its help and the man page; NULL: the summary says it
	// Reports what it found to the call's report. Returns 0, or -1 with the error set.
	int (*run)(struct call *call, struct error *err);
	// Once many have run: looks at the `found` of those that are done, and frees them. NULL for
	// nothing.
	void (*compare)(struct call *const *done, size_t count);
};

struct group {
	const char *name;
	const char *keyword;
	const struct command *const *commands; // ends with NULL
};

// How words become arguments.
enum grammar {
	GRAMMAR_VIRSH, // bare words fill value options in their order, no short forms
	GRAMMAR_GNU,   // short forms, clusters of them, unambiguous beginnings of long names
};

// A name that a program may be called by, in whose place it then stands: no questions, no statuses
// but 1 for a failure.
struct peer {
	const char *name;
	const char *command; // whose options the peer's are; NULL: the peer is the whole program
	int usage;           // exit status of words that cannot be parsed
	bool marks;          // its errors are a line that begins with its name
	// Runs the peer itself with WORDS, for what it says of itself and of wrong words; gives its
	// exit status, or -1 where it cannot tell. NULL: nothing is asked of it.
	int (*itself)(struct context *context, const struct list *words, struct error *err);
};

struct program {
	const char *name;
	const char *summary;
	enum grammar grammar;
	const struct command *globals; // a pseudo command with the options before any command
	const struct group *groups;    // ends with a NULL name
	// The command that runs when the first word is none; NULL where one must be named.
	const struct command *otherwise;
	// While a line is completed: takes over what the options before its command (the call's
	// arguments) say of the place that candidates come from; NULL for nothing.
	int (*settle)(struct call *call, struct error *err);
	// Makes ready what the command needs, such as a connection; NULL for nothing.
	int (*prepare)(struct call *call, struct error *err);
	// Divides the call into one for each host and each object that it names (bulk.h); NULL
	// where commands have no targets. `release` frees the object of one of them.
	int (*divide)(struct call *call, struct calls *calls, struct error *err);
	void (*release)(struct call *call);
	// What a user puts behind -c to reach the host of the call, lent; NULL where nothing is
	// needed. Without the function it is what the command's own option --connect says.
	const char *(*host)(const struct call *call);
	// Around the run of one of many that waits (COMMAND_WAITS), in its own thread: gives it
	// means of its own, so that one that hangs holds up no other. NULL for nothing.
	void (*part)(struct call *call);
	void (*rejoin)(struct call *call);
	// Adds the objects that an option's value may name.
	void (*objects)(struct call *call, const struct option *option, struct list *found);
	unsigned long library;    // version that this program was built with: 9.0.0 is 9000000
	const struct peer *peers; // ends with a NULL name; NULL for none
};

// The command of this name or alias, or NULL.
const struct command *command_find(const struct program *program, const char *name);

// How the words behind COMMAND become arguments.
enum grammar command_grammar(const struct program *program, const struct command *command);

// The group that COMMAND stands in, or NULL.
const struct group *command_group(const struct program *program, const struct command *command);

// The option of this name among OPTIONS, or NULL; an alias is followed, and the value that it
// stands for goes to *VALUE (else untouched).
const struct option *option_find(const struct option *options, const char *name,
				 const char **value);

// The number of rows before END, aliases too; 0 for NULL.
size_t option_count(const struct option *options);

// The option that what stands behind `--` belongs to, NULL where that is nothing special.
const struct option *option_behind(const struct option *options);

bool option_takes_value(const struct option *option);

// Whether LINE names a command that has a secret option, so that it may hold a secret.
bool command_line_secret(const struct program *program, const char *line);

// Whether lists, man page and completion name it: what the program's library is too old for they
// leave out.
bool command_is_shown(const struct program *program, const struct command *command);
// The version of the library whose options of COMMAND are shown: one that is too new for the
// program's is explained as it is with its own.
unsigned long command_library(const struct program *program, const struct command *command);
// Whether the library knows it, hidden or not; an alias is none of its own.
bool option_is_there(const struct option *option, unsigned long library);
bool option_is_shown(const struct option *option, unsigned long library);
