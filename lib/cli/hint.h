// SPDX-License-Identifier: GPL-3.0-or-later
// What an advice (base/advice.h) calls a program by, so that its commands, pasted, reach the host
// that the call is for:
//   $0            the program that runs; nothing in its shell
//   $vmctl        vmctl, or what it was called by, with the -c that was given; nothing in its shell
//   $virt-viewer  with the same -c
#pragma once

#include <stdarg.h>

struct call;

// ADVICE with the commands as they are to be typed where the call was; the caller's, NULL of NULL.
char *hint_spell(const struct call *call, const char *advice);

// The same of FORMAT, as advice_append_list() writes it.
char *hint_write(const struct call *call, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));

// For people, as report_message() says it.
void hint_report(const struct call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
