// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the programs are sound, and each of their rows is used by some test.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka wants the four above.
#include <cmocka.h>
#include <ctype.h>
#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/check.h"
#include "cli/command.h"
#include "cmd/kvm-check/kvm_check.h"
#include "cmd/vm-img/vm_img.h"
#include "cmd/vm-install/vm_install.h"
#include "cmd/vmctl/vmctl.h"

static const struct program *const programs[] = {&vmctl_program, &vm_install_program,
						 &vm_img_program, &kvm_check_program};

static void fail_with(const struct list *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		print_message("#   %s\n", faults->items[i]);
	assert_int_equal(faults->count, 0);
}

static void tables_are_sound(void **state)
{
	auto_list struct list faults = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		check_program(programs[i], &faults);
	fail_with(&faults);
}

// A backslash at the end of a line joins it with the next.
static void join_lines(char *content)
{
	for (char *at = content ? strstr(content, "\\\n") : NULL; at; at = strstr(at, "\\\n"))
		at[0] = at[1] = ' ';
}

// What the tests ask of the programs: the command lines of transcripts and of scripts, parted at
// what parts commands.
static struct list used_lines(void)
{
	static const char *const patterns[] = {"tests/transcripts/*.txt",
					       "tests/e2e/*.sh",
					       "tests/e2e/*.txt",
					       "tests/faults/*.sh",
					       "tests/checks/*.sh",
					       "tests/install/*.txt",
					       "examples/*",
					       "Makefile"};
	struct list lines = {0};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		glob_t found = {0};

		if (glob(patterns[i], 0, NULL, &found) == 0)
			for (size_t j = 0; j < found.gl_pathc; j++) {
				struct error err = {0};
				auto_free char *content =
					file_read(found.gl_pathv[j], 10000000, NULL, &err);
				auto_list struct list pieces = {0};

				join_lines(content);
				pieces = list_split(content ? content : "", "\n;|`");

				for (size_t k = 0; k < pieces.count; k++)
					list_add(&lines, pieces.items[k]);
			}
		globfree(&found);
	}
	return lines;
}

// Whether WORD stands in LINE between characters that belong to no option or command.
static bool has_word(const char *line, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(line, word); at; at = strstr(at + 1, word)) {
		char before = at == line ? ' ' : at[-1], after = at[length];

		if (!isalnum((unsigned char)before) && before != '-' && before != '_' &&
		    !isalnum((unsigned char)after) && after != '-' && after != '_')
			return true;
	}
	return false;
}

static bool is_used(const struct list *lines, const char *command, const char *option)
{
	for (size_t i = 0; i < lines->count; i++)
		if ((!command || has_word(lines->items[i], command)) &&
		    (!option || has_word(lines->items[i], option)))
			return true;
	return false;
}

// By its long name or its letter.
static bool option_is_used(const struct list *lines, const char *command,
			   const struct option *option)
{
	auto_free char *name = text_format("--%s", option->name);
	char letter[] = {'-', option->letter, '\0'};

	return is_used(lines, command, name) || (option->letter && is_used(lines, command, letter));
}

// NAME is what a line must have beside the option: NULL for the options before any command.
static void check_rows(const struct command *command, const char *name, enum grammar grammar,
		       const struct list *lines, struct list *unused)
{
	if (name && !is_used(lines, name, NULL))
		list_add_format(unused, "%s", name);
	for (const struct option *o = command->options; o && o->kind != OPTION_END; o++) {
		// What must be there is there in every use of the command. In a GNU-like program
		// so is what has a place.
		bool placed =
			name && o->traits & POSITIONAL && o->letter == 0 && grammar == GRAMMAR_GNU;

		if (!(o->traits & REQUIRED) && o->kind != OPTION_REST && !placed &&
		    !option_is_used(lines, name, o))
			list_add_format(unused, "%s --%s", command->name, o->name);
	}
}

static void rows_are_exercised(void **state)
{
	auto_list struct list lines = used_lines(), unused = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		const struct command *otherwise = programs[i]->otherwise;
		enum grammar grammar = programs[i]->grammar;

		check_rows(programs[i]->globals, NULL, grammar, &lines, &unused);
		if (otherwise)
			check_rows(otherwise, otherwise->name, grammar, &lines, &unused);
		for (const struct group *group = programs[i]->groups; group->name; group++)
			for (const struct command *const *c = group->commands; *c; c++)
				check_rows(*c, (*c)->name, grammar, &lines, &unused);
	}
	fail_with(&unused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_sound),
		cmocka_unit_test(rows_are_exercised),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
