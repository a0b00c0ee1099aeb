// SPDX-License-Identifier: GPL-3.0-or-later
// `--metadata` and `--sysinfo`.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/identity.h"
#include "guest/os.h"
#include "guest/rows.h"
#include "xml/document.h"
#include "xml/path.h"

static int set_os_id(const struct suboption_call *call, struct error *err)
{
	if (*call->value && !os_is_known(call->value))
		return error_set(err, STATUS_NOT_FOUND, "Unknown libosinfo ID '%s'", call->value);
	path_set(call->element, "metadata/libosinfo:libosinfo/libosinfo:os/@id", call->value);
	return 0;
}

static int set_os_name(const struct suboption_call *call, struct error *err)
{
	auto_os struct os *os = os_find(call->value, err);

	if (!os)
		return -1;
	if (os_id(os))
		path_set(call->element, "metadata/libosinfo:libosinfo/libosinfo:os/@id", os_id(os));
	return 0;
}

static int set_uuid(const struct suboption_call *call, struct error *err)
{
	if (!identity_is_uuid(call->value))
		return error_set(err, STATUS_USAGE, "'%s' is not a UUID", call->value);
	path_set(call->element, "uuid", call->value);
	return 0;
}

static const struct suboption metadata_rows[] = {
	ROW("name", NULL, "name", COMMAS),
	ROW("title", NULL, "title", COMMAS),
	CALL("uuid", NULL, TEXT, set_uuid),
	ROW("genid", NULL, "genid", TEXT),
	ROW("genid_enable", NULL, "genid", ELEMENT),
	ROW("description", NULL, "description", COMMAS),
	CALL("os_name", NULL, TEXT, set_os_name),
	CALL("os_full_id", NULL, TEXT, set_os_id),
	ROWS_END,
};

const struct guest_option metadata_option = {
	.home = ".",
	.traits = 0,
	.table = {.option = "--metadata", .leading = AKA(NULL), .groups = GROUPS(metadata_rows)},
};

// "host" and "emulate" are modes of the firmware's tables, any other word a kind of them.
static int set_sysinfo(const struct suboption_call *call, struct error *err)
{
	(void)err;
	if (text_equal(call->value, "host") || text_equal(call->value, "emulate")) {
		struct xml_element *domain = xml_parent(call->element);

		if (domain)
			path_set(domain, "os/smbios/@mode", call->value);
		return 0;
	}
	path_set(call->element, "@type", call->value);
	return 0;
}

static int finish_sysinfo(struct option_edit *edit, struct error *err)
{
	struct xml_element *domain = xml_parent(edit->element);
	auto_free char *type = NULL;

	(void)err;
	if (xml_is_empty(edit->element))
		return 0;
	if (!path_has(edit->element, "@type"))
		path_set(edit->element, "@type", "smbios");
	type = path_get(edit->element, "@type");
	if (domain && text_equal(type, "smbios") && !path_has(domain, "os/smbios/@mode"))
		path_set(domain, "os/smbios/@mode", "sysinfo");
	return 0;
}

static const struct suboption sysinfo_rows[] = {
	CALL("type", NULL, COMMAS, set_sysinfo),
	ROW("bios.vendor", AKA("bios_vendor"), "bios/entry[@name='vendor']", TEXT),
	ROW("bios.version", AKA("bios_version"), "bios/entry[@name='version']", TEXT),
	ROW("bios.date", AKA("bios_date"), "bios/entry[@name='date']", TEXT),
	ROW("bios.release", AKA("bios_release"), "bios/entry[@name='release']", TEXT),
	ROW("system.manufacturer", AKA("system_manufacturer"), "system/entry[@name='manufacturer']",
	    TEXT),
	ROW("system.product", AKA("system_product"), "system/entry[@name='product']", TEXT),
	ROW("system.version", AKA("system_version"), "system/entry[@name='version']", TEXT),
	ROW("system.serial", AKA("system_serial"), "system/entry[@name='serial']", TEXT),
	ROW("system.uuid", AKA("system_uuid"), "system/entry[@name='uuid']", TEXT),
	ROW("system.sku", AKA("system_sku"), "system/entry[@name='sku']", TEXT),
	ROW("system.family", AKA("system_family"), "system/entry[@name='family']", TEXT),
	ROW("baseBoard.manufacturer", AKA("baseBoard_manufacturer"),
	    "baseBoard/entry[@name='manufacturer']", TEXT),
	ROW("baseBoard.product", AKA("baseBoard_product"), "baseBoard/entry[@name='product']",
	    TEXT),
	ROW("baseBoard.version", AKA("baseBoard_version"), "baseBoard/entry[@name='version']",
	    TEXT),
	ROW("baseBoard.serial", AKA("baseBoard_serial"), "baseBoard/entry[@name='serial']", TEXT),
	ROW("baseBoard.asset", AKA("baseBoard_asset"), "baseBoard/entry[@name='asset']", TEXT),
	ROW("baseBoard.location", AKA("baseBoard_location"), "baseBoard/entry[@name='location']",
	    TEXT),
	ROW("chassis.manufacturer", NULL, "chassis/entry[@name='manufacturer']", TEXT),
	ROW("chassis.version", NULL, "chassis/entry[@name='version']", TEXT),
	ROW("chassis.serial", NULL, "chassis/entry[@name='serial']", TEXT),
	ROW("chassis.asset", NULL, "chassis/entry[@name='asset']", TEXT),
	ROW("chassis.sku", NULL, "chassis/entry[@name='sku']", TEXT),
	ROW("oemStrings.entry#", NULL, "oemStrings/entry#", COMMAS),
	ROW("entry#", NULL, "entry#", COMMAS),
	ROW("entry#.name", NULL, NULL, COMMAS),
	ROW("entry#.file", NULL, NULL, COMMAS),
	ROWS_END,
};

const struct guest_option sysinfo_option = {
	.home = "sysinfo",
	.traits = 0,
	.table = {.option = "--sysinfo", .leading = AKA("type"), .groups = GROUPS(sysinfo_rows)},
	.finish = finish_sysinfo,
};
