#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The XML that vm-install makes of a command line: each tests/install/NAME.txt has the command line and,
# below it, the XML, which must be as libvirt's schemas say. The host is a recorded one (host.xml, domain.xml).
# UPDATE=1 writes down what is made now. Prints TAP; wants BUILD in the environment.
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

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Whether the schemas of this libvirt know all that is in the documents of standard input: pstore came later,
# and what --xml makes may be anything.
are_as_the_schemas_say() {
	local document failed=0
	awk -v directory="$scratch" '/^<domain/ { file = directory "/" ++n ".xml" } file { print >file }
		/^<\/domain>/ { close(file); file = "" }'
	for document in "$scratch"/*.xml; do
		[ -e "$document" ] || continue
		grep -q '<new' "$document" || { grep -q '<pstore' "$document" && ! grep -qr pstore /usr/share/libvirt/schemas; } ||
			virt-xml-validate "$document" domain >"$scratch/said" 2>&1 || { failed=1 && sed 's/^/#   /' "$scratch/said"; }
		rm "$document"
	done
	return $failed
}

for file in *.txt; do
	number=$((number + 1))
	name=${file%.txt}
	command=$(sed -n 's/^\$ vm-install //p' "$file")
	eval "arguments=($command)"
	# shellcheck disable=SC2154 # set by the line above
	printed=$(vm-install --connect test:///default --host-uri qemu:///system --host-caps host.xml \
		--domain-caps domain.xml --print-xml "${arguments[@]}" 2>&1)
	made=$(masked <<<"$printed")
	if [ -n "${UPDATE:-}" ]; then
		printf '$ vm-install %s\n%s\n' "$command" "$made" >"$file"
	elif [ "$made" = "$(sed 1d "$file")" ]; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		diff <(sed 1d "$file") <(printf '%s\n' "$made") | sed 's/^/#   /'
	fi
	command -v xmllint virt-xml-validate >/dev/null || continue
	number=$((number + 1))
	if are_as_the_schemas_say <<<"$printed"; then
		echo "ok $number - ${name}_is_as_the_schemas_say"
	else
		echo "not ok $number - ${name}_is_as_the_schemas_say"
	fi
done
echo "1..$number"
