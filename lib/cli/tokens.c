// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/tokens.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

enum token { TOKEN_WORD, TOKEN_COMMAND_END, TOKEN_END, TOKEN_BAD };

struct lexer {
	const char *next;
	const char *ends; // what ends a word that stands outside quotes
	struct error *err;
};

static const char *skip_comment(const char *next)
{
	next += strcspn(next, "\n");
	return next;
}

// After a backslash: a newline vanishes with it, any other character is itself.
static int append_escaped(struct lexer *lexer, struct text *word)
{
	if (!*lexer->next)
		return error_set(lexer->err, STATUS_USAGE, "dangling \\ at the end");
	if (*lexer->next != '\n')
		text_append_char(word, *lexer->next);
	lexer->next++;
	return 0;
}

static void append_single_quoted(struct lexer *lexer, struct text *word)
{
	size_t length = strcspn(lexer->next, "'");

	text_append_bytes(word, lexer->next, length);
	lexer->next += length;
	if (*lexer->next)
		lexer->next++;
}

static int append_double_quoted(struct lexer *lexer, struct text *word)
{
	while (*lexer->next && *lexer->next != '"') {
		char character = *lexer->next++;

		if (character != '\\')
			text_append_char(word, character);
		else if (append_escaped(lexer, word) < 0)
			return -1;
	}
	if (!*lexer->next)
		return error_set(lexer->err, STATUS_USAGE, "missing \" at the end");
	lexer->next++;
	return 0;
}

static enum token read_word(struct lexer *lexer, struct text *word)
{
	while (*lexer->next && !strchr(lexer->ends, *lexer->next)) {
		char character = *lexer->next++;
		int failed = 0;

		if (character == '\'')
			append_single_quoted(lexer, word);
		else if (character == '"')
			failed = append_double_quoted(lexer, word);
		else if (character == '\\')
			failed = append_escaped(lexer, word);
		else
			text_append_char(word, character);
		if (failed)
			return TOKEN_BAD;
	}
	return TOKEN_WORD;
}

static enum token next_token(struct lexer *lexer, struct text *word)
{
	for (;;) {
		lexer->next += strspn(lexer->next, " \t");
		// A line that goes on: the pair vanishes between words too.
		if (lexer->next[0] == '\\' && lexer->next[1] == '\n')
			lexer->next += 2;
		else if (*lexer->next == '#')
			lexer->next = skip_comment(lexer->next);
		else
			break;
	}
	if (!*lexer->next)
		return TOKEN_END;
	if (*lexer->next == ';' || *lexer->next == '\n') {
		lexer->next++;
		return TOKEN_COMMAND_END;
	}
	return read_word(lexer, word);
}

bool tokens_comment(const char *command)
{
	return *command == '#';
}

static void add_command(struct tokens *tokens, struct list *words)
{
	if (words->count == 0)
		return;
	if (tokens_comment(words->items[0])) {
		list_clear(words);
		return;
	}
	tokens->commands = memory_resize(tokens->commands, tokens->count + 1, sizeof(*words));
	tokens->commands[tokens->count++] = *words;
	*words = (struct list){0};
}

int tokens_split(const char *string, struct tokens *tokens, struct error *err)
{
	struct lexer lexer = {.next = string, .ends = " \t\n;", .err = err};
	auto_tokens struct tokens found = {0};
	auto_list struct list words = {0};

	for (;;) {
		auto_text struct text word = {0};
		enum token token = next_token(&lexer, &word);

		if (token == TOKEN_BAD)
			return -1;
		if (token == TOKEN_WORD) {
			list_add_owned(&words, text_take(&word));
			continue;
		}
		add_command(&found, &words);
		if (token == TOKEN_END)
			break;
	}
	*tokens = found;
	found = (struct tokens){0};
	return 0;
}

void tokens_clear(struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++)
		list_clear(&tokens->commands[i]);
	free(tokens->commands);
	*tokens = (struct tokens){0};
}

int tokens_words(const char *string, struct list *words, struct error *err)
{
	struct lexer lexer = {.next = string, .ends = " \t\n", .err = err};

	for (lexer.next += strspn(lexer.next, lexer.ends); *lexer.next;
	     lexer.next += strspn(lexer.next, lexer.ends)) {
		auto_text struct text word = {0};

		if (read_word(&lexer, &word) == TOKEN_BAD)
			return -1;
		list_add_owned(words, text_take(&word));
	}
	return 0;
}
