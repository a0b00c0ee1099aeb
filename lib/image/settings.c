// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "image/size.h"

static size_t index_of(const struct settings *settings, const char *name)
{
	size_t i = 0;

	while (i < settings->names.count && !text_equal(settings->names.items[i], name))
		i++;
	return i;
}

void settings_set(struct settings *settings, const char *name, const char *value)
{
	size_t i = index_of(settings, name);

	if (i < settings->names.count) {
		free(settings->values.items[i]);
		settings->values.items[i] = text_copy(value);
		return;
	}
	list_add(&settings->names, name);
	list_add(&settings->values, value);
}

// Takes the text up to a comma that stands alone off *NEXT.
static char *next_piece(const char **next)
{
	struct text piece = {0};
	const char *c = *next;

	for (; *c && (*c != ',' || c[1] == ','); c++) {
		c += *c == ',';
		text_append_char(&piece, *c);
	}
	*next = *c ? c + 1 : c;
	return text_take(&piece);
}

int settings_add(struct settings *settings, const char *text, struct error *err)
{
	while (*text) {
		auto_free char *piece = next_piece(&text);
		char *equals = strchr(piece, '=');

		if (equals)
			*equals = '\0';
		if (!*piece)
			return error_set(err, STATUS_USAGE,
					 "a setting without a name; they are name=value,...");
		settings_set(settings, piece, equals ? equals + 1 : "on");
	}
	return 0;
}

const char *settings_get(const struct settings *settings, const char *name)
{
	size_t i = index_of(settings, name);

	return i < settings->names.count ? settings->values.items[i] : NULL;
}

int settings_flag(const struct settings *settings, const char *name, bool *flag, struct error *err)
{
	static const char *const on[] = {"on", "yes", "true", "y"};
	static const char *const off[] = {"off", "no", "false", "n"};
	const char *value = settings_get(settings, name);

	if (!value) {
		*flag = false;
		return 0;
	}
	for (size_t i = 0; i < sizeof(on) / sizeof(*on); i++)
		if (text_equal(value, on[i]) || text_equal(value, off[i])) {
			*flag = text_equal(value, on[i]);
			return 0;
		}
	return error_set(err, STATUS_USAGE, "%s is on or off, not '%s'", name, value);
}

int settings_number(const struct settings *settings, const char *name, unsigned long long fallback,
		    unsigned long long *number, struct error *err)
{
	const char *value = settings_get(settings, name);

	if (!value) {
		*number = fallback;
		return 0;
	}
	if (image_size_parse(value, number, err) < 0)
		return error_wrap(err, "%s has an invalid value", name);
	return 0;
}

char *settings_text(const struct settings *settings)
{
	struct text text = {0};

	for (size_t i = 0; i < settings->names.count; i++) {
		text_append_format(&text, "%s%s=", i ? "," : "", settings->names.items[i]);
		for (const char *c = settings->values.items[i]; *c; c++) {
			text_append_char(&text, *c);
			if (*c == ',')
				text_append_char(&text, ',');
		}
	}
	return text_take(&text);
}

void settings_clear(struct settings *settings)
{
	list_clear(&settings->names);
	list_clear(&settings->values);
}
