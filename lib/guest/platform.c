// SPDX-License-Identifier: GPL-3.0-or-later
// Options of the guest as a whole whose rows say all.
#include "guest/rows.h"

static const struct suboption features_rows[] = {
	ROW("acpi", NULL, "acpi", ELEMENT),
	ROW("apic", NULL, "apic", ELEMENT),
	ROW("pae", NULL, "pae", ELEMENT),
	ROW("privnet", NULL, "privnet", ELEMENT),
	ROW("hap", NULL, "hap", ELEMENT),
	ROW("viridian", NULL, "viridian", ELEMENT),
	ROW("apic.eoi", AKA("eoi"), NULL, ON_OFF),
	ROW("pmu.state", AKA("pmu"), NULL, ON_OFF),
	ROW("hyperv.relaxed.state", AKA("hyperv_relaxed"), NULL, ON_OFF),
	ROW("hyperv.vapic.state", AKA("hyperv_vapic"), NULL, ON_OFF),
	ROW("hyperv.spinlocks.state", AKA("hyperv_spinlocks"), NULL, ON_OFF),
	ROW("hyperv.spinlocks.retries", AKA("hyperv_spinlocks_retries"), NULL, INTEGER),
	ROW("hyperv.vpindex.state", NULL, NULL, ON_OFF),
	ROW("hyperv.runtime.state", NULL, NULL, ON_OFF),
	ROW("hyperv.synic.state", AKA("hyperv_synic"), NULL, ON_OFF),
	ROW("hyperv.stimer.state", NULL, NULL, ON_OFF),
	ROW("hyperv.stimer.direct.state", NULL, NULL, ON_OFF),
	ROW("hyperv.reset.state", AKA("hyperv_reset"), NULL, ON_OFF),
	ROW("hyperv.frequencies.state", NULL, NULL, ON_OFF),
	ROW("hyperv.reenlightenment.state", NULL, NULL, ON_OFF),
	ROW("hyperv.tlbflush.state", NULL, NULL, ON_OFF),
	ROW("hyperv.tlbflush.direct.state", NULL, NULL, ON_OFF),
	ROW("hyperv.tlbflush.extended.state", NULL, NULL, ON_OFF),
	ROW("hyperv.ipi.state", NULL, NULL, ON_OFF),
	ROW("hyperv.evmcs.state", NULL, NULL, ON_OFF),
	ROW("hyperv.avic.state", NULL, NULL, ON_OFF),
	ROW("hyperv.xmm_input.state", NULL, NULL, ON_OFF),
	ROW("hyperv.emsr_bitmap.state", NULL, NULL, ON_OFF),
	ROW("vmport.state", AKA("vmport"), NULL, ON_OFF),
	ROW("kvm.hidden.state", AKA("kvm_hidden"), NULL, ON_OFF),
	ROW("kvm.hint-dedicated.state", NULL, NULL, ON_OFF),
	ROW("kvm.poll-control.state", NULL, NULL, ON_OFF),
	ROW("kvm.pv-ipi.state", NULL, NULL, ON_OFF),
	ROW("pvspinlock.state", NULL, NULL, ON_OFF),
	ROW("gic.version", AKA("gic_version"), NULL, TEXT),
	ROW("smm.state", AKA("smm"), NULL, ON_OFF),
	ROW("vmcoreinfo.state", AKA("vmcoreinfo"), NULL, ON_OFF),
	ROW("ioapic.driver", NULL, NULL, TEXT),
	ROW("msrs.unknown", NULL, NULL, TEXT),
	ROWS_END,
};

const struct guest_option features_option = {
	.home = "features",
	.traits = 0,
	.table = {.option = "--features", .leading = AKA(NULL), .groups = GROUPS(features_rows)},
};

static const struct suboption pm_rows[] = {
	ROW("suspend_to_mem.enabled", AKA("suspend_to_mem"), "suspend-to-mem/@enabled", YES_NO),
	ROW("suspend_to_disk.enabled", AKA("suspend_to_disk"), "suspend-to-disk/@enabled", YES_NO),
	ROWS_END,
};

