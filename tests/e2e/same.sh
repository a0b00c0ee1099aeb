#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by tests that compare vmctl with the installed virsh on one daemon. After harness.sh, once $URI is
# set.

# same NAME LINE [LINE]: virsh answers the first and vmctl the second (or the same) with the same bytes, and
# both succeed or both fail; what a failure leaves on standard output is each one's own. Where a command
# changes something, the lines are for two guests that are alike: @1@ in LINE is the name of the one, and of
# the other for vmctl.
same() {
	local line=$2 wanted got
	virsh -c "$URI" "${line//@1@/one}" >"$WORK/virsh.out" 2>"$WORK/virsh.err"
	wanted=$?
	command vmctl -c "$URI" "${line//@1@/two}" 2>"$WORK/vmctl.err" >"$WORK/vmctl.raw"
	got=$?
	sed 's/\btwo\b/one/g; s/52:54:00:dd:02/52:54:00:dd:01/g' "$WORK/vmctl.raw" >"$WORK/vmctl.out"
	if [ $((wanted != 0)) -eq $((got != 0)) ] && { [ $wanted -ne 0 ] || cmp -s "$WORK/virsh.out" "$WORK/vmctl.out"; }; then
		ok "$1"
	else
		diff "$WORK/virsh.out" "$WORK/vmctl.out" >"$WORK/.out"
		cat "$WORK/virsh.err" "$WORK/vmctl.err" >>"$WORK/.out"
		not_ok "$1" "$WORK/.out"
	fi
}

# same_lines: one comparison for each line of standard input, which is its name too.
same_lines() {
	local line
	while IFS= read -r line; do
		same "${line//[^a-zA-Z0-9@-]/_}" "$line"
	done
}

# has_libvirt VERSION: the installed one is that new.
has_libvirt() { printf '%s\n' "$1" "$(virsh --version)" | sort -C -V; }

# newer VERSION COMMAND WORD...: with an older libvirt the command says which one it needs, and ends with 2.
newer() {
	local version=$1
	shift
	has_libvirt "$version" || check_output "$1_says_which_libvirt_it_needs" "needs libvirt $version" command vmctl -c "$URI" "$@"
}
