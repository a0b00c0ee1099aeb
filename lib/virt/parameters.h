// SPDX-License-Identifier: GPL-3.0-or-later
// libvirt's typed parameters as rows: a command that shows and sets them is a list of rows and two
// adapters. The list is written once, as a macro with a line for each parameter:
//
//	SET("hard-limit", VIR_DOMAIN_MEMORY_HARD_LIMIT, LIMIT, "help")   an option sets it
//	SHOW(VIR_NODE_MEMORY_SHARED_FULL_SCANS, LONG, "help")            it is only shown
//
// and PARAMETER_OPTIONS(), PARAMETER_ROWS() and PARAMETER_RESULTS() make the command's tables of
// it.
#pragma once

#include <libvirt/libvirt.h>
#include <limits.h>
#include <stdbool.h>

#include "cli/call.h"
#include "cli/command.h"
#include "virt/engine.h"

struct error;

// What a parameter is to libvirt, to people and to JSON.
enum parameter_form {
	PARAMETER_LIMIT,   // libvirt: KiB. Typed as a size; -1, and no limit, is null
	PARAMETER_BYTES,   // bytes a second. Typed as a size; 0, which is no limit, is null
	PARAMETER_RATE,    // so many a second. 0, which is no limit, is null
	PARAMETER_LONG,    // a number of 64 bits
	PARAMETER_NUMBER,  // of 32 bits
	PARAMETER_INTEGER, // of 32 bits, with a sign
	PARAMETER_TEXT,
	PARAMETER_KIBIBYTES, // libvirt: KiB, or KiB a second. JSON: bytes; 0, which is none, is
			     // null
	PARAMETER_SWITCH,    // enabled or disabled
	PARAMETER_WORD,      // one of `words`, which libvirt counts from 0
};

struct parameter {
	const char *option; // that sets it; NULL: no option of its own
	const char *field;  // libvirt's name
	const char *key;    // of the results
	enum parameter_form form;
	const char *const *words; // end with NULL
};

// clang-format off
// Kind and limits of the option for each form.
#define PARAMETER_TYPED_LIMIT .kind = OPTION_TEXT, .value = "number"
#define PARAMETER_TYPED_BYTES .kind = OPTION_SIZE
#define PARAMETER_TYPED_RATE .kind = OPTION_INTEGER, .most = LLONG_MAX
#define PARAMETER_TYPED_LONG .kind = OPTION_INTEGER, .most = LLONG_MAX
#define PARAMETER_TYPED_NUMBER .kind = OPTION_INTEGER, .most = UINT_MAX
#define PARAMETER_TYPED_INTEGER .kind = OPTION_INTEGER
#define PARAMETER_TYPED_TEXT .kind = OPTION_TEXT
#define PARAMETER_TYPED_WORD .kind = OPTION_TEXT
// Type of the result for each form.
#define PARAMETER_FOUND_LIMIT FIELD_BYTES
#define PARAMETER_FOUND_BYTES FIELD_BYTES_PER_SECOND
#define PARAMETER_FOUND_RATE FIELD_INTEGER
#define PARAMETER_FOUND_LONG FIELD_INTEGER
#define PARAMETER_FOUND_NUMBER FIELD_INTEGER
#define PARAMETER_FOUND_INTEGER FIELD_INTEGER
#define PARAMETER_FOUND_TEXT FIELD_TEXT
#define PARAMETER_FOUND_SWITCH FIELD_BOOLEAN
#define PARAMETER_FOUND_WORD FIELD_TEXT

