#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Lists of networks, filters, secrets, devices and interfaces cost so many questions whatever is in them.
. "$(dirname "$0")/harness.sh"

daemon_start
proxy_start

# calls WORDS...: how many calls vmctl makes for it.
calls() { proxy_count command vmctl -c "$PROXY_URI" "$@"; }
ours() { vmctl -q -c "$URI" "$@" >/dev/null; }

lists=("net-list --all" "secret-list" "nwfilter-list" "nodedev-list" "iface-list --all" "secret-list --json")
before=()
for list in "${lists[@]}"; do
	# shellcheck disable=SC2086 # words of a command
	before+=("$(calls $list)")
done
for i in $(seq -w 30); do
	echo "<network><name>net$i</name><bridge name='lists$i'/></network>" >"$WORK/net.xml"
	echo "<secret ephemeral='yes'><usage type='iscsi'><target>t$i</target></usage></secret>" >"$WORK/secret.xml"
	echo "<filter name='filter$i'/>" >"$WORK/filter.xml"
	ours "net-define $WORK/net.xml; secret-define $WORK/secret.xml; nwfilter-define $WORK/filter.xml"
done
check thirty_networks_are_there test "$(vmctl -q -c "$URI" net-list --all --name | grep -c net)" -eq 30
check thirty_secrets_are_there test "$(vmctl -q -c "$URI" secret-list | wc -l)" -eq 30
for i in "${!lists[@]}"; do
	# shellcheck disable=SC2086
	now=$(calls ${lists[i]})
	check "${lists[i]} asks as often as before (${before[i]}, $now)" test "$now" -eq "${before[i]}"
done
virsh=$(proxy_count virsh -c "$PROXY_URI" net-list --all)
check "virsh asks more ($virsh)" test "$virsh" -gt 60

parent=
guest="<domain type='qemu'><name>chain</name><uuid>12345678-aaaa-4bbb-8ccc-123456789abc</uuid><memory>65536</memory><os><type>hvm</type></os></domain>"
echo "$guest" >"$WORK/guest.xml"
redefine="define $WORK/guest.xml"
for i in $(seq 10 29); do
	echo "<domainsnapshot><name>s$i</name>$parent<creationTime>17000000$i</creationTime><state>shutoff</state>$guest</domainsnapshot>" >"$WORK/s$i.xml"
	redefine+="; snapshot-create chain $WORK/s$i.xml --redefine"
	parent="<parent><name>s$i</name></parent>"
done
check twenty_snapshots_are_there ours "$redefine"
for form in --name --tree ""; do
	# shellcheck disable=SC2086
	{
		now=$(calls snapshot-list chain $form)
		virsh=$(proxy_count virsh -c "$PROXY_URI" snapshot-list chain $form)
	}
	check "snapshot-list $form asks no more than virsh ($now, $virsh)" test "$now" -le "$virsh"
done
tree=$(calls snapshot-list chain --tree)
check "a tree costs its parents' names alone ($tree)" grep -q ' 244 20$' "$PROXY_CALLS" # DOMAIN_SNAPSHOT_GET_PARENT
