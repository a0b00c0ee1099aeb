#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the picture of README.md, man/vmkit.svg, from a real run: guests on a private libvirtd, and what the
# programs answer. Wants root and a build.
. "$(dirname "$0")/e2e/harness.sh"
# shellcheck disable=SC2119 # the one
daemon_start
guest_files
picture=$ROOT/man/vmkit.svg
export VMCTL_URI=$URI
cd "$WORK" || exit 1
for name in db web1 web2 web3; do
	tiny_guest $name >$name.xml
	vmctl -q define $name.xml
done
vmctl -q start web1
vmctl -q start db

# Each line is typed at a prompt; what follows is what the program says.
cat >typed <<'END'
kvm-check --quiet probe
vm-img create -q -f qcow2 golden.qcow2 10G
vm-img clone -q golden.qcow2 web4.qcow2
vmctl list --all
vmctl start 'web[2-3]'
vmctl start wbe1; echo "status $?"
vmctl list --json=name,state | jq -c '.[]'
END
escaped() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }
line_number=0
rows=()
# row CLASS TEXT
row() {
	line_number=$((line_number + 1))
	rows+=("<text x=\"14\" y=\"$((line_number * 18 + 20))\"${1:+ class=\"$1\"}>$2</text>")
}
mapfile -t lines <typed
for line in "${lines[@]}"; do
	row typed "\$ $(escaped <<<"$line")"
	while IFS= read -r answer; do
		case $answer in
		error:* | *FAIL*) row error "$answer" ;;
		hint:* | *fix:*) row hint "$answer" ;;
		*) row '' "$answer" ;;
		esac
	done < <(bash -c "$line" 2>&1 </dev/null | sed '/^\$/d' | cut -c1-110 | escaped)
done
{
	echo "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"820\" height=\"$((line_number * 18 + 40))\" role=\"img\">"
	echo '<title>kvm-check, vm-img and vmctl in a terminal</title>'
	echo '<style>text{font:13px monospace;fill:#d8dee9;white-space:pre}.typed{fill:#a3be8c;font-weight:bold}.error{fill:#ef7d85}.hint{fill:#ebcb8b}</style>'
	echo '<rect width="100%" height="100%" rx="8" fill="#20242c"/>'
	printf '%s\n' "${rows[@]}"
	echo '</svg>'
} >"$picture"
check the_picture_is_made [ -s "$picture" ]
