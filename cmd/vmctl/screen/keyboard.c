// SPDX-License-Identifier: GPL-3.0-or-later
// `type` and `keys`: what somebody at the guest's keyboard does, a text or keys one after the
// other.
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/keycodes.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/hints.h"

enum {
	HELD = 20,             // milliseconds that a key is held
	PAUSE = 2 * HELD,      // and until the next one: QEMU keeps few for later
	TEXT_MOST = 64 * 1024, // bytes
};

// Keys that are pressed together.
struct chord {
	unsigned codes[VIR_DOMAIN_SEND_KEY_MAX_KEYS];
	unsigned count;
};

static int press(struct call *call, struct chord *chord, struct error *err)
{
	virDomainPtr domain = call_domain(call);

	if (virDomainSendKey(domain, VIR_KEYCODE_SET_LINUX, HELD, chord->codes, (int)chord->count,
			     0) < 0)
		return domain_failure(err, domain, "Failed to send keys to domain '%s'",
				      virDomainGetName(domain));
	cancel_poll(call->cancel, NULL, 0, PAUSE);
	return cancel_check(call->cancel, err);
}

static int press_all(struct call *call, struct chord *chords, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (press(call, &chords[i], err) < 0)
			return -1;
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "keys", value_unsigned(count));
	return 0;
}

// --- Text ----------------------------------------------------------------------------------------

// The characters of the keys of a US keyboard, alone and with shift, in the same order.
static const char plain[] = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./ \n\t";
static const char shifted[] = "~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>? \n\t";
static const char *const names[] = {
	"GRAVE", "1",         "2",          "3",          "4",     "5",  "6", "7", "8", "9", "0",
	"MINUS", "EQUAL",     "Q",          "W",          "E",     "R",  "T", "Y", "U", "I", "O",
	"P",     "LEFTBRACE", "RIGHTBRACE", "BACKSLASH",  "A",     "S",  "D", "F", "G", "H", "J",
	"K",     "L",         "SEMICOLON",  "APOSTROPHE", "Z",     "X",  "C", "V", "B", "N", "M",
	"COMMA", "DOT",       "SLASH",      "SPACE",      "ENTER", "TAB"};

static void add_key(struct chord *chord, const char *name)
{
	auto_free char *whole = text_format("KEY_%s", name);
	unsigned code = 0;

	if (keycode_find(VIR_KEYCODE_SET_LINUX, whole, &code))
		chord->codes[chord->count++] = code;
}

static bool chord_of_character(char character, struct chord *chord)
{
	const char *alone = character ? strchr(plain, character) : NULL;
	const char *with = character && !alone ? strchr(shifted, character) : NULL;

	*chord = (struct chord){0};
	if (!alone && !with)
		return false;
	if (with)
		add_key(chord, "LEFTSHIFT");
	add_key(chord, names[alone ? alone - plain : with - shifted]);
	return true;
}

// What is to be typed; the caller's.
static char *wanted_text(struct call *call, struct error *err)
{
	const char *given = argument_text(call, "text");
	auto_free char *text = text_equal(given, "-") ? file_read_fd(STDIN_FILENO, "standard input",
								     TEXT_MOST, NULL, err)
						      : text_copy(given);

	if (!text || !argument_flag(call, "enter"))
		return take(&text);
	return text_format("%s\n", text);
}

static int type(struct call *call, struct error *err)
{
	auto_free char *text = wanted_text(call, err);
	size_t count = text ? strlen(text) : 0;
	auto_free struct chord *chords = memory_new(count + 1, sizeof(*chords));

	if (!text)
		return -1;
	// All of it is looked at before the first key is pressed.
	for (size_t i = 0; i < count; i++) {
		if (chord_of_character(text[i], &chords[i]))
			continue;
		error_set(err, STATUS_USAGE, "character %zu of the text is on no US keyboard",
			  i + 1);
		return error_hint(err, "$vmctl keys -- '%s' KEY... presses any key",
				  call_name(call));
	}
	return press_all(call, chords, count, err);
}

static const struct field results[] = {
	NAME_FIELD,
	FIELD("keys", NULL, FIELD_INTEGER, 0, "how many were pressed, chords counted once"),
	FIELDS_END,
};

