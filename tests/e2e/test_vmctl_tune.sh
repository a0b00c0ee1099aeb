#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a guest may use of its host, on a real libvirtd: vmctl and virsh must print the same.
. "$(dirname "$0")/harness.sh"
. "$(dirname "$0")/same.sh"

daemon_start
guest_files
tiny_guest tiny "<disk type='file' device='cdrom'><target dev='hdc' bus='sata'/></disk>" \
	"<interface type='network'><mac address='52:54:00:dd:00:01'/><source network='default'/></interface>" >"$WORK/tiny.xml"

vmctl() { command vmctl -c "$URI" "$@"; }

sed 's,<name>tiny,<name>multi,; s,<vcpu>1,<vcpu current="2">3,; s,<os>,<iothreads>2</iothreads><os>,' "$WORK/tiny.xml" >"$WORK/multi.xml"

check a_guest_is_defined vmctl define "$WORK/tiny.xml"
check another_one_is_defined vmctl define "$WORK/multi.xml"
check the_network_starts vmctl net-start default
check the_other_one_runs vmctl start multi --paused
same_lines <<'END'
memtune tiny
memtune tiny --hard-limit 5000b --soft-limit 3M --config; memtune tiny --config
memtune tiny --hard-limit -1 --config; memtune tiny --current
memtune tiny --hard-limit 512M --swap-hard-limit 1G --config; memtune tiny
memtune tiny --min-guarantee 5
memtune tiny --live
blkiotune tiny
blkiotune tiny --weight 500 --config; blkiotune tiny --config
blkiotune tiny --device-weights /dev/sda,100 --device-read-iops-sec /dev/sda,1 --device-write-iops-sec /dev/sda,2; blkiotune tiny --current
blkiotune tiny --device-read-bytes-sec /dev/sda,3 --device-write-bytes-sec /dev/sda,4; blkiotune tiny
blkiotune tiny --live
blkdeviotune tiny hdc
blkdeviotune tiny hdc --read-bytes-sec-max-length 5 --read-bytes-sec-max 3k --read-bytes-sec 1k --write-bytes-sec-max-length 3 --write-bytes-sec-max 3k --write-bytes-sec 2k; blkdeviotune tiny hdc
blkdeviotune tiny hdc --read-iops-sec-max-length 5 --read-iops-sec-max 30 --read-iops-sec 10 --write-iops-sec-max-length 3 --write-iops-sec-max 30 --write-iops-sec 20; blkdeviotune tiny hdc
numatune tiny
numatune tiny --mode preferred --nodeset 0 --config; numatune tiny --config
numatune tiny --mode 0; numatune tiny --current
numatune tiny --mode 17
numatune tiny --live
schedinfo tiny
schedinfo tiny --set vcpu_quota=-1 cpu_shares=5 --config
schedinfo tiny cpu_shares=50 --current
schedinfo tiny --live --config
perf tiny
perf tiny --enable cmt; perf tiny
perf tiny --disable cmt,mbml --enable mbmt --config; perf tiny --config
perf tiny --current
perf tiny --live
domiftune tiny 52:54:00:dd:00:01
domiftune tiny 52:54:00:dd:00:01 --inbound 10,20,30,5 --outbound 3,4,5 --config; domiftune tiny 52:54:00:dd:00:01 --current
domiftune tiny 52:54:00:dd:00:01 --inbound 0 --config; domiftune tiny 52:54:00:dd:00:01
node-memory-tune
node-memory-tune --shm-pages-to-scan 100 --shm-sleep-millisecs 20 --shm-merge-across-nodes 1; node-memory-tune
vcpuinfo multi
vcpuinfo tiny --pretty
vcpupin multi --vcpu 1
vcpupin multi 1 0; vcpupin multi
vcpupin multi --live; vcpupin multi --config; vcpupin multi --current
vcpupin tiny --live
vcpupin tiny 0 0 --config; vcpupin tiny
emulatorpin multi
emulatorpin multi --cpulist 0 --live; emulatorpin multi --live
emulatorpin tiny 0 --config; emulatorpin tiny --config; emulatorpin tiny --current
iothreadinfo multi
iothreadinfo multi --live; iothreadinfo multi --current
iothreadinfo tiny --config
iothreadpin multi 2 0 --live; iothreadinfo multi
iothreadpin multi 2 0 --config; iothreadinfo multi --config; iothreadpin multi 2 0 --current
iothreadset multi 1 --poll-max-ns 100 --poll-grow 2 --poll-shrink 3 --live
iothreadset multi 1 --thread-pool-min 1 --thread-pool-max 5 --current
iothreadset multi 1 --poll-max-ns 7 --config
cpu-stats multi --start 7
cpu-stats multi --count 0
setvcpu multi 1 --enable --live
setvcpu multi 2 --enable --config; vcpucount multi
setvcpu multi 0 --disable --current
guestvcpus multi
guestvcpus multi --cpulist 1 --disable
setmaxmem tiny 256M --current; setmaxmem tiny 200000 --config; vcpucount tiny
setmaxmem multi 256M --live
dommemstat multi --period 1 --live
END
# What changes by itself, or what only one of them can do.
check an_iothread_is_added vmctl iothreadadd multi 7 --live
check_output it_is_there '^ 7 ' vmctl iothreadinfo multi
check it_goes_again vmctl iothreaddel multi 7 --live
check one_is_added_to_the_definition vmctl iothreadadd tiny 7 --config
check and_taken_out vmctl iothreaddel tiny 7 --config
check as_it_is_now vmctl "iothreadadd tiny 3 --current; iothreaddel tiny 3 --current"
check_output cpu_time_is_shown 'system_time +[0-9]+\.[0-9]{9} seconds' vmctl cpu-stats multi --total
check_output no_limit_is_null '"total_bytes_sec": null' vmctl blkdeviotune tiny hdc --json
check_output and_a_limit_is_in_bytes '"swap_hard_limit": 1073741824' vmctl memtune tiny --json

