// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/advice.h"
#include "base/text.h"

__attribute__((format(printf, 1, 0))) static char *formatted(const char *format, va_list list)
{
	struct text text = {0};

	text_append_list(&text, format, list);
	return text_take(&text);
}

void error_clear(struct error *err)
{
	free(err->message);
	free(err->reason);
	free(err->hint);
	free(err->said);
	*err = (struct error){0};
}

int error_set(struct error *err, enum status status, const char *format, ...)
{
	va_list list;
	char *message;

	va_start(list, format);
	message = formatted(format, list); // before clearing: it may quote the old error
	va_end(list);
	error_clear(err);
	*err = (struct error){.status = status, .message = message};
	return -1;
}

static enum status status_of_errno(int number)
{
	switch (number) {
	case ENOENT:
		return STATUS_NOT_FOUND;
	case EEXIST:
		return STATUS_CONFLICT;
	case ETIMEDOUT:
		return STATUS_TIMEOUT;
	default:
		return STATUS_FAILED;
	}
}

int error_set_errno(struct error *err, int number, const char *format, ...)
{
	va_list list;
	char *message;

	va_start(list, format);
	message = formatted(format, list);
	va_end(list);
	error_clear(err);
	*err = (struct error){.status = status_of_errno(number),
			      .message = message,
			      .reason = text_copy(strerror(number))};
	return -1;
}

int error_wrap(struct error *err, const char *format, ...)
{
	va_list list;
	char *message, *reason;

	va_start(list, format);
	message = formatted(format, list);
	va_end(list);
	reason = err->reason ? text_format("%s: %s", err->message, err->reason)
			     : text_copy(err->message);
	free(err->message);
	free(err->reason);
	err->message = message;
	err->reason = reason;
	return -1;
}

int error_hint(struct error *err, const char *format, ...)
{
	struct text text = {0};
	va_list list;

	va_start(list, format);
	advice_append_list(&text, format, list);
	va_end(list);
	free(err->hint);
	err->hint = text_take(&text);
	return -1;
}

int error_move(struct error *err, struct error *from)
{
	error_clear(err);
	*err = *from;
	*from = (struct error){0};
	return -1;
}
