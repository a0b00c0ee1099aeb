// SPDX-License-Identifier: GPL-3.0-or-later
// `--boot`
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/tokens.h"
#include "guest/guest.h"
#include "guest/rows.h"
#include "xml/path.h"

// The order of the words counts; which devices they mean is known when all devices are.
static int add_device(const struct suboption_call *call, struct error *err)
{
	bool wanted = false;

	if (suboption_boolean(call->name, call->value, &wanted, err) < 0)
		return -1;
	if (wanted && call->guest && !list_has(&call->guest->boot_devices, call->name))
		list_add(&call->guest->boot_devices, call->name);
	return 0;
}

// Which firmware it is to have is decided anew: what an older choice said goes.
static int set_uefi(const struct suboption_call *call, struct error *err)
{
	static const char *const paths[] = {"os/@firmware", "os/firmware", "os/loader", "os/nvram"};
	bool wanted;

	if (suboption_boolean(call->name, call->value, &wanted, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		path_remove(call->element, paths[i]);
	if (call->guest)
		call->guest->wants_uefi = wanted;
	return 0;
}

// "bios" is what there is without a firmware of its own.
static int set_firmware(const struct suboption_call *call, struct error *err)
{
	(void)err;
	if (!*call->value || text_equal(call->value, "bios"))
		path_clear(call->element, "os/@firmware");
	else
		path_set(call->element, "os/@firmware", call->value);
	if (call->guest && text_equal(call->value, "bios"))
		list_add(&call->guest->declined, "firmware");
	return 0;
}

// Keys that the firmware trusts are what makes secure boot secure; libvirt then picks a firmware
// that has both.
static int set_secure_boot(const struct suboption_call *call, struct error *err)
{
	bool wanted;

	if (suboption_boolean(call->name, call->value, &wanted, err) < 0)
		return -1;
	path_remove(call->element, "os/firmware");
	path_set(call->element, "os/firmware/feature[@name='enrolled-keys']/@enabled",
		 wanted ? "yes" : "no");
	return 0;
}

// The arguments of a container's init, parted as a shell would.
static int set_initargs(const struct suboption_call *call, struct error *err)
{
	auto_tokens struct tokens tokens = {0};

	if (tokens_split(call->value, &tokens, err) < 0)
		return -1;
	for (size_t i = 0; tokens.count && i < tokens.commands[0].count; i++) {
		auto_free char *path = text_format("os/initarg[%zu]", i + 1);

		path_set(call->element, path, tokens.commands[0].items[i]);
	}
	return 0;
}

// The machine type that the host now has for what an older one was, without its version.
static int refresh_machine(const struct suboption_call *call, struct error *err)
{
	auto_free char *machine = path_get(call->element, "os/type/@machine");
	bool wanted;

	if (suboption_boolean(call->name, call->value, &wanted, err) < 0)
		return -1;
	if (wanted && text_begins(machine, "pc-q35-"))
		path_set(call->element, "os/type/@machine", "q35");
	else if (wanted && text_begins(machine, "pc-i440fx-"))
		path_set(call->element, "os/type/@machine", "pc");
	else if (wanted && machine && text_begins(machine, "virt-"))
		path_set(call->element, "os/type/@machine", "virt");
	return 0;
}

static const struct suboption boot_rows[] = {
	CALL("hd", AKA("cdrom", "fd", "network"), TEXT, add_device),
	CALL("refresh-machine-type", NULL, TEXT, refresh_machine),
	ROW("os_type", NULL, "os/type", TEXT),
	ROW("arch", NULL, "os/type/@arch", TEXT),
	ROW("machine", NULL, "os/type/@machine", TEXT),
	ROW("bootloader", NULL, "bootloader", TEXT),
	ROW("bootloader_args", NULL, "bootloader_args", TEXT),
	ROW("domain_type", NULL, "@type", TEXT),
	ROW("emulator", NULL, "devices/emulator", TEXT),
	CALL("uefi", NULL, TEXT, set_uefi),
	CALL("secure-boot", NULL, TEXT, set_secure_boot),
	ROW("loader", NULL, "os/loader", TEXT),
	ROW("loader.readonly", AKA("loader_ro"), "os/loader/@readonly", YES_NO),
	ROW("loader.type", AKA("loader_type"), "os/loader/@type", TEXT),
	ROW("loader.secure", AKA("loader_secure"), "os/loader/@secure", YES_NO),
	ROW("loader.stateless", NULL, "os/loader/@stateless", YES_NO),
	CALL("firmware", NULL, TEXT, set_firmware),
	ROW("firmware.feature#.enabled", NULL, "os/firmware/feature#/@enabled", YES_NO),
	ROW("firmware.feature#.name", NULL, "os/firmware/feature#/@name", TEXT),
	ROW("firmware.secure-boot", NULL, "os/firmware/feature[@name='secure-boot']/@enabled",
	    YES_NO),
	ROW("firmware.enrolled-keys", NULL, "os/firmware/feature[@name='enrolled-keys']/@enabled",
	    YES_NO),
	ROW("nvram", NULL, "os/nvram", FILE),
	ROW("nvram.template", AKA("nvram_template"), "os/nvram/@template", TEXT),
	ROW("boot#.dev", NULL, "os/boot#/@dev", TEXT),
	ROW("bootmenu.enable", AKA("menu"), "os/bootmenu/@enable", YES_NO),
	ROW("bootmenu.timeout", NULL, "os/bootmenu/@timeout", INTEGER),
	ROW("bios.useserial", AKA("useserial"), "os/bios/@useserial", YES_NO),
	ROW("bios.rebootTimeout", AKA("rebootTimeout"), "os/bios/@rebootTimeout", INTEGER),
	ROW("smbios.mode", AKA("smbios_mode"), "os/smbios/@mode", TEXT),
	ROW("nvram.templateFormat", NULL, "os/nvram/@templateFormat", TEXT),
	ROW("kernel", NULL, "os/kernel", FILE),
	ROW("initrd", NULL, "os/initrd", FILE),
	ROW("cmdline", AKA("extra_args", "kernel_args"), "os/cmdline", COMMAS),
	ROW("dtb", NULL, "os/dtb", FILE),
	ROW("acpi.table", NULL, "os/acpi/table", FILE),
	ROW("acpi.table.type", NULL, "os/acpi/table/@type", TEXT),
	ROW("init", NULL, "os/init", TEXT),
	CALL("initargs", NULL, TEXT, set_initargs),
	ROW("initarg#", NULL, "os/initarg#", TEXT),
	ROW("initenv#", NULL, "os/initenv#", TEXT),
	ROW("initenv#.name", NULL, "os/initenv#/@name", TEXT),
	ROW("initdir", NULL, "os/initdir", TEXT),
	ROW("inituser", NULL, "os/inituser", TEXT),
	ROW("initgroup", NULL, "os/initgroup", TEXT),
	ROWS_END,
};

static bool expand(const char *part, const char **name, const char **value)
{
	static const char *const words[] = {"hd", "cdrom", "fd", "network", "uefi"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text_equal(words[i], part)) {
			*name = words[i];
			*value = "on";
			return true;
		}
	return false;
}

const struct guest_option boot_option = {
	.home = ".",
	.traits = OPTION_NEEDS_HOST,
	.table = {.option = "--boot",
		  .leading = AKA(NULL),
		  .groups = GROUPS(boot_rows),
		  .expand = expand,
		  .clears = "os"},
};
