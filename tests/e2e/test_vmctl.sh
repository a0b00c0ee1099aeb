#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vmctl on a real libvirtd with a real guest.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
cp /dev/null "$WORK/disk.raw"
truncate -s 16M "$WORK/disk.raw"
chmod 666 "$WORK/disk.raw"

cat >"$WORK/guest.xml" <<EOF
<domain type='qemu'>
  <name>tiny</name>
  <memory unit='MiB'>128</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>$GUEST/vmlinuz</kernel>
    <initrd>$GUEST/initrd.gz</initrd>
    <cmdline>console=ttyS0 quiet no_timer_check</cmdline>
  </os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file'><driver name='qemu' type='raw'/><source file='$WORK/disk.raw'/><target dev='vda' bus='virtio'/></disk>
    <interface type='user'><model type='virtio'/></interface>
    <serial type='pty'/>
    <graphics type='vnc' port='-1'/>
    <video><model type='vga'/></video>
    <memballoon model='virtio'/>
  </devices>
</domain>
EOF

vmctl() { command vmctl -c "$URI" "$@"; }

check_output the_host_says_what_guests_may_have '<domain>qemu</domain>' vmctl domcapabilities --virttype qemu --machine q35
check_output of_an_emulator_that_is_named '<machine>pc-q35' vmctl domcapabilities qemu /usr/bin/qemu-system-x86_64 --arch x86_64 --machine q35
check_output and_only_a_part_of_it '^  <path>/usr/bin/qemu-system-x86_64</path>' vmctl domcapabilities --xpath /domainCapabilities/path --wrap \
	--emulatorbin /usr/bin/qemu-system-x86_64
# as_virsh_9 COMMAND: later ones end these with a newline fewer.
as_virsh_9() {
	virsh -c "$URI" "$1"
	[[ $(virsh --version) == 9.* ]] || echo
}
check domcapabilities_ends_as_virsh_ends_it cmp <(vmctl domcapabilities) <(as_virsh_9 domcapabilities)
check capabilities_too cmp <(vmctl capabilities) <(as_virsh_9 capabilities)
check a_guest_is_defined vmctl define "$WORK/guest.xml"
check_status a_name_that_is_taken_is_a_conflict 4 vmctl define <(sed '/<name>/a <uuid>12345678-1234-4234-8234-123456789abc</uuid>' "$WORK/guest.xml")
check_output it_is_listed_as_shut_off 'tiny +shut off' vmctl list --all
check it_starts_paused vmctl start tiny --paused
check_output its_state_says_why 'paused \((user|starting up)\)' vmctl domstate tiny --reason
check it_runs_on vmctl resume tiny
check_output its_console_is_shown_until_a_text_appears 'written to its disk' \
	vmctl console tiny --until 'written to its disk' --timeout 240
