#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by checks of the sources: what each finds, as TAP.
number=0

# verdict NAME TEXT: TEXT names what breaks the rule, one a line; empty is good.
verdict() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		printf '%s\n' "$2" | sed 's/^/#   /'
	fi
}

# verdict_but NAME FOUND EXCEPTIONS: FOUND has lines "FILE:...", of which those of the files that the lines of
# EXCEPTIONS begin with are meant to be there: all of these must still be.
verdict_but() {
	verdict "$1" "$(grep -vFf <(awk 'NF { print $1 ":" }' <<<"$3") <<<"$2")"
	verdict each_exception_is_still_needed "$(awk 'NF { print $1 }' <<<"$3" | while read -r file; do
		grep -q "^$file:" <<<"$2" || echo "$file"
	done)"
}
