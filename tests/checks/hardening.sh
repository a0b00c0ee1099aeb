#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The hardening is in the programs, not only in the Makefile: read back from what was built. Prints
# TAP; wants BUILD and CC in the environment.
set -u
number=0

# has PROGRAM WHAT PATTERN COMMAND...: what the command prints must match.
has() {
	local program=$1 what=$2 pattern=$3
	shift 3
	number=$((number + 1))
	if "$@" 2>/dev/null | grep -E -c "$pattern" >/dev/null; then
		echo "ok $number - ${program}_$what"
	else
		echo "not ok $number - ${program}_$what"
		echo "#   '$*' shows nothing like '$pattern'"
	fi
}

# How each file was compiled; a file lacking FLAG is one too many.
lacking() {
	readelf --debug-dump=info "$1" 2>/dev/null | grep 'DW_AT_producer.*GNU C' |
		grep -vc -e "$2" | sed 's/^0$/none/'
}

# The compiler may be too old for one, which the Makefile finds out in the same way.
known() {
	: | "$CC" -O2 -Werror "$1" -x c -c -o /dev/null - 2>/dev/null
}

if readelf -d "$BUILD/bin/vmctl" | grep -q 'lib[a-z]*san\.so' ||
	! readelf --debug-dump=info "$BUILD/bin/vm-img" 2>/dev/null | grep -q -m1 DW_AT_producer; then
	echo "ok 1 - hardening # SKIP a build for the sanitizers, or without debugging information"
	echo "1..1"
	exit 0
fi
for program in kvm-check vm-img vm-install vmctl; do
	file=$BUILD/bin/$program
	[ -e "$file" ] || continue
	has "$program" is_position_independent 'Flags:.* PIE' readelf -d "$file"
	has "$program" binds_at_once 'BIND_NOW' readelf -d "$file"
	has "$program" has_read_only_relocations 'GNU_RELRO' readelf -lW "$file"
	has "$program" has_no_executable_stack 'GNU_STACK.* RW ' readelf -lW "$file"
	has "$program" guards_its_stack '__stack_chk_fail' readelf --dyn-syms -W "$file"
	has "$program" is_fortified '__(memcpy|vasprintf|vsnprintf|read|fprintf|realpath)_chk' \
		readelf --dyn-syms -W "$file"
	for flag in -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero \
		-fcf-protection; do
		! known "$flag" ||
			has "$program" "is_compiled_with$flag" '^none$' lacking "$file" "$flag"
	done
done
echo "1..$number"