# What a newer libvirt can do with commands that were there.
newer 11.2.0 save multi "$WORK/saved" --image-format zstd
newer 11.2.0 save multi "$WORK/saved" --parallel-channels 2
newer 11.2.0 restore "$WORK/saved" --parallel-channels 2
newer 11.2.0 autostart tiny --once
newer 10.2.0 domdisplay-reload multi --type vnc
newer 9.4.0 migrate multi qemu:///system --comp-zlib-level 1
newer 9.4.0 migrate multi qemu:///system --comp-zstd-level 1
newer 10.9.0 migrate multi qemu:///system --migrate-disks-detect-zeroes vda
newer 11.1.0 migrate multi qemu:///system --available-switchover-bandwidth 10
newer 12.3.0 blockresize multi hdc 1M --extend
newer 11.2.0 guestinfo multi --load
newer 12.2.0 blockcopy multi hdc "$WORK/copy" --dest-is-zero
if has_libvirt 11.2.0; then
	check a_guest_starts_once_with_the_host vmctl autostart tiny --once
	check_output and_says_so '"autostart_once": true' vmctl dominfo tiny --json
	check and_no_more vmctl autostart tiny --once --disable
	check a_guest_is_saved_in_a_format_of_choice vmctl save multi "$WORK/saved" --image-format raw
	check and_restored vmctl restore "$WORK/saved" --paused
	check it_is_saved_side_by_side vmctl save multi "$WORK/sparse" --image-format sparse --parallel-channels 2
	check and_restored_so vmctl restore "$WORK/sparse" --paused --parallel-channels 2
	check_status a_screen_that_is_not_there 1 vmctl domdisplay-reload multi --type vnc
fi

# Groups of disks that share limits.
newer 11.2.0 domthrottlegroupset tiny first --total-bytes-sec 1
newer 11.2.0 domthrottlegroupdel tiny first
newer 11.2.0 domthrottlegroupinfo tiny first
newer 11.2.0 domthrottlegrouplist tiny
newer 11.2.0 attach-disk tiny "$WORK/x" vdb --throttle-groups first,second --print-xml
if has_libvirt 11.2.0; then
	same_lines <<'END'
domthrottlegrouplist tiny
domthrottlegroupset tiny first --total-bytes-sec 1M --total-bytes-sec-max 2M --total-bytes-sec-max-length 5 --size-iops-sec 512 --config
domthrottlegroupset tiny second --read-bytes-sec 1k --read-bytes-sec-max 3k --read-bytes-sec-max-length 5 --write-bytes-sec 2k --write-bytes-sec-max 3k --write-bytes-sec-max-length 3 --current
domthrottlegroupset tiny third --total-iops-sec 5 --total-iops-sec-max 10 --total-iops-sec-max-length 3 --config
domthrottlegroupset tiny fourth --read-iops-sec 10 --read-iops-sec-max 30 --read-iops-sec-max-length 5 --write-iops-sec 20 --write-iops-sec-max 30 --write-iops-sec-max-length 3 --config
domthrottlegroupset tiny fifth --total-bytes-sec 5 --read-bytes-sec 5
domthrottlegroupset tiny fifth --total-bytes-sec 5 --live
domthrottlegrouplist tiny --inactive
domthrottlegroupinfo tiny first
domthrottlegroupinfo tiny second --inactive
attach-disk tiny /x vdb --throttle-groups first,second --print-xml
domthrottlegroupdel tiny nosuch --live
domthrottlegroupdel tiny nosuch --current
END
	check_output a_group_is_in_json_too '"total_bytes_sec": 1048576' vmctl domthrottlegroupinfo tiny first --json
	check_status one_that_is_not_there 3 vmctl domthrottlegroupinfo tiny nosuch
	# The last one: libvirt 11.3 ends itself soon after a group was deleted.
	check a_group_goes vmctl domthrottlegroupdel tiny third --config
fi
