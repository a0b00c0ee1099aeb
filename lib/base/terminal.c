// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/terminal.h"

#include <ctype.h>
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

size_t terminal_character(const char *string, wchar_t *character)
{
	mbstate_t state = {0};
	size_t length;

	*character = (wchar_t)*string;
	if (isascii((unsigned char)*string))
		return 1;
	if (text_equal(setlocale(LC_CTYPE, NULL), "C"))
		setlocale(LC_CTYPE, "");
	length = mbrtowc(character, string, strlen(string), &state);
	return length == (size_t)-1 || length == (size_t)-2 ? 0 : length;
}

int terminal_columns(const char *string)
{
	int columns = 0;

	while (*string) {
		wchar_t character;
		size_t length = terminal_character(string, &character);
		int width = length ? wcwidth(character) : 1;

		columns += width > 0 ? width : 0;
		string += length ? length : 1;
	}
	return columns;
}
