#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Snapshots of real guests, that are off and that run.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
vmctl() { command vmctl -c "$URI" "$@"; }
mode_of() { stat -c %a "$1"; }
disk() { echo "<disk type='file'><driver name='qemu' type='qcow2'/><source file='$WORK/$1'/><target dev='$2' bus='virtio'/></disk>"; }

# Of a guest that is off, within its disk.
qemu-img create -q -f qcow2 "$WORK/off.qcow2" 16M
chmod 600 "$WORK/off.qcow2"
tiny_guest off "$(disk off.qcow2 vda)" >"$WORK/off.xml"
check a_guest_is_defined vmctl define "$WORK/off.xml"
check a_snapshot_is_taken vmctl snapshot-create-as off first "before all"
check_output it_is_within_the_disk 'first' qemu-img snapshot -l "$WORK/off.qcow2"
check_output it_is_described 'State: +shutoff' vmctl snapshot-info off first
check_output and_internal 'Location: +internal' vmctl snapshot-info off first
check a_second_one vmctl snapshot-create-as off second --atomic
check_output which_descends_from_the_first '^  \+- second$' vmctl snapshot-list off --tree
check the_guest_goes_back vmctl snapshot-revert off first --force
check_output to_the_first '^first$' vmctl snapshot-current off --name
check_output a_list_of_many_guests_names_them '"domain": "off"' vmctl snapshot-list '*' --json
check one_is_forgotten vmctl snapshot-delete off second --metadata
check_output its_data_stay 'second' qemu-img snapshot -l "$WORK/off.qcow2"
printf '<domainsnapshot><name>second</name><state>shutoff</state><creationTime>1</creationTime><disks><disk name="vda" snapshot="internal"/></disks>%s</domainsnapshot>' \
	"$(vmctl -q dumpxml off)" >"$WORK/second.xml"
check and_learned_again vmctl snapshot-create off "$WORK/second.xml" --redefine --current
check_output as_the_current_one '^second$' vmctl snapshot-current off --name
export EDITOR="sed -i s/second/renamed/"
check it_gets_another_name vmctl snapshot-edit off second --rename
check_output and_only_that '^first$|^renamed$' vmctl snapshot-list off --name
check_status the_old_name_is_gone 3 vmctl snapshot-info off second
unset EDITOR
check one_goes_with_what_descends_from_it vmctl snapshot-delete off first --children
check and_so_does_the_other vmctl snapshot-delete off renamed
check_output and_nothing_is_left '^0$' sh -c "command vmctl -q -c '$URI' snapshot-list off | wc -l"

# Files that a snapshot makes are for QEMU and root alone, whatever libvirt does.
check disks_in_new_files vmctl snapshot-create-as off third --disk-only
check_output are_private '^600$' mode_of "$WORK/off.third"
check also_where_they_are_named vmctl snapshot-create-as off fourth --disk-only --diskspec "vda,file=$WORK/named.qcow2"
check_output are_private_too '^600$' mode_of "$WORK/named.qcow2"
check also_without_a_name vmctl snapshot-create off --disk-only
made=$(vmctl -q snapshot-current off --name)
check_output have_the_name_of_the_time '^600$' mode_of "$WORK/named.$made"
: >"$WORK/mine.qcow2"
chmod 644 "$WORK/mine.qcow2"
check_output what_others_can_read_is_told 'every user can read the new .*/mine.qcow2' vmctl snapshot-create-as off fifth --disk-only \
	--diskspec "vda,file=$WORK/mine.qcow2" --no-metadata
check_status a_file_in_the_way_is_kept 1 vmctl snapshot-create-as off sixth --disk-only --diskspec "vda,file=$WORK/mine.qcow2"
check_output as_it_was '^644$' mode_of "$WORK/mine.qcow2"
check_status what_libvirt_refuses 1 vmctl snapshot-create-as off sixth --memspec "$WORK/memory,snapshot=external" \
	--diskspec "vda,snapshot=external,file=$WORK/sixth.qcow2"
check leaves_no_file test ! -e "$WORK/sixth.qcow2"

# Of a guest that runs.
qemu-img create -q -f qcow2 "$WORK/live.qcow2" 16M
chmod 666 "$WORK/live.qcow2"
chmod 777 "$WORK" # QEMU's user makes files here
tiny_guest live "$(disk live.qcow2 vda)" >"$WORK/live.xml"
vmctl define "$WORK/live.xml" >/dev/null
check a_guest_starts vmctl start live
check and_writes vmctl console live --until 'written to its disk' --timeout 240
check its_memory_and_disk_go_into_new_files vmctl snapshot-create-as live memory --live \
	--memspec "file=$WORK/live.memory,snapshot=external" --diskspec "vda,snapshot=external,file=$WORK/live.overlay"
check_output it_runs_on '^running$' vmctl domstate live
check_output the_snapshot_is_external 'Location: +external' vmctl snapshot-info live --current
check_output and_has_its_state 'State: +running' vmctl snapshot-info live memory
check_output with_private_files '^600$' mode_of "$WORK/live.overlay"
check_output and_private_memory '^600$' mode_of "$WORK/live.memory"
check disks_alone_go_too vmctl snapshot-create-as live disks --disk-only --atomic
check_output as_a_snapshot_of_disks 'disks .* disk-snapshot' vmctl snapshot-list live --disk-only
check_output which_descends_from_the_other '^memory$' vmctl snapshot-parent live disks
check it_becomes_the_current_one vmctl snapshot-current live memory
check_output as_asked '^memory$' vmctl snapshot-current live --name
qemu-img create -q -f qcow2 -b "$WORK/live.disks" -F qcow2 "$WORK/reused.qcow2"
chmod 666 "$WORK/reused.qcow2"
check_output a_file_that_is_there_is_reused 'snapshot reused created' vmctl snapshot-create-as live reused --disk-only --reuse-external \
	--diskspec "vda,file=$WORK/reused.qcow2"
check_status a_guest_without_an_agent_is_not_quiesced 1 vmctl snapshot-create-as live quiet --disk-only --quiesce
check it_is_destroyed vmctl destroy live
check_output what_has_snapshots_is_not_undefined '2 snapshots|3 snapshots' vmctl undefine live
check its_snapshots_are_forgotten_with_it vmctl undefine live --snapshots-metadata

# A list with three hundred snapshots costs one question for each, and no more.
for i in $(seq 300); do
	echo "<domainsnapshot><name>s$i</name><state>shutoff</state><creationTime>$i</creationTime>$(vmctl -q dumpxml off)</domainsnapshot>" >"$WORK/s$i.xml"
	echo "snapshot-create off $WORK/s$i.xml --redefine"
done | vmctl >/dev/null
proxy_start
names=$(proxy_count command vmctl -c "$PROXY_URI" snapshot-list off --name)
check names_cost_a_fixed_number_of_questions test "$names" -lt 20
all=$(proxy_count command vmctl -c "$PROXY_URI" snapshot-list off --parent)
check_output all_of_them_are_there '^30[0-9]$' sh -c "command vmctl -q -c '$URI' snapshot-list off --name | wc -l"
check and_facts_one_each test "$all" -lt 330