const struct guest_option pm_option = {
	.home = "pm",
	.traits = 0,
	.table = {.option = "--pm", .leading = AKA(NULL), .groups = GROUPS(pm_rows)},
};

static const struct suboption events_rows[] = {
	ROW("on_poweroff", NULL, "on_poweroff", TEXT),
	ROW("on_reboot", NULL, "on_reboot", TEXT),
	ROW("on_crash", NULL, "on_crash", TEXT),
	ROW("on_lockfailure", NULL, "on_lockfailure", TEXT),
	ROWS_END,
};

const struct guest_option events_option = {
	.home = ".",
	.traits = 0,
	.table = {.option = "--events", .leading = AKA(NULL), .groups = GROUPS(events_rows)},
};

static const struct suboption idmap_rows[] = {
	ROW("uid.start", AKA("uid_start"), NULL, INTEGER),
	ROW("uid.target", AKA("uid_target"), NULL, INTEGER),
	ROW("uid.count", AKA("uid_count"), NULL, INTEGER),
	ROW("gid.start", AKA("gid_start"), NULL, INTEGER),
	ROW("gid.target", AKA("gid_target"), NULL, INTEGER),
	ROW("gid.count", AKA("gid_count"), NULL, INTEGER),
	ROWS_END,
};

const struct guest_option idmap_option = {
	.home = "idmap",
	.traits = 0,
	.table = {.option = "--idmap", .leading = AKA(NULL), .groups = GROUPS(idmap_rows)},
};

static const struct suboption keywrap_rows[] = {
	ROW("cipher#.name", NULL, NULL, COMMAS),
	ROW("cipher#.state", NULL, NULL, COMMAS),
	ROWS_END,
};

const struct guest_option keywrap_option = {
	.home = "keywrap",
	.traits = 0,
	.table = {.option = "--keywrap", .leading = AKA(NULL), .groups = GROUPS(keywrap_rows)},
};

static const struct suboption seclabel_rows[] = {
	ROW("type", NULL, NULL, TEXT),
	ROW("model", NULL, NULL, TEXT),
	ROW("relabel", NULL, NULL, YES_NO),
	ROW("label", NULL, "label", COMMAS),
	ROW("baselabel", NULL, "baselabel", COMMAS),
	ROWS_END,
};

const struct guest_option seclabel_option = {
	.home = "seclabel",
	.traits = OPTION_REPEATS,
	.table = {.option = "--seclabel", .leading = AKA(NULL), .groups = GROUPS(seclabel_rows)},
};

static const struct suboption launch_security_rows[] = {
	ROW("type", NULL, NULL, TEXT),
	ROW("cbitpos", NULL, "cbitpos", INTEGER),
	ROW("reducedPhysBits", NULL, "reducedPhysBits", INTEGER),
	ROW("policy", NULL, "policy", TEXT),
	ROW("session", NULL, "session", TEXT),
	ROW("dhCert", NULL, "dhCert", TEXT),
	ROW("guestVisibleWorkarounds", NULL, "guestVisibleWorkarounds", TEXT),
	ROW("idBlock", NULL, "idBlock", TEXT),
	ROW("idAuth", NULL, "idAuth", TEXT),
	ROW("hostData", NULL, "hostData", TEXT),
	ROW("kernelHashes", NULL, NULL, YES_NO),
	ROW("authorKey", NULL, NULL, YES_NO),
	ROW("vcek", NULL, NULL, YES_NO),
	ROW("mrConfigId", NULL, "mrConfigId", TEXT),
	ROW("mrOwner", NULL, "mrOwner", TEXT),
	ROW("mrOwnerConfig", NULL, "mrOwnerConfig", TEXT),
	ROW("quoteGenerationService", NULL, "quoteGenerationService", ELEMENT),
	ROW("quoteGenerationSocket", NULL, "quoteGenerationService/@path", TEXT),
	ROWS_END,
};

const struct guest_option launch_security_option = {
	.home = "launchSecurity",
	.traits = 0,
	.table = {.option = "--launchSecurity",
		  .leading = AKA("type"),
		  .groups = GROUPS(launch_security_rows)},
};
