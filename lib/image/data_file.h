// SPDX-License-Identifier: GPL-3.0-or-later
// The file that holds the data of a new image where that has only the metadata (data_file= of
// qcow2): made here, so that nobody can lead its maker elsewhere, and written in place.
#pragma once

#include <stdbool.h>

struct error;

struct data_file {
	char *path; // NULL: there is none
	int directory, fd;
	bool made; // it was not there before
};
#define DATA_FILE_NONE                                                                             \
	{                                                                                          \
		.directory = -1, .fd = -1                                                          \
	}

// Makes it, empty, or with REPLACE opens the one that is there.
int data_file_begin(const char *path, bool replace, struct data_file *data, struct error *err);

// It stays.
void data_file_keep(struct data_file *data);

// Removes one that was made and is not to stay.
void data_file_clear(struct data_file *data);
