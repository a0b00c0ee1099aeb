// SPDX-License-Identifier: GPL-3.0-or-later
// The host of the guest: what it offers, and whether its KVM is worth the name.
#include <libvirt/libvirt.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/plan.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "kvm/kvm_memory.h"
#include "kvm/kvm_verdict.h"
#include "plan/offer.h"
#include "virt/connection.h"

// Whether guests on this host should have KVM is decided by running one for a moment; what another
// host offers is believed.
static void judge_accelerator(struct installation *installation)
{
	auto_kvm_verdict struct kvm_verdict verdict = {0};
	struct hypervisor *host = installation->host;

	if (installation->planned || !installation->local || !text_equal(host->scheme, "qemu"))
		return;
	// What is only shown may rest on what an earlier run found out.
	if (argument_given(installation->call, "print-xml") ||
	    argument_flag(installation->call, "explain"))
		kvm_verdict_recall(&verdict);
	else
		kvm_verdict_get(&verdict);
	// A user who may not open the device says nothing about libvirt, which may.
	if (verdict.usable || verdict.kind == KVM_VERDICT_DENIED)
		return;
	host->kvm_refused = take(&verdict.reason);
}

int plan_host(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	struct connection_options options = {.uri = argument_text(call, "connect")};
	const struct offer_files named = offer_files_of(call);

	installation->connection = connection_open(&options, err);
	if (!installation->connection)
		return -1;
	installation->planned = offer_is_planned(&named);
	installation->local = offer_is_local(installation->connection, &named);
	installation->host = offer_ask(installation->connection, &named, err);
	if (!installation->host)
		return -1;
	judge_accelerator(installation);
	return 0;
}

int plan_domain_capabilities(struct installation *installation, struct error *err)
{
	const struct offer_files named = offer_files_of(installation->call);

	return offer_ask_domain(installation->connection, &named, installation->host,
				installation->guest->domain, err);
}
