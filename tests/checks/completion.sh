#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What each program offers for a line that is typed in a shell. Prints TAP; wants BUILD in the environment.
set -u
number=0
PATH=${BUILD:-build}/bin:$PATH

# offers NAME LINE CANDIDATE...: exactly these.
offers() {
	local name=$1 line=$2 got
	shift 2
	number=$((number + 1))
	got=$("${line%% *}" complete --line "$line" --breaks $' \t\n"\'><=;|&(:')
	if [ "$got" = "$(printf '%s\n' "$@")" ]; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		printf '#   %s\n' "$line" "$got"
	fi
}

offers a_command_of_vmctl 'vmctl undef' undefine
offers a_guest 'vmctl -c test:///default dominfo ' test
offers a_guest_that_is_changed 'vmctl -c test:///default modify --edit ' test
offers sub_options_of_what_is_changed 'vmctl -c test:///default modify test --edit --disk path=a,target.d' a,target.dev=
offers a_guest_behind_several_options 'vmctl -q -c test:///default --readonly dominfo te' test
offers its_options 'vmctl net-start --' --network --json
offers none_that_was_given 'vmctl net-start default --' --json
offers a_disk_of_the_guest 'vmctl -c test:///default blockpull test ' vda
offers a_vcpu_of_the_guest 'vmctl -c test:///default vcpupin test --vcpu ' 0 1
offers an_interface_by_its_address 'vmctl -c test:///default detach-interface test bridge --mac ' aa:bb:cc:dd:ee:ff
offers cells_of_the_host 'vmctl -c test:///default freecell --cellno ' 0 1
offers sizes_of_its_pages 'vmctl -c test:///default freepages --pagesize ' 1GiB 2MiB 4KiB 8KiB
offers its_cpus 'vmctl -c test:///default emulatorpin test ' 0 1 2 3 4 5 6 7
offers those_of_them_that_are_online 'vmctl -c test:///default nodecpustats ' 0 2 4
offers architectures 'vmctl cpu-models x' x86_64 xtensa xtensaeb
offers types_of_domains 'vmctl maxvcpus k' kqemu kvm
offers formats_of_a_copy 'vmctl blockcopy test vda --format q' qcow qcow2 qed
offers drivers_of_devices 'vmctl nodedev-detach --driver v' vfio
offers ways_to_compress 'vmctl migrate --comp-methods m' mt
offers modes_of_a_socket 'vmctl attach-interface --source-mode s' server
offers hosts 'vmctl -c qemu' qemu+ssh:// qemu:///session qemu:///system
offers hosts_to_vm_install 'vm-install --connect qemu:///se' ///session
offers a_suboption 'vm-install --disk size=1,forma' 1,format=
offers a_command_of_vm_img 'vm-img crea' create
offers a_check 'kvm-check devi' device
offers nothing_where_there_is_nothing 'vmctl nosuch ' ''
offers file_names_by_offering_nothing 'vmctl -c test:///default define ' ''
offers nothing_behind_a_host_that_is_none 'vmctl -c @nosuch dominfo ' ''
echo "1..$number"
