// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a machine down: what the checks have looked at becomes a tree that root_open() reads,
// without names of people and hosts, addresses, serial numbers, passwords.
#pragma once

#include <stddef.h>

struct error;
struct host;
struct recording;

// Writes it below DIRECTORY, which must not exist yet, and gives the number of files in *FILES. On
// failure nothing is left.
int record_write(const struct host *host, const struct recording *recording, const char *directory,
		 size_t *files, struct error *err);
