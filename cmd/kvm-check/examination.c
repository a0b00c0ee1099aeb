// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdarg.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/probe_record.h"

const char *check_verdict_word(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_NOTE] = "note",
		[VERDICT_WARN] = "warn",
		[VERDICT_FAIL] = "fail",
	};

	return words[verdict];
}

// The set of virt-host-validate that bears this name, 0 for none.
static unsigned set_of(const char *name)
{
	static const struct {
		const char *name;
		unsigned purpose;
	} sets[] = {{"qemu", PURPOSE_QEMU},
		    {"lxc", PURPOSE_LXC},
		    {"ch", PURPOSE_CH},
		    {"bhyve", PURPOSE_BHYVE}};

	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		if (text_equal(name, sets[i].name))
			return sets[i].purpose;
	return 0;
}

static bool is_group(const char *name)
{
	for (const struct check_group *group = check_groups; group->name; group++)
		if (text_equal(group->name, name))
			return true;
	return text_equal(name, "all");
}

static unsigned purposes_of(const struct check_group *group, const struct list *names)
{
	unsigned purposes = names->count ? 0 : PURPOSE_GUESTS;

	for (size_t i = 0; i < names->count; i++) {
		purposes |= set_of(names->items[i]);
		if (text_equal(names->items[i], group->name) || text_equal(names->items[i], "all"))
			purposes |= PURPOSE_ASKED;
	}
	return purposes;
}

int examination_run(struct examination *x, const struct list *names, struct error *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (!is_group(names->items[i])) {
			error_set(err, STATUS_USAGE, "there is no group of checks '%s'",
				  names->items[i]);
			return error_hint(err, "kvm-check --list shows the groups");
		}
	if (list_has(names, "all"))
		x->all_purposes = PURPOSE_GUESTS;
	for (x->group = check_groups; x->group->name; x->group++) {
		x->purposes = purposes_of(x->group, names);
		x->all_purposes |= x->purposes;
		for (x->check = x->group->checks; x->check->key; x->check++)
			if ((x->check->runs | PURPOSE_ASKED) & x->purposes)
				x->check->run(x);
	}
	return 0;
}

void examination_clear(struct examination *x)
{
	for (size_t i = 0; i < x->count; i++) {
		free(x->findings[i].subject);
		free(x->findings[i].detail);
		free(x->findings[i].fix);
		for (size_t j = 0; j < x->findings[i].command_count; j++)
			list_clear(&x->findings[i].commands[j]);
		free(x->findings[i].commands);
	}
	free(x->findings);
	kvm_verdict_clear(&x->verdict);
	x->findings = NULL;
	x->count = 0;
}

// A recorded machine keeps what its probe said; it cannot be asked again.
static bool recall(struct examination *x)
{
	const char *reason = facts_get(&x->host->facts, "probe reason"), *kind;

	if (kvm_probe_recall(&x->host->facts, &x->probe)) {
		kvm_verdict_judge(&x->probe, &x->verdict);
		return x->probed = true;
	}
	kind = facts_get(&x->host->facts, "probe");

	for (int i = KVM_VERDICT_WORKS; kind && i <= KVM_VERDICT_ABSENT; i++)
		if (text_equal(kind, kvm_verdict_word((enum kvm_verdict_kind)i))) {
			x->verdict.kind = (enum kvm_verdict_kind)i;
			x->verdict.usable = i == KVM_VERDICT_WORKS;
			x->verdict.reason = text_copy(reason ? reason : kind);
			x->verdict.slowdown = facts_number(&x->host->facts, "probe slowdown", 0);
			return true;
		}
	return false;
}

bool examination_judged(struct examination *x)
{
	if (x->judged)
		return true;
	if (!x->host->root.live)
		return x->judged = recall(x);
	if (!x->probing)
		return false;
	kvm_probe_run(&x->request, &x->probe);
	kvm_verdict_judge(&x->probe, &x->verdict);
	kvm_probe_record(x->host, &x->probe);
	x->probed = true;
	return x->judged = true;
}

__attribute__((format(printf, 3, 0))) static void add(struct examination *x, enum verdict verdict,
						      const char *format, va_list list)
{
	struct text detail = {0};
	bool counts = x->purposes & (x->check->runs | PURPOSE_ASKED) & ~x->check->notes;

	if (verdict > VERDICT_NOTE && !counts)
		verdict = VERDICT_NOTE;
	text_append_list(&detail, format, list);
	x->findings = memory_resize(x->findings, x->count + 1, sizeof(*x->findings));
	x->findings[x->count++] = (struct finding){.group = x->group,
						   .check = x->check,
						   .verdict = verdict,
						   .detail = text_take(&detail)};
	x->counts[verdict]++;
}

void check_pass(struct examination *x, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(x, VERDICT_PASS, format, list);
	va_end(list);
}

void check_note(struct examination *x, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(x, VERDICT_NOTE, format, list);
	va_end(list);
}

void check_warn(struct examination *x, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(x, VERDICT_WARN, format, list);
	va_end(list);
}

void check_fail(struct examination *x, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(x, VERDICT_FAIL, format, list);
	va_end(list);
}

// The finding that the running check added last, NULL if it has added none.
static struct finding *latest(struct examination *x)
{
	struct finding *finding = x->count ? &x->findings[x->count - 1] : NULL;

	return finding && finding->check == x->check ? finding : NULL;
}

void check_subject(struct examination *x, const char *format, ...)
{
	struct finding *finding = latest(x);
	struct text text = {0};
	va_list list;

	if (!finding)
		return;
	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	free(finding->subject);
	finding->subject = text_take(&text);
}

void check_fix(struct examination *x, const char *format, ...)
{
	struct finding *finding = latest(x);
	struct text text = {0};
	va_list list;

	if (!finding || finding->verdict == VERDICT_PASS)
		return;
	va_start(list, format);
	text_append_list(&text, format, list);
	va_end(list);
	free(finding->fix);
	finding->fix = text_take(&text);
}

static void add_command(struct examination *x, struct list *words)
{
	struct finding *finding = latest(x);

	if (!finding || finding->verdict == VERDICT_PASS) {
		list_clear(words);
		return;
	}
	finding->commands = memory_resize(finding->commands, finding->command_count + 1,
					  sizeof(*finding->commands));
	finding->commands[finding->command_count++] = *words;
}

void check_command_words(struct examination *x, const char *const *words)
{
	struct list list = {0};

	for (; *words; words++)
		list_add(&list, *words);
	add_command(x, &list);
}

void check_command_line(struct examination *x, const char *line)
{
	struct list words = list_split(line, " ");

	add_command(x, &words);
}
