#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by tests after harness.sh, in their directory: source.raw and source.qcow2 of the same content,
# and commands on disks of growing size.
# shellcheck disable=SC2154 # sizes and full are the tests'

head -c 6000000 /dev/urandom >source.raw
qemu-img convert -O qcow2 source.raw source.qcow2
source_sum=$(cat source.raw source.qcow2 | cksum)
source_is_untouched() { [ "$(cat source.raw source.qcow2 | cksum)" = "$source_sum" ]; }
mkdir small
# on_disk_of SIZE: an empty disk of this size.
on_disk_of() {
	umount small 2>/dev/null
	mount -t tmpfs -o "size=$1,mode=755" none small
}

# fills NAME COMMAND...: on disks of $sizes it fails with a message that has the pattern $full, and leaves
# nothing, until it fits.
fills() {
	local name=$1 size status bad=
	shift
	for size in $sizes; do
		on_disk_of "$size"
		"$@" >.out 2>.errors </dev/null
		status=$?
		[ $status -eq 0 ] && break
		[ $status -eq 1 ] && grep -qE "$full" .errors && [ -z "$(ls -A small)" ] && continue
		bad="on a disk of $size: status $status: $(cat .errors) $(ls -A small)"
		break
	done
	[ -z "$bad" ] && [ $status -ne 0 ] && bad="it never fits: $(cat .errors)"
	echo "$bad" >.why
	if [ -z "$bad" ] && source_is_untouched; then ok "$name"; else not_ok "$name" .why; fi
}