check_status a_text_that_does_not_appear_times_out 5 vmctl console tiny --until nonsense --timeout 1
# Itself, so that it is what is killed.
command vmctl -c "$URI" console tiny --until nonsense --timeout 60 >"$WORK/first" 2>&1 &
first=$!
wait_for 5 grep -q Connected "$WORK/first"
check_status a_console_in_use_is_a_conflict 4 vmctl console tiny --until nonsense --timeout 1
check_output and_how_to_take_it_over "hint: vmctl -c '.*' console --force 'tiny'" vmctl console tiny --until nonsense --timeout 1
kill $first
wait $first
check_output the_disk_has_what_the_guest_wrote 'written by the guest' head -c 21 "$WORK/disk.raw"
check_output its_disk_figures_are_shown 'vda wr_req [1-9]' vmctl domblkstat tiny vda
check_output and_explained_to_people 'number of bytes written: +[1-9]' vmctl domblkstat tiny --device vda --human
check_status a_user_network_has_no_figures 1 vmctl domifstat tiny vnet0
check a_screenshot_is_taken vmctl screenshot tiny --file "$WORK/screen.png"
check and_is_a_picture cmp -n 4 "$WORK/screen.png" <(printf '\x89PNG')
check_output a_screenshot_names_itself 'saved to tiny-20' env -C "$WORK" vmctl -c "$URI" screenshot tiny --screen 0
check its_memory_is_asked_to_shrink vmctl setmem tiny 96M --live
check_output dommemstat_tells 'actual [0-9]+' vmctl dommemstat tiny
check dommemstat_sets_the_period vmctl dommemstat tiny --period 1 --live
check_status two_vcpus_are_too_many 1 vmctl setvcpus tiny 2 --live
check_output it_has_one_vcpu 'maximum +live +1' vmctl vcpucount tiny
check it_is_paused vmctl suspend tiny
check and_runs_again vmctl resume tiny
check it_is_reset vmctl reset tiny
check and_boots_again vmctl console tiny --until 'is up' --timeout 240
check it_shuts_down_when_asked vmctl shutdown tiny --mode acpi
check and_is_off wait_for 120 sh -c "command vmctl -c '$URI' domstate tiny | grep -q 'shut off'"
check_status what_is_off_is_not_shut_down_again 4 vmctl shutdown tiny
check it_starts_afresh vmctl start tiny --force-boot --bypass-cache
check it_is_destroyed_gracefully vmctl destroy tiny --graceful --remove-logs
check it_can_start_with_the_host vmctl autostart tiny
check_output dominfo_knows 'Autostart: +enable' vmctl dominfo tiny
check or_not vmctl autostart tiny --disable
check_status a_guest_that_is_not_there 3 vmctl start nosuch
check_status wrong_usage 2 vmctl start
check its_definition_goes vmctl undefine tiny
check_status and_is_gone 3 vmctl dominfo tiny

# ^C while the memory of a guest is being written, to a reader that takes nothing: the job is cancelled.
sed 's,<name>tiny,<name>slow,; s,<memory unit=.MiB.>128,<memory unit="MiB">1024,' "$WORK/guest.xml" >"$WORK/slow.xml"
check a_large_guest vmctl create "$WORK/slow.xml" --paused
mkfifo -m 666 "$WORK/fifo"
being_written() { vmctl domjobinfo slow --json | grep -qiE '"type": "?unbounded'; }
for command in save dump; do
	# shellcheck disable=SC2217 # it keeps the other end open
	sleep 60 <"$WORK/fifo" &
	reader=$!
	command vmctl -c "$URI" $command slow "$WORK/fifo" >"$WORK/written" 2>&1 &
	writing=$!
	check "a_${command}_has_begun" wait_for 20 being_written
	kill -INT $writing
	kill $reader
	wait $writing
	check_status "ctrl_c_ends_a_$command" 130 sh -c "exit $?"
	check_output "and_says_so_$command" 'error: (interrupted|.*cancell?ed)' cat "$WORK/written"
	check_output "the_guest_is_there_after_a_$command" '^paused' vmctl domstate slow
done
vmctl -q destroy slow

# A connection that goes away.
check a_transient_guest_is_created vmctl create "$WORK/guest.xml" --validate
check_status autodestroy_needs_a_lasting_connection 0 vmctl "destroy tiny; create $WORK/guest.xml --paused --autodestroy"
check the_guest_ends_with_its_connection wait_for 5 sh -c "! command vmctl -c '$URI' domstate tiny"
pid=$(daemon_pid)
env --default-signal=INT vmctl -c "$URI" top --batch >"$WORK/top" 2>&1 &
watching=$!
check top_has_begun wait_for 20 test -s "$WORK/top"
kill -STOP "$pid"
# Who waits for its answer hears nothing for half a minute.
start=$SECONDS
kill -INT $watching
wait $watching
check a_daemon_that_hangs_is_left_at_once test $((SECONDS - start)) -lt 15
start=$SECONDS
check_status a_daemon_that_hangs_cannot_hang_completion 1 vmctl complete -- dominfo ti
check completion_gave_up_in_time test $((SECONDS - start)) -lt 8
kill -CONT "$pid"
daemon_stop
check_status no_daemon_is_a_connection_error 6 vmctl list
check_output and_it_says_so 'failed to connect' vmctl list
