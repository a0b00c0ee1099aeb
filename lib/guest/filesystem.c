// SPDX-License-Identifier: GPL-3.0-or-later
// `--filesystem`
#include "base/cleanup.h"
#include "base/text.h"
#include "guest/rows.h"
#include "xml/path.h"

// Where libvirt wants the source depends on the type.
static int set_source(const struct suboption_call *call, struct error *err)
{
	static const struct {
		const char *type, *path;
	} places[] = {{"template", "source/@name"},
		      {"file", "source/@file"},
		      {"block", "source/@dev"},
		      {"ram", "source/@usage"}};
	auto_free char *type = path_get(call->element, "@type");
	const char *path = "source/@dir";

	(void)err;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (text_equal(type, places[i].type))
			path = places[i].path;
	path_set(call->element, path, call->value);
	return 0;
}

static int finish_filesystem(struct option_edit *edit, struct error *err)
{
	(void)err;
	if (edit->added && !path_has(edit->element, "@type"))
		path_set(edit->element, "@type", "mount");
	return 0;
}

static const struct suboption filesystem_rows[] = {
	ROW("type", NULL, NULL, TEXT),
	ROW("accessmode", AKA("mode"), NULL, TEXT),
	ROW("model", NULL, NULL, TEXT),
	ROW("multidevs", NULL, NULL, TEXT),
	ROW("readonly", NULL, "readonly", ELEMENT),
	ROW("space_hard_limit", NULL, "space_hard_limit", TEXT),
	ROW("space_soft_limit", NULL, "space_soft_limit", TEXT),
	ROW("fmode", NULL, NULL, TEXT),
	ROW("dmode", NULL, NULL, TEXT),
	CALL("source", NULL, TEXT, set_source),
	ROW("target", NULL, "target/@dir", TEXT),
	ROW("source.file", NULL, NULL, TEXT),
	ROW("source.dir", NULL, NULL, TEXT),
	ROW("source.dev", NULL, NULL, TEXT),
	ROW("source.name", NULL, NULL, TEXT),
	ROW("source.pool", NULL, NULL, TEXT),
	ROW("source.volume", NULL, NULL, TEXT),
	ROW("source.units", NULL, NULL, TEXT),
	ROW("source.usage", NULL, NULL, TEXT),
	ROW("source.socket", NULL, NULL, TEXT),
	ROW("target.dir", NULL, NULL, TEXT),
	ROW("binary.path", NULL, NULL, TEXT),
	ROW("binary.xattr", NULL, NULL, ON_OFF),
	ROW("binary.cache.mode", NULL, NULL, TEXT),
	ROW("binary.lock.posix", NULL, NULL, ON_OFF),
	ROW("binary.lock.flock", NULL, NULL, ON_OFF),
	ROW("binary.sandbox.mode", NULL, NULL, TEXT),
	ROW("driver.format", NULL, NULL, TEXT),
	ROW("driver.name", NULL, NULL, TEXT),
	ROW("driver.queue", NULL, NULL, TEXT),
	ROW("driver.type", NULL, NULL, TEXT),
	ROW("driver.wrpolicy", NULL, NULL, TEXT),
	ROWS_END,
};

const struct guest_option filesystem_option = {
	.home = "devices/filesystem",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--filesystem",
		  .leading = AKA("source", "target"),
		  .groups = GROUPS(device_rows, virtio_rows, filesystem_rows)},
	.finish = finish_filesystem,
};
