// SPDX-License-Identifier: GPL-3.0-or-later
// THE declaration of a check: a row of a table beside the function that judges. A new check is a
// function and its row; `kvm-check --list`, the report and its JSON follow.
#pragma once

#include <stdbool.h>

#include "base/list.h"
#include "host/host.h"
#include "host/platform.h"
#include "kvm/kvm_verdict.h"

enum verdict {
	VERDICT_PASS,
	VERDICT_NOTE, // worth knowing, neither good nor bad for what was asked
	VERDICT_WARN, // guests run, but not as they could
	VERDICT_FAIL,
};

// What a host is checked for.
enum purpose {
	PURPOSE_GUESTS = 1, // running guests with QEMU, the default
	// The sets of virt-host-validate:
	PURPOSE_QEMU = 2,
	PURPOSE_LXC = 4,
	PURPOSE_CH = 8,
	PURPOSE_BHYVE = 16,
	PURPOSE_ASKED = 32, // the check's group was asked for by name
};

struct examination;

// What guests with KVM stand on, from the ground up: what fails in one layer makes those above it
// fail too, so the lowest failure is the cause, and the others follow from it.
enum layer {
	LAYER_NONE, // nothing to do with it
	LAYER_PROCESSOR,
	LAYER_MODULE,
	LAYER_NODE,   // /dev/kvm is there
	LAYER_ACCESS, // and the caller may open it,
	LAYER_CLIENT, // and so may QEMU as libvirt runs it
	LAYER_PROBE,  // a guest runs
	LAYER_DETAIL, // each stage of it
	LAYER_OFFER,  // what libvirt makes of it
};

enum accelerator { ACCELERATOR_UNKNOWN, ACCELERATOR_KVM, ACCELERATOR_TCG };

struct check {
	const char *key;   // for JSON, only ever added to
	const char *title; // for people
	unsigned runs;     // purposes that it is run for; PURPOSE_ASKED goes without saying
	unsigned notes;    // those of them for which WARN and FAIL are no more than a note
	void (*run)(struct examination *x);
	enum layer layer;
};

// clang-format off
#define CHECK_IN(layer_, key_, title_, runs_, notes_, run_) \
	{ .key = (key_), .title = (title_), .runs = (runs_), .notes = (notes_), .run = (run_), \
	  .layer = (layer_) }
#define CHECK(...) CHECK_IN(LAYER_NONE, __VA_ARGS__)
#define CHECKS_END { .key = NULL }
// clang-format on

struct check_group {
	const char *name;
	const char *title;
	const char *summary;
	const struct check *checks; // ends with a NULL key
};

extern const struct check_group check_groups[]; // ends with a NULL name

struct finding {
	const struct check_group *group;
	const struct check *check;
	char *subject; // which of several, NULL where there is one
	enum verdict verdict;
	char *detail;
	char *fix;             // what to do, NULL for nothing
	struct list *commands; // that do it, each the words of one; none where it takes a person
	size_t command_count;
	enum layer layer;
	unsigned purposes;         // that it was looked at for
	char *one_fix;             // why KVM is one fix away, which is this one; else NULL
	const struct check *cause; // whose failure this one follows from; NULL for none
};

// What the findings and the probe come to.
struct decision {
	enum accelerator accelerator;
	bool one_fix; // TCG, but one fix would make it KVM
	size_t root;  // the finding that is the cause, `count` where there is none
	char *reason; // without a full stop
};

struct examination {
	struct host *host;
	unsigned purposes;     // of the group that is being checked
	unsigned all_purposes; // of all groups
	bool probing;          // the probe may be run
	bool full;             // all its stages
	struct kvm_probe_request request;
	struct kvm_probe probe; // what it found, where `probed`
	bool probed;
	struct platform platform; // once examination_platform() was asked
	bool placed;
	struct kvm_verdict verdict; // where `probed`, or recorded with the machine
	bool judged;

