#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Jobs on the disks of a real guest: commit, copy, pull, resize; what is said is virsh's, and the images hold
# what they should.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
vmctl() { command vmctl -c "$URI" "$@"; }
cd "$WORK" || exit 1

# chain: base.qcow2 with 7s, mid.qcow2 with 8s, top.qcow2 with 9s, and a guest on the top that is started.
chain() {
	vmctl -q destroy blocks 2>/dev/null
	rm -f ./*.qcow2
	qemu-img create -q -f qcow2 base.qcow2 64M
	qemu-io -c 'write -P 7 0 8M' base.qcow2 >/dev/null
	qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 mid.qcow2
	qemu-io -c 'write -P 8 4M 8M' mid.qcow2 >/dev/null
	qemu-img create -q -f qcow2 -b mid.qcow2 -F qcow2 top.qcow2
	qemu-io -c 'write -P 9 6M 8M' top.qcow2 >/dev/null
	chmod 666 ./*.qcow2
	vmctl -q create "$WORK/guest.xml"
}
# Both programs do the same to the same chain and print the same.
same() {
	chain
	virsh -c "$URI" "$@" >theirs 2>theirs.errors
	chain
	vmctl "$@" >ours 2>ours.errors
	diff theirs ours
}
source_of() { vmctl domblklist blocks | awk '$1 == "vda" { print $2 }'; }
is_source() { [ "$(source_of)" = "$WORK/$1" ]; }
has_all() { # IMAGE: all three layers can be read from it, and none below is needed
	qemu-io -U -r -c 'read -P 7 0 4M' -c 'read -P 8 4M 2M' -c 'read -P 9 6M 8M' "$1" | grep -qv 'verification failed'
}

tiny_guest blocks "<disk type='file'><driver name='qemu' type='qcow2'/><source file='$WORK/top.qcow2'/><target dev='vda' bus='virtio'/></disk>" >guest.xml

check a_commit_of_the_middle same blockcommit blocks vda --top "$WORK/mid.qcow2" --base "$WORK/base.qcow2" --wait --verbose
check its_chain_is_shorter sh -c "! qemu-img info -U --backing-chain top.qcow2 | grep -q mid"
check a_commit_that_removes_its_file same blockcommit blocks vda --top "$WORK/mid.qcow2" --delete --keep-relative --wait
check a_shallow_commit_is_begun same blockcommit blocks vda --top "$WORK/mid.qcow2" --shallow --bandwidth 1000
check an_active_commit_pivots same blockcommit blocks vda --active --pivot --timeout 60
check and_the_guest_uses_the_base is_source base.qcow2
check an_active_commit_keeps_the_overlay same blockcommit blocks "$WORK/top.qcow2" --keep-overlay --async
check and_the_guest_uses_the_top is_source top.qcow2
check an_active_commit_waits same blockcommit blocks vda --active --wait --bytes --bandwidth 100M
check_output the_mirror_is_shown '"type": "Active Block Commit"' vmctl blockjob blocks vda --json
check_output with_its_figures '^ type=Active Block Commit' vmctl blockjob blocks vda --raw
check a_mirror_is_pivoted vmctl blockjob blocks vda --pivot
check_output then_there_is_none "No current block job for vda" vmctl blockjob blocks vda

check a_pull_is_whole same blockpull blocks vda --wait
check and_needs_no_base sh -c "! qemu-img info -U top.qcow2 | grep -q backing"
check all_is_in_it has_all top.qcow2
check a_pull_down_to_the_base same blockpull blocks vda --base "$WORK/base.qcow2" --wait --verbose --timeout 60 --async --keep-relative
check a_slow_pull_is_begun same blockpull blocks vda --bandwidth 1 --bytes
check_output it_is_looked_at 'Block Pull: \[ +[0-9]+ %\]' vmctl blockjob blocks vda --info
check its_speed_is_set vmctl blockjob blocks vda --bandwidth 50K --bytes
check_output and_is_shown 'Bandwidth limit: 51200 bytes/s \(50.000 KiB/s\)' vmctl blockjob blocks vda
check and_it_is_aborted vmctl blockjob blocks vda --abort --async

check a_copy_is_begun same blockcopy blocks vda --dest "$WORK/copy.qcow2" --transient-job --bandwidth 1M --bytes
check its_xml_is_shown same blockcopy blocks vda --dest "$WORK/<copy" --blockdev --format qcow2 --print-xml
check a_copy_is_finished same blockcopy blocks vda --dest "$WORK/copy.qcow2" --finish --shallow --granularity 65536 --buf-size 1048576
check a_copy_is_pivoted_to same blockcopy blocks vda "$WORK/copy.qcow2" --pivot --verbose --synchronous-writes
check and_the_guest_uses_it is_source copy.qcow2
cp /dev/null reused.raw
truncate -s 64M reused.raw
chmod 666 reused.raw
echo "<disk type='file'><source file='$WORK/reused.raw'/><driver type='raw'/></disk>" >copy.xml
check a_copy_by_xml_into_a_file_that_is_there same blockcopy blocks vda --xml "$WORK/copy.xml" --reuse-external --wait --timeout 60 --async
check_status only_one_job_at_a_time 4 vmctl blockcopy blocks vda --dest "$WORK/other.qcow2" --raw
check_output a_file_or_xml_is_needed 'dest' vmctl blockcopy blocks vda

# Ended before it is done.
chain
check_status the_time_is_up 5 vmctl blockpull blocks vda --bandwidth 1 --bytes --wait --timeout 1
check_output and_the_job_is_gone 'No current block job' vmctl blockjob blocks vda
env --default-signal=INT vmctl -c "$URI" blockpull blocks vda --bandwidth 1 --bytes --wait 2>interrupted &
waiting=$!
wait_for 10 sh -c "vmctl -c '$URI' blockjob blocks vda --json | grep -q '\"active\": true'"
kill -INT $waiting
wait $waiting
status=$?
check an_interrupt_ends_it [ $status -eq 130 ]
check_output and_that_is_said 'Pull aborted' cat interrupted
check_output and_the_job_is_gone_too 'No current block job' vmctl blockjob blocks vda
# The guest goes while its job is waited for.
vmctl blockpull blocks vda --bandwidth 1 --bytes --wait >gone 2>&1 &
waiting=$!
wait_for 10 sh -c "vmctl -c '$URI' blockjob blocks vda --json | grep -q '\"active\": true'"
virsh -q -c "$URI" destroy blocks
wait $waiting
status=$?
check a_guest_that_goes_ends_the_wait [ $status -ne 0 ]

chain
check_status a_disk_is_not_made_smaller 9 vmctl blockresize blocks vda 32M
# Where libvirt has the option it is for block devices alone.
fails() { ! "$@"; }
check a_file_has_no_capacity_of_its_own fails vmctl blockresize blocks vda 64M --capacity
check it_grows same blockresize blocks vda 128M
check_output by_as_much '134217728' vmctl blockresize blocks vda 131072 --json
check it_shrinks_where_that_is_meant vmctl blockresize blocks vda 64M --shrink
vmctl -q destroy blocks
