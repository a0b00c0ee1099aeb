// SPDX-License-Identifier: GPL-3.0-or-later
// What of a file may be written down for others to read.
#pragma once

struct host;

// The content of the file at PATH that checks need, without what tells of people, hosts, addresses,
// serial numbers, passwords; the caller's. Of a file that is not known here nothing at all.
char *record_filter(const struct host *host, const char *path);
