#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the tests that hold vm-img beside the installed qemu-img. vm-img prints one form, that of QEMU 7.2,
# whatever is installed; what newer ones print otherwise is all in here, and only there is it evened out:
#  - info tells of the files below an image too ("Child node", "children"), which the header does not, and of
#    LUKS whether its header is detached;
#  - the table of snapshots has other blanks, underscores in two titles and hours of four digits;
#  - map says of each part whether it is compressed.

qemu_img_version() { qemu-img --version | sed -n 's/^qemu-img version \([0-9]*\).*/\1/p'; }

# as_of_72: text of a newer one, or JSON, on standard input.
as_of_72() {
	local text
	text=$(cat && echo .)
	text=${text%.}
	if jq -e . <<<"$text" >/dev/null 2>&1; then
		jq -S 'walk(if type == "object" then del(.children, .["detached-header"], .compressed) else . end)' <<<"$text"
		return
	fi
	printf %s "$text" | awk '
		/^Child node/ { below = 1; next }
		below && /^ / { next }
		/^ +detached header: / { next }
		{ below = 0 }
		/^Snapshot list:/ { list = 1; print; next }
		list && !/^(ID|[0-9]+) / { list = 0 }
		list { gsub(/VM_/, "VM "); gsub(/ 00+:/, " 00:"); gsub(/  +/, " ") }
		{ print }'
}

# same_print OURS THEIRS: the files hold what the two printed.
same_print() {
	if [ "$(qemu_img_version)" -lt 8 ]; then
		diff "$1" "$2"
	else
		diff <(as_of_72 <"$1") <(as_of_72 <"$2")
	fi
}
