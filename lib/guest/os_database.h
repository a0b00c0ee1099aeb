// SPDX-License-Identifier: GPL-3.0-or-later
// The files of the osinfo database: the user's, this host's, the package's.
#pragma once

#include <stdbool.h>

struct xml;

bool os_database_exists(void);

// The file of an id: "http://debian.org/debian/12" is os/debian.org/debian-12.xml. The caller's;
// NULL where there is none.
char *os_database_path(const char *id);

// Calls LOOK with the content of each file until it gives true; then the path of the file, the
// caller's.
char *os_database_look(bool (*look)(const char *content, void *data), void *data);

// NULL where it cannot be read.
struct xml *os_database_load(const char *path);
