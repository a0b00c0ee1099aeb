// SPDX-License-Identifier: GPL-3.0-or-later
// What the guest is installed from: a CD image, or the kernel and initrd of an installation tree.
#pragma once

struct error;
struct installation;

// `--cdrom PATH`: a drive with that image, which the first boot starts from.
int media_add_cdrom(struct installation *installation, const char *path, struct error *err);

// `--location TREE[,kernel=...,initrd=...]`: finds both files in a local directory.
int media_find_tree(struct installation *installation, const char *text, struct error *err);

// Copies what QEMU's user could not read of a tree's kernel and initrd to where it can; the copies
// are scratch.
int media_stage(struct installation *installation, struct error *err);
