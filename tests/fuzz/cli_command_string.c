// SPDX-License-Identifier: GPL-3.0-or-later
// What a person types: lexed, matched with vmctl's tables, completed. Nothing runs, nothing is
// asked.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/suggest.h"
#include "cli/tokens.h"
#include "cli/typed.h"
#include "cmd/vmctl/vmctl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A line that is completed to a candidate is read as that candidate.
static void check_completion(const char *string)
{
	auto_typed struct typed typed = typed_as_command(string);
	const char *last = typed.words.items[typed.words.count - 1];
	auto_free char *candidate = text_format("%s a'b\"c\\d;#", last);
	auto_free char *replacement = typed_replacement(&typed, candidate);
	// What readline puts in its place begins behind the open quote, or as a word of its own.
	auto_free char *line =
		typed.quote ? text_format("%s%c%s%c", "x ", typed.quote, replacement, typed.quote)
			    : text_format("x %s", replacement);
	auto_tokens struct tokens tokens = {0};
	auto_error struct error err = {0};

	if (tokens_split(line, &tokens, &err) < 0 || tokens.commands[0].count != 2 ||
	    !text_equal(tokens.commands[0].items[1], candidate + typed.kept))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *string = text_copy_bytes((const char *)data, size);
	auto_error struct error err = {0};
	auto_tokens struct tokens tokens = {0};

	check_completion(string);
	if (tokens_split(string, &tokens, &err) < 0)
		return 0;
	for (size_t i = 0; i < tokens.count; i++) {
		const struct list *words = &tokens.commands[i];
		struct list rest = {.items = words->items + 1, .count = words->count - 1};
		const struct command *command = command_find(&vmctl_program, words->items[0]);
		auto_error struct error ignored = {0};

		if (command)
			arguments_free(arguments_parse(command, GRAMMAR_VIRSH, &rest, &ignored));
		else
			suggest_command(&vmctl_program, words->items[0]);
	}
	return 0;
}