	const struct check_group *group; // of the check that runs
	const struct check *check;
	char *subject;     // what its findings are about, NULL where there is one thing
	enum layer layer;  // and in which layer they are
	struct list texts; // that its fixes are made of
	struct finding *findings;
	size_t count;
	size_t counts[VERDICT_FAIL + 1];
	struct decision decision;
	const struct guest *guest; // for the checks of `can`; lent
	char *sentence;            // said in the decision's place; NULL for none
};

// Runs the checks that NAMES ask for: groups, sets of virt-host-validate, "all"; none: those for
// running guests.
int examination_run(struct examination *x, const struct list *names, struct error *err);
// Opens a machine for it, whose root has a guard: what does not answer is an error.
int examination_open(struct host *host, const char *path, struct error *err);
// Both, by one guarded process.
int examination_open_and_run(struct examination *x, const char *path, const struct list *names,
			     struct error *err);

// Runs one check alone, with what it needs; no decision is made.
void examination_run_one(struct examination *x, const struct check_group *group,
			 const struct check *check, unsigned purposes);
// Runs all checks of a group that need not be in the table; no decision is made.
void examination_run_group(struct examination *x, const struct check_group *group);
void examination_clear(struct examination *x);
#define auto_examination __attribute__((cleanup(examination_clear)))

// Runs the probe if it has not been run and may be; true when its verdict is known.
bool examination_judged(struct examination *x);

// What kind of machine it is, looked at once; lent.
const struct platform *examination_platform(struct examination *x);

// Whether the question was about guests that KVM could run.
bool examination_about_guests(const struct examination *x);

// "kvm", "tcg", "unknown"
const char *accelerator_word(enum accelerator accelerator);

enum { FIX_COMMANDS = 4, FIX_WORDS = 14 };

// What to do about a finding; all lent, until the finding is added.
struct fix {
	const char *text;    // in words, NULL for none
	const char *one_fix; // why KVM is one fix away, which is this one: "kvm_amd is not loaded"
	const char *commands[FIX_COMMANDS][FIX_WORDS]; // that do it, by their words
	const char *line;                              // another, its words parted by blanks
};

// clang-format off
#define FIX(...) (&(const struct fix){.text = __VA_ARGS__})
#define LOAD(module) {"kvm-check", "load", (module), "--persist"}
// clang-format on

// Adds a command; WORDS ends with NULL.
void fix_words(struct fix *fix, const char *const *words);
#define fix_command(fix, ...) fix_words((fix), (const char *const[]){__VA_ARGS__, NULL})

// Adds a finding of the check that runs: its verdict, the FIX (NULL for none; left out where it
// passed) and the reason, FORMAT, without a full stop.
void check_say(struct examination *x, enum verdict verdict, const struct fix *fix,
	       const char *format, ...) __attribute__((format(printf, 4, 5)));
#define check_pass(x, ...) check_say(x, VERDICT_PASS, NULL, __VA_ARGS__)
#define check_note(x, ...) check_say(x, VERDICT_NOTE, NULL, __VA_ARGS__)
#define check_warn(x, fix, ...) check_say(x, VERDICT_WARN, fix, __VA_ARGS__)
#define check_fail(x, fix, ...) check_say(x, VERDICT_FAIL, fix, __VA_ARGS__)

// A note that nothing shows it.
void check_silent(struct examination *x);

// Which of several things the findings from here on are about, until the check ends.
void check_about(struct examination *x, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
// Text for a fix; lent, until the examination is cleared.
const char *check_text(struct examination *x, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

const char *check_verdict_word(enum verdict verdict);

// Internal to the examination: what a check is called, and the decision once all have run.
const char *finding_title(const struct finding *finding);
void finding_clear(struct finding *finding);
void decision_make(struct examination *x);

// The tables, one a file in checks/.
extern const struct check cpu_checks[], module_checks[], device_checks[], probe_checks[];
extern const struct check nested_checks[], hypervisor_checks[], iommu_checks[], memory_checks[];
extern const struct check cgroup_checks[], network_checks[], vsock_checks[], secure_checks[];
extern const struct check security_checks[], storage_checks[], qemu_checks[], libvirt_checks[];
extern const struct check clock_checks[], lxc_checks[], ch_checks[], bhyve_checks[];
