// SPDX-License-Identifier: GPL-3.0-or-later
// Devices that are character devices: ports, channels, consoles, smart cards, redirected USB.
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/character.h"
#include "guest/rows.h"
#include "xml/path.h"

void character_set_address(struct xml_element *element, const char *host_path,
			   const char *port_path, const char *value)
{
	const char *colon = strrchr(value, ':'), *bracket = strrchr(value, ']');
	bool has_port = colon && colon > (bracket ? bracket : value - 1);
	size_t length = has_port ? (size_t)(colon - value) : strlen(value);
	auto_free char *host = NULL;

	if (!*value) {
		path_clear(element, host_path);
		return;
	}
	if (*value == '[' && bracket)
		host = text_copy_bytes(value + 1, (size_t)(bracket - value) - 1);
	else
		host = text_copy_bytes(value, length);
	path_set(element, host_path, *host ? host : "127.0.0.1");
	if (has_port)
		path_set(element, port_path, colon + 1);
}

static int set_connect_host(const struct suboption_call *call, struct error *err)
{
	(void)err;
	character_set_address(call->element, "source[@mode='connect']/@host",
			      "source[@mode='connect']/@service", call->value);
	return 0;
}

// The end that is connected to: for udp, which has both, the one of mode "connect".
static int set_host(const struct suboption_call *call, struct error *err)
{
	auto_free char *type = path_get(call->element, "@type");

	if (text_equal(type, "udp"))
		return set_connect_host(call, err);
	character_set_address(call->element, "source/@host", "source/@service", call->value);
	return 0;
}

static int set_bind_host(const struct suboption_call *call, struct error *err)
{
	(void)err;
	character_set_address(call->element, "source[@mode='bind']/@host",
			      "source[@mode='bind']/@service", call->value);
	return 0;
}

static int set_target_address(const struct suboption_call *call, struct error *err)
{
	(void)err;
	character_set_address(call->element, "target/@address", "target/@port", call->value);
	return 0;
}

static void set_default(struct xml_element *element, const char *path, const char *value)
{
	if (!path_has(element, path))
		path_set(element, path, value);
}

// A socket that nobody has made yet is made by QEMU.
static int finish_port(struct option_edit *edit, struct error *err)
{
	auto_free char *type = path_get(edit->element, "@type");

	(void)err;
	if (edit->added)
		set_default(edit->element, "@type", "pty");
	if (text_equal(type, "unix") && (edit->added || path_has(edit->element, "source/@path")))
		set_default(edit->element, "source/@mode", "bind");
	return 0;
}

static int finish_channel(struct option_edit *edit, struct error *err)
{
	auto_free char *type = path_get(edit->element, "@type");

	if (edit->added)
		set_default(edit->element, "target/@type", "virtio");
	if (text_equal(type, "spicevmc") || text_equal(type, "qemu-vdagent"))
		set_default(edit->element, "target/@name", "com.redhat.spice.0");
	return finish_port(edit, err);
}

static int finish_smartcard(struct option_edit *edit, struct error *err)
{
	auto_free char *mode = NULL;

	(void)err;
	set_default(edit->element, "@mode", "passthrough");
	mode = path_get(edit->element, "@mode");
	set_default(edit->element, "@type", text_equal(mode, "passthrough") ? "spicevmc" : "tcp");
	return 0;
}

static int finish_redirdev(struct option_edit *edit, struct error *err)
{
	(void)err;
	set_default(edit->element, "@bus", "usb");
	set_default(edit->element, "@type", "spicevmc");
	return 0;
}

const struct suboption character_rows[] = {
	ROW("source.path", NULL, NULL, TEXT),
	CALL("source.host", NULL, TEXT, set_host),
	ROW("source.service", NULL, NULL, INTEGER),
	CALL("source.bind_host", NULL, TEXT, set_bind_host),
	ROW("source.bind_service", NULL, "source[@mode='bind']/@service", INTEGER),
	CALL("source.connect_host", NULL, TEXT, set_connect_host),
	ROW("source.connect_service", NULL, "source[@mode='connect']/@service", INTEGER),
	ROW("source.mode", NULL, NULL, TEXT),
	ROW("source.master", NULL, NULL, TEXT),
	ROW("source.slave", NULL, NULL, TEXT),
	ROW("source.seclabel#.model", NULL, NULL, TEXT),
	ROW("source.seclabel#.relabel", NULL, NULL, YES_NO),
	ROW("source.seclabel#.label", NULL, "source/seclabel#/label", COMMAS),
	ROW("protocol.type", AKA("protocol"), NULL, TEXT),
	ROW("log.file", NULL, NULL, TEXT),
	ROW("log.append", NULL, NULL, ON_OFF),
	ROW("source.clipboard.copypaste", NULL, NULL, YES_NO),
	ROW("source.mouse.mode", NULL, NULL, TEXT),
	ROW("source.channel", NULL, NULL, TEXT),
	ROW("source.tls", NULL, NULL, YES_NO),
	ROWS_END,
};

static const struct suboption port_rows[] = {
	ROW("type", AKA("char_type"), NULL, TEXT),
	ROW("path", NULL, "source/@path", TEXT),
	ROW("mode", NULL, "source/@mode", TEXT),
	CALL("bind_host", NULL, TEXT, set_bind_host),
	CALL("host", NULL, TEXT, set_host),

	ROWS_END,
};

static const struct suboption target_rows[] = {
	CALL("target.address", AKA("target_address"), TEXT, set_target_address),
	ROW("target.type", AKA("target_type"), NULL, TEXT),
	ROW("target.name", AKA("name"), NULL, TEXT),
	ROW("target.port", NULL, NULL, INTEGER),
	ROW("target.model.name", NULL, NULL, TEXT),
	ROWS_END,
};

const struct guest_option serial_option = {
	.home = "devices/serial",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--serial",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, port_rows, character_rows, target_rows)},
	.finish = finish_port,
};

const struct guest_option parallel_option = {
	.home = "devices/parallel",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--parallel",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, port_rows, character_rows, target_rows)},
	.finish = finish_port,
};

const struct guest_option channel_option = {
	.home = "devices/channel",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--channel",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, port_rows, character_rows, target_rows)},
	.finish = finish_channel,
};

const struct guest_option console_option = {
	.home = "devices/console",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--console",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, port_rows, character_rows, target_rows)},
	.finish = finish_port,
};

static const struct suboption smartcard_rows[] = {
	ROW("mode", NULL, NULL, TEXT),
	ROW("type", NULL, NULL, TEXT),
	ROW("database", NULL, "database", COMMAS),
	ROW("certificate#", NULL, "certificate#", COMMAS),
	ROWS_END,
};

const struct guest_option smartcard_option = {
	.home = "devices/smartcard",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--smartcard",
		  .leading = AKA("mode"),
		  .groups = GROUPS(device_rows, smartcard_rows, character_rows)},
	.finish = finish_smartcard,
};

static const struct suboption redirdev_rows[] = {
	ROW("boot.order", AKA("boot_order"), NULL, INTEGER),
	ROW("bus", NULL, NULL, TEXT),
	ROW("type", NULL, NULL, TEXT),
	CALL("server", NULL, TEXT, set_host),
	ROWS_END,
};

const struct guest_option redirdev_option = {
	.home = "devices/redirdev",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--redirdev",
		  .leading = AKA("bus"),
		  .groups = GROUPS(device_rows, redirdev_rows, character_rows)},
	.finish = finish_redirdev,
};
