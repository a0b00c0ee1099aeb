// SPDX-License-Identifier: GPL-3.0-or-later
// `--graphics`
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/rows.h"
#include "xml/path.h"

static int set_type(const struct suboption_call *call, struct error *err)
{
	(void)err;
	if (text_equal(call->value, "default"))
		path_clear(call->element, "@type");
	else
		path_set(call->element, "@type", call->value);
	return 0;
}

// "none" and "local" leave the keymap to QEMU, which takes that of the display then.
static int set_keymap(const struct suboption_call *call, struct error *err)
{
	(void)err;
	if (!*call->value || text_equal(call->value, "none") || text_equal(call->value, "local"))
		path_clear(call->element, "@keymap");
	else
		path_set(call->element, "@keymap", call->value);
	return 0;
}

enum { PORT_MOST = 65535 };

static int set_port(const struct suboption_call *call, struct error *err)
{
	bool tls = text_begins(call->name, "tls");
	long long port;

	if (!*call->value) {
		path_clear(call->element, tls ? "@tlsPort" : "@port");
		return 0;
	}
	if (number_parse(call->value, INT_MIN, INT_MAX, &port, err) < 0)
		return -1;
	if (port > PORT_MOST)
		return error_set(err, STATUS_USAGE, "a port is at most %d, not %lld", PORT_MOST,
				 port);
	if (port < -1 || (!tls && port >= 0 && port < 5900))
		return error_set(err, STATUS_USAGE,
				 "the port must be above 5900, or -1 for a "
				 "free one, not %lld",
				 port);
	path_set(call->element, tls ? "@tlsPort" : "@port", call->value);
	// It would win.
	path_remove(call->element, "@autoport");
	return 0;
}

// "none" and "socket" are kinds of listening, not addresses. What libvirt says of it in elements
// has to agree, so those go.
static int set_listen(const struct suboption_call *call, struct error *err)
{
	static const char *const ports[] = {"@port", "@tlsPort"};

	(void)err;
	path_remove_all(call->element, "listen");
	if (!text_equal(call->value, "none") && !text_equal(call->value, "socket")) {
		if (*call->value)
			path_set(call->element, "@listen", call->value);
		else
			path_clear(call->element, "@listen");
		return 0;
	}
	path_remove(call->element, "@listen");
	path_remove(call->element, "@autoport");
	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		auto_free char *port = path_get(call->element, ports[i]);

		if (text_equal(port, "-1"))
			path_remove(call->element, ports[i]);
	}
	path_set(call->element, "listen/@type", call->value);
	return 0;
}

// A display of the host's own: which one, and what lets QEMU draw there.
static int finish_graphics(struct option_edit *edit, struct error *err)
{
	auto_free char *type = path_get(edit->element, "@type"), *authority = NULL;
	const char *display = getenv("DISPLAY"), *given = getenv("XAUTHORITY");
	const char *home = getenv("HOME");

	(void)err;
	if (!edit->added || !text_equal(type, "sdl"))
		return 0;
	authority = given ? text_copy(given) : text_format("%s/.Xauthority", home ? home : "");
	if (display && !path_has(edit->element, "@display"))
		path_set(edit->element, "@display", display);
	if (!path_has(edit->element, "@xauth"))
		path_set(edit->element, "@xauth", authority);
	return 0;
}

static const struct suboption graphics_rows[] = {
	CALL("type", NULL, TEXT, set_type),
	CALL("port", NULL, TEXT, set_port),
	CALL("tlsPort", AKA("tlsport"), TEXT, set_port),
	ROW("websocket", NULL, NULL, INTEGER),
	CALL("listen", NULL, TEXT, set_listen),
	CALL("keymap", NULL, TEXT, set_keymap),
	ROW("password", AKA("passwd"), "@passwd", TEXT),
	ROW("passwordValidTo", AKA("passwdValidTo"), "@passwdValidTo", TEXT),
	ROW("connected", NULL, NULL, TEXT),
	ROW("defaultMode", NULL, NULL, TEXT),
	ROW("listens#.type", NULL, "listen#/@type", TEXT),
	ROW("listens#.address", NULL, "listen#/@address", TEXT),
	ROW("listens#.network", NULL, "listen#/@network", TEXT),
	ROW("listens#.socket", NULL, "listen#/@socket", TEXT),
	ROW("image.compression", AKA("image_compression"), NULL, TEXT),
	ROW("streaming.mode", AKA("streaming_mode"), NULL, TEXT),
	ROW("clipboard.copypaste", AKA("clipboard_copypaste"), NULL, YES_NO),
	ROW("mouse.mode", AKA("mouse_mode"), NULL, TEXT),
	ROW("filetransfer.enable", AKA("filetransfer_enable"), NULL, YES_NO),
	ROW("zlib.compression", NULL, NULL, TEXT),
	ROW("gl.enable", AKA("gl"), NULL, YES_NO),
	ROW("gl.rendernode", AKA("rendernode"), NULL, TEXT),
	ROWS_END,
};

const struct guest_option graphics_option = {
	.home = "devices/graphics",
	.traits = OPTION_REPEATS | OPTION_NONE | OPTION_NEEDS_HOST,
	.table = {.option = "--graphics",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, graphics_rows)},
	.finish = finish_graphics,
};