static const struct option type_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest at whose keyboard it is typed"),
	{.kind = OPTION_TEXT,
	 .traits = REQUIRED | POSITIONAL | EMPTY_OK | CONFIDENTIAL,
	 .name = "text",
	 .help = "what is typed; -: what standard input has, as for passwords"},
	FLAG("enter", 0, "press Enter behind it"),
	END,
};

const struct command type_command = {
	.name = "type",
	.target = MANY_DOMAINS(BY_ANY),
	.options = type_options,
	.results = results,
	.summary = "type a text on the keyboard of a guest",
	.description = "Presses the keys of a US keyboard, which the guest must think it has. A "
		       "character that is on none is refused before anything is typed.",
	.run = type,
};

// --- Keys ----------------------------------------------------------------------------------------

// What people call keys otherwise than the kernel does.
static const struct {
	const char *name, *key;
} others[] = {
	{"ctrl", "LEFTCTRL"},   {"control", "LEFTCTRL"}, {"alt", "LEFTALT"},  {"altgr", "RIGHTALT"},
	{"shift", "LEFTSHIFT"}, {"super", "LEFTMETA"},   {"win", "LEFTMETA"}, {"meta", "LEFTMETA"},
	{"del", "DELETE"},      {"return", "ENTER"},     {"escape", "ESC"},   {"ins", "INSERT"},
	{"pgup", "PAGEUP"},     {"pgdn", "PAGEDOWN"},    {"print", "SYSRQ"},
};

static bool find_key(const char *name, unsigned *code)
{
	auto_free char *whole = NULL;
	const char *key = name;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcasecmp(others[i].name, name) == 0)
			key = others[i].key;
	whole = text_format("%s%s", strncasecmp(key, "KEY_", 4) == 0 ? "" : "KEY_", key);
	for (char *c = whole; *c; c++)
		*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
	return keycode_find(VIR_KEYCODE_SET_LINUX, whole, code);
}

static int chord_of_word(const char *word, struct chord *chord, struct error *err)
{
	auto_list struct list parts = list_split(word, "-+");

	*chord = (struct chord){0};
	for (size_t i = 0; i < parts.count; i++) {
		if (chord->count == VIR_DOMAIN_SEND_KEY_MAX_KEYS)
			return error_set(err, STATUS_USAGE, "'%s' has more than %d keys", word,
					 VIR_DOMAIN_SEND_KEY_MAX_KEYS);
		if (find_key(parts.items[i], &chord->codes[chord->count])) {
			chord->count++;
			continue;
		}
		error_set(err, STATUS_USAGE, "there is no key '%s'", parts.items[i]);
		return error_hint(err, "such as enter, ctrl-alt-f2, up, f10, minus; the kernel's "
				       "names without KEY_");
	}
	return chord->count ? 0 : error_set(err, STATUS_USAGE, "'%s' names no key", word);
}

static int keys(struct call *call, struct error *err)
{
	const struct list *words = argument_list(call, "key");
	auto_free struct chord *chords = memory_new(words->count + 1, sizeof(*chords));

	for (size_t i = 0; i < words->count; i++)
		if (chord_of_word(words->items[i], &chords[i], err) < 0)
			return -1;
	return press_all(call, chords, words->count, err);
}

// In people's spelling.
static void add_key_names(struct call *call, struct list *found)
{
	(void)call;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		list_add(found, others[i].name);
	for (unsigned i = 0; keycode_name(VIR_KEYCODE_SET_LINUX, i); i++) {
		auto_free char *name = text_copy(keycode_name(VIR_KEYCODE_SET_LINUX, i));

		for (char *c = name; *c; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
		if (text_begins(name, "key_"))
			list_add(found, name + strlen("key_"));
	}
}

static const struct option keys_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose keys are pressed"),
	{.kind = OPTION_REST,
	 .traits = REQUIRED | POSITIONAL,
	 .name = "key",
	 .candidates = add_key_names,
	 .help = "keys one after the other, such as enter, ctrl-alt-f2 or down"},
	END,
};

const struct command keys_command = {
	.name = "keys",
	.target = MANY_DOMAINS(BY_ANY),
	.options = keys_options,
	.results = results,
	.summary = "press keys of a guest one after the other",
	.description = "Each word is a key, or several that are pressed together. send-key, which "
		       "virsh has, presses all its keys at once.",
	.run = keys,
};
