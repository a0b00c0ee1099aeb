// SPDX-License-Identifier: GPL-3.0-or-later
// Directories that only we may enter, in directories that anybody may own: made, emptied and
// removed by descriptors, so that nothing which is renamed or swapped around them has an effect.
#pragma once

#include <sys/types.h>

struct error;

struct private_directory {
	int fd;     // -1: there is none
	char *name; // in its parent
};

// Makes one in the directory PARENT (a descriptor). Its name begins with a dot and LABEL, so that
// pools and lists leave it out; the rest says which process made it, and is random.
int private_directory_make(int parent, const char *label, struct private_directory *directory,
			   struct error *err);

// Removes what killed programs have left in PARENT under the same LABEL: directories that were made
// here, whose process is gone. What was only given such a name, by somebody else, stays.
void private_directory_sweep(int parent, const char *label);

// The name of a file in it that tells that it was made here.
extern const char private_directory_mark[];

// The mode that a file of all rights gets here: what the umask, or the directory's default ACL,
// leaves of 0666.
mode_t private_directory_mode(const struct private_directory *directory);

// A name of FD that other programs can open as long as we have it open; the caller's, NULL without
// /proc.
char *private_directory_path(int fd);

// Removes it with all that is in it.
void private_directory_remove(int parent, struct private_directory *directory);
