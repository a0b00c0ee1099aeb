// SPDX-License-Identifier: GPL-3.0-or-later
// What a file has beside its content, its owner and its mode: extended attributes (ACLs and labels
// among them) and flags.
#pragma once

struct error;

// Gives TO, empty and open to write, what FROM has (which may be O_PATH). What a file system has
// computed of the content is left out. A failure names what cannot be kept.
int file_attributes_copy(int from, int to, struct error *err);

// The ACL alone; -1 where FROM has one and TO cannot have it.
int file_attributes_copy_acl(int from, int to);
