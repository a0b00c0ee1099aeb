// SPDX-License-Identifier: GPL-3.0-or-later
// The settings of a format as qemu-img's -o takes them: "name=value,name=value", a comma in a value
// doubled.
#pragma once

#include <stdbool.h>

#include "base/list.h"

struct error;

struct settings {
	struct list names;
	struct list values; // of the same number
};

// Adds those of TEXT; a name without a value is "on". A later one of the same name counts.
int settings_add(struct settings *settings, const char *text, struct error *err);

// NULL where it is not set; lent.
const char *settings_get(const struct settings *settings, const char *name);
void settings_set(struct settings *settings, const char *name, const char *value);

// On unless it is not set or "off"; anything else than on, off and their kin is an error.
int settings_flag(const struct settings *settings, const char *name, bool *flag, struct error *err);

// A size in bytes or another number, FALLBACK where it is not set.
int settings_number(const struct settings *settings, const char *name, unsigned long long fallback,
		    unsigned long long *number, struct error *err);

// All of them as one text for -o, the caller's.
char *settings_text(const struct settings *settings);

void settings_clear(struct settings *settings);
#define auto_settings __attribute__((cleanup(settings_clear)))
