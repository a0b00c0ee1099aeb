#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Collects what a support case wants of guests that run: a file or directory of each and what a command
# says there, by the guest agent alone, and stanzas by which ssh reaches them by name afterwards.
#
#   examples/collect.sh DIR PATH GUEST... [-- COMMAND...]
#
# Of each guest DIR/GUEST has PATH, and DIR/GUEST.txt what COMMAND (default: uname -a) wrote; DIR/ssh_config
# is for `ssh -F`. Exit status: 0; 7 where a guest lacks something, which is said.
set -uo pipefail

directory=${1:?usage: collect.sh DIR PATH GUEST... [-- COMMAND...]}
path=${2:?usage: collect.sh DIR PATH GUEST... [-- COMMAND...]}
shift 2
guests=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	guests+=("$1")
	shift
done
shift || true
[ $# -gt 0 ] || set -- uname -a

mkdir -p "$directory"
status=0
for guest in "${guests[@]}"; do
	if vmctl -q wait "$guest" --for agent --timeout 60 >/dev/null &&
		vmctl exec "$guest" --timeout 60 -- "$@" >"$directory/$guest.txt" </dev/null &&
		rm -rf "${directory:?}/$guest" && vmctl -q cp "$guest:$path" "$directory/$guest"; then
		continue
	fi
	status=7
done
vmctl ssh-config >"$directory/ssh_config" || status=7
exit $status
