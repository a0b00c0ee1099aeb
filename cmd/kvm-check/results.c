// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/results.h"

// clang-format off
static const struct field host_fields[] = {
	FIELD("architecture", NULL, FIELD_TEXT, 0, "as uname -m names it, or unknown"),
	FIELD("kernel", NULL, FIELD_TEXT, FIELD_NULL, "its release"),
	FIELD("cpu", NULL, FIELD_TEXT, FIELD_NULL, "the processor's model"),
	FIELD("recorded", NULL, FIELD_BOOLEAN, 0, "whether it is a recorded machine"),
	FIELDS_END,
};

const struct field finding_fields[] = {
	FIELD("group", NULL, FIELD_TEXT, 0, "of checks"),
	FIELD("check", NULL, FIELD_TEXT, 0, "which one"),
	FIELD("subject", NULL, FIELD_TEXT, FIELD_NULL, "which of several things it is about"),
	FIELD("verdict", NULL, FIELD_TEXT, 0, "pass, note, warn or fail"),
	FIELD("detail", NULL, FIELD_TEXT, 0, "what was found"),
	FIELD("fix", NULL, FIELD_TEXT, FIELD_NULL, "what to do"),
	FIELD("commands", NULL, FIELD_ANY, 0, "that do it, each a list of its words"),
	FIELD("follows", NULL, FIELD_TEXT, FIELD_NULL, "the check whose failure is the cause of this"),
	FIELDS_END,
};

static const struct field stage_fields[] = {
	FIELD("stage", NULL, FIELD_TEXT, 0, "which one"),
	FIELD("outcome", NULL, FIELD_TEXT, 0, "skipped, passed, failed or hung"),
	FIELD("nanoseconds", NULL, FIELD_NANOSECONDS, 0, "that it took"),
	FIELD("detail", NULL, FIELD_TEXT, FIELD_NULL, "what it found, or why it failed"),
	FIELDS_END,
};

static const struct field exit_fields[] = {
	FIELD("count", NULL, FIELD_INTEGER, 0, "exits that were timed"),
	FIELD("minimum_nanoseconds", NULL, FIELD_NANOSECONDS, 0, "the fastest"),
	FIELD("median_nanoseconds", NULL, FIELD_NANOSECONDS, 0, "the median"),
	FIELD("percentile_99_nanoseconds", NULL, FIELD_NANOSECONDS, 0, "the slowest of 99 in 100"),
	FIELDS_END,
};

static const struct field probe_fields[] = {
	FIELD("verdict", NULL, FIELD_TEXT, 0, "works, interprets, broken, denied or absent"),
	FIELD("reason", NULL, FIELD_TEXT, 0, "in a sentence"),
	FIELD("slowdown", NULL, FIELD_REAL, FIELD_NULL, "time of guest code, the host's being 1"),
	FIELD("api_version", NULL, FIELD_INTEGER, FIELD_ASKED, "of KVM"),
	FIELD("host_nanoseconds", NULL, FIELD_REAL, FIELD_NULL | FIELD_ASKED, "an instruction"),
	FIELD("guest_nanoseconds", NULL, FIELD_REAL, FIELD_NULL | FIELD_ASKED, "an instruction"),
	FIELD_OF("stages", FIELD_LIST, FIELD_ASKED, stage_fields, "of the probe"),
	FIELD_OF("capabilities", FIELD_OBJECT, FIELD_ASKED, NULL, "what KVM_CHECK_EXTENSION gives"),
	FIELD_OF("exit", FIELD_OBJECT, FIELD_ASKED, exit_fields, "time of an exit, where it was measured"),
	FIELDS_END,
};

static const struct field group_fields[] = {
	FIELD("group", "Group", FIELD_TEXT, 0, "its name"),
	FIELD("summary", "Checks", FIELD_TEXT, 0, "what it is about"),
	FIELD("default", "Default", FIELD_BOOLEAN, 0, "whether it is checked where none is named"),
	FIELDS_END,
};

static const struct field applied_fields[] = {
	FIELD("check", NULL, FIELD_TEXT, 0, "that the command is for"),
	FIELD("command", NULL, FIELD_TEXT, 0, "as a shell takes it"),
	FIELD("exit_status", NULL, FIELD_INTEGER, 0, "-1: it could not be run"),
	FIELD("before", NULL, FIELD_TEXT, 0, "what the check said"),
	FIELD("after", NULL, FIELD_TEXT, 0, "what it says once the finding's commands have run"),
	FIELDS_END,
};

