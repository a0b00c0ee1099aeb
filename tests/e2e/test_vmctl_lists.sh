#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Lists of networks, filters, secrets, devices and interfaces cost so many questions whatever is in them; and five
# hundred guests at once.
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

# Five hundred guests by one selector: each is named, each counts.
{
	echo "<node>"
	for i in $(seq -w 500); do
		echo "<domain type='test'><name>g$i</name><memory>65536</memory><os><type>hvm</type></os></domain>"
	done
	echo "</node>"
} >"$WORK/many.xml"
many() { command vmctl -c "test://$WORK/many.xml" "$@"; }
check five_hundred_are_handled many "suspend g[001-500]; resume @paused; destroy @running --yes; start @off; suspend g*; list --all"
mv "$WORK/.out" "$WORK/said"
for did in suspended resumed destroyed started; do
	# shellcheck disable=SC2016 # awk's
	check "all of them were $did" awk -v did=$did '$3 == did { n[$2]++ } END { for (g in n) all++; exit all != 500 }' "$WORK/said"
done
check and_are_suspended_again test "$(grep -c '^ [0-9]* .*paused$' "$WORK/said")" -eq 500
check_status some_that_cannot_are_counted 7 many "suspend g*7; resume @all"
mv "$WORK/.out" "$WORK/said"
check_output and_summed_up '^error: resume: 450 of 500 failed$' cat "$WORK/said"

# ^C at a call in their middle: what was done, and what was not, is said, and nothing more is asked.
proxy_start --interrupt 200
check_status an_interruption_ends_it 130 command vmctl -c "test+unix://$WORK/many.xml?${PROXY_URI#*\?}" suspend 'g*'
mv "$WORK/.out" "$WORK/said"
check_output what_was_done_is_said '^error: [0-9]+ of 500 done, 0 failed, [0-9]+ not begun$' cat "$WORK/said"
completed=$(sed -nE 's/^error: ([0-9]+) of 500 done.*/\1/p' "$WORK/said")
check and_each_is_named test "$(grep -c ' suspended$' "$WORK/said")" -eq "${completed:-500}"
asked=$(proxy_calls >/dev/null && awk '$2 == 34 { print $3 }' "$PROXY_CALLS") # DOMAIN_SUSPEND
check "no more were asked ($asked, $completed done)" test "$asked" -lt 210 -a "$asked" -ge "${completed:-500}"
