#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The XML that vm-install makes of a command line: each tests/install/NAME.txt has the command line and,
# below it, the XML. The host is a recorded one (host.xml, domain.xml). UPDATE=1 writes down what is made
# now. Prints TAP; wants BUILD in the environment.
set -u
cd "$(dirname "$0")/../install" || exit 1
PATH=${BUILD:-../../build}/bin:$PATH
number=0

# What differs from run to run, and the newest Debian that the database knows.
masked() {
	sed -E -e 's,<uuid>.{36}</uuid>,<uuid>UUID</uuid>,' -e 's,(mac address="52:54:00:)[^"]*,\1MAC,' \
		-e 's,(debian/?)1[0-9],\1NEAREST,g' \
		-e 's,[^">]*/vm-install-[^-]*-,SCRATCH/,' -e "s,$PWD/,,"
}

for file in *.txt; do
	number=$((number + 1))
	name=${file%.txt}
	command=$(sed -n 's/^\$ vm-install //p' "$file")
	eval "arguments=($command)"
	# shellcheck disable=SC2154 # set by the line above
	made=$(vm-install --connect test:///default --host-uri qemu:///system --host-caps host.xml \
		--domain-caps domain.xml --print-xml "${arguments[@]}" 2>&1 | masked)
	if [ -n "${UPDATE:-}" ]; then
		printf '$ vm-install %s\n%s\n' "$command" "$made" >"$file"
	elif [ "$made" = "$(sed 1d "$file")" ]; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		diff <(sed 1d "$file") <(printf '%s\n' "$made") | sed 's/^/#   /'
	fi
done
echo "1..$number"
