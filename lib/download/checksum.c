// SPDX-License-Identifier: GPL-3.0-or-later
#include "download/checksum.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"

enum { SHA256_DIGITS = 64, SHA512_DIGITS = 128 };

static bool is_checksum(const char *word)
{
	size_t digits = strspn(word, "0123456789abcdefABCDEF");

	return word[digits] == '\0' && (digits == SHA256_DIGITS || digits == SHA512_DIGITS);
}

static char *lower(const char *word)
{
	char *copy = text_copy(word);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

char *checksum_canonical(const char *given)
{
	const char *colon = strchr(given, ':');

	if (text_begins(given, "sha256:") || text_begins(given, "sha512:"))
		given = colon + 1;
	return is_checksum(given) ? lower(given) : NULL;
}

// The words of a line: "HEX *FILE", or "SHA512 (FILE) = HEX". *FILE and *HEX are lent from them.
static bool read_line(const struct list *words, const char **file, const char **hex)
{
	if (words->count == 2 && is_checksum(words->items[0])) {
		*hex = words->items[0];
		*file = words->items[1] + (*words->items[1] == '*');
		return true;
	}
	if (words->count == 3 && is_checksum(words->items[2])) {
		*hex = words->items[2];
		*file = words->items[1];
		return true;
	}
	*file = "";
	*hex = words->count == 1 ? words->items[0] : "";
	return is_checksum(*hex);
}

static bool is_file(const char *name, const char *file)
{
	if (!strchr(file, '/'))
		return text_equal(file_name(name), file);
	return text_equal(text_begins(name, "./") ? name + 2 : name, file);
}

char *checksum_find(const char *sums, const char *file)
{
	auto_list struct list lines = list_split(sums, "\r\n");
	auto_free char *only = NULL;
	size_t found = 0;

	for (size_t i = 0; i < lines.count; i++) {
		auto_list struct list words = list_split(lines.items[i], " \t()=");
		const char *name, *hex;

		if (!read_line(&words, &name, &hex))
			continue;
		if (is_file(name, file))
			return lower(hex);
		free(take(&only));
		only = lower(hex);
		found++;
	}
	return found == 1 ? take(&only) : NULL;
}

int checksum_verify(const char *path, const char *checksum, const char *name, struct error *err)
{
	bool long_one = strlen(checksum) == SHA512_DIGITS;
	const char *argv[] = {long_one ? "sha512sum" : "sha256sum", "-z", "--", path, NULL};
	struct process process = {.argv = argv, .bound = true};
	auto_free char *output = process_output(&process, err);

	if (!output)
		return -1;
	if (text_begins(output, checksum))
		return 0;
	error_set(err, STATUS_CHECK, "'%s' does not have the checksum that was published", name);
	return error_hint(err,
			  "try again; where that does not help, the mirror is not to be trusted");
}
