#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# metrics, inventory and top on real guests, one of them frozen: what they write is read by the programs that
# it is for.
. "$(dirname "$0")/harness.sh"
. "$ROOT/tests/e2e/terminal.sh"

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
libosinfo='<metadata><libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0"><libosinfo:os id="http://debian.org/debian/12"/></libosinfo:libosinfo></metadata>'
sed -i "s,<vcpu>,$libosinfo<vcpu>," resting.xml
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

# --- inventory
vmctl -q metadata resting --uri https://vmkit.org/xmlns/labels/1 --key vmkit --set '<labels>web prod-1</labels>'
if command -v ansible-inventory >/dev/null; then
	export HOME=$WORK ANSIBLE_LOCALHOST_WARNING=False
	hosts_of() { ansible -i "$examples/ansible-inventory.sh" "$1" --list-hosts 2>/dev/null | tail -n +2 | xargs; }
	check_output ansible_knows_states '^frozen one$' hosts_of state_running
	check_output and_labels '^resting$' hosts_of 'label_prod_1:&label_web:&os_debian12:&host_daemon'
	ansible_says() { ansible-inventory -i "$examples/ansible-inventory.sh" "$@" 2>/dev/null; }
	check_output and_variables '"vmkit_os": "debian12"' ansible_says --host resting
	VMCTL_URI=test:///default check_output and_where_a_guest_is '"ansible_host": "192.168.122.3"' ansible_says --host test
else
	skip ansible_takes_the_inventory "ansible-core is not installed"
fi
check_output people_see_a_table '^ resting +daemon +off +debian12 +web, prod-1' vmctl inventory
check groups_have_members jq -e '.os_debian12.hosts == ["resting"]' <(vmctl inventory --list)
check one_guest_alone jq -e '.vmkit_labels == ["web", "prod-1"]' <(vmctl inventory --host resting)
check for_programs jq -e 'length == 1 and .[0].groups[0] == "host_daemon"' <(vmctl inventory --host resting --json)
check_status a_guest_that_is_not_there 3 vmctl inventory --host nosuch
hosts() { vmctl -c test:///default -c "$URI" -c "qemu+unix:///system?socket=/nosuch" inventory --json; }
check_status a_host_that_is_not_there_costs_its_own_answer 7 hosts
check those_of_others_are_there [ "$(hosts 2>/dev/null | jq -r '.[].name' | xargs)" = "test frozen one resting" ]

# --- top
check_output top_shows_running_guests '^one +running +[0-9.]+ +[0-9.]+ +[0-9.]+ +128 MiB' vmctl top --batch --count 1 --interval 1
vmctl top --interval 1 --count 2 --record top.json --sort name --json >stream
check each_time_is_a_record [ "$(jq -s 'length' stream)" = 2 ]
check in_the_order_that_is_asked_for jq -e '[.guests[].name] == ["frozen", "one"] and .guests[1].read_rate != null' stream
check a_recording_has_all_of_it cmp <(jq -cS '.guests|sort_by(.name)' stream) <(jq -cS '.guests|sort_by(.name)' top.json)
check_status a_recording_is_not_overwritten 4 vmctl top --record top.json --batch --count 1
check_output for_the_last_seconds 'steal_percent' vmctl top one --filter 'memory>1M' --reverse --count 1 --interval 1 --json
check_output and_shown_as_text '^one ' vmctl top --batch --replay top.json --sort cpu
replayed() { vmctl top --json --replay top.json "$@" | jq -c '[.guests[].name]' | sort -u; }
check a_recording_is_shown_again [ "$(replayed --sort name --reverse)" = '["one","frozen"]' ]
check without_what_is_filtered_out [ "$(replayed --filter 'memory>=128M' --filter 'disk>=0' 'o*')" = '["one"]' ]
check and_nothing_may_be_left [ "$(replayed --filter 'memory>1G')" = '[]' ]
check_status nonsense_filters_nothing 2 vmctl top --filter 'colour>3' --count 1
echo '{"time": 3}' >broken.json
check_status what_is_no_recording_is_refused 1 vmctl top --replay broken.json --batch
env --default-signal=INT vmctl -c "$URI" top --batch --record ended.json >ended.txt &
ending=$!
wait_for 20 grep -q '^one' ended.txt
kill -INT $ending
wait $ending
check an_interrupt_ends_it_well [ $? -eq 0 ]
check and_keeps_the_recording jq -se 'length >= 1' ended.json
fresh "$BUILD/bin/vmctl" -c "$URI" top --interval 1
check_screen it_fills_the_screen '^one +running'
check_screen sorted_by_cpu 'by cpu'
type_keys m
check_screen a_key_sorts_it_otherwise 'by memory'
type_keys m
check_screen and_the_other_way_round 'by memory, reversed'
type_keys q
check q_ends_it wait_for 20 eval '! terminal has-session -t vmkit'

# --- a guest that hangs
qemu=$(pgrep -f "guest=frozen,.*$WORK" | head -n 1)
kill -STOP "$qemu"
begun=$SECONDS
check one_that_hangs_is_known_to_hang tells libvirt_domain_answered frozen 0
check the_others_have_all_their_figures tells libvirt_domain_block_stats_capacity_bytes one 67108864
check and_it_holds_them_up_once_at_most [ $((SECONDS - begun)) -lt 30 ]
check_output top_shows_that_it_is_busy '^frozen +busy' vmctl top --batch --count 1 --interval 1
check nor_does_it_hold_up_the_inventory [ "$(timeout 60 vmctl inventory --json | jq length)" = 3 ]
kill -CONT "$qemu"
