#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each header compiles alone. Prints TAP; wants CC and HEADER_CFLAGS in the environment.
set -u

# shellcheck disable=SC2086 # a list of flags
compile() {
	errors=$(echo "#include \"$1\"" | ${CC:-gcc} $HEADER_CFLAGS -fsyntax-only -x c - 2>&1)
	[ -z "$errors" ] || printf '%s:\n%s\n' "$1" "$errors"
}
export -f compile
bad=$(printf '%s\n' lib/*/*.h cmd/*/*.h cmd/*/*/*.h | grep -v '\*' |
	xargs -P "$(nproc)" -I{} bash -c 'compile {}')
if [ -z "$bad" ]; then
	echo "ok 1 - each_header_compiles_alone"
else
	echo "not ok 1 - each_header_compiles_alone"
	printf '%s\n' "$bad" | sed 's/^/#   /'
fi
echo 1..1
