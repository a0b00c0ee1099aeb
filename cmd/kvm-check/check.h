// SPDX-License-Identifier: GPL-3.0-or-later
// THE declaration of a check: a row of a table beside the function that judges. A new check is a
// function and its row; `kvm-check --list`, the report and its JSON follow.
#pragma once

#include <stdbool.h>

#include "base/list.h"
#include "host/host.h"
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

struct check {
	const char *key;   // for JSON, only ever added to
	const char *title; // for people
	unsigned runs;     // purposes that it is run for; PURPOSE_ASKED goes without saying
	unsigned notes;    // those of them for which WARN and FAIL are no more than a note
	void (*run)(struct examination *x);
};

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
	struct kvm_verdict verdict; // where `probed`, or recorded with the machine
	bool judged;

	const struct check_group *group; // of the check that runs
	const struct check *check;
	struct finding *findings;
	size_t count;
	size_t counts[VERDICT_FAIL + 1];
};

// Runs the checks that NAMES ask for: groups, sets of virt-host-validate, "all"; none: those for
// running guests.
int examination_run(struct examination *x, const struct list *names, struct error *err);
void examination_clear(struct examination *x);
#define auto_examination __attribute__((cleanup(examination_clear)))

// Runs the probe if it has not been run and may be; true when its verdict is known.
bool examination_judged(struct examination *x);

// What a check says; FORMAT is the reason, without a full stop. Each adds a finding.
void check_pass(struct examination *x, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void check_note(struct examination *x, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void check_warn(struct examination *x, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void check_fail(struct examination *x, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

// Of the finding that the check added last, if any: which thing it is about, how to fix it (left
// out where it passed), and a command that does so, by its words.
void check_subject(struct examination *x, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void check_fix(struct examination *x, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
#define check_command(x_, ...) check_command_words((x_), (const char *const[]){__VA_ARGS__, NULL})
void check_command_words(struct examination *x, const char *const *words);
// The same as one string, its words parted by blanks.
void check_command_line(struct examination *x, const char *line);

const char *check_verdict_word(enum verdict verdict);

// The tables, one a file in checks/.
extern const struct check cpu_checks[], module_checks[], device_checks[], probe_checks[];
extern const struct check nested_checks[], hypervisor_checks[], iommu_checks[], memory_checks[];
extern const struct check cgroup_checks[], network_checks[], vsock_checks[], secure_checks[];
extern const struct check security_checks[], storage_checks[], qemu_checks[], libvirt_checks[];
extern const struct check clock_checks[], lxc_checks[], ch_checks[], bhyve_checks[];
