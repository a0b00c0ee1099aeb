// SPDX-License-Identifier: GPL-3.0-or-later
// What kind of machine this is, and who else may hold the processor's virtualisation.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/module.h"
#include "host/platform.h"

static void machine(struct examination *x)
{
	const struct platform *platform = examination_platform(x);
	auto_text struct text text = {0};

	if (platform->xen_control)
		text_append(&text, "Xen's control domain");
	else if (platform->hypervisor)
		text_append_format(&text, "a guest of %s", platform->hypervisor);
	else
		text_append(&text, "no hypervisor below that is known");
	if (platform->container)
		text_append_format(&text, ", in a container (%s)", platform->container);
	if (platform->wsl)
		text_append_format(&text, ", Windows Subsystem for Linux%s",
				   platform->wsl1 ? " 1" : "");
	if (platform->model)
		text_append_format(&text, "; %s", platform->model);
	check_note(x, "%s", text_string(&text));
}

// Whether all modules that are loaded are seen; trees of others may hold a few. The kernel's own
// parameters are always there.
static bool tells_modules(const struct host *host)
{
	return root_exists(&host->root, "/proc/modules") ||
	       root_exists(&host->root, host->root.foreign ? "/sys/module/kernel" : "/sys/module");
}

static void others(struct examination *x)
{
	static const struct {
		const char *module, *name;
	} hypervisors[] = {
		{"vboxdrv", "VirtualBox"},
		{"vmmon", "VMware Workstation"},
		{"prl_hypervisor", "Parallels"},
		{"hax", "HAXM"},
	};

	if (examination_platform(x)->xen_control) {
		x->layer = LAYER_MODULE;
		check_fail(x, FIX("use Xen's own guests, or boot without Xen"),
			   "Xen runs below this system and holds the processor");
		return;
	}
	for (size_t i = 0; i < sizeof(hypervisors) / sizeof(*hypervisors); i++) {
		const char *module = hypervisors[i].module;
		// Only a loaded module counts: what could be loaded holds nothing.
		auto_free char *path = text_format("/sys/module/%s", module);

		if (!root_exists(&x->host->root, path))
			continue;
		check_warn(x,
			   FIX(check_text(x, "stop its guests before those of KVM, or unload %s",
					  module)),
			   "the modules of %s (%s) are loaded: while its guests run, KVM may be "
			   "refused the processor (EBUSY)",
			   hypervisors[i].name, module);
		return;
	}
	if (tells_modules(x->host))
		check_pass(x, "no other hypervisor is loaded");
	else
		check_silent(x);
}

const struct check hypervisor_checks[] = {
	CHECK("machine", "this machine", PURPOSE_GUESTS, 0, machine),
	CHECK("other_hypervisors", "others", PURPOSE_GUESTS, 0, others),
	CHECKS_END,
};
