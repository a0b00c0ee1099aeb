// SPDX-License-Identifier: GPL-3.0-or-later
// QEMU and its companions. Only the group asked for by name runs them.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/package.h"
#include "host/qemu.h"

// A tree without programs is not a machine without programs.
static bool nothing_recorded(struct examination *x)
{
	if (!host_is_fragment(x->host))
		return false;
	check_silent(x);
	return true;
}

static void emulator(struct examination *x)
{
	auto_free char *path = qemu_find(x->host);

	if (path) {
		check_pass(x, "%s", path);
	} else if (text_equal(x->host->architecture, "unknown")) {
		check_note(x, "nothing tells the architecture");
	} else if (!nothing_recorded(x)) {
		check_fail(x, INSTALL(x, PACKAGE_QEMU), "there is no QEMU for %s",
			   x->host->architecture);
	}
}

static void tool(struct examination *x)
{
	auto_free char *path = qemu_find_tool(x->host, "qemu-img");

	if (path) {
		check_pass(x, "%s", path);
	} else if (!nothing_recorded(x)) {
		check_warn(x, INSTALL(x, PACKAGE_QEMU_IMG),
			   "not there: no disk images can be made or converted");
	}
}

static void version(struct examination *x)
{
	auto_free char *path = qemu_find(x->host);
	auto_qemu struct qemu qemu = {0};

	if (!path)
		return;
	qemu_ask(&qemu, x->host, path);
	check_about(x, "version");
	if (qemu.version)
		check_pass(x, "%s", qemu.version);
	else if (!x->host->root.live)
		check_silent(x);
	else
		check_warn(x, NULL, "%s does not answer --version", path);
	if (!qemu.version)
		return;
	check_about(x, "accelerators");
	if (qemu.accelerators && strstr(qemu.accelerators, "kvm"))
		check_pass(x, "%s", qemu.accelerators);
	else
		check_warn(x, NULL, "built without KVM: %s",
			   qemu.accelerators ? qemu.accelerators : "none");
	check_about(x, "machine types");
	check_note(x, "%s", qemu.machines ? qemu.machines : "none told");
}

static void firmware(struct examination *x)
{
	auto_list struct list names = root_names(&x->host->root, "/usr/share/qemu/firmware");
	size_t count = 0;

	if (nothing_recorded(x))
		return;
	for (size_t i = 0; i < names.count; i++)
		count += text_ends(names.items[i], ".json");
	if (count)
		check_pass(x, "%zu kind%s for guests", count, count == 1 ? "" : "s");
	else
		check_say(x, VERDICT_NOTE, INSTALL(x, PACKAGE_FIRMWARE),
			  "none: guests cannot boot by UEFI");
}

static void companion(struct examination *x, const char *name, const struct fix *fix,
		      const char *without)
{
	auto_free char *path = qemu_find_tool(x->host, name);

	if (path)
		check_pass(x, "%s", path);
	else if (!nothing_recorded(x))
		check_say(x, VERDICT_NOTE, fix, "not there: %s", without);
}

static void tpm(struct examination *x)
{
	companion(x, "swtpm", INSTALL(x, PACKAGE_SWTPM), "guests cannot have a TPM");
}

static void file_sharing(struct examination *x)
{
	companion(x, "virtiofsd", NULL, "no directories can be shared with guests by virtiofs");
}

const struct check qemu_checks[] = {
	CHECK("qemu", "emulator", PURPOSE_GUESTS, 0, emulator),
	CHECK("qemu_img", "qemu-img", PURPOSE_GUESTS, 0, tool),
	CHECK("qemu_version", "version", 0, 0, version),
	CHECK("qemu_firmware", "UEFI", 0, 0, firmware),
	CHECK("swtpm", "swtpm", 0, 0, tpm),
	CHECK("virtiofsd", "virtiofsd", 0, 0, file_sharing),
	CHECKS_END,
};
