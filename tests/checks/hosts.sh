#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What kvm-check says about each machine below tests/hosts: report.txt holds command lines, what they
# print and how they end. UPDATE=1 writes it anew, for a person to read. Prints TAP; wants BUILD in the
# environment.
set -u
export LC_ALL=C.UTF-8
PATH=${BUILD:-$PWD/build}/bin:$PATH
number=0
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT

cd "$(dirname "$0")/../hosts" || exit 1
for machine in */; do
	machine=${machine%/}
	number=$((number + 1))
	sed -n 's/^\$ //p' "$machine/report.txt" | (
		cd "$machine" || exit 1
		while read -r line; do
			echo "\$ $line"
			# shellcheck disable=SC2086 # words parted by blanks
			timeout 10 $line 2>&1
			echo "exit status $?"
		done
	) >"$actual"
	[ -z "${UPDATE:-}" ] || cp "$actual" "$machine/report.txt"
	if difference=$(diff "$machine/report.txt" "$actual"); then
		echo "ok $number - ${machine//-/_}_is_judged_rightly"
	else
		echo "not ok $number - ${machine//-/_}_is_judged_rightly"
		printf '#   %s\n' "${difference//$'\n'/$'\n#   '}"
	fi
done
echo "1..$number"
