// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/terminal.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/error.h"
#include "base/text.h"

int terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

bool terminal_colour(int fd)
{
	const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(fd) && !(refused && *refused) && terminal && !text_equal(terminal, "dumb");
}

int terminal_raw(int fd, struct termios *saved, struct error *err)
{
	struct termios raw;

	if (tcgetattr(fd, saved) < 0)
		return error_set_errno(err, errno, "unable to get tty attributes");
	raw = *saved;
	cfmakeraw(&raw);
	if (tcsetattr(fd, TCSAFLUSH, &raw) < 0)
		return error_set_errno(err, errno, "unable to set tty attributes");
	return 0;
}

void terminal_restore(int fd, const struct termios *saved)
{
	tcsetattr(fd, TCSAFLUSH, saved);
}

void terminal_characters(void)
{
	if (text_equal(setlocale(LC_CTYPE, NULL), "C"))
		setlocale(LC_CTYPE, "");
}

// The length of what STRING begins with and takes a column a byte everywhere: printable ASCII.
static size_t plain_length(const char *string)
{
	size_t length = 0;

	while (string[length] >= ' ' && string[length] <= '~')
		length++;
	return length;
}

int terminal_columns(const char *string)
{
	size_t plain = plain_length(string), left;
	mbstate_t state = {0};
	int columns = (int)plain;

	string += plain;
	left = strlen(string);
	if (left == 0)
		return columns;
	terminal_characters();
	while (left > 0) {
		wchar_t character;
		size_t length = mbrtowc(&character, string, left, &state);
		int width;

		if (length == (size_t)-1 || length == (size_t)-2) {
			state = (mbstate_t){0};
			length = 1;
			width = 1;
		} else {
			width = wcwidth(character);
		}
		columns += width > 0 ? width : 0;
		string += length;
		left -= length;
	}
	return columns;
}
