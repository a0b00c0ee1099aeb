#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vm-install on a real libvirtd with real guests: what it makes, and what it leaves when it fails.
. "$(dirname "$0")/harness.sh"

private_mounts
mkdir "$WORK/small"
mount -t tmpfs -o size=4M,mode=755 small "$WORK/small"
daemon_start
guest_files
mkdir "$WORK/disks"
chmod 755 "$WORK/disks"

vm-install() { command vm-install --connect "$URI" --osinfo linux2022 --memory 128 --vcpus 1 --network none --graphics none "$@"; }
vmctl() { command vmctl -c "$URI" "$@"; }
nothing_in() { [ -z "$(ls -A "$1")" ] || { ls -la "$1" && false; }; }
no_guest() { ! vmctl domstate "$1" 2>/dev/null; }
boot="kernel=$GUEST/vmlinuz,initrd=$GUEST/initrd.gz,cmdline=console=ttyS0 quiet no_timer_check"

check_output a_guest_boots_and_writes_to_its_new_disk 'vmkit guest has written to its disk' \
	vm-install --name one --boot "$boot" --disk "path=$WORK/disks/one.qcow2,size=0.1,bus=virtio" \
	--until 'written to its disk' --wait 2
check it_runs_on sh -c "command vmctl -c '$URI' domstate one | grep -q running"
check_output its_disk_was_made_as_asked '"virtual-size": 1073745' qemu-img info -U --output=json "$WORK/disks/one.qcow2"
if [ -d /sys/module/kvm_pvm ]; then
	check_output it_says_why_it_does_not_use_kvm 'TCG.*because' vm-install --name two --boot "$boot" --disk none --dry-run
fi
check_output dry_run_makes_nothing 'nothing was made' vm-install --name two --boot "$boot" --dry-run \
	--disk "path=$WORK/disks/two.qcow2,size=1" --virt-type qemu
check and_indeed_nothing no_guest two
check_output xml_is_shown '<name>two</name>' vm-install --name two --boot "$boot" --disk none --print-xml --machine q35 --cpu qemu64
check_status a_name_is_taken_once 4 vm-install --name one --boot "$boot" --disk none
check_status a_disk_in_use_is_refused 4 vm-install --name two --import --disk "$WORK/disks/one.qcow2" --noautoconsole
check_output unless_the_check_is_off 'already in use by other guests' vm-install --name two --import --disk "$WORK/disks/one.qcow2" \
	--check path_in_use=off --dry-run
check_status an_unknown_network_is_named 3 vm-install --connect "$URI" --name two --osinfo linux2022 --memory 64 \
	--network network=nosuch --graphics none --boot "$boot" --disk none
check it_starts_with_the_host vm-install --quiet --name auto --boot "$boot" --disk none --autostart --noautoconsole
check_output so_libvirt_says "Autostart: *enable" vmctl dominfo auto
vmctl -q destroy auto && vmctl -q undefine auto
mac=52:54:00:12:34:56
check a_guest_with_that_mac vm-install --name mac --boot "$boot" --disk none --network "user,mac=$mac" --noautoconsole
check_status a_mac_is_given_once 4 vm-install --name two --boot "$boot" --disk none --network "user,mac=$mac"
vmctl -q destroy mac && vmctl -q undefine mac

# Failures at each step, and what is left of them.
mkdir "$WORK/empty"
chmod 755 "$WORK/empty"
disk="path=$WORK/empty/a.qcow2,size=0.1"
check_status a_medium_that_does_not_exist 3 vm-install --name two --cdrom "$WORK/none.iso" --disk "$disk"
check_status a_directory_that_does_not_exist 3 vm-install --name two --boot "$boot" --disk "path=$WORK/no/a.qcow2,size=1"
check_status a_disk_without_a_size 3 vm-install --name two --boot "$boot" --disk "path=$WORK/empty/b.qcow2"
check_status a_size_that_is_absurd 2 vm-install --name two --boot "$boot" --disk "path=$WORK/empty/b.qcow2,size=99999999999999"
check_status a_backing_file_that_does_not_exist 3 vm-install --name two --import \
	--disk "path=$WORK/empty/b.qcow2,size=1,backing_store=$WORK/none.qcow2"
check_status a_machine_that_does_not_exist 3 vm-install --name two --boot "$boot" --disk "$disk" --machine nosuch
check_status a_guest_that_libvirt_refuses 1 vm-install --name two --boot "$boot" --disk "$disk" --cpu nosuchmodel
check_status a_guest_that_does_not_start 1 vm-install --name two --boot "kernel=$WORK/nosuch" --disk "$disk" --noautoconsole
check nothing_is_left_of_them nothing_in "$WORK/empty"
check and_no_guest no_guest two
(exec vm-install --connect "$URI" --osinfo linux2022 --memory 128 --network none --graphics none --name two \
	--boot "$boot" --disk "$disk" --noautoconsole --wait >"$WORK/waiting.log" 2>&1) &
waiting=$!
wait_for 20 grep -q started "$WORK/waiting.log"
kill -INT $waiting
wait $waiting
check an_interrupted_wait_keeps_the_guest test $? -eq 130
check it_is_there vmctl domstate two
vmctl -q destroy two && vmctl -q undefine two
rm -f "$WORK/empty/a.qcow2"

# What does not fit is refused before it is made, and taken back where that was not foreseen.
check_output a_disk_that_does_not_fit_is_refused 'may grow to 1024 MiB, but 4 MiB are free' \
	vm-install --name full --import --disk "path=$WORK/small/a.img,size=1,sparse=no" --noautoconsole
check_status a_full_disk_is_an_error 1 vm-install --name full --import --check disk_size=off --noautoconsole \
	--disk "path=$WORK/small/b.img,size=0.01" --disk "path=$WORK/small/a.img,size=1,sparse=no"
check nothing_half_made nothing_in "$WORK/small"
check and_no_guest no_guest full

# Pools, media and trees.
check a_volume_of_a_new_default_pool vm-install --name pooled --boot "$boot" --disk size=0.1 --noautoconsole
check_output its_disk_is_in_the_pool '/var/lib/libvirt/images/pooled.qcow2' vmctl domblklist pooled
check it_goes_with_the_guest vmctl 'destroy pooled; undefine pooled --remove-all-storage'
check_output and_the_volume_too '^0$' sh -c "virsh -c '$URI' -q vol-list default | grep -c pooled"
check a_tree_is_installed_and_restarted vm-install --name tree --location "$GUEST" -x 'console=ttyS0 quiet no_timer_check' \
	--disk "path=$WORK/empty/t.qcow2,size=0.1" --until 'is up' --wait 2
check_output it_is_defined_without_the_installer '^0$' sh -c "command vmctl -c '$URI' dumpxml tree --inactive | grep -c '<kernel>'"
check and_gone vmctl 'destroy tree; undefine tree'
truncate -s 1M "$WORK/cd.iso"
check_output a_cd_is_booted_first 'boot order="1"' vm-install --name cd --cdrom "$WORK/cd.iso" --disk "$disk" --print-xml=1
check_output and_taken_out_later '<name>cd</name>' vm-install --name cd --cdrom "$WORK/cd.iso" --disk "$disk" --print-xml 2
check_output suboptions_are_listed '^backing_store$' vm-install --disk help
check_output systems_are_listed '^linux2022$' vm-install --osinfo list
