// SPDX-License-Identifier: GPL-3.0-or-later
// `--graphics`
#include "base/error.h"
#include "base/text.h"
#include "guest/device.h"
#include "guest/guest.h"
#include "guest/tables.h"

static const struct suboption graphics_rows[] = {
	ROW("type", NULL, NULL, TEXT),
	ROW("port", NULL, NULL, TEXT),
	ROW("tlsPort", "tlsport", NULL, TEXT),
	ROW("websocket", NULL, NULL, INTEGER),
	ROW("listen", NULL, NULL, TEXT),
	ROW("keymap", NULL, NULL, TEXT),
	ROW("password", "passwd", "@passwd", TEXT),
	ROW("passwordValidTo", "passwdValidTo", "@passwdValidTo", TEXT),
	ROW("connected", NULL, NULL, TEXT),
	ROW("defaultMode", NULL, NULL, TEXT),
	ROW("listens#.type", NULL, "listen#/@type", TEXT),
	ROW("listens#.address", NULL, "listen#/@address", TEXT),
	ROW("listens#.network", NULL, "listen#/@network", TEXT),
	ROW("listens#.socket", NULL, "listen#/@socket", TEXT),
	ROW("image.compression", "image_compression", NULL, TEXT),
	ROW("streaming.mode", "streaming_mode", NULL, TEXT),
	ROW("clipboard.copypaste", "clipboard_copypaste", NULL, YES_NO),
	ROW("mouse.mode", "mouse_mode", NULL, TEXT),
	ROW("filetransfer.enable", "filetransfer_enable", NULL, YES_NO),
	ROW("zlib.compression", NULL, NULL, TEXT),
	ROW("gl.enable", "gl", NULL, YES_NO),
	ROW("gl.rendernode", "rendernode", NULL, TEXT),
	ROWS_END,
};

static const char *const leading[] = {"type", NULL};
static const struct suboption *const groups[] = {device_rows, graphics_rows, NULL};
const struct suboption_table graphics_table = {
	.option = "--graphics", .leading = leading, .groups = groups};

int guest_add_graphics(struct guest *guest, const char *text, struct error *err)
{
	if (text_equal(text, "none")) {
		guest->no_graphics = true;
		return 0;
	}
	return suboptions_apply(&graphics_table, text, device_new(guest, "graphics"), guest, err);
}
