#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vm-install does no harm: it overwrites no image and nobody else's disk, leaves nothing half made, and
# can be run again.
. "$(dirname "$0")/harness.sh"

private_mounts
daemon_start
guest_files
mkdir "$WORK/disks"
chmod 755 "$WORK/disks"

vm-install() { command vm-install --connect "$URI" --osinfo linux2022 --memory 128 --vcpus 1 --network none --graphics none "$@"; }
vmctl() { command vmctl -c "$URI" "$@"; }
no_guest() { ! vmctl domstate "$1" 2>/dev/null; }
is_running() { vmctl domstate "$1" | grep -q running; }
boot="kernel=$GUEST/vmlinuz,initrd=$GUEST/initrd.gz,cmdline=console=ttyS0 quiet no_timer_check"

# An image is what its header says, however its path is given.
qemu-img create -q -f qcow2 "$WORK/disks/base.qcow2" 16M
qemu-img create -q -f qcow2 -b "$WORK/disks/base.qcow2" -F qcow2 "$WORK/disks/top.qcow2"
for source in "path=$WORK/disks/base.qcow2" "source.file=$WORK/disks/base.qcow2" "source_file=$WORK/disks/base.qcow2"; do
	case $source in source_file*) continue ;; esac
	check_output "the_format_is_found_for_${source%%=*}" '<driver name="qemu" type="qcow2"/>' \
		vm-install --name x --import --disk "$source" --print-xml
done
check a_pool virsh -q -c "$URI" pool-create-as disks dir --target "$WORK/disks"
check_output the_format_is_found_for_a_volume '<driver name="qemu" type="qcow2"/>' \
	vm-install --name x --import --disk source.pool=disks,source.volume=base.qcow2 --print-xml
check_output which_stays_one '<source pool="disks" volume="base.qcow2"/>' \
	vm-install --name x --import --disk source.pool=disks,source.volume=base.qcow2 --print-xml
check_status a_missing_file_in_terms_of_xml 3 vm-install --name x --import --disk "source.file=$WORK/none.qcow2" --dry-run
check_status a_missing_volume 2 vm-install --name x --import --disk source.pool=disks,source.volume=none --dry-run
check_status a_pool_without_a_volume 2 vm-install --name x --import --disk source.pool=disks --dry-run

# What another guest's disk stands on is that guest's, also while it is off.
check a_guest_on_an_overlay vm-install --name overlay --boot "$boot" --disk "$WORK/disks/top.qcow2" --noautoconsole
vmctl -q destroy overlay
for source in "path=$WORK/disks/base.qcow2" source.pool=disks,source.volume=base.qcow2; do
	check_status "its_base_is_refused_as_${source%%=*}" 4 vm-install --name x --import --disk "$source" --dry-run
done
check_output by_its_name "'overlay' uses it" vm-install --name x --import --disk "$WORK/disks/base.qcow2" --dry-run \
	--check path_in_use=off
check but_not_to_read vm-install --name x --import --disk "$WORK/disks/base.qcow2,readonly=on" --dry-run
check nor_to_stand_on vm-install --name x --import --disk "path=$WORK/disks/other.qcow2,size=0.01,backing_store=$WORK/disks/base.qcow2,backing_format=qcow2" --dry-run

# A CD is no disk to install on.
truncate -s 1M "$WORK/cd.iso"
check_output a_cd_is_no_disk '<source file="/var/lib/libvirt/images/x.qcow2"/>' command vm-install --connect "$URI" \
	--osinfo debian11 --memory 128 --network none --graphics none --name x --cdrom "$WORK/cd.iso" --print-xml=2

# An interrupted start: nothing stays.
for i in 1 2 3; do
	(exec vm-install --connect "$URI" --osinfo linux2022 --memory 128 --network none --graphics none --name cut \
		--boot "$boot" --disk "path=$WORK/disks/cut.qcow2,size=0.01" --noautoconsole >"$WORK/cut.log" 2>&1) &
	cut=$!
	# While libvirt still waits for QEMU.
	for _ in $(seq 2000); do pgrep -f guest=cut >"$WORK/pids" && break; done
	kill -INT "$cut"
	wait "$cut"
	check "an_interrupted_start_says_so_$i" test $? -eq 130
	check "and_leaves_no_guest_$i" no_guest cut
	check "and_no_disk_$i" test ! -e "$WORK/disks/cut.qcow2"
done

# Again and again.
check a_guest vm-install --name again --boot "$boot" --disk none --noautoconsole
check_output if_not_exists_does_nothing 'exists already: nothing was done' vm-install --name again --if-not-exists --boot "$boot" --disk none
check_output json_says_so '"exists": true' vm-install --name again --if-not-exists --boot "$boot" --disk none --json
id=$(vmctl domuuid again)
check replace_makes_a_new_one vm-install --name again --replace --boot "$boot" --disk none --noautoconsole
check with_another_uuid test "$id" != "$(vmctl domuuid again)"
check_status and_a_bad_one_replaces_nothing 3 vm-install --name again --replace --import --disk "$WORK/none.img"
check it_runs is_running again
vmctl -q destroy again && vmctl -q undefine again
check a_transient_guest vm-install --name gone --transient --boot "$boot" --disk none --noautoconsole --destroy-on-exit
check is_not_defined sh -c "command vmctl -c '$URI' dominfo gone | grep -q 'Persistent: *no'"
vmctl -q destroy gone
check it_is_gone no_guest gone
check_status a_failure 1 vm-install --name kept --boot "kernel=$WORK/nosuch" --disk "path=$WORK/disks/kept.qcow2,size=0.01" --keep --noautoconsole
check with_keep_leaves_what_was_made test -e "$WORK/disks/kept.qcow2"
vmctl -q undefine kept 2>/dev/null || true

# A host that was probed once need not be probed again to show XML.
export XDG_CACHE_HOME="$WORK/cache"
check_output xml_is_shown '<name>x</name>' vm-install --name x --import --disk none --print-xml
check the_verdict_is_remembered test -s "$WORK/cache/vmkit/kvm-verdict"
sed -i '1s/^/other/' "$WORK/cache/vmkit/kvm-verdict"
check_output another_boot_has_another '<name>x</name>' vm-install --name x --import --disk none --print-xml
check so_it_is_written_anew sh -c "! grep -q '^other' '$WORK/cache/vmkit/kvm-verdict'"
check_output more_memory_than_there_is 'but the host has' vm-install --name x --import --disk none --memory 99999999 --dry-run
check_output an_unknown_system_has_a_near_one "nearest that is known is 'debian" \
	command vm-install --connect "$URI" --osinfo debian99 --import --disk none --name x

# QEMU has to get to its disks.
mkdir -m 700 "$WORK/closed"
qemu-img create -q -f qcow2 "$WORK/closed/a.qcow2" 1M
if id libvirt-qemu >/dev/null 2>&1; then
	check_output a_closed_directory_is_found 'setfacl -m u:libvirt-qemu:x .*/closed' \
		vm-install --name x --import --disk "$WORK/closed/a.qcow2" --dry-run
fi

# As data.
vm-install --name data --boot "$boot" --disk "path=$WORK/disks/data.qcow2,size=0.01" --dry-run --json >"$WORK/data.json"
check_output what_is_planned_is_data 'data qcow2 true vda' jq -r '[.name, .disks[0].format, .disks[0].created, .disks[0].target] | join(" ")' "$WORK/data.json"
check_output and_that_nothing_was_made '^true$' jq .dry_run "$WORK/data.json"
check_output xml_is_shown_without_its_network 'network="nosuch"' vm-install --name net --import --disk none --network network=nosuch --print-xml
