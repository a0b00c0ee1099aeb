// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/create_line.h"

#include "base/text.h"
#include "image/qcow2_write.h"
#include "image/settings.h"

static void append_setting(struct text *line, const struct settings *settings, const char *name,
			   const char *fallback)
{
	const char *value = settings_get(settings, name);

	if (!value)
		value = fallback;
	if (!value)
		return;
	text_append_format(line, " %s=", name);
	for (const char *c = value; *c; c++)
		text_append_format(line, *c == ',' ? "%c," : "%c", *c);
}

char *create_line_raw(const char *path, const struct settings *settings, unsigned long long size)
{
	struct text line = {0};

	text_append_format(&line, "Formatting '%s', fmt=raw size=%llu", path, size);
	append_setting(&line, settings, "preallocation", NULL);
	return text_take(&line);
}

// In the order of QEMU's own table.
char *create_line_qcow2(const char *path, const struct settings *settings,
			const struct qcow2_plan *plan, unsigned long long size)
{
	struct text line = {0};

	text_append_format(&line, "Formatting '%s', fmt=qcow2", path);
	append_setting(&line, settings, "encryption", NULL);
	text_append_format(&line, " cluster_size=%llu", 1ULL << plan->cluster_bits);
	text_append_format(&line, " extended_l2=%s", plan->extended_l2 ? "on" : "off");
	append_setting(&line, settings, "preallocation", NULL);
	append_setting(&line, settings, "compression_type", "zlib");
	text_append_format(&line, " size=%llu", size);
	append_setting(&line, settings, "compat", NULL);
	append_setting(&line, settings, "backing_file", plan->backing_file);
	append_setting(&line, settings, "backing_fmt", plan->backing_format);
	append_setting(&line, settings, "data_file_raw", NULL);
	text_append_format(&line, " lazy_refcounts=%s", plan->lazy_refcounts ? "on" : "off");
	text_append_format(&line, " refcount_bits=%llu", 1ULL << plan->refcount_order);
	append_setting(&line, settings, "nocow", NULL);
	return text_take(&line);
}
