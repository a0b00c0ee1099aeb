// SPDX-License-Identifier: GPL-3.0-or-later
// What of a file may be written down for others to read.
#pragma once

struct host;

// The content of the file at PATH that checks need, without what tells of people, hosts, addresses,
// serial numbers, passwords; the caller's. Of a file that is not known here nothing at all.
char *record_filter(const struct host *host, const char *path);

// Under which path the file is written, the caller's: people name files of modprobe.d, so those get
// numbers; NULL where nothing of it is written, not even that it is there.
char *record_name(const struct host *host, const char *path);
