#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Files are made, replaced and removed by one module (CONTRIBUTING.md, "How a file is made, replaced and
# removed"): calls that go around it are found, but for those below, each with its reason. Prints TAP.
set -u
. "$(dirname "$0")/../verdict.sh"

module='lib/base/(file|file_attributes|private_directory|staged_file|staged_file_commit)\.c'
exceptions='
lib/host/record.c           below a private directory, by a descriptor
lib/host/root.c             only passes on flags
lib/host/module_persist.c   in directories of root below /etc
lib/image/data_file.c       by the descriptor of its directory, never over a file
lib/image/seed.c            in a private directory
lib/image/trash.c           below a directory of our own, by descriptors, never over a file
lib/storage/storage.c       removes the disks that it has made
cmd/vm-img/fetch.c          in the cache, which only root and we may write to
cmd/vm-img/image_cache.c    the cache itself
cmd/vm-install/scratch.c    in a directory of our own or libvirt'"'"'s
cmd/vm-install/installation.c  removes what is in that
cmd/vm-install/tree.c       the same
lib/cli/call.c              the log, to which is only appended
cmd/vmctl/guest/copy_tree.c  a directory, in a private one, and never over what is there
cmd/vmctl/screen/screenshot.c  as virsh does it: into a file that is there too
cmd/vmctl/snapshot/overlays.c  files that libvirt is to fill, never over a file
'
calls='\b(creat|mk[do]?s?temps?|mkostemps?|rename|renameat2?|link|linkat|symlink|symlinkat|unlink|unlinkat|rmdir|remove|mkdir|mkdirat|chown|lchown|fchownat|chmod|fchmodat|truncate|mknod|mknodat|fopen)\(|O_CREAT|O_TRUNC'

found=$(grep -nE "$calls" -r lib cmd --include='*.c' | grep -vE "^$module")
verdict_but files_are_made_replaced_and_removed_by_one_module "$found" "$exceptions"
# By path, owner and mode go to whatever has the name by then.
verdict owner_and_mode_are_set_by_descriptor "$(grep -nE '\b(chown|lchown|chmod)\(' -r lib cmd --include='*.c')"
echo "1..$number"
