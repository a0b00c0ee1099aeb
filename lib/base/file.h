// SPDX-License-Identifier: GPL-3.0-or-later
// Whole files: read with a bound, replaced atomically, temporary ones private.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;

// The content of PATH with a NUL behind it, the caller's; its length in *LENGTH unless that is
// NULL. More than MOST bytes is an error. Works for files whose size is not known, such as in /proc
// or pipes.
char *file_read(const char *path, size_t most, size_t *length, struct error *err);

// The same from an open FD; PATH is for the message.
char *file_read_fd(int fd, const char *path, size_t most, size_t *length, struct error *err);

// Makes PATH hold LENGTH bytes of DATA, all or nothing (see staged_file.h). A new file has MODE,
// one that is replaced hands on its own.
int file_replace(const char *path, const void *data, size_t length, mode_t mode, struct error *err);

// Writes all of it to FD, however many calls it takes.
int file_write_all(int fd, const void *data, size_t length);

// Makes a directory that only the caller may enter, in $TMPDIR or /tmp; its path is the caller's.
char *file_private_directory(struct error *err);

// Makes the directory PATH and those above it that are missing, with MODE. What is there is left as
// it is; -1 with errno set where there is none in the end.
int file_make_directories(const char *path, mode_t mode);

// Removes such a private directory with the files in it; directories below it stay, and it with
// them.
void file_remove_directory(const char *path);

// The number of files in a directory, hidden ones too; -1 where it cannot be read.
int file_count(const char *directory);

// Whether NAME in DIRECTORY (a descriptor) is the file that FD is; a link is not followed.
bool file_is_at(int fd, int directory, const char *name);

bool file_exists(const char *path);
bool file_is_directory(const char *path);

// PATH from the root directory on, the caller's; the file need not exist.
char *file_absolute(const char *path);

// The directory part of PATH ("." when there is none), the caller's.
char *file_directory(const char *path);

// What is behind its last slash, all of PATH when there is none; lent from it.
const char *file_name(const char *path);

// Removes the file when it goes out of scope; for what a failure must not leave behind. Set to NULL
// to keep it.
void file_remove_path(char **path);
#define auto_remove __attribute__((cleanup(file_remove_path)))
