// SPDX-License-Identifier: GPL-3.0-or-later
// Images that are put away: into a hidden directory of our own beside them, with a list of what is
// in it, so that they can come back. All by descriptors; nothing is ever put over another file.
#pragma once

struct error;

struct trash {
	int directory; // that the images are in
	int top;       // below it, that of all batches
	int batch;     // below that: what is put away together
	char *name;    // of the batch: when it was begun, RFC 3339
	char *path;    // of the batch, for people
};
#define TRASH_NONE                                                                                 \
	{                                                                                          \
		.directory = -1, .top = -1, .batch = -1                                            \
	}

// Begins a batch for images of DIRECTORY.
int trash_begin(const char *directory, struct trash *trash, struct error *err);

// Opens the last batch of DIRECTORY; STATUS_NOT_FOUND where there is none.
int trash_open(const char *directory, struct trash *trash, struct error *err);

// The list is a document of the caller's: written once, before anything is put away; read as text,
// the caller's, NULL on failure.
int trash_write_list(const struct trash *trash, const char *text, struct error *err);
char *trash_read_list(const struct trash *trash, struct error *err);

// Puts the file NAME away. Fails with STATUS_CONFLICT, and it stays or is back, where somebody has
// it open or opens it meanwhile: whoever comes to use it does not notice.
int trash_put(const struct trash *trash, const char *name, struct error *err);

// Gives it back its name, unless there is another file of that name by now. Also takes what nobody
// may have put there: only a file is taken.
int trash_take_back(const struct trash *trash, const char *name, struct error *err);

// Removes a batch that holds nothing but its list, and closes it.
void trash_close(struct trash *trash);
#define auto_trash __attribute__((cleanup(trash_close)))
