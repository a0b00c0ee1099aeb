// SPDX-License-Identifier: GPL-3.0-or-later
#include "kvm/kvm_figure.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"

// The names of those there are, numbers of those not known by name.
static struct list capabilities(const struct kvm_probe *probe)
{
	struct list names = {0};

	for (unsigned i = 0; i < KVM_CAPABILITIES; i++) {
		const char *name = kvm_capability_name(i);
		int value = probe->capabilities[i];

		if (value > 1 && name)
			list_add_format(&names, "%s=%d", name, value);
		else if (value && name)
			list_add(&names, name);
		else if (value)
			list_add_format(&names, "%u", i);
	}
	return names;
}

static char *count_capabilities(const struct kvm_probe *probe)
{
	auto_list struct list names = capabilities(probe);

	return text_format("%zu", names.count);
}

char *kvm_figure_capabilities(const struct kvm_probe *probe)
{
	auto_list struct list names = capabilities(probe);

	return list_join(&names, " ");
}

char *kvm_figure(const struct kvm_probe *probe, enum kvm_stage stage)
{
	switch (stage) {
	case KVM_STAGE_VERSION:
		return text_format("%d", probe->version);
	case KVM_STAGE_CAPABILITIES:
		return count_capabilities(probe);
	case KVM_STAGE_SPEED:
		return text_format("%.2f ns an instruction, host %.2f%s", probe->guest_speed,
				   probe->host_speed,
				   probe->guest_unfinished ? "; stopped before it was done" : "");
	case KVM_STAGE_EXITS:
		return text_format("%.1f us, 99 %% within %.1f us",
				   (double)probe->exit_median / 1e3,
				   (double)probe->exit_most / 1e3);
	case KVM_STAGE_SLOTS:
		return text_format("up to %u", probe->slots);
	case KVM_STAGE_VCPUS:
		return text_format("%u created", probe->vcpus);
	case KVM_STAGE_VMS:
		return text_format("%u created", probe->vms);
	default:
		return NULL;
	}
}
