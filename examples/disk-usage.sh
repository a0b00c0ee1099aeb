#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the guests' disks may grow to and what they take now, one line a disk: guest, target, format,
# virtual size and size on the host's disk in bytes, file; parted by tabs, for sort, awk and spreadsheets.
#
#   examples/disk-usage.sh | sort -t "$(printf '\t')" -k 5 -n
#
# VMCTL_URI names the hypervisor; the files must be those of this host.
set -euo pipefail

# number KEY: of a JSON object with one key a line.
number() { sed -n "s/^    \"$1\": \([0-9]*\),*\$/\1/p"; }
word() { sed -n "s/^    \"$1\": \"\(.*\)\",*\$/\1/p"; }

vmctl -q list --all --name | sed '/^$/d' | while IFS= read -r guest; do
	vmctl -q domblklist "$guest" --details | while read -r type device target source; do
		case "$device $type" in "disk file" | "disk block") ;; *) continue ;; esac
		[ -r "$source" ] || continue
		# -U: the guest may be writing just now.
		facts=$(vm-img info -U --json "$source")
		printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$guest" "$target" "$(word format <<<"$facts")" \
			"$(number virtual-size <<<"$facts")" "$(number actual-size <<<"$facts")" "$source"
	done
done
