#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The scripts in examples/ do what they say, on a real daemon with real guests.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
export VMCTL_URI=$URI
examples=$ROOT/examples
vm-img create -q -f qcow2 "$WORK/disk.qcow2" 64M
chmod 666 "$WORK/disk.qcow2"
cmdline='console=ttyS0 quiet no_timer_check'
vm-install --name worker --memory 128 --vcpus 1 --osinfo linux2022 --disk "$WORK/disk.qcow2" --network none --graphics none \
	--boot "kernel=$GUEST/vmlinuz,initrd=$GUEST/initrd.gz,cmdline=$cmdline" --noautoconsole --noreboot >/dev/null 2>&1
vmctl -q destroy worker

check start_and_wait "$examples/start-and-wait.sh" worker 'has written to its disk' 60
check_output and_the_guest_runs '^running' vmctl domstate worker
check_output disk_usage_tells_sizes "^worker.vda.qcow2.67108864.[1-9][0-9]+.$WORK/disk.qcow2" "$examples/disk-usage.sh"
check_output a_disk_in_use_is_sparsified_by_its_guest_alone 'guest agent' vm-img sparsify --connect "$URI" "$WORK/disk.qcow2"
check_status start_and_wait_wants_a_guest_that_is_off 4 "$examples/start-and-wait.sh" worker text
check shutdown_all_asks "$examples/shutdown-all.sh" 30
check_output and_the_guest_is_off '^shut off' vmctl domstate worker
check_status start_and_wait_gives_up 5 "$examples/start-and-wait.sh" worker 'never said' 1
check_output and_stops_the_guest '^shut off' vmctl domstate worker
check_status start_and_wait_names_no_guest 3 "$examples/start-and-wait.sh" nosuch text
# A guest that does not listen: it is still in its firmware.
vmctl -q start worker --paused
check_status shutdown_all_stops_by_force 7 "$examples/shutdown-all.sh" 1
check_output and_it_is_off '^shut off' vmctl domstate worker
