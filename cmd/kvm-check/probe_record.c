// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/probe_record.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "host/facts.h"
#include "host/recording.h"
#include "kvm/kvm_probe.h"

static const char *const words[] = {[KVM_SKIPPED] = "skipped",
				    [KVM_PASSED] = "passed",
				    [KVM_FAILED] = "failed",
				    [KVM_HUNG] = "hung"};

static char *key_of(int stage)
{
	return text_format("probe stage %s", kvm_probe_key((enum kvm_stage)stage));
}

// "NUMBER=VALUE ..." of those there are.
static char *capabilities_string(const struct kvm_probe *probe)
{
	struct text text = {0};

	for (int i = 0; i < KVM_CAPABILITIES; i++)
		if (probe->capabilities[i])
			text_append_format(&text, "%d=%d ", i, probe->capabilities[i]);
	return text_take(&text);
}

static void recall_capabilities(const struct facts *facts, struct kvm_probe *probe)
{
	const char *text = facts_get(facts, "probe capabilities");
	auto_list struct list pairs = list_split(text ? text : "", " ");

	for (size_t i = 0; i < pairs.count; i++) {
		int number, value;

		if (sscanf(pairs.items[i], "%d=%d", &number, &value) == 2 && number >= 0 &&
		    number < KVM_CAPABILITIES)
			probe->capabilities[number] = value;
	}
}

void kvm_probe_record(const struct host *host, const struct kvm_probe *probe)
{
	auto_free char *capabilities = capabilities_string(probe);

	recording_note(host, "probe capabilities", "%s", capabilities);
	for (int stage = 0; stage < KVM_STAGES; stage++) {
		const struct kvm_result *result = &probe->results[stage];
		auto_free char *key = key_of(stage);

		recording_note(host, key, "%s %lld %s", words[result->outcome], result->nanoseconds,
			       result->detail);
	}
	recording_note(host, "probe figures", "%d %d %.17g %.17g %d %u %lld %lld %lld %u %u %u",
		       probe->open_error, probe->version, probe->host_speed, probe->guest_speed,
		       probe->guest_unfinished, probe->exits, probe->exit_least, probe->exit_median,
		       probe->exit_most, probe->slots, probe->vcpus, probe->vms);
}

static void recall_stage(const struct facts *facts, int stage, struct kvm_result *result)
{
	auto_free char *key = key_of(stage);
	const char *value = facts_get(facts, key);
	char word[8] = "";
	int detail = 0;

	if (!value || sscanf(value, "%7s %lld %n", word, &result->nanoseconds, &detail) < 2)
		return;
	for (int i = KVM_SKIPPED; i <= KVM_HUNG; i++)
		if (strcmp(words[i], word) == 0)
			result->outcome = (enum kvm_outcome)i;
	snprintf(result->detail, sizeof(result->detail), "%s", value + detail);
}

bool kvm_probe_recall(const struct facts *facts, struct kvm_probe *probe)
{
	enum { FIGURES = 12 };
	const char *figures = facts_get(facts, "probe figures");
	int unfinished = 0;

	*probe = (struct kvm_probe){0};
	if (!figures ||
	    sscanf(figures, "%d %d %lg %lg %d %u %lld %lld %lld %u %u %u", &probe->open_error,
		   &probe->version, &probe->host_speed, &probe->guest_speed, &unfinished,
		   &probe->exits, &probe->exit_least, &probe->exit_median, &probe->exit_most,
		   &probe->slots, &probe->vcpus, &probe->vms) != FIGURES)
		return false;
	probe->guest_unfinished = unfinished;
	recall_capabilities(facts, probe);
	for (int stage = 0; stage < KVM_STAGES; stage++)
		recall_stage(facts, stage, &probe->results[stage]);
	return true;
}
