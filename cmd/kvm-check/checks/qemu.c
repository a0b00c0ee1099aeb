// SPDX-License-Identifier: GPL-3.0-or-later
// QEMU and its companions. Only the group asked for by name runs them.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/package.h"
#include "host/qemu.h"

static void install(struct examination *x, enum package package)
{
	auto_free char *line = package_install(x->host, package);

	check_fix(x, line ? "install it" : "install it with your distribution's tools");
	if (line)
		check_command_line(x, line);
}

// A tree without programs is not a machine without programs.
static bool nothing_recorded(struct examination *x)
{
	if (!host_is_fragment(x->host))
		return false;
	check_note(x, "not in this recording");
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
		check_fail(x, "there is no QEMU for %s", x->host->architecture);
		install(x, PACKAGE_QEMU);
	}
}

static void tool(struct examination *x)
{
	auto_free char *path = qemu_find_tool(x->host, "qemu-img");

	if (path) {
		check_pass(x, "%s", path);
	} else if (!nothing_recorded(x)) {
		check_warn(x, "not there: no disk images can be made or converted");
		install(x, PACKAGE_QEMU_IMG);
	}
}

static void version(struct examination *x)
{
	auto_free char *path = qemu_find(x->host);
	auto_qemu struct qemu qemu = {0};

	if (!path)
		return;
	qemu_ask(&qemu, x->host, path);
	if (qemu.version)
		check_pass(x, "%s", qemu.version);
	else if (!x->host->root.live)
		check_note(x, "not in this recording");
	else
		check_warn(x, "%s does not answer --version", path);
	check_subject(x, "version");
	if (!qemu.version)
		return;
	if (qemu.accelerators && strstr(qemu.accelerators, "kvm"))
		check_pass(x, "%s", qemu.accelerators);
	else
		check_warn(x, "built without KVM: %s",
			   qemu.accelerators ? qemu.accelerators : "none");
	check_subject(x, "accelerators");
	check_note(x, "%s", qemu.machines ? qemu.machines : "none told");
	check_subject(x, "machine types");
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
		check_note(x, "none: guests cannot boot by UEFI");
	install(x, PACKAGE_FIRMWARE);
}

static void companion(struct examination *x, const char *name, const char *without)
{
	auto_free char *path = qemu_find_tool(x->host, name);

	if (path)
		check_pass(x, "%s", path);
	else if (!nothing_recorded(x))
		check_note(x, "not there: %s", without);
}

static void tpm(struct examination *x)
{
	companion(x, "swtpm", "guests cannot have a TPM");
	install(x, PACKAGE_SWTPM);
}

static void file_sharing(struct examination *x)
{
	companion(x, "virtiofsd", "no directories can be shared with guests by virtiofs");
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