const struct field check_results[] = {
	FIELD("accelerator", NULL, FIELD_TEXT, FIELD_ASKED, "kvm, tcg or unknown: what guests are to use"),
	FIELD("one_fix_away", NULL, FIELD_BOOLEAN, FIELD_ASKED, "tcg, but one fix would make it kvm"),
	FIELD("reason", NULL, FIELD_TEXT, FIELD_ASKED, "for that, in a sentence"),
	FIELD_OF("host", FIELD_OBJECT, FIELD_ASKED, host_fields, "the machine"),
	FIELD_OF("checks", FIELD_LIST, FIELD_ASKED, finding_fields, "what they found"),
	FIELD_OF("probe", FIELD_OBJECT, FIELD_ASKED, probe_fields, "what running a guest showed"),
	FIELD("passed", NULL, FIELD_INTEGER, FIELD_ASKED, "checks that are good"),
	FIELD("notes", NULL, FIELD_INTEGER, FIELD_ASKED, "worth knowing"),
	FIELD("warnings", NULL, FIELD_INTEGER, FIELD_ASKED, "guests run, but not as they could"),
	FIELD("failed", NULL, FIELD_INTEGER, FIELD_ASKED, "guests do not run, or not with KVM"),
	FIELD_OF("groups", FIELD_LIST, FIELD_ASKED, group_fields, "--list: the groups of checks"),
	FIELD("commands", NULL, FIELD_TEXTS, FIELD_ASKED, "--fix: what to run as root"),
	FIELD("by_hand", NULL, FIELD_TEXTS, FIELD_ASKED, "--fix: what takes a person"),
	FIELD_OF("applied", FIELD_LIST, FIELD_ASKED, applied_fields, "--apply: what was run"),
	FIELD("message", NULL, FIELD_TEXT, FIELD_ASKED, "what was done"),
	FIELD("time", NULL, FIELD_TIME, FIELD_ASKED, "--watch: when it was read"),
	FIELD("vms", NULL, FIELD_INTEGER, FIELD_ASKED, "--watch: VMs that there are"),
	FIELD_OF("statistics", FIELD_OBJECT, FIELD_ASKED, NULL, "--watch: each with total and per_second"),
	FIELDS_END,
};

static const struct field parameter_fields[] = {
	FIELD("name", "Parameter", FIELD_TEXT, 0, "its name"),
	FIELD("type", "Type", FIELD_TEXT, FIELD_NULL, "bool, int and so on"),
	FIELD("value", "Now", FIELD_TEXT, FIELD_NULL, "that it has; null where it does not show it"),
	FIELD("description", "Description", FIELD_TEXT, FIELD_NULL, "by the module"),
	FIELDS_END,
};

const struct field modules_results[] = {
	FIELD("name", "Name:", FIELD_TEXT, 0, "with underscores"),
	FIELD("state", "State:", FIELD_TEXT, 0, "loaded, built in or loadable"),
	FIELD("file", "File:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "it is in; (builtin) in the kernel's own"),
	FIELD("description", "Description:", FIELD_TEXT, FIELD_NULL, "by the module"),
	FIELD("version", "Version:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "of the module"),
	FIELD("license", "License:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "of the module"),
	FIELD("authors", "Author:", FIELD_TEXTS, FIELD_ASKED, "of the module"),
	FIELD("depends", "Depends on:", FIELD_TEXTS, FIELD_ASKED, "modules that it needs"),
	FIELD("soft_depends", "Loads with:", FIELD_TEXTS, FIELD_ASKED, "modules to load before or after it, as modprobe's softdep has them"),
	FIELD("users", "Used by:", FIELD_TEXTS, FIELD_ASKED, "modules that use it now"),
	FIELD("aliases", "Aliases:", FIELD_TEXTS, FIELD_ASKED, "names and devices that load it"),
	FIELD("source_version", "Source:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "checksum of its source"),
	FIELD("vermagic", "Built for:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "the kernel it fits"),
	FIELD("signer", "Signer:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "who signed it"),
	FIELD("signature_id", "Signed as:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "kind of its signature"),
	FIELD("signature_key", "Key:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "that signed it"),
	FIELD("signature_hash", "Hash:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "of its signature"),
	FIELD("signature", "Signature:", FIELD_TEXT, FIELD_NULL | FIELD_ASKED, "in hexadecimal"),
	FIELD_OF("parameters", FIELD_LIST, FIELD_ASKED, parameter_fields, "what can be set when it is loaded"),
	FIELDS_END,
};

const struct field load_results[] = {
	FIELD("unloaded", "unloaded", FIELD_TEXTS, 0, "modules"),
	FIELD("loaded", "loaded", FIELD_TEXTS, 0, "modules"),
	FIELD("written", "wrote", FIELD_TEXTS, 0, "files"),
	FIELD("removed", "removed", FIELD_TEXTS, 0, "files, or changed back"),
	FIELD("standing", "still in the way:", FIELD_TEXTS, 0, "what keeps it from being loaded at boot"),
	FIELD("message", NULL, FIELD_TEXT, FIELD_ASKED, "what was not to be done"),
	FIELDS_END,
};
// clang-format on
