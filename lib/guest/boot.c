// SPDX-License-Identifier: GPL-3.0-or-later
// `--boot`
#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/tokens.h"
#include "guest/guest.h"
#include "guest/tables.h"
#include "xml/path.h"

static int add_device(const struct suboption_call *call, struct error *err)
{
	(void)err;
	(void)call; // the order of the words counts, not that of the table: see guest_set_boot()
	return 0;
}

static int set_uefi(const struct suboption_call *call, struct error *err)
{
	return suboption_boolean(call->name, call->value, &((struct guest *)call->data)->wants_uefi,
				 err);
}

// Keys that the firmware trusts are what makes secure boot secure; libvirt then picks a firmware
// that has both.
static int set_secure_boot(const struct suboption_call *call, struct error *err)
{
	bool wanted;

	if (suboption_boolean(call->name, call->value, &wanted, err) < 0)
		return -1;
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

static const struct suboption boot_rows[] = {
	CALL("hd", NULL, TEXT, add_device),
	CALL("cdrom", NULL, TEXT, add_device),
	CALL("fd", NULL, TEXT, add_device),
	CALL("network", NULL, TEXT, add_device),
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
	ROW("loader.readonly", "loader_ro", "os/loader/@readonly", YES_NO),
	ROW("loader.type", "loader_type", "os/loader/@type", TEXT),
	ROW("loader.secure", "loader_secure", "os/loader/@secure", YES_NO),
	ROW("loader.stateless", NULL, "os/loader/@stateless", YES_NO),
	ROW("firmware", NULL, "os/@firmware", TEXT),
	ROW("firmware.feature#.enabled", NULL, "os/firmware/feature#/@enabled", YES_NO),
	ROW("firmware.feature#.name", NULL, "os/firmware/feature#/@name", TEXT),
	ROW("firmware.secure-boot", NULL, "os/firmware/feature[@name='secure-boot']/@enabled",
	    YES_NO),
	ROW("firmware.enrolled-keys", NULL, "os/firmware/feature[@name='enrolled-keys']/@enabled",
	    YES_NO),
	ROW("nvram", NULL, "os/nvram", FILE),
	ROW("nvram.template", "nvram_template", "os/nvram/@template", TEXT),
	ROW("boot#.dev", NULL, "os/boot#/@dev", TEXT),
	ROW("bootmenu.enable", "menu", "os/bootmenu/@enable", YES_NO),
	ROW("bootmenu.timeout", NULL, "os/bootmenu/@timeout", INTEGER),
	ROW("bios.useserial", "useserial", "os/bios/@useserial", YES_NO),
	ROW("bios.rebootTimeout", "rebootTimeout", "os/bios/@rebootTimeout", INTEGER),
	ROW("smbios.mode", "smbios_mode", "os/smbios/@mode", TEXT),
	ROW("nvram.templateFormat", NULL, "os/nvram/@templateFormat", TEXT),
	ROW("kernel", NULL, "os/kernel", FILE),
	ROW("initrd", NULL, "os/initrd", FILE),
	ROW("cmdline", "extra_args|kernel_args", "os/cmdline", COMMAS),
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

static const char *const devices[] = {"hd", "cdrom", "fd", "network", NULL};

static bool is_device(const char *word)
{
	for (const char *const *device = devices; *device; device++)
		if (text_equal(*device, word))
			return true;
	return false;
}

static bool expand(const char *part, const char **name, const char **value)
{
	if (!is_device(part) && !text_equal(part, "uefi"))
		return false;
	*name = part;
	*value = "on";
	return true;
}

static const char *const leading[] = {NULL};
static const struct suboption *const groups[] = {boot_rows, NULL};
const struct suboption_table boot_table = {
	.option = "--boot", .leading = leading, .groups = groups, .expand = expand};

int guest_set_boot(struct guest *guest, const char *text, struct error *err)
{
	auto_list struct list words = list_split(text, ",");

	for (size_t i = 0; i < words.count; i++)
		if (is_device(words.items[i]))
			list_add(&guest->boot_devices, words.items[i]);
	return suboptions_apply(&boot_table, text, guest->domain, guest, err);
}
