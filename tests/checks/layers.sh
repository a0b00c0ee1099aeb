#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The layers of the house: what may include what, who may write, what is banned. Prints TAP.
set -u
. "$(dirname "$0")/../verdict.sh"

# The height of a directory: it may include itself and what is lower.
height() {
	case $1 in
	base) echo 0 ;;
	output) echo 1 ;;
	xml | image | kvm | host | download) echo 2 ;;
	cli) echo 3 ;;
	virt) echo 4 ;;
	guest) echo 5 ;;
	storage) echo 6 ;;
	plan) echo 7 ;;
	*) echo 9 ;;
	esac
}

includes_upwards() {
	local own other file included
	grep -Ho '^#include "[a-z]*/[a-z_/]*\.h"' lib/*/*.[ch] | while IFS=: read -r file included; do
		own=${file#lib/}
		own=${own%%/*}
		other=${included#*\"}
		other=${other%%/*}
		[ "$own" = "$other" ] && continue
		[ "$(height "$other")" -lt "$(height "$own")" ] || echo "$file includes $other"
	done
	# A program includes lib/ and itself, no other program.
	grep -Ho '^#include "cmd/[a-z-]*/' cmd/*/*.[ch] cmd/*/*/*.[ch] 2>/dev/null |
		while IFS=: read -r file included; do
			own=${file#cmd/}
			[ "${included#*cmd/}" = "${own%%/*}/" ] || echo "$file: $included"
		done
}
verdict directories_include_only_lower_ones "$(includes_upwards)"

# third_party PATTERN ALLOWED...: the header may be included only below these paths.
third_party() {
	local pattern=$1 file allowed
	shift
	grep -lE "^#include <$pattern" lib/*/*.[ch] cmd/*/*.[ch] cmd/*/*/*.[ch] 2>/dev/null | while read -r file; do
		for allowed in "$@"; do
			case $file in $allowed*) continue 2 ;; esac
		done
		echo "$file includes <$pattern>"
	done
}
verdict libraries_stay_in_their_layers "$(
	third_party 'libvirt/' lib/virt/ lib/storage/ lib/plan/ cmd/vmctl/ cmd/vm-install/ cmd/vm-img/libvirt
	third_party 'libxml/' lib/xml/
	third_party 'json-c/' lib/output/
	third_party 'readline/' lib/cli/shell.c
	third_party '(curses|term)\.h' lib/base/screen.c
	third_party 'libkmod' lib/host/
)"

sources=$(echo lib/*/*.[ch] cmd/*/*.[ch] cmd/*/*/*.[ch])

# shellcheck disable=SC2086 # a list of files
verdict banned_functions_are_not_called "$(grep -nE \
	'\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|system|popen|alloca)[[:space:]]*\(' $sources)"

verdict only_output_and_dispatch_write "$(grep -nE \
	'\b(printf|puts|putchar)[[:space:]]*\(|\b(stdout|stderr)\b' lib/*/*.c |
	grep -vE '^lib/(output/|cli/(dispatch|program|shell)\.c|base/memory\.c)')"

# Else its layout would be that of the installed json-c.
# shellcheck disable=SC2086
verdict only_one_file_writes_json "$(grep -n 'json_object_to_' $sources)"

# shellcheck disable=SC2086
verdict handlers_have_no_goto "$(grep -nw goto $sources)"

# shellcheck disable=SC2086
verdict files_have_at_most_400_lines "$(wc -l $sources | awk '$1 > 400 && $2 != "total"')"

# shellcheck disable=SC2086
verdict files_name_their_licence "$(grep -L 'SPDX-License-Identifier: GPL-3.0-or-later' \
	$sources tests/*/*.[ch] tests/*/*.sh tests/*.sh examples/* completions/*.bash Makefile 2>/dev/null)"

verdict headers_say_once_and_what_for "$(for header in lib/*/*.h cmd/*/*.h cmd/*/*/*.h; do
	[ -e "$header" ] || continue
	grep -q '^#pragma once$' "$header" || echo "$header has no #pragma once"
done)"

verdict the_top_level_is_fixed "$(git ls-files 2>/dev/null | cut -d/ -f1 | sort -u |
	grep -vxE 'cmd|lib|completions|man|tests|examples|Makefile|README\.md|LICENSE|CONTRIBUTING\.md|\..*')"

echo "1..$number"