#define PARAMETER_NOTHING(...)
#define PARAMETER_OPTION(option_, field_, form_, help_) \
	{ PARAMETER_TYPED_##form_, .traits = POSITIONAL, .name = (option_), .help = (help_) },
#define PARAMETER_SET(option_, field_, form_, help_) \
	{ (option_), (field_), (field_), PARAMETER_##form_, NULL },
#define PARAMETER_SHOW(field_, form_, help_) { NULL, (field_), (field_), PARAMETER_##form_, NULL },
#define PARAMETER_FOUND(field_, form_, help_) \
	FIELD(field_, NULL, PARAMETER_FOUND_##form_, FIELD_NULL | FIELD_ASKED, help_),
#define PARAMETER_FOUND_SET(option_, field_, form_, help_) PARAMETER_FOUND(field_, form_, help_)

#define PARAMETER_OPTIONS(list_) list_(PARAMETER_OPTION, PARAMETER_NOTHING)
#define PARAMETER_ROWS(list_) list_(PARAMETER_SET, PARAMETER_SHOW)
#define PARAMETERS_END { .field = NULL }
// What a libvirt newer than the rows tells is not lost.
#define PARAMETER_OTHER \
	FIELD_OF("other", FIELD_OBJECT, FIELD_ASKED, NULL, "what else libvirt tells, by its names"),
#define PARAMETER_RESULTS(list_) \
	list_(PARAMETER_FOUND_SET, PARAMETER_FOUND) PARAMETER_OTHER

// Adapters that are one call; it may use `call`, `values`, `count` and `flags`.
#define PARAMETERS_ASK(name_, call_) \
	static int name_(struct call *call, virTypedParameterPtr values, int *count, unsigned flags) \
	{ (void)flags; return (call_); }
#define PARAMETERS_SET(name_, call_) \
	static int name_(struct call *call, virTypedParameterPtr values, int count, unsigned flags) \
	{ (void)flags; return (call_); }

// The tables and the adapters of a command on guests: LIST_ has its rows, GETTER_ and SETTER_ are libvirt's
// two calls, the rest are the options before those of the rows. TUNES_BY() names them to the command.
#define PARAMETER_TABLES(name_, list_, getter_, setter_, ...) \
	PARAMETERS_ASK(ask_##name_, getter_(call_domain(call), values, count, flags)) \
	PARAMETERS_SET(set_##name_, setter_(call_domain(call), values, count, flags)) \
	static const struct parameter name_##_rows[] = {PARAMETER_ROWS(list_) PARAMETERS_END}; \
	static const struct field name_##_results[] = { \
		NAME_FIELD, PARAMETER_RESULTS(list_) FIELDS_END}; \
	static const struct option name_##_options[] = { \
		__VA_ARGS__, PARAMETER_OPTIONS(list_) AFFECTED, END};
#define TUNES_BY(name_, ...) \
	.options = name_##_options, .rules = affected_rules, \
	TUNES(name_##_results, .rows = name_##_rows, .ask = ask_##name_, .set = set_##name_, __VA_ARGS__)

// Which configuration of a guest is meant, and what holds between the three.
#define AFFECTED \
	{ .kind = OPTION_FLAG, .name = "config", .bit = VIR_DOMAIN_AFFECT_CONFIG, \
	  .help = "its definition, for its next boot" }, \
	{ .kind = OPTION_FLAG, .name = "live", .bit = VIR_DOMAIN_AFFECT_LIVE, \
	  .help = "the guest itself, while it runs" }, \
	{ .kind = OPTION_FLAG, .name = "current", .help = "the guest if it runs, else its definition (default)" }
#define AFFECTED_RULES EXCLUSIVE("current", "live"), EXCLUSIVE("current", "config")

// The rest of a command.
#define TUNES(results_, ...) \
	.results = (results_), .run = parameters_run, \
	.action = &(const struct action){.parameters = &(const struct parameters){__VA_ARGS__}}
// clang-format on
extern const struct rule affected_rules[];

// Parameters that are to be set.
struct parameter_values {
	virTypedParameterPtr values;
	int count, most;
};

void parameters_clear(struct parameter_values *settings);
#define auto_parameters __attribute__((cleanup(parameters_clear)))
void parameters_number(struct parameter_values *settings, const char *field, unsigned value);
void parameters_boolean(struct parameter_values *settings, const char *field, bool value);
// VALUE as libvirt's TYPE (VIR_TYPED_PARAM_...) of this field wants it.
int parameters_text(struct parameter_values *settings, const char *field, int type,
		    const char *value, struct error *err);
// What the options of ROWS were given. Others than parameters_run() may send them too.
int parameters_collect(struct parameter_values *settings, struct call *call,
		       const struct parameter *rows, struct error *err);

enum parameters_after {
	AFTER_SET_NOTHING,
	AFTER_SET_GIVEN, // shows what was set,
	AFTER_SET_ALL,   // or all
};

// What a command's handler does; its `action` holds it. Adapters return less than 0 where libvirt
// failed.
struct parameters {
	const struct parameter *rows;
	int width;          // of titles, 0 for 15
	const char *titles; // what titles of lines begin with, which then have no colon
	// Asks twice: with VALUES NULL for their number.
	int (*ask)(struct call *call, virTypedParameterPtr values, int *count, unsigned flags);
	// Or gives them at once.
	int (*get)(struct call *call, virTypedParameterPtr *values, int *count, unsigned flags);
	int (*set)(struct call *call, virTypedParameterPtr values, int count, unsigned flags);
	// Adds what options of another form want.
	int (*collect)(struct call *call, struct parameter_values *settings, struct error *err);
	// Reports what stands above.
	void (*head)(struct call *call);
	const char *getting, *setting; // what has failed
	enum parameters_after after;
	bool needs; // there is nothing to show: something must be set
};

// Handler: shows the parameters, or sets those that options name.
int parameters_run(struct call *call, struct error *err);
