// SPDX-License-Identifier: GPL-3.0-or-later
// `--serial` and `--console`: character devices.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/device.h"
#include "guest/guest.h"
#include "guest/tables.h"
#include "xml/path.h"

// HOST:PORT, [IPV6]:PORT or :PORT, into the source element at PREFIX.
static void set_address(struct xml_element *element, const char *prefix, const char *value)
{
	auto_free char *host_path = text_format("%s/@host", prefix);
	auto_free char *port_path = text_format("%s/@service", prefix);
	const char *colon = strrchr(value, ':'), *bracket = strrchr(value, ']');
	bool has_port = colon && colon > (bracket ? bracket : value - 1);
	size_t length = has_port ? (size_t)(colon - value) : strlen(value);
	auto_free char *host = NULL;

	if (*value == '[' && bracket)
		host = text_copy_bytes(value + 1, (size_t)(bracket - value) - 1);
	else
		host = text_copy_bytes(value, length);
	path_set(element, host_path, *host ? host : "127.0.0.1");
	if (has_port)
		path_set(element, port_path, colon + 1);
}

// The end that is connected to: for udp, which has both, the one of mode "connect".
static int set_host(const struct suboption_call *call, struct error *err)
{
	auto_free char *type = path_get(call->element, "@type");

	(void)err;
	set_address(call->element, text_equal(type, "udp") ? "source[@mode='connect']" : "source",
		    call->value);
	return 0;
}

static int set_bind_host(const struct suboption_call *call, struct error *err)
{
	(void)err;
	set_address(call->element, "source[@mode='bind']", call->value);
	return 0;
}

static int set_target_address(const struct suboption_call *call, struct error *err)
{
	(void)err;
	set_address(call->element, "target", call->value);
	if (path_has(call->element, "target/@host")) {
		auto_free char *host = path_get(call->element, "target/@host");

		path_remove(call->element, "target/@host");
		path_set(call->element, "target/@address", host);
	}
	if (path_has(call->element, "target/@service")) {
		auto_free char *port = path_get(call->element, "target/@service");

		path_remove(call->element, "target/@service");
		path_set(call->element, "target/@port", port);
	}
	return 0;
}

static const struct suboption character_rows[] = {
	ROW("type", "char_type", NULL, TEXT),
	ROW("path", NULL, "source/@path", TEXT),
	ROW("mode", NULL, "source/@mode", TEXT),
	CALL("bind_host", NULL, TEXT, set_bind_host),
	CALL("host", NULL, TEXT, set_host),
	ROW("source.path", NULL, NULL, TEXT),
	CALL("source.host", NULL, TEXT, set_host),
	ROW("source.service", NULL, NULL, INTEGER),
	CALL("source.bind_host", NULL, TEXT, set_bind_host),
	ROW("source.bind_service", NULL, "source[@mode='bind']/@service", INTEGER),
	CALL("source.connect_host", NULL, TEXT, set_host),
	ROW("source.connect_service", NULL, "source[@mode='connect']/@service", INTEGER),
	ROW("source.mode", NULL, NULL, TEXT),
	ROW("source.master", NULL, NULL, TEXT),
	ROW("source.slave", NULL, NULL, TEXT),
	ROW("source.seclabel#.model", NULL, NULL, TEXT),
	ROW("source.seclabel#.relabel", NULL, NULL, YES_NO),
	ROW("source.seclabel#.label", NULL, "source/seclabel#/label", COMMAS),
	ROW("protocol.type", "protocol", NULL, TEXT),
	ROW("log.file", NULL, NULL, TEXT),
	ROW("log.append", NULL, NULL, ON_OFF),
	ROW("source.clipboard.copypaste", NULL, NULL, YES_NO),
	ROW("source.mouse.mode", NULL, NULL, TEXT),
	ROW("source.channel", NULL, NULL, TEXT),
	ROW("source.tls", NULL, NULL, YES_NO),
	CALL("target.address", "target_address", TEXT, set_target_address),
	ROW("target.type", "target_type", NULL, TEXT),
	ROW("target.name", "name", NULL, TEXT),
	ROW("target.port", NULL, NULL, INTEGER),
	ROW("target.model.name", NULL, NULL, TEXT),
	ROWS_END,
};

static const char *const leading[] = {"type", NULL};
static const struct suboption *const groups[] = {device_rows, character_rows, NULL};
const struct suboption_table serial_table = {
	.option = "--serial", .leading = leading, .groups = groups};
const struct suboption_table console_table = {
	.option = "--console", .leading = leading, .groups = groups};

int guest_add_character(struct guest *guest, const char *kind, const char *text, struct error *err)
{
	const struct suboption_table *table =
		text_equal(kind, "serial") ? &serial_table : &console_table;

	if (text_equal(text, "none")) {
		guest->no_console = true;
		return 0;
	}
	return suboptions_apply(table, text, device_new(guest, kind), guest, err);
}
