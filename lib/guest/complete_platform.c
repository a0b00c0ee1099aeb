// SPDX-License-Identifier: GPL-3.0-or-later
// Features, clock and protection of the guest as a whole.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "xml/document.h"
#include "xml/path.h"

static bool hyperv_listed(const struct guest *guest, const char *feature)
{
	return hypervisor_allows(guest->host, "features/hyperv/enum[@name='features']", feature);
}

static bool hyperv_on(const struct guest *guest, const char *feature)
{
	auto_free char *path = text_format("features/hyperv/%s/@state", feature);
	auto_free char *state = path_get(guest->domain, path);

	return text_equal(state, "on");
}

static bool is_intel(const struct guest *guest)
{
	auto_free char *vendor = path_get(xml_root(guest->host->xml), "host/cpu/vendor");

	return text_equal(vendor, "Intel");
}

// What Windows runs faster with, and what each needs first.
static const struct enlightenment {
	const char *feature, *listed, *needs[4]; // listed: its name in the capabilities
} enlightenments[] = {
	{"relaxed", "relaxed", {NULL}},
	{"vapic", "vapic", {NULL}},
	{"spinlocks", "spinlocks", {NULL}},
	{"vpindex", "vpindex", {NULL}},
	{"runtime", "runtime", {NULL}},
	{"synic", "synic", {"vpindex", NULL}},
	{"stimer", "stimer", {"synic", "vpindex", NULL}},
	{"frequencies", "frequencies", {NULL}},
	{"tlbflush", "tlbflush", {"vpindex", NULL}},
	{"ipi", "ipi", {"vpindex", NULL}},
	{"evmcs", "evmcs", {"vapic", NULL}},
	{"avic", "avic", {NULL}},
};

static bool is_possible(const struct guest *guest, const struct enlightenment *row)
{
	if (!hyperv_listed(guest, row->listed))
		return false;
	for (const char *const *need = row->needs; *need; need++)
		if (!hyperv_on(guest, *need))
			return false;
	if (text_equal(row->feature, "evmcs"))
		return is_intel(guest);
	if (text_equal(row->feature, "avic"))
		return path_has(guest->domain, "features/apic");
	return true;
}

static void set_enlightenments(struct guest *guest)
{

	for (size_t i = 0; i < sizeof(enlightenments) / sizeof(*enlightenments); i++) {
		const struct enlightenment *row = &enlightenments[i];
		auto_free char *path = text_format("features/hyperv/%s/@state", row->feature);

		if (path_has(guest->domain, path) || !is_possible(guest, row))
			continue;
		path_set(guest->domain, path, "on");
		if (text_equal(row->feature, "spinlocks"))
			complete_default(guest->domain, "features/hyperv/spinlocks/@retries",
					 "8191");
	}
	if (hyperv_on(guest, "stimer") && hyperv_listed(guest, "stimer_direct") &&
	    hyperv_on(guest, "vpindex") && hyperv_on(guest, "synic"))
		complete_default(guest->domain, "features/hyperv/stimer/direct/@state", "on");
}

// Those that the capabilities list for this kind of guest.
static void set_listed(struct guest *guest)
{
	static const char *const names[] = {"acpi", "apic", "pae"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		auto_free char *listed = text_format("features/%s", names[i]);

		if (path_has(guest->offer, listed) && !guest_declines(guest, names[i]))
			path_create(guest->domain, listed);
	}
}

void complete_features(struct guest *guest)
{
	if (!complete_is_hvm(guest))
		return;
	set_listed(guest);
	if (text_equal(guest->host->scheme, "xen") && complete_arch_is(guest, "x86_64") &&
	    !guest_declines(guest, "pae"))
		path_create(guest->domain, "features/pae");
	if (complete_is_x86(guest) && (complete_is_qemu(guest) || complete_is_test(guest)) &&
	    path_find(guest->devices, "graphics[@type='spice']"))
		complete_default(guest->domain, "features/vmport/@state", "off");
	if (complete_is_hvm(guest) && complete_is_x86(guest) && os_is_windows(guest->os) &&
	    complete_is_qemu(guest))
		set_enlightenments(guest);
}

void complete_clock(struct guest *guest)
{
	static const struct {
		const char *name, *attribute, *value;
	} timers[] = {{"rtc", "tickpolicy", "catchup"},
		      {"pit", "tickpolicy", "delay"},
		      {"hpet", "present", "no"}};
	bool windows = os_is_windows(guest->os);

	if (!complete_is_hvm(guest))
		return;
	complete_default(guest->domain, "clock/@offset",
			 windows || os_is_solaris(guest->os) ? "localtime" : "utc");
	if (!complete_is_x86(guest) || !complete_is_qemu(guest) ||
	    path_has(guest->domain, "clock/timer"))
		return;
	for (size_t i = 0; i < sizeof(timers) / sizeof(*timers); i++) {
		auto_free char *path = text_format("clock/timer[@name='%s']/@%s", timers[i].name,
						   timers[i].attribute);

		path_set(guest->domain, path, timers[i].value);
	}
	if (windows)
		path_set(guest->domain, "clock/timer[@name='hypervclock']/@present", "yes");
}

static void set_sev(struct guest *guest)
{
	const struct xml_element *caps =
		guest->host->domain ? path_find(xml_root(guest->host->domain), "features/sev")
				    : NULL;

	// With encrypted state (bit 2) where the host still has room for it.
	complete_default(guest->domain, "launchSecurity/policy",
			 caps && path_has(caps, "maxESGuests") ? "0x07" : "0x03");
}

// Numbers of a user and a group are a label of "dac", any other is of the host's first model.
static char *label_model(const struct guest *guest, const struct xml_element *seclabel)
{
	auto_free char *label = path_get(seclabel, "label");

	if (label && *label && strspn(label, "0123456789:+") == strlen(label))
		return text_copy("dac");
	return path_get(xml_root(guest->host->xml), "host/secmodel/model");
}

void complete_one_seclabel(struct guest *guest, struct xml_element *seclabel)
{
	auto_free char *model = label_model(guest, seclabel);

	if (!path_has(seclabel, "@type") && !path_has(seclabel, "@model"))
		return;
	complete_default(seclabel, "@type", "dynamic");
	if (model)
		complete_default(seclabel, "@model", model);
}

int complete_security(struct guest *guest, struct error *err)
{
	auto_free char *type = path_get(guest->domain, "launchSecurity/@type");

	if (text_begins(type, "sev")) {
		if (!complete_machine_is(guest, "q35") || !complete_has_uefi(guest)) {
			error_set(err, STATUS_USAGE,
				  "%s launch security requires a Q35 UEFI machine",
				  text_equal(type, "sev-snp") ? "SEV-SNP" : "SEV");
			return error_hint(err, "--machine q35 --boot uefi");
		}
		if (text_equal(type, "sev"))
			set_sev(guest);
	}
	for (struct xml_element *s = xml_child(guest->domain, "seclabel"); s;
	     s = xml_next(s, "seclabel"))
		complete_one_seclabel(guest, s);
	return 0;
}
