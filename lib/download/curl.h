// SPDX-License-Identifier: GPL-3.0-or-later
// Downloads, with curl as a child: bounded, resumed where they broke off, and
// from https only to https.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct error;
struct progress;

// URL without the name and password in it, the caller's.
char *curl_masked(const char *url);

// What is at URL, at most 4 MiB, with a NUL behind it, the caller's; its length in *LENGTH unless
// that is NULL. NULL on failure.
char *curl_bytes(const char *url, size_t *length, struct error *err);

// Whether the server has something at URL.
bool curl_exists(const char *url);

// Bytes that URL has, 0 where the server does not tell.
unsigned long long curl_size(const char *url);

struct curl_job {
	const char *url;
	unsigned long long size;   // bytes, for the bar; 0 where it is not known
	const char *limit;         // a rate such as "1M" a second, NULL for none
	struct progress *progress; // the bar, NULL for none; lent
};

// Appends to FD, which holds the first bytes by now, what is missing; a server that cannot do that
// sends all of it again. What has arrived stays in FD when it fails, unless that cannot be written:
// a part that fills the disk is of no use.
int curl_download(const struct curl_job *job, int fd, struct error *err);
