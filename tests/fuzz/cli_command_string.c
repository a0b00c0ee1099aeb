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
#include "cmd/vmctl/vmctl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *string = text_copy_bytes((const char *)data, size);
	auto_list struct list typed = tokens_typed(string);
	auto_error struct error err = {0};
	auto_tokens struct tokens tokens = {0};

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
		for (size_t k = 0; k < words->count; k++) {
			auto_free char *quoted = tokens_quote(words->items[k]);
			auto_tokens struct tokens again = {0};

			// What is quoted comes back as it was.
			if (tokens_split(quoted, &again, &ignored) < 0 || again.count != 1 ||
			    !text_equal(again.commands[0].items[0], words->items[k]))
				abort();
		}
	}
	return 0;
}
