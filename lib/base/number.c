// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"

static const char blanks[] = " \t\n\v\f\r"; // which strtoll() skips

int number_parse(const char *string, long long least, long long most, long long *number,
		 struct error *err)
{
	const char *sign = string + strspn(string, blanks);
	const char *digits = sign + (*sign == '-' || *sign == '+');
	char *end = NULL;
	long long value;

	if (!isdigit((unsigned char)*digits))
		return error_set(err, STATUS_USAGE, "'%s' is not a whole number", string);
	errno = 0;
	value = strtoll(string, &end, 10);
	if (*end)
		return error_set(err, STATUS_USAGE, "'%s' is not a whole number", string);
	if (errno == ERANGE || value < least || value > most)
		return error_set(err, STATUS_USAGE, "%s is out of range, %lld to %lld", string,
				 least, most);
	*number = value;
	return 0;
}

static const char prefixes[] = "kmgtpe";

// The factor that SUFFIX stands for, 0 for an unknown one.
static unsigned long long suffix_factor(const char *suffix)
{
	const char *prefix;
	unsigned long long base = 1024, factor = 1;

	if (!strcasecmp(suffix, "b") || !strcasecmp(suffix, "byte") || !strcasecmp(suffix, "bytes"))
		return 1;
	prefix = strchr(prefixes, tolower((unsigned char)*suffix));
	if (!*suffix || !prefix)
		return 0;
	if (!strcasecmp(suffix + 1, "b"))
		base = 1000;
	else if (suffix[1] && strcasecmp(suffix + 1, "ib") != 0)
		return 0;
	for (long i = 0; i <= prefix - prefixes; i++)
		factor *= base;
	return factor;
}

static int size_out_of_range(const char *string, struct size_format format, struct error *err)
{
	const char *unit;
	double most = size_scale(format.most, &unit);

	return error_set(err, STATUS_USAGE, "size '%s' is too large, at most %.4g %s", string, most,
			 unit);
}

static bool is_hexadecimal(const char *string)
{
	return string[0] == '0' && (string[1] == 'x' || string[1] == 'X') &&
	       isxdigit((unsigned char)string[2]);
}

int size_parse(const char *string, struct size_format format, unsigned long long *bytes,
	       struct error *err)
{
	const char *digits = string + strspn(string, blanks);
	unsigned long long whole, factor, value;
	char *end = NULL;
	double fraction = 0;

	digits += *digits == '+';
	if (!isdigit((unsigned char)*digits) &&
	    !(format.fraction && *digits == '.' && isdigit((unsigned char)digits[1])))
		return error_set(err, STATUS_USAGE, "'%s' is not a size", string);
	errno = 0;
	whole = strtoull(digits, &end, format.hexadecimal && is_hexadecimal(digits) ? 16 : 10);
	if (errno == ERANGE)
		return size_out_of_range(string, format, err);
	if (format.fraction && *end == '.' && isdigit((unsigned char)end[1]))
		for (double weight = 0.1; isdigit((unsigned char)*++end); weight /= 10)
			fraction += weight * (*end - '0');
	factor = *end ? suffix_factor(end) : format.unit;
	if (*end && format.hexadecimal && is_hexadecimal(digits))
		factor = 0;
	if (!factor)
		return error_set(err, STATUS_USAGE,
				 "'%s' is not a size: '%s' is not a unit (b, k, M, G, T, P, E)",
				 string, end);
	if (__builtin_mul_overflow(whole, factor, &value) ||
	    __builtin_add_overflow(value, (unsigned long long)(fraction * (double)factor + 0.5),
				   &value) ||
	    value > format.most)
		return size_out_of_range(string, format, err);
	*bytes = value;
	return 0;
}

char *size_text(unsigned long long bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double scaled = (double)bytes;
	int i = 0;

	while (scaled >= 1000 && i < 6) {
		scaled /= 1024;
		i++;
	}
	return text_format("%.3g %s", scaled, units[i]);
}

double size_scale(unsigned long long bytes, const char **unit)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double scaled = (double)bytes;
	int i = 0;

	while (scaled >= 1024 && i < 6) {
		scaled /= 1024;
		i++;
	}
	*unit = units[i];
	return scaled;
}
