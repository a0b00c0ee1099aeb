#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# metrics, inventory and top on real guests, one of them frozen: what they write is read by the programs that
# it is for.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
export VMCTL_URI=$URI
cd "$WORK" || exit 1
examples=$ROOT/examples

qemu-img create -q -f qcow2 disk.qcow2 64M
chmod 666 disk.qcow2
tiny_guest one "<disk type='file'><driver name='qemu' type='qcow2'/><source file='$WORK/disk.qcow2'/><target dev='vda' bus='virtio'/></disk>" >one.xml
tiny_guest frozen >frozen.xml
tiny_guest resting >resting.xml
for name in one frozen resting; do vmctl -q define "$name.xml"; done
vmctl -q start one
vmctl -q start frozen

# --- metrics
if command -v promtool >/dev/null; then
	vmctl metrics --format prometheus >metrics.prom
	check prometheus_finds_no_fault promtool check metrics <metrics.prom
	# It wants a time behind each figure, which a file of now has not.
	vmctl metrics | sed '/^#/!s/$/ 1700000000/' >metrics.txt
	check prometheus_reads_the_standard promtool tsdb create-blocks-from openmetrics metrics.txt tsdb
	mkdir textfile
	check the_node_exporter_gets_its_file "$examples/node-exporter.sh" textfile
	check in_the_format_that_it_reads promtool check metrics <textfile/libvirt.prom
	check which_others_may_read [ "$(stat -c %a textfile/libvirt.prom)" = 644 ]
else
	skip metrics_are_as_prometheus_wants_them "promtool is not installed"
fi
check_output figures_of_disks_are_there '^libvirt_domain_block_stats_capacity_bytes\{domain="one",.*target_device="vda"\} 67108864$' vmctl metrics
check_output nanoseconds_are_seconds '^libvirt_domain_info_cpu_time_seconds_total\{domain="one",.*\} [0-9]+\.[0-9]+$' vmctl metrics
check nothing_stands_behind_the_end [ "$(vmctl metrics | tail -n 1)" = "# EOF" ]
# tells METRIC GUEST VALUE
tells() { vmctl metrics --timeout 2 --json | jq -e ".[] | select(.metric == \"$1\" and .name == \"$2\") | .value == $3"; }
check a_guest_that_answers tells libvirt_domain_answered frozen 1
check_status unknown_formats_are_refused 2 vmctl metrics --format xml
check_status a_file_that_cannot_be_made 3 vmctl metrics --output nosuch/x.prom

qemu=$(pgrep -f "guest=frozen,.*$WORK" | head -n 1)
kill -STOP "$qemu"
begun=$SECONDS
check one_that_hangs_is_known_to_hang tells libvirt_domain_answered frozen 0
check the_others_have_all_their_figures tells libvirt_domain_block_stats_capacity_bytes one 67108864
check and_it_holds_them_up_once_at_most [ $((SECONDS - begun)) -lt 30 ]
kill -CONT "$qemu"
